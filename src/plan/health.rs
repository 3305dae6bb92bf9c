//! Which kinds Argo CD can tell to be healthy, without any settings of its own. Only those hold a wave up: an object of
//! any other kind counts as done the moment it is applied (gitops-engine `pkg/health/health.go`; the scripts in
//! Argo CD's `resource_customizations`).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::model::{Gvk, Manifest};
use crate::yaml::Node;

/// One `group/kind` a line, as Argo CD 3.5.7 has them; `_` stands for any text. `Degraded` behind it: so is a new object
/// of this kind. `tests/plan_gitops.rs` holds it against Argo CD itself.
const TABLE: &str = include_str!("kinds_with_health.txt");

static KINDS: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| TABLE.lines().filter_map(|line| line.split(' ').next()).collect());

/// Whether Argo CD assesses the health of this kind. An Application has none, but the documented way to deploy several
/// in order is to give it one, so it counts as if it had.
pub fn has_health(gvk: &Gvk) -> bool {
    is_built_in(gvk) || needs_script(gvk)
}

/// Whether the health of this kind is a script in `argocd-cm` and nothing else.
pub fn needs_script(gvk: &Gvk) -> bool {
    gvk.group == "argoproj.io" && gvk.kind == "Application"
}

fn is_built_in(gvk: &Gvk) -> bool {
    let name = format!("{}/{}", gvk.group, gvk.kind);
    KINDS.contains(name.as_str()) || KINDS.contains(format!("{}/_", gvk.group).as_str()) || {
        let parents = gvk.group.match_indices('.').map(|(i, _)| &gvk.group[i..]);
        parents.into_iter().any(|parent| KINDS.contains(format!("_{parent}/_").as_str()))
    }
}

/// Whether an object of this kind is done with being applied, so that there is nothing to wait for: it holds settings,
/// names or rights. What a controller has to act on is not among them.
pub(super) fn is_passive(gvk: &Gvk) -> bool {
    match gvk.group.as_str() {
        "" => !matches!(gvk.kind.as_str(), "Pod" | "ReplicationController" | "PersistentVolumeClaim"),
        "rbac.authorization.k8s.io" | "scheduling.k8s.io" | "storage.k8s.io" | "node.k8s.io" | "policy" => true,
        "networking.k8s.io" => gvk.kind != "Ingress",
        "argoproj.io" => gvk.kind == "AppProject",
        _ => false,
    }
}

/// Whether a Service or an object of its kind is healthy as soon as it is there.
pub(super) fn is_healthy_at_once(manifest: &Manifest) -> bool {
    let gvk = &manifest.id.gvk;
    let kind_of_service = manifest.node.at(&["spec", "type"]).and_then(Node::as_str);
    gvk.group.is_empty() && gvk.kind == "Service" && kind_of_service != Some("LoadBalancer")
}

/// Why a new object of this kind is Degraded for a while, which fails a sync that waits for it.
pub(super) fn degraded_at_first(manifest: &Manifest) -> Option<&'static str> {
    let gvk = &manifest.id.gvk;
    match (gvk.group.as_str(), gvk.kind.as_str()) {
        ("opentelemetry.io", "OpenTelemetryCollector") => {
            let mode = manifest.node.at(&["spec", "mode"]).and_then(Node::as_str).unwrap_or("deployment");
            (mode != "sidecar").then_some("Argo CD calls it Degraded while none of its pods is ready (argo-cd #24660)")
        }
        ("monitoring.coreos.com", "Prometheus") => {
            Some("Argo CD calls it Degraded until its first pod is ready (argo-cd #11261)")
        }
        (group, kind) => {
            let line = format!("{group}/{kind} Degraded");
            TABLE.lines().any(|known| known == line).then_some("Argo CD calls it Degraded until its status is written")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{has_health, is_built_in};
    use crate::model::Gvk;

    #[test]
    fn health_is_by_group_and_kind() {
        for (version, kind, expected) in [
            ("apps/v1", "Deployment", true),
            ("v1", "Service", true),
            ("v1", "ConfigMap", false),
            ("opentelemetry.io/v1beta1", "OpenTelemetryCollector", true),
            ("opentelemetry.io/v1alpha1", "Instrumentation", false),
            ("monitoring.coreos.com/v1", "ServiceMonitor", false),
            ("s3.aws.upbound.io/v1beta1", "Bucket", true),
            ("example.com/v1", "Deployment", false),
            ("argoproj.io/v1alpha1", "Application", true),
        ] {
            assert_eq!(has_health(&Gvk::new(version, kind)), expected, "{version} {kind}");
        }
        assert!(!is_built_in(&Gvk::new("argoproj.io/v1alpha1", "Application")));
    }
}
