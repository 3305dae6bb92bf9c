// Kubesplit does to a plugin's output what Argo CD does: it reads YAML from standard
// input and prints the JSON array of manifests that argocd-cmp-server would answer
// with (kube.SplitYAMLToString), having checked that repo-server can turn each of
// them into an object (kube.SplitYAML).
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/utils/kube"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "kubesplit:", err)
		os.Exit(1)
	}
}

func run() error {
	output, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	manifests, err := kube.SplitYAMLToString(output)
	if err != nil {
		return err
	}
	for _, manifest := range manifests {
		if _, err := kube.SplitYAML([]byte(manifest)); err != nil {
			return err
		}
	}
	if manifests == nil {
		manifests = []string{}
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(manifests)
}
