//! JSON patches (RFC 6902) as kustomize reads them: a list of operations, in YAML or JSON.
//!
//! Operations and pointers are those of the crate `json-patch`; values stay nodes, so that what a patch writes knows
//! where it was written. `json_apply` applies them.

use json_patch::PatchOperation;
use json_patch::jsonptr::{Pointer, PointerBuf};

use crate::diagnostics::{Diagnostic, Outcome, SourceId, Span};
use crate::yaml::decode::nearest;
use crate::yaml::{self, Limits, Map, Node};

/// The operations that RFC 6902 has.
const OPERATIONS: [&str; 6] = ["add", "remove", "replace", "move", "copy", "test"];
/// The fields that operations have.
const FIELDS: [&str; 4] = ["op", "path", "from", "value"];

/// A list of operations.
#[derive(Clone, Debug)]
pub struct JsonPatch {
    pub(super) operations: Vec<Operation>,
}

/// One operation and its places.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) action: Action,
    pub(super) path: Place,
}

/// A pointer into the target and the text that wrote it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) pointer: PointerBuf,
    pub(super) span: Span,
}

#[derive(Clone, Debug)]
pub(super) enum Action {
    Add(Node),
    Remove,
    Replace(Node),
    Move(Place),
    Copy(Place),
    Test(Node),
}

impl Action {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Add(_) => "add",
            Self::Remove => "remove",
            Self::Replace(_) => "replace",
            Self::Move(_) => "move",
            Self::Copy(_) => "copy",
            Self::Test(_) => "test",
        }
    }
}

/// Reads the text of a patch, YAML or JSON. A text that starts with `[` must be JSON, as for kustomize.
pub fn parse(source: SourceId, text: &str) -> Outcome<JsonPatch> {
    let documents = yaml::parse(source, text, Limits::default())?;
    if documents.is_empty() {
        return Err(Diagnostic::error("invalid-patch", "the patch is empty").at(Span::new(source, 0, 0)).into());
    }
    from_documents(text, &documents)
}

/// Reads a patch whose text has been parsed.
pub(super) fn from_documents(text: &str, documents: &[Node]) -> Outcome<JsonPatch> {
    let [list] = documents else {
        let span = documents.get(1).map_or(Span::NONE, |second| second.span);
        return Err(Diagnostic::error("invalid-patch", "a JSON patch is one document; kustomize reads no further")
            .at(span)
            .help("put all operations in one list, or give each list an entry of its own")
            .into());
    };
    if text.starts_with('[')
        && let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text)
    {
        let message = format!("a patch that starts with `[` must be JSON: {error}");
        return Err(Diagnostic::error("invalid-patch", message)
            .at(list.span)
            .help("write JSON with quotes around all keys and texts, or a YAML list with `- op: …`")
            .into());
    }
    from_node(list)
}

/// Reads a list of operations.
pub fn from_node(node: &Node) -> Outcome<JsonPatch> {
    let Some(items) = node.as_seq() else {
        let message = format!("a JSON patch is a list of operations, but this is {}", node.kind());
        return Err(Diagnostic::error("invalid-patch", message).at(node.span).into());
    };
    if items.is_empty() {
        return Err(Diagnostic::error("invalid-patch", "the patch has no operation").at(node.span).into());
    }
    let operations = items.iter().map(operation).collect::<Outcome<_>>()?;
    Ok(JsonPatch { operations })
}

fn operation(node: &Node) -> Outcome<Operation> {
    let Some(fields) = node.as_map() else {
        let message = format!("an operation is a mapping with `op` and `path`, but this is {}", node.kind());
        return Err(Diagnostic::error("invalid-patch", message).at(node.span).into());
    };
    check_fields(fields)?;
    check_op(fields, node.span)?;
    // The crate judges which operation needs which fields, and what a pointer is.
    let parsed =
        serde_json::from_value(serde_json::Value::from(node)).map_err(|error| invalid(fields, node, &error))?;
    let place = |field: &str, pointer: PointerBuf| Place {
        pointer,
        span: fields.get(field).map_or(node.span, |value| value.span),
    };
    let value = || fields.get("value").cloned().ok_or_else(|| missing("value", node.span));
    let (action, path) = match parsed {
        PatchOperation::Add(add) => (Action::Add(value()?), add.path),
        PatchOperation::Remove(remove) => (Action::Remove, remove.path),
        PatchOperation::Replace(replace) => (Action::Replace(value()?), replace.path),
        PatchOperation::Move(moved) => (Action::Move(place("from", moved.from)), moved.path),
        PatchOperation::Copy(copy) => (Action::Copy(place("from", copy.from)), copy.path),
        PatchOperation::Test(test) => (Action::Test(value()?), test.path),
    };
    Ok(Operation { action, path: place("path", path) })
}

fn check_fields(fields: &Map) -> Outcome<()> {
    let Some(entry) = fields.iter().find(|entry| !FIELDS.contains(&entry.key.as_str())) else { return Ok(()) };
    let finding =
        Diagnostic::error("invalid-patch", format!("an operation has no field `{}`", entry.key)).at(entry.key_span);
    Err(suggest(finding, &entry.key, &FIELDS).into())
}

fn check_op(fields: &Map, span: Span) -> Outcome<()> {
    let Some(op) = fields.get("op") else { return Err(missing("op", span).into()) };
    match op.as_str() {
        Some(name) if OPERATIONS.contains(&name) => Ok(()),
        Some(name) => {
            let finding = Diagnostic::error("invalid-patch", format!("there is no operation `{name}`")).at(op.span);
            Err(suggest(finding, name, &OPERATIONS).into())
        }
        None => Err(Diagnostic::error("invalid-patch", format!("`op` is {}", op.kind())).at(op.span).into()),
    }
}

fn suggest(finding: Diagnostic, wrong: &str, known: &[&'static str]) -> Diagnostic {
    match nearest(wrong, known.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!("there are {}", known.join(", "))),
    }
}

fn missing(field: &str, span: Span) -> Diagnostic {
    Diagnostic::error("invalid-patch", format!("the operation has no `{field}`"))
        .at(span)
        .help(format!("add `{field}: …`"))
}

/// Finds the field that the crate could not read.
fn invalid(fields: &Map, node: &Node, error: &serde_json::Error) -> Diagnostic {
    for field in ["path", "from"] {
        let Some(value) = fields.get(field) else { continue };
        match value.as_str() {
            None => {
                let message = format!("`{field}` is {}; it must be text such as `/spec/replicas`", value.kind());
                return Diagnostic::error("invalid-patch", message).at(value.span);
            }
            Some(text) if Pointer::parse(text).is_err() => return no_pointer(field, text, value.span),
            Some(_) => {}
        }
    }
    let op = fields.get("op").and_then(Node::as_str).unwrap_or_default();
    let needed: &[&str] = match op {
        "add" | "replace" | "test" => &["path", "value"],
        "move" | "copy" => &["path", "from"],
        _ => &["path"],
    };
    match needed.iter().find(|field| !fields.contains_key(field)) {
        Some(field) => missing(field, node.span),
        None => Diagnostic::error("invalid-patch", format!("the operation cannot be read: {error}")).at(node.span),
    }
}

fn no_pointer(field: &str, text: &str, span: Span) -> Diagnostic {
    let finding = Diagnostic::error("invalid-patch", format!("`{field}` is no JSON pointer: `{text}`")).at(span);
    if text.starts_with('/') {
        finding.help("inside of a key `~` is written `~0` and `/` is written `~1`")
    } else {
        finding.help(format!("a pointer starts with `/`: `/{}`", text.replace('.', "/")))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::from_node;
    use crate::diagnostics::{Diagnostic, Sources, Span};
    use crate::yaml::Node;

    const NOWHERE: Span = Span::NONE;

    fn failure(operation: &serde_json::Value) -> Diagnostic {
        let mut target = Node::from_json(
            json!({"kind": "Secret", "spec": {"replicas": 1, "list": [1, 2]}, "data": {"password": "hunter2"}}),
            NOWHERE,
        );
        let patch = from_node(&Node::from_json(json!([operation]), NOWHERE));
        let failed = patch.and_then(|patch| patch.apply(&mut target)).expect_err("it fails");
        failed.into_vec().remove(0)
    }

    fn said(operation: &serde_json::Value) -> (&'static str, String, String) {
        let finding = failure(operation);
        (finding.rule, finding.message, finding.help.unwrap_or_default())
    }

    #[test]
    fn a_wrong_path_is_told_with_what_is_there() {
        let cases = [
            (
                json!({"op": "remove", "path": "/spec/replica"}),
                "cannot remove: the target has no `/spec/replica`",
                "did you mean `/spec/replicas`?",
            ),
            (
                json!({"op": "add", "path": "/specs/x/y", "value": 1}),
                "cannot add: the target has no `/specs`",
                "did you mean `/spec`?",
            ),
            (
                json!({"op": "remove", "path": "/spec/zebra"}),
                "cannot remove: the target has no `/spec/zebra`",
                "`/spec` has list, replicas",
            ),
            (
                json!({"op": "replace", "path": "/spec/list/2", "value": 1}),
                "cannot replace: the target has no `/spec/list/2`",
                "`/spec/list` is a list with the elements 0 to 1",
            ),
            (
                json!({"op": "add", "path": "/spec/replicas/x", "value": 1}),
                "cannot add: the target has no `/spec/replicas/x`",
                "`/spec/replicas` is a number",
            ),
            (
                json!({"op": "move", "from": "/zebra", "path": "/x"}),
                "cannot move: the target has no `/zebra`",
                "the object has data, kind, spec",
            ),
        ];
        for (operation, message, help) in cases {
            assert_eq!(said(&operation), ("patch-path-missing", message.to_owned(), help.to_owned()));
        }
    }

    #[test]
    fn an_operation_that_cannot_be_read_is_told_with_what_to_write() {
        let cases = [
            (json!({"op": "ad", "path": "/x", "value": 1}), "there is no operation `ad`", "did you mean `add`?"),
            (json!({"op": "add", "pth": "/x", "value": 1}), "an operation has no field `pth`", "did you mean `path`?"),
            (
                json!({"op": "add", "path": "spec.x", "value": 1}),
                "`path` is no JSON pointer: `spec.x`",
                "a pointer starts with `/`: `/spec/x`",
            ),
            (json!({"op": "add", "path": "/x"}), "the operation has no `value`", "add `value: …`"),
            (json!({"op": "copy", "path": "/x"}), "the operation has no `from`", "add `from: …`"),
            (json!({"path": "/x"}), "the operation has no `op`", "add `op: …`"),
        ];
        for (operation, message, help) in cases {
            assert_eq!(said(&operation), ("invalid-patch", message.to_owned(), help.to_owned()));
        }
    }

    #[test]
    fn a_failed_test_shows_no_value() {
        let finding = failure(&json!({"op": "test", "path": "/data/password", "value": "secret"}));
        assert_eq!(finding.rule, "patch-test-failed");
        let text = format!("{finding:?}");
        assert!(!text.contains("hunter2") && !text.contains("\"secret\""), "{text}");
    }

    #[test]
    fn what_a_patch_writes_knows_its_place() {
        let mut sources = Sources::default();
        let (base, patch) = (Span::new(sources.add("base", ""), 0, 1), Span::new(sources.add("patch", ""), 5, 9));
        let mut target = Node::from_json(json!({"spec": {"a": 1, "b": {"c": 2}}}), base);
        let operations = json!([
            {"op": "replace", "path": "/spec/a", "value": {"new": 1}},
            {"op": "move", "from": "/spec/b", "path": "/spec/d"},
        ]);
        let read = from_node(&Node::from_json(operations, patch)).expect("operations");
        read.apply(&mut target).expect("applied");
        let entry = |keys: &[&str]| target.at(&keys[..keys.len() - 1])?.as_map()?.entry(keys[keys.len() - 1]);
        let spans = |keys| entry(keys).map(|entry| (entry.key_span, entry.value.span));
        assert_eq!(spans(&["spec", "a"]), Some((patch, patch)));
        assert_eq!(spans(&["spec", "a", "new"]), Some((patch, patch)));
        assert_eq!(spans(&["spec", "d"]), Some((patch, base)), "the patch put it there, the base wrote it");
    }
}
