//! What every Kubernetes object has, whatever its kind. Schemas come after this.

use std::collections::HashMap;

use crate::diagnostics::{Diagnostic, Span};
use crate::model::{Manifest, SYNC_WAVE};
use crate::yaml::{Map, Node, Value};

/// The findings of all manifests, in their order.
pub(super) fn check(manifests: &[Manifest]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for manifest in manifests {
        check_type(manifest, &mut findings);
        check_metadata(manifest, &mut findings);
    }
    check_unique(manifests, &mut findings);
    findings
}

fn check_type(manifest: &Manifest, findings: &mut Vec<Diagnostic>) {
    for key in ["apiVersion", "kind"] {
        require_text(&manifest.node, manifest.span, key, findings);
    }
}

fn check_metadata(manifest: &Manifest, findings: &mut Vec<Diagnostic>) {
    let Some(metadata) = manifest.node.get("metadata").filter(|node| !node.is_null()) else {
        let message = format!("this {} has no `metadata`", kind(manifest));
        findings.push(
            Diagnostic::error("missing-field", message).at(manifest.span).help("give it a name: `metadata: {name: …}`"),
        );
        return;
    };
    let Value::Map(map) = &metadata.value else {
        let message = format!("`metadata` is {}; it must be a mapping", metadata.kind());
        findings.push(Diagnostic::error("wrong-type", message).at(metadata.span));
        return;
    };
    // A hook may leave its name to the server.
    let generated = map.get("generateName").and_then(Node::as_str).is_some_and(|name| !name.is_empty());
    if !generated || map.get("name").is_some_and(|name| !name.is_null()) {
        require_text(metadata, metadata.span, "name", findings);
    }
    if let Some(namespace) = map.get("namespace")
        && !matches!(namespace.value, Value::String(_) | Value::Null)
    {
        findings.push(not_text("metadata.namespace", namespace));
    }
    for key in ["labels", "annotations"] {
        check_texts(key, map, findings);
    }
    check_wave(manifest, findings);
}

/// `labels` and `annotations` hold text; YAML makes a number or a boolean of an unquoted one.
fn check_texts(key: &str, metadata: &Map, findings: &mut Vec<Diagnostic>) {
    let Some(node) = metadata.get(key).filter(|node| !node.is_null()) else { return };
    let Value::Map(map) = &node.value else {
        let message = format!("`metadata.{key}` is {}; it must be a mapping", node.kind());
        findings.push(Diagnostic::error("wrong-type", message).at(node.span));
        return;
    };
    for entry in map {
        if entry.value.as_str().is_none() {
            findings.push(not_text(&format!("metadata.{key}.{}", entry.key), &entry.value));
        }
    }
}

/// Argo CD reads a wave that is no integer as 0, without a word.
fn check_wave(manifest: &Manifest, findings: &mut Vec<Diagnostic>) {
    if let Some(node) = manifest.annotation(SYNC_WAVE)
        && let Some(text) = node.as_str()
        && manifest.wave().is_none()
    {
        let message = format!("the sync wave `{text}` is no integer");
        let finding = Diagnostic::error("invalid-sync-wave", message).at(node.span);
        findings.push(finding.help("Argo CD would take it for 0; write a whole number in quotes, such as \"10\""));
    }
}

fn check_unique(manifests: &[Manifest], findings: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<_, Span> = HashMap::with_capacity(manifests.len());
    for manifest in manifests.iter().filter(|manifest| !manifest.id.name.is_empty()) {
        // The version does not count: the server keeps one object for all versions of a kind.
        let id = &manifest.id;
        let key = (&id.gvk.group, &id.gvk.kind, &id.namespace, &id.name);
        if let Some(first) = seen.insert(key, manifest.span) {
            let finding = Diagnostic::error("duplicate-object", format!("{id} is there twice")).at(manifest.span);
            let finding = finding.related(first, "the first one");
            findings.push(finding.help("Argo CD would apply one of them and say nothing: remove or rename one"));
        }
    }
}

fn require_text(node: &Node, span: Span, key: &str, findings: &mut Vec<Diagnostic>) {
    match node.get(key).map(|node| (&node.value, node.span)) {
        Some((Value::String(text), _)) if !text.is_empty() => {}
        Some((Value::String(_), span)) => {
            findings.push(Diagnostic::error("missing-field", format!("`{key}` is empty")).at(span));
        }
        None | Some((Value::Null, _)) => {
            let message = format!("this object has no `{key}`");
            findings.push(Diagnostic::error("missing-field", message).at(span).help(format!("add `{key}: …`")));
        }
        Some(_) => {
            if let Some(value) = node.get(key) {
                findings.push(not_text(key, value));
            }
        }
    }
}

fn not_text(key: &str, node: &Node) -> Diagnostic {
    let message = format!("`{key}` is {}; it must be a string", node.kind());
    let finding = Diagnostic::error("wrong-type", message).at(node.span);
    match node.value {
        Value::Bool(_) | Value::Number(_) => finding.help("put it in quotes to make it a string"),
        _ => finding,
    }
}

fn kind(manifest: &Manifest) -> &str {
    if manifest.id.gvk.kind.is_empty() { "object" } else { &manifest.id.gvk.kind }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::check;
    use crate::diagnostics::{Sources, Span};
    use crate::model::Manifest;
    use crate::source::TreePath;
    use crate::yaml::Node;

    fn findings(objects: &[serde_json::Value]) -> Vec<&'static str> {
        let span = Span::new(Sources::default().add("x", ""), 0, 0);
        let manifest = |o: &serde_json::Value| Manifest::new(Node::from_json(o.clone(), span), TreePath::root(), span);
        let manifests: Vec<_> = objects.iter().map(manifest).collect();
        check(&manifests).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn a_plain_object_passes() {
        assert!(findings(&[json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}})]).is_empty());
    }

    #[test]
    fn a_hook_may_have_its_name_generated() {
        let hook = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"generateName": "a-"}});
        assert!(findings(&[hook]).is_empty());
    }

    #[test]
    fn versions_of_one_kind_are_one_object() {
        let object = |version: &str| json!({"apiVersion": version, "kind": "HorizontalPodAutoscaler", "metadata": {"name": "a"}});
        assert_eq!(findings(&[object("autoscaling/v1"), object("autoscaling/v2")]), ["duplicate-object"]);
    }

    #[test]
    fn every_fault_of_an_object_is_reported() {
        let object = json!({"apiVersion": 1, "metadata": {"labels": {"a": true}, "annotations": []}});
        assert_eq!(findings(&[object]), ["wrong-type", "missing-field", "missing-field", "wrong-type", "wrong-type"]);
    }
}
