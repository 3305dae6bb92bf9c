//! Scalars in a strategic merge: what kustomize sees in their texts and quotes.

use crate::diagnostics::{Diagnostic, Outcome};
use crate::yaml::{Node, Value};

use super::path::Path;

/// Whether a `null` was written out (`null`, `~`) rather than left empty (`key:`), which has no text and so no length.
pub(super) fn is_written_null(node: &Node) -> bool {
    node.span.is_none() || node.span.start != node.span.end
}

/// A scalar as text, as it is compared with merge keys; `None` for anything else.
pub(super) fn text_of(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Seq(_) | Value::Map(_) => None,
    }
}

/// Puts the patch's scalar in place. kustomize keeps the quotes of what it replaces, so that `value: 6` over
/// `value: "5"` gives the text `6`.
pub(super) fn replace_scalar(dest: &mut Node, mut patch: Node, at: &Path<'_>) -> Outcome<()> {
    if !matches!(patch.value, Value::String(_)) && is_quoted(dest) {
        let text = text_of(&patch).unwrap_or_default();
        if written_length(&patch).is_some_and(|length| length != text.len()) {
            let message = format!("`{at}` is text in the target, and {} in the patch", patch.kind());
            return Err(Diagnostic::error("invalid-patch", message)
                .at(patch.span)
                .related(dest.span, "the text")
                .help("put the value in quotes")
                .into());
        }
        patch.value = Value::String(text);
    }
    *dest = patch;
    Ok(())
}

/// Whether a text was written in quotes or as a block: plain text is exactly as long as its value,
/// and must not read as anything else.
fn is_quoted(node: &Node) -> bool {
    let Value::String(text) = &node.value else { return false };
    written_length(node).is_some_and(|length| length != text.len()) || reads_as_something_else(text)
}

/// How many bytes the text of a node takes; `None` when that is not known.
fn written_length(node: &Node) -> Option<usize> {
    let length = node.span.end.saturating_sub(node.span.start) as usize;
    (!node.span.is_none() && length > 0).then_some(length)
}

fn reads_as_something_else(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL" | "true" | "True" | "TRUE" | "false" | "False" | "FALSE")
        || text.replace('_', "").parse::<f64>().is_ok()
        || text.starts_with("0x")
        || text.starts_with("0o")
}

#[cfg(test)]
mod tests {
    use super::super::path::Path;
    use super::replace_scalar;
    use crate::diagnostics::{Sources, Span};
    use crate::yaml::{Node, Value};

    /// What becomes of `base` when `patch` replaces it; each with the length of its text.
    fn replaced(base: (&str, u32), patch: (i64, u32)) -> Option<Value> {
        let source = Sources::default().add("text", "");
        let mut dest = Node::string(base.0, Span::new(source, 0, base.1));
        let patch = Node::new(Value::Number(patch.0.into()), Span::new(source, 0, patch.1));
        replace_scalar(&mut dest, patch, &Path::root()).ok().map(|()| dest.value)
    }

    #[test]
    fn a_number_takes_over_the_quotes_of_a_text() {
        assert_eq!(replaced(("abc", 5), (6, 1)), Some(Value::String("6".to_owned())));
        assert_eq!(replaced(("abc", 3), (6, 1)), Some(Value::Number(6.into())));
        assert_eq!(replaced(("5", 1), (6, 1)), Some(Value::String("6".to_owned())), "such a text needs quotes");
    }

    #[test]
    fn a_number_whose_text_is_not_known_is_refused() {
        assert_eq!(replaced(("abc", 5), (6, 3)), None, "it may have been `0x6`");
    }
}
