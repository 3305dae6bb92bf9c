//! What the pods of an object refer to by name, in their own namespace.

use crate::model::Manifest;
use crate::yaml::{Node, Value};

/// Something of the core group that a pod names.
pub(super) struct Reference {
    pub(super) kind: &'static str,
    pub(super) name: String,
    /// Whether the pod starts without it.
    pub(super) is_optional: bool,
}

/// Everything that the pods of an object name; nothing for objects without a pod template of their own.
pub(super) fn references(manifest: &Manifest) -> Vec<Reference> {
    let Some(spec) = pod_spec(manifest) else { return Vec::new() };
    let mut found = Vec::new();
    found.extend(reference(Some(spec), "ServiceAccount", "serviceAccountName"));
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
        found.extend(of_environment(container));
    }
    found
}

fn pod_spec(manifest: &Manifest) -> Option<&Node> {
    match (manifest.id.gvk.group.as_str(), manifest.id.gvk.kind.as_str()) {
        ("", "Pod") => manifest.node.get("spec"),
        ("batch", "CronJob") => manifest.node.at(&["spec", "jobTemplate", "spec", "template", "spec"]),
        ("" | "apps" | "batch", _) => manifest.node.at(&["spec", "template", "spec"]),
        _ => None,
    }
}

fn of_environment(container: &Node) -> Vec<Reference> {
    let mut found = Vec::new();
    for from in items(container, "envFrom") {
        found.extend(reference(from.get("configMapRef"), "ConfigMap", "name"));
        found.extend(reference(from.get("secretRef"), "Secret", "name"));
    }
    for from in items(container, "env").iter().filter_map(|variable| variable.get("valueFrom")) {
        found.extend(reference(from.get("configMapKeyRef"), "ConfigMap", "name"));
        found.extend(reference(from.get("secretKeyRef"), "Secret", "name"));
    }
    found
}

fn items<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.get(key).and_then(Node::as_seq).unwrap_or_default()
}

fn reference(node: Option<&Node>, kind: &'static str, key: &str) -> Option<Reference> {
    let node = node?;
    let is_optional = matches!(node.get("optional").map(|node| &node.value), Some(Value::Bool(true)));
    Some(Reference { kind, name: node.get(key)?.as_str()?.to_owned(), is_optional })
}
