//! `$patch`: what a strategic merge patch says about the mapping or list it stands in.

use crate::diagnostics::{Diagnostic, Outcome};
use crate::yaml::{Map, Node, Value};

use super::scalar::text_of;

const KEY: &str = "$patch";

/// Directives of kubectl and the API server that kustomize does not know: it would write them into the object.
const UNKNOWN_TO_KUSTOMIZE: [&str; 3] = ["$retainKeys", "$deleteFromPrimitiveList/", "$setElementOrder/"];

/// What to do with the target's mapping or list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directive {
    Merge,
    Replace,
    Delete,
}

fn parse(node: &Node) -> Outcome<Directive> {
    match text_of(node).as_deref() {
        Some("merge") => Ok(Directive::Merge),
        Some("replace") => Ok(Directive::Replace),
        Some("delete") => Ok(Directive::Delete),
        _ => Err(Diagnostic::error("invalid-patch", "`$patch` has an unknown value")
            .at(node.span)
            .help("the values are delete, merge and replace")
            .into()),
    }
}

/// Takes the directive out of a mapping of the patch.
pub(super) fn take_from_map(map: &mut Map) -> Outcome<Directive> {
    if let Some(entry) = map.iter().find(|entry| is_unknown(&entry.key)) {
        let message = format!("`{}` is not supported", entry.key);
        return Err(Diagnostic::error("invalid-patch", message)
            .at(entry.key_span)
            .help("kustomize would write it into the object; use `$patch: delete`, `$patch: replace`, null or a JSON patch")
            .into());
    }
    match map.remove(KEY) {
        Some(entry) => parse(&entry.value),
        None => Ok(Directive::Merge),
    }
}

fn is_unknown(key: &str) -> bool {
    key.starts_with('$')
        && UNKNOWN_TO_KUSTOMIZE
            .iter()
            .any(|name| if name.ends_with('/') { key.starts_with(name) } else { key == *name })
}

/// Takes the directive out of a list of the patch: the element `$patch: …` that says nothing else.
///
/// As in kustomize the first element with a `$patch` decides; all elements with the same directive go with it.
pub(super) fn take_from_list(items: &mut Vec<Node>) -> Outcome<Directive> {
    let Some(map) = items.iter().find_map(|item| item.as_map().filter(|map| map.contains_key(KEY))) else {
        return Ok(Directive::Merge);
    };
    let Some(value) = map.get(KEY).filter(|_| map.len() == 1) else { return Ok(Directive::Merge) };
    let directive = parse(value)?;
    let value = value.clone();
    items.retain(|item| !is_empty(item) && item.get(KEY) != Some(&value));
    Ok(directive)
}

fn is_empty(item: &Node) -> bool {
    match &item.value {
        Value::Null => true,
        Value::Map(map) => map.is_empty(),
        _ => false,
    }
}

/// Refuses directives in a list that is replaced as a whole: kustomize would write them into the object.
pub(super) fn refuse_in_replaced_list(items: &[Node]) -> Outcome<()> {
    let mut keys = items.iter().filter_map(Node::as_map).flatten();
    match keys.find(|entry| entry.key == KEY || is_unknown(&entry.key)) {
        None => Ok(()),
        Some(entry) => {
            let message = format!("`{}` in a list that kustomize replaces as a whole", entry.key);
            Err(Diagnostic::error("invalid-patch", message)
                .at(entry.key_span)
                .help("no merge key is known for this list: write all of its elements, or use a JSON patch")
                .into())
        }
    }
}

/// Refuses a lone `$patch` element in a list that the target does not have: kustomize loses the other elements.
pub(super) fn refuse_in_new_list(items: &[Node]) -> Outcome<()> {
    let lone = items.iter().filter_map(Node::as_map).find(|map| map.len() == 1 && map.contains_key(KEY));
    match lone.and_then(|map| map.entry(KEY)) {
        None => Ok(()),
        Some(entry) => Err(Diagnostic::error("invalid-patch", "`$patch` for a list that the target does not have")
            .at(entry.key_span)
            .help("leave the element with `$patch` out")
            .into()),
    }
}
