package main

import (
	"fmt"
	"io"
	"io/fs"
	"sort"
	"strings"
	gosync "sync"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/health"
	"github.com/argoproj/argo-cd/v3/resource_customizations"
	"github.com/argoproj/argo-cd/v3/util/lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// The kinds for which GetHealthCheckFunc has a function; the test below would not find
// kinds that it does not ask for, so these are asked with every kind of Kubernetes.
var kubernetesKinds = map[string][]string{
	"": {
		"Binding", "ConfigMap", "Endpoints", "Event", "LimitRange", "Namespace", "Node",
		"PersistentVolume", "PersistentVolumeClaim", "Pod", "PodTemplate", "ReplicationController",
		"ResourceQuota", "Secret", "Service", "ServiceAccount",
	},
	"admissionregistration.k8s.io": {
		"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy",
		"ValidatingAdmissionPolicyBinding", "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding",
	},
	"apiextensions.k8s.io":         {"CustomResourceDefinition"},
	"apiregistration.k8s.io":       {"APIService"},
	"apps":                         {"ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"},
	"argoproj.io":                  {"Application", "ApplicationSet", "AppProject", "Workflow", "CronWorkflow", "Rollout"},
	"autoscaling":                  {"HorizontalPodAutoscaler", "Scale"},
	"batch":                        {"CronJob", "Job"},
	"certificates.k8s.io":          {"CertificateSigningRequest", "ClusterTrustBundle"},
	"coordination.k8s.io":          {"Lease"},
	"discovery.k8s.io":             {"EndpointSlice"},
	"extensions":                   {"Deployment", "DaemonSet", "Ingress", "ReplicaSet"},
	"flowcontrol.apiserver.k8s.io": {"FlowSchema", "PriorityLevelConfiguration"},
	"networking.k8s.io":            {"Ingress", "IngressClass", "NetworkPolicy", "ServiceCIDR", "IPAddress"},
	"node.k8s.io":                  {"RuntimeClass"},
	"policy":                       {"PodDisruptionBudget"},
	"rbac.authorization.k8s.io":    {"ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"},
	"resource.k8s.io":              {"DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"},
	"scheduling.k8s.io":            {"PriorityClass"},
	"storage.k8s.io":               {"CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"},
}

// printKinds prints "group/kind" for everything that has a health without any settings,
// and "group/kind Degraded" where that health is so right after the object was made:
// with no status at all, or with an empty one. Wildcards are printed as Argo CD's
// folders are named, "_" for any text.
func printKinds(out io.Writer) error {
	found := map[string]string{}
	for group, kinds := range kubernetesKinds {
		for _, kind := range kinds {
			if health.GetHealthCheckFunc(schema.GroupVersionKind{Group: group, Version: "v1", Kind: kind}) != nil {
				found[group+"/"+kind] = ""
			}
		}
	}
	err := fs.WalkDir(resource_customizations.Embedded, ".", func(path string, _ fs.DirEntry, err error) error {
		if kind, ok := strings.CutSuffix(path, "/health.lua"); ok && err == nil {
			script, err := fs.ReadFile(resource_customizations.Embedded, path)
			if err != nil {
				return err
			}
			found[kind] = firstHealth(kind, string(script))
		}
		return err
	})
	if err != nil {
		return err
	}
	lines := make([]string, 0, len(found))
	for kind, first := range found {
		lines = append(lines, strings.TrimSpace(kind+" "+first))
	}
	sort.Strings(lines)
	for _, line := range lines {
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return nil
}

// firstHealth is "Degraded" where the script says so of a new object.
func firstHealth(kind, script string) string {
	group, name, _ := strings.Cut(kind, "/")
	for _, status := range []map[string]any{nil, {}} {
		object := map[string]any{
			"apiVersion": group + "/v1",
			"kind":       name,
			"metadata":   map[string]any{"name": "new", "namespace": "default", "generation": int64(1)},
			"spec":       map[string]any{},
		}
		if status != nil {
			object["status"] = status
		}
		vm := lua.VM{UseOpenLibs: true}
		result, err := vm.ExecuteHealthLua(&unstructured.Unstructured{Object: object}, script)
		if err == nil && result != nil && result.Status == health.HealthStatusDegraded {
			return "Degraded"
		}
	}
	return ""
}

var (
	healthLock gosync.Mutex
	healthOf   = map[schema.GroupVersionKind]bool{}
)

// hasHealth asks Argo CD, whose answer depends on the kind alone.
func hasHealth(obj *unstructured.Unstructured) bool {
	gvk := obj.GroupVersionKind()
	healthLock.Lock()
	defer healthLock.Unlock()
	if known, ok := healthOf[gvk]; ok {
		return known
	}
	script, _, err := lua.VM{}.GetHealthScript(obj)
	healthOf[gvk] = err == nil && script != "" || health.GetHealthCheckFunc(gvk) != nil
	return healthOf[gvk]
}
