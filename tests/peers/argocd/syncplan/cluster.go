package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	gosync "sync"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/sync"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/utils/kube"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/utils/kube/kubetest"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	cmdutil "k8s.io/kubectl/pkg/cmd/util"
)

// A cluster in memory: an HTTP transport for what the engine asks by client-go, and a
// kubectl for the rest. It writes down what is done to it.
type cluster struct {
	kubetest.MockKubectlCmd

	lock      gosync.Mutex
	objects   map[kube.ResourceKey]*unstructured.Unstructured
	appliedAt map[kube.ResourceKey]int
	unknown   map[schema.GroupKind]bool
	kinds     map[schema.GroupVersionKind]bool
	number    int
	now       *iteration
}

var clusterScoped = map[schema.GroupKind]bool{
	{Kind: "Namespace"}:        true,
	{Kind: "PersistentVolume"}: true,
	{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}: true,
	{Group: "rbac.authorization.k8s.io", Kind: "ClusterRole"}:         true,
	{Group: "rbac.authorization.k8s.io", Kind: "ClusterRoleBinding"}:  true,
	{Group: "storage.k8s.io", Kind: "StorageClass"}:                   true,
}

func newCluster(in *input) *cluster {
	c := &cluster{
		objects:   map[kube.ResourceKey]*unstructured.Unstructured{},
		appliedAt: map[kube.ResourceKey]int{},
		unknown:   map[schema.GroupKind]bool{},
		kinds:     map[schema.GroupVersionKind]bool{{Version: "v1", Kind: "Namespace"}: true},
	}
	for _, name := range in.Unknown {
		group, kind, _ := strings.Cut(name, "/")
		c.unknown[schema.GroupKind{Group: group, Kind: kind}] = true
	}
	for _, object := range in.Live {
		live := &unstructured.Unstructured{Object: object}
		if live.GetNamespace() == "" {
			live = live.DeepCopy()
			live.SetNamespace(in.Namespace)
		}
		c.put(live)
	}
	for _, objects := range [][]map[string]any{in.Live, in.Targets} {
		for _, object := range objects {
			c.kinds[(&unstructured.Unstructured{Object: object}).GroupVersionKind()] = true
		}
	}
	return c
}

// begin starts the next call of Sync; what happens is written into now.
func (c *cluster) begin(number int, now *iteration) {
	c.number, c.now = number, now
}

// compare pairs the targets with what is in the cluster, as the controller does.
func (c *cluster) compare(in *input) sync.ReconciliationResult {
	targets := make([]*unstructured.Unstructured, len(in.Targets))
	for i, object := range in.Targets {
		targets[i] = (&unstructured.Unstructured{Object: object}).DeepCopy()
		// NormalizeTargetObjects of controller/state.go.
		if !c.namespaced(targets[i].GroupVersionKind().GroupKind()) {
			targets[i].SetNamespace("")
		} else if targets[i].GetNamespace() == "" {
			targets[i].SetNamespace(in.Namespace)
		}
	}
	live := map[kube.ResourceKey]*unstructured.Unstructured{}
	for key, object := range c.objects {
		// What the engine made of CreateNamespace carries no mark of the Application.
		if !unmanaged(object) {
			live[key] = object.DeepCopy()
		}
	}
	if managed := c.managedNamespace(in, targets, live); managed != nil {
		targets = append(targets, managed)
	}
	return sync.Reconcile(targets, live, in.Namespace, c)
}

// managedNamespace is the target that CompareAppState of controller/state.go adds so that a
// namespace with managedNamespaceMetadata is not pruned.
func (c *cluster) managedNamespace(in *input, targets []*unstructured.Unstructured, live map[kube.ResourceKey]*unstructured.Unstructured) *unstructured.Unstructured {
	key := kube.NewResourceKey("", "Namespace", "", in.Namespace)
	if _, ok := live[key]; !ok || !in.ManageNamespace {
		return nil
	}
	for _, target := range targets {
		if target.GetKind() == "Namespace" && target.GetName() == in.Namespace {
			return nil
		}
	}
	namespace := &unstructured.Unstructured{}
	namespace.SetAPIVersion("v1")
	namespace.SetKind("Namespace")
	namespace.SetName(in.Namespace)
	namespace.SetLabels(map[string]string{"test": "managed"})
	return namespace
}

func unmanaged(object *unstructured.Unstructured) bool {
	return object.GetKind() == "Namespace" && object.GetLabels()["test"] == ""
}

// IsNamespaced is what discovery would say.
func (c *cluster) IsNamespaced(kind schema.GroupKind) (bool, error) { return c.namespaced(kind), nil }

func (c *cluster) namespaced(kind schema.GroupKind) bool { return !clusterScoped[kind] }

func (c *cluster) keyOf(object *unstructured.Unstructured) kube.ResourceKey {
	key := kube.GetResourceKey(object)
	if !c.namespaced(object.GroupVersionKind().GroupKind()) {
		key.Namespace = ""
	}
	return key
}

func (c *cluster) put(object *unstructured.Unstructured) {
	object = object.DeepCopy()
	key := c.keyOf(object)
	object.SetNamespace(key.Namespace)
	// Objects of one UID count as one.
	object.SetUID(types.UID(name(key)))
	c.objects[key] = object
	if kube.IsCRD(object) {
		group, _, _ := unstructured.NestedString(object.Object, "spec", "group")
		kind, _, _ := unstructured.NestedString(object.Object, "spec", "names", "kind")
		delete(c.unknown, schema.GroupKind{Group: group, Kind: kind})
	}
}

func name(key kube.ResourceKey) string {
	return fmt.Sprintf("%s/%s:%s/%s", key.Group, key.Kind, key.Namespace, key.Name)
}

// ManageResources is asked for what applies objects.
func (c *cluster) ManageResources(*rest.Config) (kube.ResourceOperations, func(), error) {
	return operations{&kubetest.MockResourceOps{}, c}, func() {}, nil
}

type operations struct {
	*kubetest.MockResourceOps
	*cluster
}

func (o operations) ApplyResource(_ context.Context, obj *unstructured.Unstructured, dryRun cmdutil.DryRunStrategy, _, _, _ bool, _ string) (string, error) {
	o.lock.Lock()
	defer o.lock.Unlock()
	key := o.keyOf(obj)
	if dryRun != cmdutil.DryRunNone {
		o.now.DryRun = append(o.now.DryRun, name(key))
		return "", nil
	}
	o.put(obj)
	o.appliedAt[key] = o.number
	o.now.Applied = append(o.now.Applied, name(key))
	return "", nil
}

// GetResource is asked for the namespace of the destination.
func (c *cluster) GetResource(_ context.Context, _ *rest.Config, gvk schema.GroupVersionKind, name, namespace string) (*unstructured.Unstructured, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if object, ok := c.objects[kube.NewResourceKey(gvk.Group, gvk.Kind, namespace, name)]; ok {
		return object.DeepCopy(), nil
	}
	return nil, apierrors.NewNotFound(schema.GroupResource{Group: gvk.Group, Resource: gvk.Kind}, name)
}

// DeleteResource prunes.
func (c *cluster) DeleteResource(_ context.Context, _ *rest.Config, gvk schema.GroupVersionKind, called, namespace string, _ metav1.DeleteOptions) error {
	c.lock.Lock()
	defer c.lock.Unlock()
	key := kube.NewResourceKey(gvk.Group, gvk.Kind, namespace, called)
	delete(c.objects, key)
	c.now.Pruned = append(c.now.Pruned, name(key))
	return nil
}

// RoundTrip answers discovery, reads and deletes of single objects, and updates.
func (c *cluster) RoundTrip(request *http.Request) (*http.Response, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	status, body := c.serve(request)
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(bytes.NewReader(text)),
		Request:    request,
	}, nil
}

func (c *cluster) serve(request *http.Request) (int, any) {
	parts := strings.Split(strings.Trim(request.URL.Path, "/"), "/")
	version := schema.GroupVersion{}
	switch {
	case parts[0] == "api" && len(parts) >= 2:
		version.Version, parts = parts[1], parts[2:]
	case parts[0] == "apis" && len(parts) >= 3:
		version.Group, version.Version, parts = parts[1], parts[2], parts[3:]
	default:
		return notFound()
	}
	if len(parts) == 0 {
		return http.StatusOK, c.discover(version)
	}
	key := kube.ResourceKey{Group: version.Group}
	if parts[0] == "namespaces" && len(parts) >= 4 {
		key.Namespace, parts = parts[1], parts[2:]
	}
	if len(parts) != 2 {
		return notFound()
	}
	for gvk := range c.kinds {
		if gvk.Group == version.Group && plural(gvk.Kind) == parts[0] {
			key.Kind = gvk.Kind
		}
	}
	if key.Kind == "" && parts[0] == "customresourcedefinitions" {
		key.Kind = "CustomResourceDefinition"
	}
	key.Name = parts[1]
	return c.object(request, key)
}

func (c *cluster) object(request *http.Request, key kube.ResourceKey) (int, any) {
	object, ok := c.objects[key]
	if !ok {
		return notFound()
	}
	switch request.Method {
	case http.MethodDelete:
		delete(c.objects, key)
		c.now.Deleted = append(c.now.Deleted, name(key))
	case http.MethodPut:
		updated := &unstructured.Unstructured{}
		if err := json.NewDecoder(request.Body).Decode(&updated.Object); err != nil {
			return http.StatusBadRequest, metav1.Status{Status: metav1.StatusFailure, Message: err.Error()}
		}
		c.put(updated)
	}
	answer := object.DeepCopy()
	if kube.IsCRD(answer) {
		// Without it the engine waits three seconds for each.
		condition := map[string]any{"type": "Established", "status": "True"}
		answer.Object["status"] = map[string]any{"conditions": []any{condition}}
	}
	return http.StatusOK, answer.Object
}

func (c *cluster) discover(version schema.GroupVersion) any {
	list := metav1.APIResourceList{
		TypeMeta:     metav1.TypeMeta{Kind: "APIResourceList", APIVersion: "v1"},
		GroupVersion: version.String(),
	}
	for gvk := range c.kinds {
		if gvk.GroupVersion() != version || c.unknown[gvk.GroupKind()] {
			continue
		}
		list.APIResources = append(list.APIResources, metav1.APIResource{
			Name:       plural(gvk.Kind),
			Kind:       gvk.Kind,
			Namespaced: c.namespaced(gvk.GroupKind()),
			Verbs:      metav1.Verbs{"get", "list", "create", "update", "patch", "delete"},
		})
	}
	return list
}

func plural(kind string) string { return strings.ToLower(kind) + "s" }

func notFound() (int, any) {
	return http.StatusNotFound, metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
		Status:   metav1.StatusFailure, Reason: metav1.StatusReasonNotFound, Code: http.StatusNotFound,
	}
}
