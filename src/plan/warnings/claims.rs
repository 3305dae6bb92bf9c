//! A claim that is waited for before anything uses it. Where its class waits for the first consumer it stays Pending,
//! which to Argo CD is Progressing, and the consumer never comes (argo-cd #12840).

use std::collections::HashMap;

use crate::diagnostics::Diagnostic;
use crate::plan::step::{Action, Item, Plan};
use crate::plan::tasks::Desired;

use super::references::references;

/// One warning for each new claim whose first user comes in a later step.
pub(super) fn before_consumers(plan: &Plan, desired: Desired) -> Vec<Diagnostic> {
    let users = first_users(plan, desired);
    let mut found = Vec::new();
    for (number, step) in plan.steps.iter().enumerate() {
        let claims = step.groups.iter().flatten().filter(|item| is_claim(item) && item.action == Action::Create);
        for claim in claims.filter(|item| item.wait.is_gate()) {
            let key = (claim.id.namespace.clone(), claim.id.name.clone());
            // Nobody in the set: an operator's pods may use it.
            if let Some((at, consumer)) = users.get(&key).filter(|(at, _)| *at > number) {
                found.push(warning(claim, consumer, number + 1, at + 1));
            }
        }
    }
    found
}

fn is_claim(item: &Item) -> bool {
    item.id.gvk.group.is_empty() && item.id.gvk.kind == "PersistentVolumeClaim"
}

/// Namespace and name of each claim, and the first object whose pods use it.
fn first_users<'p>(plan: &'p Plan, desired: Desired) -> HashMap<(String, String), (usize, &'p Item)> {
    let mut users = HashMap::new();
    for (number, step) in plan.steps.iter().enumerate() {
        for item in step.groups.iter().flatten() {
            let Some(manifest) = item.index.and_then(|i| desired.manifests.get(i)) else { continue };
            let claims = references(manifest).into_iter().filter(|reference| reference.kind == "PersistentVolumeClaim");
            for claim in claims {
                users.entry((item.id.namespace.clone(), claim.name)).or_insert((number, item));
            }
        }
    }
    users
}

fn warning(claim: &Item, consumer: &Item, number: usize, at: usize) -> Diagnostic {
    let message = format!(
        "step {number} waits for {}, which may stay Pending until {} uses it in step {at}",
        claim.id, consumer.id
    );
    let finding = Diagnostic::warning("claim-before-consumer", message).at(claim.span);
    let finding = finding.related(consumer.span, "the first to use it");
    finding
        .help("give the claim the wave of its consumer: a StorageClass with WaitForFirstConsumer binds it no earlier")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::plan::plan;
    use crate::plan::testing::{application, manifest, object, pod};

    #[test]
    fn a_claim_waits_for_its_first_consumer() {
        let claim = object("v1", "PersistentVolumeClaim", "data", "", &[("argocd.argoproj.io/sync-wave", "-1")]);
        let consumer = manifest(json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod"},
            "spec": {"volumes": [{"persistentVolumeClaim": {"claimName": "data"}}]},
        }));
        let messages = |set: &[_]| -> Vec<String> {
            plan(set, None, &application()).warnings.into_iter().map(|warning| warning.message).collect()
        };
        let expected = "step 1 waits for PersistentVolumeClaim/data in dest, which may stay Pending until Pod/pod in \
                        dest uses it in step 2";
        assert_eq!(messages(&[claim.clone(), consumer]), [expected]);
        assert!(messages(&[claim, pod("other", &[])]).is_empty());
    }
}
