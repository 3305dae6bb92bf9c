//! An object that is waited for, and whose pods need something that comes only in a later step: nobody moves.

use std::collections::HashMap;

use crate::diagnostics::Diagnostic;
use crate::model::{Gvk, Manifest};
use crate::plan::health::has_health;
use crate::plan::step::{Action, Item, Plan};
use crate::plan::tasks::Desired;
use crate::yaml::Node;

/// Kind, namespace and name of something in the set.
type Name = (&'static str, String, String);

/// One warning for each object and the first thing it lacks; claims that nothing in their step uses.
pub(super) fn needs(plan: &Plan, desired: Desired) -> Vec<Diagnostic> {
    let created = creations(plan);
    let mut found = Vec::new();
    for (number, step) in plan.steps.iter().enumerate() {
        for item in step.groups.iter().flatten() {
            let Some(manifest) = item.index.and_then(|i| desired.manifests.get(i)) else { continue };
            let needed = references(manifest).into_iter();
            let later = needed.filter_map(|(kind, name, is_optional)| {
                let key = (kind, item.id.namespace.clone(), name);
                let (at, other) = created.get(&key).filter(|(at, _)| *at > number && !is_optional)?;
                Some((key, *at, *other))
            });
            for (key, at, other) in later {
                let claims = key.0 == "PersistentVolumeClaim";
                // A claim in a later step is missed like everything else; one in an earlier step is looked at below.
                if item.wait.is_gate() && has_health(&item.id.gvk) {
                    found.push(lacking(item, other, (number, at), claims));
                    break;
                }
            }
        }
    }
    found.extend(unbound_claims(plan, desired));
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

fn lacking(item: &Item, other: &Item, (number, at): (usize, usize), claims: bool) -> Diagnostic {
    let what = if item.is_hook { "the hook " } else { "" };
    let (number, at) = (number + 1, at + 1);
    let message = format!(
        "{what}{} blocks: step {number} waits for it, and it needs {}, which comes in step {at}",
        item.id, other.id
    );
    let rule = if item.is_hook { "blocking-hook" } else { "needs-later-step" };
    let finding = Diagnostic::warning(rule, message).at(item.span).related(other.span, "comes later");
    finding.help(match (item.is_hook, claims) {
        (true, _) => "make what the hook needs a hook of the same phase with a lower wave, or run the hook later",
        (false, _) => "give what it needs the same wave, or a lower one",
    })
}

/// A claim whose class waits for the first consumer stays Pending, which Argo CD waits for, until a pod of a later step
/// uses it (argo-cd #12840).
fn unbound_claims(plan: &Plan, desired: Desired) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (number, step) in plan.steps.iter().enumerate() {
        let claims =
            step.groups.iter().flatten().filter(|item| needed_kind(&item.id.gvk) == Some("PersistentVolumeClaim"));
        for claim in claims.filter(|item| item.wait.is_gate() && item.action == Action::Create) {
            let uses = |item: &&Item| {
                let manifest = item.index.and_then(|i| desired.manifests.get(i));
                let mut names = manifest.into_iter().flat_map(|manifest| references(manifest));
                item.id.namespace == claim.id.namespace
                    && names.any(|(kind, name, _)| kind == "PersistentVolumeClaim" && name == claim.id.name)
            };
            let first_user = |steps: &[crate::plan::Step]| -> Option<Item> {
                steps.iter().flat_map(|step| step.groups.iter().flatten()).find(uses).cloned()
            };
            if first_user(&plan.steps[..=number]).is_some() {
                continue;
            }
            let Some(consumer) = first_user(&plan.steps[number + 1..]) else { continue };
            let message = format!(
                "step {} waits for {}, which may stay Pending until {} of a later step uses it",
                number + 1,
                claim.id,
                consumer.id
            );
            let finding = Diagnostic::warning("claim-before-consumer", message).at(claim.span);
            let finding = finding.related(consumer.span, "the first to use it");
            found.push(finding.help(
                "give the claim the wave of its consumer: a StorageClass with WaitForFirstConsumer binds it no earlier",
            ));
        }
    }
    found
}

/// What the pods of an object refer to: kind, name, and whether they start without it.
fn references(manifest: &Manifest) -> Vec<(&'static str, String, bool)> {
    let spec = match (manifest.id.gvk.group.as_str(), manifest.id.gvk.kind.as_str()) {
        ("", "Pod") => manifest.node.get("spec"),
        ("batch", "CronJob") => manifest.node.at(&["spec", "jobTemplate", "spec", "template", "spec"]),
        ("" | "apps" | "batch", _) => manifest.node.at(&["spec", "template", "spec"]),
        _ => None,
    };
    let Some(spec) = spec else { return Vec::new() };
    let mut found = Vec::new();
    if let Some(name) = spec.get("serviceAccountName").and_then(Node::as_str) {
        found.push(("ServiceAccount", name.to_owned(), false));
    }
    for volume in items(spec, "volumes") {
        found.extend(reference(volume.get("configMap"), "ConfigMap", "name"));
        found.extend(reference(volume.get("secret"), "Secret", "secretName"));
        found.extend(reference(volume.get("persistentVolumeClaim"), "PersistentVolumeClaim", "claimName"));
        for source in volume.get("projected").into_iter().flat_map(|projected| items(projected, "sources")) {
            found.extend(reference(source.get("configMap"), "ConfigMap", "name"));
            found.extend(reference(source.get("secret"), "Secret", "name"));
        }
    }
    for container in items(spec, "initContainers").iter().chain(items(spec, "containers")) {
        for from in items(container, "envFrom") {
            found.extend(reference(from.get("configMapRef"), "ConfigMap", "name"));
            found.extend(reference(from.get("secretRef"), "Secret", "name"));
        }
        for from in items(container, "env").iter().filter_map(|variable| variable.get("valueFrom")) {
            found.extend(reference(from.get("configMapKeyRef"), "ConfigMap", "name"));
            found.extend(reference(from.get("secretKeyRef"), "Secret", "name"));
        }
    }
    found
}

fn items<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.get(key).and_then(Node::as_seq).unwrap_or_default()
}

fn reference(node: Option<&Node>, kind: &'static str, key: &str) -> Option<(&'static str, String, bool)> {
    let node = node?;
    let is_optional = matches!(node.get("optional").map(|node| &node.value), Some(crate::yaml::Value::Bool(true)));
    Some((kind, node.get(key)?.as_str()?.to_owned(), is_optional))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::model::Manifest;
    use crate::plan::plan;
    use crate::plan::testing::{application, manifest, object, pod};

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

    #[test]
    fn a_claim_waits_for_its_first_consumer() {
        let claim = object("v1", "PersistentVolumeClaim", "data", "", &[("argocd.argoproj.io/sync-wave", "-1")]);
        let volumes = json!({"volumes": [{"persistentVolumeClaim": {"claimName": "data"}}]});
        let message = messages(&[claim.clone(), job(&json!({}), &volumes)]);
        let expected = "step 1 waits for PersistentVolumeClaim/data in dest, which may stay Pending until Job/job in \
                        dest of a later step uses it";
        assert_eq!(message, [expected]);
        // Nobody in the set uses it: an operator may.
        assert!(messages(&[claim, pod("other", &[])]).is_empty());
    }
}
