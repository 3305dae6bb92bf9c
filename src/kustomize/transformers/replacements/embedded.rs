//! Replacements inside a text that itself is JSON, such as a configuration file in a ConfigMap.

use serde_json::Value as Json;

use crate::diagnostics::Span;
use crate::kustomize::dotted::{self, Step};
use crate::kustomize::scalars;
use crate::yaml::{self, Limits, Node, Value};

/// Writes `text` where a path leads on inside a text. Says whether it did; the usual way is taken when it did not.
pub(super) fn write(object: &mut Node, path: &[Step], text: Option<&str>, span: Span) -> Result<bool, String> {
    let Some((outer, inner)) = border(object, path) else { return Ok(false) };
    let Some(old) = dotted::lookup(object, outer)?.and_then(Node::as_str).map(str::to_owned) else {
        return Ok(false);
    };
    if !old.trim_start().starts_with(['{', '[']) {
        return refuse_yaml(&old, inner);
    }
    let Ok(mut document) = serde_json::from_str::<Json>(&old) else { return Ok(false) };
    let Some(text) = text else { return Ok(false) };
    let mut node = Node::from_json(document, span);
    let changed = dotted::visit(&mut node, inner, dotted::Create::Nothing, span, &mut |node, _| {
        node.value = scalar(&node.value, text)?;
        Ok(())
    });
    if changed? == 0 {
        return Ok(false);
    }
    document = Json::from(&node);
    let new = if old.contains('\n') && old.contains("  ") { pretty(&document) } else { go_text(&document.to_string()) };
    dotted::visit(object, outer, dotted::Create::Nothing, span, &mut |node, _| {
        *node = Node::string(new.as_str(), span);
        Ok(())
    })?;
    Ok(true)
}

/// The steps up to the first text on the way, and those that lead on inside it.
fn border<'a>(object: &Node, path: &'a [Step]) -> Option<(&'a [Step], &'a [Step])> {
    (1..path.len()).map(|i| path.split_at(i)).find(|(outer, _)| {
        let found = dotted::lookup(object, outer).ok().flatten();
        found.is_some_and(|node| !matches!(node.value, Value::Seq(_) | Value::Map(_)) && !node.is_null())
    })
}

/// kustomize rewrites the whole YAML text in its own style, which `cmp` does not imitate.
fn refuse_yaml(old: &str, inner: &[Step]) -> Result<bool, String> {
    let documents = yaml::parse(Span::NONE.source, old, Limits::default()).unwrap_or_default();
    let [node] = documents.as_slice() else { return Ok(false) };
    if !matches!(node.value, Value::Map(_) | Value::Seq(_)) {
        return Ok(false);
    }
    match dotted::lookup(node, inner) {
        Ok(Some(_)) => {
            Err("replacing inside a text of YAML is not supported; write it as JSON, or use a template".into())
        }
        _ => Ok(false),
    }
}

fn scalar(old: &Value, text: &str) -> Result<Value, String> {
    match (old, scalars::plain_value(text)) {
        (Value::String(_), _) => Ok(Value::String(text.to_owned())),
        (Value::Number(_), new @ Value::Number(_))
        | (Value::Bool(_), new @ Value::Bool(_))
        | (Value::Map(_) | Value::Seq(_), new) => Ok(new),
        _ => Err("the new value does not fit the type of the old one".to_owned()),
    }
}

/// JSON as Go indents it.
fn pretty(value: &Json) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    go_text(&text)
}

/// Go writes these characters as escapes, wherever they stand.
fn go_text(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
