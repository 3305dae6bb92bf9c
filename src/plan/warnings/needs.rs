//! An object that is waited for, and whose pods need something that comes only in a later step: nobody moves.

use std::collections::HashMap;

use crate::diagnostics::Diagnostic;
use crate::model::Gvk;
use crate::plan::health::has_health;
use crate::plan::step::{Action, Item, Plan};
use crate::plan::tasks::Desired;

use super::references::{Reference, references};

/// Kind, namespace and name of something in the set.
type Name = (&'static str, String, String);

/// One warning for each object and the first thing it lacks.
pub(super) fn needs(plan: &Plan, desired: Desired) -> Vec<Diagnostic> {
    let created = creations(plan);
    let mut found = Vec::new();
    for (number, step) in plan.steps.iter().enumerate() {
        for item in step.groups.iter().flatten() {
            let Some(manifest) = item.index.and_then(|i| desired.manifests.get(i)) else { continue };
            if !item.wait.is_gate() || !has_health(&item.id.gvk) {
                continue;
            }
            let needed = references(manifest).into_iter().filter(|reference| !reference.is_optional);
            let later = needed.filter_map(|Reference { kind, name, .. }| {
                let key = (kind, item.id.namespace.clone(), name);
                created.get(&key).filter(|(at, _)| *at > number)
            });
            let first = later.min_by_key(|(at, _)| *at);
            found.extend(first.map(|(at, other)| lacking(item, other, number, *at)));
        }
    }
    found
}

/// What is created, and in which step.
fn creations(plan: &Plan) -> HashMap<Name, (usize, &Item)> {
    let mut created = HashMap::new();
    for (number, step) in plan.steps.iter().enumerate() {
        for item in step.groups.iter().flatten().filter(|item| item.action == Action::Create) {
            let Some(kind) = needed_kind(&item.id.gvk) else { continue };
            created.entry((kind, item.id.namespace.clone(), item.id.name.clone())).or_insert((number, item));
        }
    }
    created
}

/// The kinds that a pod cannot start without.
fn needed_kind(gvk: &Gvk) -> Option<&'static str> {
    const KINDS: [&str; 4] = ["ConfigMap", "PersistentVolumeClaim", "Secret", "ServiceAccount"];
    KINDS.into_iter().find(|kind| gvk.group.is_empty() && gvk.kind == *kind)
}

fn lacking(item: &Item, other: &Item, number: usize, at: usize) -> Diagnostic {
    let what = if item.is_hook { "the hook " } else { "" };
    let (number, at) = (number + 1, at + 1);
    let message = format!(
        "{what}{} blocks: step {number} waits for it, and it needs {}, which comes in step {at}",
        item.id, other.id
    );
    let finding = if item.is_hook {
        Diagnostic::warning("blocking-hook", message)
            .help("make what the hook needs a hook of the same phase with a lower wave, or run the hook later")
    } else {
        Diagnostic::warning("needs-later-step", message).help("give what it needs the same wave, or a lower one")
    };
    finding.at(item.span).related(other.span, "comes later")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::model::Manifest;
    use crate::plan::plan;
    use crate::plan::testing::{application, manifest, object};

    fn job(annotations: &serde_json::Value, pod: &serde_json::Value) -> Manifest {
        manifest(json!({
            "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "job", "annotations": annotations},
            "spec": {"template": {"spec": pod}},
        }))
    }

    fn messages(set: &[Manifest]) -> Vec<String> {
        plan(set, None, &application()).warnings.into_iter().map(|warning| warning.message).collect()
    }

    #[test]
    fn a_hook_that_needs_what_the_sync_brings_blocks() {
        let set = [
            job(&json!({"argocd.argoproj.io/hook": "PreSync"}), &json!({"serviceAccountName": "sa"})),
            object("v1", "ServiceAccount", "sa", "", &[]),
        ];
        let expected = "the hook Job/job in dest blocks: step 1 waits for it, and it needs ServiceAccount/sa in dest, \
                        which comes in step 2";
        assert_eq!(messages(&set), [expected]);
    }

    #[test]
    fn a_wave_that_needs_a_later_wave_blocks() {
        let env = json!({"containers": [{"env": [{"valueFrom": {"secretKeyRef": {"name": "token"}}}]}]});
        let set =
            [job(&json!({}), &env), object("v1", "Secret", "token", "", &[("argocd.argoproj.io/sync-wave", "1")])];
        assert_eq!(messages(&set).len(), 1);
        let optional = json!({"containers": [{"envFrom": [{"secretRef": {"name": "token", "optional": true}}]}]});
        assert!(messages(&[job(&json!({}), &optional), set[1].clone()]).is_empty());
    }
}
