//! Annotations as gitops-engine reads them: `pkg/sync/resource/annotations.go`, and `GetAnnotations` of apimachinery.

use crate::model::Manifest;
use crate::yaml::{Map, Node, Value};

/// An annotation's text. One value that is no string makes Go forget all annotations of the object.
pub(super) fn text<'a>(manifest: &'a Manifest, name: &str) -> Option<&'a str> {
    let annotations = annotations(manifest)?;
    annotations.iter().all(|entry| coerced(&entry.value).is_some()).then_some(())?;
    coerced(annotations.get(name)?)
}

/// The parts of a list separated by commas: trimmed, not empty, each once.
pub(super) fn list<'a>(manifest: &'a Manifest, name: &str) -> Vec<&'a str> {
    let mut values = Vec::new();
    for item in text(manifest, name).unwrap_or_default().split(',').map(str::trim) {
        if !item.is_empty() && !values.contains(&item) {
            values.push(item);
        }
    }
    values
}

/// The value of `key=value` in a list.
pub(super) fn option<'a>(manifest: &'a Manifest, name: &str, key: &str) -> Option<&'a str> {
    list(manifest, name).into_iter().find_map(|item| item.strip_prefix(key)?.strip_prefix('='))
}

fn annotations(manifest: &Manifest) -> Option<&Map> {
    manifest.node.at(&["metadata", "annotations"])?.as_map()
}

/// `null` counts as the empty text.
fn coerced(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Null => Some(""),
        Value::String(text) => Some(text),
        _ => None,
    }
}
