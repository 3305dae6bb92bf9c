//! A file's text to objects: what kustomize takes for an object, and lists taken apart.

use std::collections::VecDeque;

use super::read::{Reader, TextFile};
use super::resource::Resource;
use super::scalars;
use crate::diagnostics::{Diagnostic, Span};
use crate::source::TreePath;
use crate::yaml::{self, Limits, Node, Value};

/// The objects of `file`. What is wrong goes to the report; the good ones are returned all the same.
pub(super) fn objects(file: &TextFile, reader: &Reader<'_>) -> Vec<Resource> {
    let report = reader.report();
    let mut documents = match yaml::parse(file.source, &file.text, Limits::default()) {
        Ok(documents) => documents,
        Err(findings) => {
            findings.into_vec().into_iter().for_each(|finding| report.push(finding));
            return Vec::new();
        }
    };
    if documents.is_empty() {
        let message = format!("{} holds no object", file.path);
        let whole = Span::new(file.source, 0, 0);
        report.push(Diagnostic::warning("empty-file", message).at(whole).help("remove it from `resources`"));
    }
    for document in &mut documents {
        scalars::reread(document, reader.sources(), report);
    }
    from_documents(documents, &file.path, reader)
}

/// The objects of `documents`. Lists are taken apart as kustomize does it: their items come after the other
/// documents of the file.
pub(super) fn from_documents(documents: Vec<Node>, path: &TreePath, reader: &Reader<'_>) -> Vec<Resource> {
    let mut queue: VecDeque<Node> = documents.into();
    let mut objects = Vec::with_capacity(queue.len());
    while let Some(mut node) = queue.pop_front() {
        if is_empty(&node) {
            continue;
        }
        match take_items(&mut node) {
            Some(Ok(items)) => queue.extend(items),
            Some(Err(finding)) => reader.report().push(*finding),
            None => match unusable(&node) {
                Some(finding) => reader.report().push(finding),
                None => objects.push(Resource::new(node, path.clone(), reader.scopes())),
            },
        }
    }
    objects
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Seq(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        _ => false,
    }
}

/// The items of a list object (any kind that ends in `List` and has `items`).
fn take_items(node: &mut Node) -> Option<Result<Vec<Node>, Box<Diagnostic>>> {
    if !node.get("kind")?.as_str()?.ends_with("List") {
        return None;
    }
    let items = node.as_map_mut()?.get_mut("items")?;
    match std::mem::replace(&mut items.value, Value::Null) {
        Value::Null => Some(Ok(Vec::new())),
        Value::Seq(list) => Some(Ok(list)),
        _ => Some(Err(Box::new(Diagnostic::error("not-an-object", "`items` of a list is no list").at(items.span)))),
    }
}

/// What keeps `node` from being an object: kustomize needs `kind` and `metadata.name`.
fn unusable(node: &Node) -> Option<Diagnostic> {
    let Some(map) = node.as_map() else {
        let message = format!("{} is no Kubernetes object", node.kind());
        return Some(Diagnostic::error("not-an-object", message).at(node.span).help("an object is a mapping"));
    };
    for key in ["apiVersion", "kind"] {
        match map.get(key) {
            Some(value) if value.as_str().is_none() => return Some(not_text(key, value)),
            None if key == "kind" => return Some(missing(node, "kind")),
            _ => {}
        }
    }
    if let Some(metadata) = map.get("metadata")
        && !metadata.is_null()
        && metadata.as_map().is_none()
    {
        return Some(Diagnostic::error("not-an-object", "`metadata` is no mapping").at(metadata.span));
    }
    let is_list = node.get("kind").and_then(Node::as_str).is_some_and(|kind| kind.ends_with("List"));
    match node.at(&["metadata", "name"]) {
        Some(name) => match name.as_str() {
            None => Some(not_text("metadata.name", name)),
            Some("") if !is_list => Some(missing(node, "metadata.name")),
            Some(_) => None,
        },
        None => (!is_list).then(|| missing(node, "metadata.name")),
    }
}

fn not_text(key: &str, value: &Node) -> Diagnostic {
    let message = format!("`{key}` is {}; it must be a string", value.kind());
    Diagnostic::error("not-an-object", message).at(value.span).help("put it in quotes")
}

fn missing(node: &Node, key: &str) -> Diagnostic {
    let message = format!("the object has no `{key}`");
    Diagnostic::error("not-an-object", message).at(node.span).help(
        "every object has `kind` and `metadata.name`; list other files under what reads them, not under `resources`",
    )
}
