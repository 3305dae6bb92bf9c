//! What kind of patch a text is. kustomize tries both ways and takes the one that works.

use crate::diagnostics::{Diagnostic, Outcome, SourceId, Span};
use crate::yaml::{self, Limits, Node, Value};

use super::json6902::{self, JsonPatch};

/// The patches in one text.
#[derive(Clone, Debug)]
pub enum PatchText {
    /// Strategic merge patches, in the order in which they apply; at least one.
    Merge(Vec<Node>),
    /// One JSON patch; it needs a target.
    Json(JsonPatch),
}

/// Reads the text of a patch: a list of operations is a JSON patch, objects are strategic merge patches.
pub fn classify(source: SourceId, text: &str) -> Outcome<PatchText> {
    classify_documents(source, text, yaml::parse(source, text, Limits::default())?)
}

/// Reads a patch whose text has been parsed.
pub fn classify_documents(source: SourceId, text: &str, documents: Vec<Node>) -> Outcome<PatchText> {
    match documents.first() {
        None => Err(empty(source).into()),
        Some(first) if first.as_seq().is_some() => json6902::from_documents(text, &documents).map(PatchText::Json),
        Some(_) => merge_patches(source, documents).map(PatchText::Merge),
    }
}

/// Whole objects, those inside of lists behind the others, as kustomize reads resources.
fn merge_patches(source: SourceId, documents: Vec<Node>) -> Outcome<Vec<Node>> {
    let mut queue: std::collections::VecDeque<_> = documents.into();
    let mut patches = Vec::new();
    while let Some(mut node) = queue.pop_front() {
        if node.as_map().is_some_and(yaml::Map::is_empty) {
            continue;
        }
        identify(&node)?;
        match items(&mut node) {
            Some(items) => queue.extend(items),
            None => patches.push(node),
        }
    }
    if patches.is_empty() { Err(empty(source).into()) } else { Ok(patches) }
}

/// A strategic merge patch must say kind and name, even when a target selects its objects.
fn identify(node: &Node) -> Outcome<()> {
    let text = |keys: &[&str]| node.at(keys).and_then(Node::as_str).filter(|text| !text.is_empty());
    let missing = match text(&["kind"]) {
        None => "kind",
        Some(kind) if kind.ends_with("List") => return Ok(()),
        Some(_) if text(&["metadata", "name"]).is_none() => "metadata.name",
        Some(_) => return Ok(()),
    };
    let message = format!("this is no patch: an object would need `{missing}`, a JSON patch is a list of operations");
    Err(Diagnostic::error("invalid-patch", message).at(node.span).help(format!("add `{missing}`")).into())
}

/// The objects in a list of objects.
fn items(node: &mut Node) -> Option<Vec<Node>> {
    let map = node.as_map_mut()?;
    if !map.get("kind").and_then(Node::as_str).is_some_and(|kind| kind.ends_with("List")) {
        return None;
    }
    match &map.get("items")?.value {
        Value::Seq(_) | Value::Null => {}
        _ => return None,
    }
    match map.remove("items")?.value.value {
        Value::Seq(items) => Some(items),
        _ => Some(Vec::new()),
    }
}

fn empty(source: SourceId) -> Diagnostic {
    Diagnostic::error("invalid-patch", "the patch is empty").at(Span::new(source, 0, 0))
}
