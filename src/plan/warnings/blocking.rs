//! Hooks that never complete by themselves.

use crate::diagnostics::Diagnostic;
use crate::model::Manifest;
use crate::plan::step::{Plan, StepKind, Wait};
use crate::plan::tasks::Desired;
use crate::yaml::{Node, Value};

/// One warning for each hook that a step waits for without an end, and one for each prune that a person must allow.
pub(super) fn blocking(plan: &Plan, desired: Desired) -> Vec<Diagnostic> {
    let items = plan.steps.iter().flat_map(|step| step.groups.iter().flatten());
    let hooks = items.filter(|item| item.is_hook && item.wait == Wait::Completed);
    let hooks = hooks.filter_map(|item| {
        let (why, help) = never_completes(desired.manifests.get(item.index?)?)?;
        let message = format!("the hook {} blocks: {why}", item.id);
        Some(Diagnostic::warning("blocking-hook", message).at(item.span).help(help))
    });
    let confirmations = plan.steps.iter().filter(|step| step.kind == StepKind::Confirmation);
    let confirmations = confirmations.flat_map(|step| &step.prunes).map(|item| {
        let message = format!("the sync stops until somebody allows the deletion of {}", item.id);
        let finding = Diagnostic::warning("prune-to-confirm", message);
        finding.help("annotate the Application with argocd.argoproj.io/deletion-approved, or drop `Prune=confirm`")
    });
    hooks.chain(confirmations).collect()
}

/// gitops-engine `pkg/health/health_{job,service,ingress}.go`.
fn never_completes(manifest: &Manifest) -> Option<(&'static str, &'static str)> {
    let spec = |key: &str| manifest.node.at(&["spec", key]);
    match (manifest.id.gvk.group.as_str(), manifest.id.gvk.kind.as_str()) {
        ("batch", "Job") if matches!(spec("suspend").map(|node| &node.value), Some(Value::Bool(true))) => {
            Some(("a suspended Job never completes", "remove `suspend: true`"))
        }
        ("", "Service") if spec("type").and_then(Node::as_str) == Some("LoadBalancer") => Some((
            "it completes only when a load balancer has an address",
            "a Service needs no hook; make it an ordinary object",
        )),
        ("networking.k8s.io", "Ingress") => Some((
            "it completes only when its controller has written an address",
            "an Ingress needs no hook; make it an ordinary object",
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::plan::plan;
    use crate::plan::testing::{application, manifest, pod};

    #[test]
    fn a_suspended_job_blocks_as_a_hook() {
        let set = [manifest(json!({
            "apiVersion": "batch/v1", "kind": "Job", "spec": {"suspend": true},
            "metadata": {"name": "job", "annotations": {"helm.sh/hook": "post-install"}},
        }))];
        let warnings = plan(&set, None, &application()).warnings;
        assert_eq!(warnings[0].message, "the hook Job/job in dest blocks: a suspended Job never completes");
    }

    #[test]
    fn a_prune_may_wait_for_a_person() {
        let live = [pod("old", &[("argocd.argoproj.io/sync-options", "Prune=confirm")])];
        let warnings = plan(&[], Some(&live), &application()).warnings;
        assert_eq!(warnings[0].rule, "prune-to-confirm");
    }
}
