//! JSON patches do what the crate `json-patch` does, except where kustomize's library departs from RFC 6902:
//! then the departure must be one of those that are written down.

use cmp_plugin::diagnostics::Span;
use cmp_plugin::kustomize::patch::json6902;
use cmp_plugin::yaml::Node;
use json_patch::PatchOperation;
use serde_json::{Map, Value, json};

#[path = "kustomize_patches/rng.rs"]
mod rng;
use rng::Rng;

#[test]
fn operations_do_what_the_crate_does() {
    let (mut same, mut departed) = (0, 0);
    for seed in 0..4000 {
        let rng = &mut Rng::new(seed);
        let mut document = json!({"a": tree(rng, 3), "b": tree(rng, 3)});
        for _ in 0..8 {
            let operation = operation(&document, rng);
            let (ours, theirs) = (ours(&document, &operation), theirs(&document, &operation));
            if ours == theirs {
                same += 1;
            } else {
                departed += 1;
                assert!(departs(&document, &operation), "{operation}\non {document}\nours {ours:?}\ntheirs {theirs:?}");
            }
            document = ours.unwrap_or(document);
        }
    }
    assert!(same > 20_000 && departed > 500, "{same} operations like the crate, {departed} departures");
}

fn ours(document: &Value, operation: &Value) -> Option<Value> {
    let mut node = Node::from_json(document.clone(), Span::NONE);
    let patch = json6902::from_node(&Node::from_json(json!([operation]), Span::NONE)).ok()?;
    patch.apply(&mut node).ok()?;
    Some(Value::from(&node))
}

fn theirs(document: &Value, operation: &Value) -> Option<Value> {
    let operation: PatchOperation = serde_json::from_value(operation.clone()).ok()?;
    let mut document = document.clone();
    json_patch::patch(&mut document, &[operation]).ok()?;
    Some(document)
}

/// Whether kustomize's library is known to treat this operation in its own way.
fn departs(document: &Value, operation: &Value) -> bool {
    let text = |field: &str| operation[field].as_str().unwrap_or_default();
    let (op, path) = (text("op"), text("path"));
    let is_missing = document.pointer(path).is_none();
    let go_number = |pointer: &str| pointer.split('/').any(|step| step.starts_with(['-', '+', '0']) && step.len() > 1);
    match op {
        _ if path.is_empty() || go_number(path) || go_number(text("from")) => true,
        "replace" => is_missing,
        "test" => match document.pointer(path) {
            None => operation["value"].is_null(),
            Some(found) => by_value(found) == by_value(&operation["value"]),
        },
        "move" | "copy" => text("from").is_empty(),
        _ => false,
    }
}

/// Numbers by what they are worth.
fn by_value(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(by_value).collect(),
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), by_value(value))).collect(),
        other => other.clone(),
    }
}

fn tree(rng: &mut Rng, depth: usize) -> Value {
    match rng.below(if depth == 0 { 4 } else { 8 }) {
        0 => Value::Null,
        1 => json!(rng.below(3)),
        2 => json!(1.0),
        3 => json!(rng.pick(&["x", "y", ""])),
        4 | 5 => (0..rng.below(4)).map(|_| tree(rng, depth - 1)).collect(),
        _ => (0..rng.below(4))
            .map(|_| ((*rng.pick(&KEYS)).to_owned(), tree(rng, depth - 1)))
            .collect::<Map<_, _>>()
            .into(),
    }
}

const KEYS: [&str; 6] = ["a", "b", "a/b", "~", "0", ""];

fn operation(document: &Value, rng: &mut Rng) -> Value {
    let (path, from) = (pointer(document, rng), pointer(document, rng));
    match rng.below(6) {
        0 => json!({"op": "add", "path": path, "value": tree(rng, 2)}),
        1 => json!({"op": "remove", "path": path}),
        2 => json!({"op": "replace", "path": path, "value": tree(rng, 2)}),
        3 => json!({"op": "move", "path": path, "from": from}),
        4 => json!({"op": "copy", "path": path, "from": from}),
        _ => {
            let there = document.pointer(&path).cloned().filter(|_| rng.percent(70));
            json!({"op": "test", "path": path, "value": there.unwrap_or_else(|| tree(rng, 1))})
        }
    }
}

fn pointer(document: &Value, rng: &mut Rng) -> String {
    let mut path = String::new();
    let mut value = document;
    while rng.percent(if path.is_empty() { 99 } else { 75 }) {
        let step = match value {
            Value::Object(fields) if !fields.is_empty() && rng.percent(85) => {
                fields.keys().nth(rng.below(fields.len())).expect("there").clone()
            }
            Value::Array(items) if rng.percent(85) => rng.below(items.len() + 2).to_string(),
            Value::Array(_) => (*rng.pick(&["-", "-1", "-2", "01", "+1", "x"])).to_owned(),
            _ => (*rng.pick(&KEYS)).to_owned(),
        };
        let step = step.replace('~', "~0").replace('/', "~1");
        path = format!("{path}/{step}");
        match value.pointer(&format!("/{step}")) {
            Some(next) => value = next,
            None => break,
        }
    }
    path
}
