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
