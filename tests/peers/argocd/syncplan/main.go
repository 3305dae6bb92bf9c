// Syncplan lets Argo CD's own engine sync sets of objects into a cluster that exists in
// memory only, and tells what it did: the order of its tasks, and every step.
//
// It reads one case a line from standard input and answers each with one line:
//
//	{"namespace": "apps", "prune": true, "targets": [...], "live": [...]}
//
// With the argument "kinds" it prints the kinds for which Argo CD assesses a health, one
// a line, instead; see kinds.go.
//
// Nothing of gitops-engine is copied or replaced. The order comes from what the engine
// logs ("Tasks"), the steps from its calls to the cluster and to the hook after a wave.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
)

// A set to sync, and what Argo CD's Application says about it.
type input struct {
	Namespace       string           `json:"namespace"`
	CreateNamespace bool             `json:"createNamespace"`
	ManageNamespace bool             `json:"manageNamespace"`
	Prune           bool             `json:"prune"`
	PruneLast       bool             `json:"pruneLast"`
	DefaultPrune    *string          `json:"defaultPrune"`
	SkipDryRun      bool             `json:"skipDryRunOnMissingResource"`
	OnlyOutOfSync   bool             `json:"applyOutOfSyncOnly"`
	Targets         []map[string]any `json:"targets"`
	Live            []map[string]any `json:"live"`
	// Kinds, as "group/kind", that the cluster knows only once their CRD is there.
	Unknown []string `json:"unknown"`
}

// What the engine did.
type output struct {
	Iterations []*iteration `json:"iterations"`
	// How the operation ended: Succeeded, Failed, Error, or Running where it waits for ever.
	Phase   string `json:"phase"`
	Message string `json:"message"`
}

// One call of Sync; the controller makes one after another until the operation is over.
type iteration struct {
	// The sorted tasks, in the engine's own words.
	Tasks string `json:"tasks"`
	// The task that makes the destination's namespace ahead of everything else.
	Namespace string   `json:"namespace"`
	DryRun    []string `json:"dryRun"`
	Pruned    []string `json:"pruned"`
	Deleted   []string `json:"deleted"`
	Applied   []string `json:"applied"`
	Waves     []wave   `json:"waves"`
	Message   string   `json:"message"`
}

// A call of the hook after a wave, in which Argo CD sleeps unless the wave is the final one.
type wave struct {
	Phase string `json:"phase"`
	Wave  int    `json:"wave"`
	Final bool   `json:"final"`
}

func main() {
	var err error
	if len(os.Args) > 1 && os.Args[1] == "kinds" {
		err = printKinds(os.Stdout)
	} else {
		err = answer()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "syncplan:", err)
		os.Exit(1)
	}
}

// Cases are worked on side by side and answered in their order.
func answer() error {
	type result struct {
		output *output
		err    error
	}
	pending := make(chan chan result, 4*runtime.NumCPU())
	slots := make(chan struct{}, runtime.NumCPU())
	failed := make(chan error, 1)
	go func() {
		defer close(pending)
		lines := bufio.NewScanner(os.Stdin)
		lines.Buffer(nil, 64<<20)
		for lines.Scan() {
			line := append([]byte(nil), lines.Bytes()...)
			one := make(chan result, 1)
			pending <- one
			slots <- struct{}{}
			go func() {
				defer func() { <-slots }()
				var in input
				if err := json.Unmarshal(line, &in); err != nil {
					one <- result{err: err}
					return
				}
				out, err := run(&in)
				one <- result{out, err}
			}()
		}
		failed <- lines.Err()
	}()
	writer := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(writer)
	for one := range pending {
		result := <-one
		if result.err != nil {
			return result.err
		}
		if err := encoder.Encode(result.output); err != nil {
			return err
		}
	}
	if err := <-failed; err != nil {
		return err
	}
	return writer.Flush()
}
