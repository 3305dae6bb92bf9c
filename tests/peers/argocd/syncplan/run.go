package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/diff"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/health"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/sync"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/sync/common"
	"github.com/go-logr/logr"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
)

// More calls than any case of a hundred objects needs.
const patience = 1000

// run does what the application controller does (controller/sync.go, SyncAppState): each
// time around it compares anew, makes a context from the results so far, and syncs.
func run(in *input) (*output, error) {
	c := newCluster(in)
	out := &output{}
	started := metav1.NewTime(time.Unix(1700000000, 0))
	phase, message := common.OperationPhase(common.OperationRunning), ""
	var results []common.ResourceSyncResult
	confirmed := false
	for n := 0; n < patience && phase == common.OperationRunning; n++ {
		now := &iteration{}
		c.begin(n, now)
		config := &rest.Config{Host: "http://cluster.invalid", Transport: c, QPS: -1}
		compared := c.compare(in)
		opts := []sync.SyncOpt{
			sync.WithLogr(logr.New(&sink{now: now})),
			sync.WithHealthOverride(c),
			sync.WithOperationSettings(false, in.Prune, false, false),
			sync.WithInitialState(phase, message, results, started),
			sync.WithPruneLast(in.PruneLast),
			sync.WithPruneConfirmed(confirmed),
			sync.WithDefaultPruneOption(in.DefaultPrune),
			sync.WithSkipDryRunOnMissingResource(in.SkipDryRun),
			sync.WithResourceModificationChecker(in.OnlyOutOfSync, differences(compared)),
			sync.WithSyncWaveHook(func(phase common.SyncPhase, number int, final bool) error {
				now.Waves = append(now.Waves, wave{string(phase), number, final})
				return nil
			}),
		}
		if in.CreateNamespace {
			opts = append(opts, sync.WithNamespaceModifier(modifyNamespace(in.ManageNamespace)))
		}
		context, cleanup, err := sync.NewSyncContext("0123456789abcdef", compared, config, config, c, in.Namespace, opts...)
		if err != nil {
			return nil, fmt.Errorf("no context: %w", err)
		}
		context.Sync()
		cleanup()
		phase, message, results = context.GetState()
		now.Message = message
		out.Iterations = append(out.Iterations, now)
		// Somebody allows it as soon as the engine asks.
		confirmed = confirmed || strings.HasPrefix(message, "waiting for pruning confirmation")
		if now.idle() && n > 0 && out.Iterations[n-1].idle() && message == out.Iterations[n-1].Message {
			break // Nothing moves any more: it waits for somebody.
		}
	}
	out.Phase, out.Message = string(phase), message
	return out, nil
}

// differences says which objects are not as they should be.
func differences(compared sync.ReconciliationResult) *diff.DiffResultList {
	list := &diff.DiffResultList{}
	for i, target := range compared.Target {
		live := compared.Live[i]
		if target == nil || live == nil {
			continue
		}
		plain := live.DeepCopy()
		plain.SetUID("")
		text, _ := json.Marshal(live.Object)
		list.Diffs = append(list.Diffs, diff.DiffResult{
			NormalizedLive: text,
			PredictedLive:  text,
			Modified:       !reflect.DeepEqual(plain.Object, target.Object),
		})
	}
	return list
}

func (i *iteration) idle() bool {
	return len(i.Waves) == 0 && len(i.Applied) == 0 && len(i.Pruned) == 0 && len(i.Deleted) == 0
}

// The same decision as in controller/sync_namespace.go, which is not exported.
func modifyNamespace(manage bool) func(*unstructured.Unstructured, *unstructured.Unstructured) (bool, error) {
	return func(_, live *unstructured.Unstructured) (bool, error) {
		return manage || live == nil, nil
	}
}

// GetResourceHealth gives every object whose kind has a health one look at Progressing
// before it is Healthy, so that it shows what is waited for. Others have none.
func (c *cluster) GetResourceHealth(obj *unstructured.Unstructured) (*health.HealthStatus, error) {
	if !hasHealth(obj) {
		return nil, nil
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	if applied, ok := c.appliedAt[c.keyOf(obj)]; ok && applied+1 >= c.number {
		return &health.HealthStatus{Status: health.HealthStatusProgressing}, nil
	}
	return &health.HealthStatus{Status: health.HealthStatusHealthy}, nil
}
