//! The objects of a text that no kustomization has read.

use std::collections::VecDeque;

use crate::diagnostics::{Diagnostic, SourceId, Span};
use crate::model::Manifest;
use crate::source::TreePath;
use crate::yaml::{self, Limits, Node, Value};

/// What a text is expected to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// Objects and nothing else: it was named, or piped in.
    Objects,
    /// Objects, and perhaps values files and the like, which a folder may hold too.
    ObjectsAmongOthers,
}

/// The objects of `text`, lists taken apart. What is wrong, or no object, goes to `findings`.
pub(super) fn manifests(
    source: SourceId,
    text: &str,
    file: &TreePath,
    kept: Kept,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Manifest> {
    let mut queue: VecDeque<Node> = match yaml::parse(source, text, Limits::default()) {
        Ok(documents) => documents.into(),
        Err(broken) => {
            findings.extend(broken.into_vec());
            return Vec::new();
        }
    };
    let mut manifests = Vec::with_capacity(queue.len());
    while let Some(mut node) = queue.pop_front() {
        if let Some(items) = take_items(&mut node) {
            items.into_iter().rev().for_each(|item| queue.push_front(item));
        } else if let Some(finding) = no_object(&node, kept) {
            findings.push(finding);
        } else {
            let span = node.span;
            manifests.push(Manifest::new(node, file.clone(), span));
        }
    }
    manifests
}

/// The items of a list object, as `kubectl get -o yaml` writes it.
fn take_items(node: &mut Node) -> Option<Vec<Node>> {
    if !node.get("kind")?.as_str()?.ends_with("List") {
        return None;
    }
    let items = node.as_map_mut()?.get_mut("items")?.as_seq_mut()?;
    Some(std::mem::take(items))
}

fn no_object(node: &Node, kept: Kept) -> Option<Diagnostic> {
    let nameless = node.get("apiVersion").is_none() && node.get("kind").is_none();
    if !nameless {
        return None;
    }
    if kept == Kept::ObjectsAmongOthers {
        let message = "this is no Kubernetes object, and was not validated";
        let finding = Diagnostic::notice("not-a-manifest", message).at(start(node));
        return Some(finding.help("an object has `apiVersion` and `kind`; keep other files elsewhere"));
    }
    let message = match node.value {
        Value::Map(_) => "this is no Kubernetes object: it has neither `apiVersion` nor `kind`".to_owned(),
        _ => format!("{} is no Kubernetes object", node.kind()),
    };
    Some(Diagnostic::error("not-an-object", message).at(start(node)).help("an object has `apiVersion` and `kind`"))
}

/// The document's first key: the whole document would be underlined, page after page.
fn start(node: &Node) -> Span {
    let first = node.as_map().and_then(|map| map.iter().map(|entry| entry.key_span).min_by_key(|span| span.start));
    first.unwrap_or(node.span)
}
