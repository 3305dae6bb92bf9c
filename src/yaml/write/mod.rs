//! Nodes to text: block style, keys in order, two spaces, lists at the column of their key, as Go's writer has it.
//!
//! Whatever Go's reader or a YAML 1.2 reader would take for something else is quoted, and no line is ever folded.

mod literal;
mod plain;
mod quote;

use std::fmt::Write;

use serde_json::Number;

use super::node::{Entry, Node, Value};
use super::resolve::shortest;

/// Longer keys are written after `? `: readers look 1024 characters ahead for a `:`.
const LONG_KEY: usize = 1000;

/// Writes one document that Go's reader (and a YAML 1.2 reader) reads back as the same value, with a final newline.
pub fn to_string(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

/// Appends what [`to_string`] gives to `out`. Between documents the caller writes `---`.
pub fn write(node: &Node, out: &mut String) {
    match &node.value {
        Value::Map(map) if !map.is_empty() => mapping(map.iter(), 0, out),
        Value::Seq(items) if !items.is_empty() => sequence(items, 0, out),
        Value::String(text) if text.contains('\n') && literal::fits(text) && !literal::needs_indicator(text) => {
            literal::write(text, 2, false, out);
        }
        _ => {
            scalar(node, out);
            out.push('\n');
        }
    }
}

/// The pairs of a mapping at column `indent`; the caller wrote the indentation of the first one.
fn mapping<'a>(entries: impl Iterator<Item = &'a Entry>, indent: usize, out: &mut String) {
    for (i, entry) in entries.enumerate() {
        if i > 0 {
            spaces(indent, out);
        }
        key(&entry.key, indent, out);
        out.push(':');
        value(&entry.value, indent, out);
    }
}

/// A key up to its `:`.
fn key(key: &str, indent: usize, out: &mut String) {
    let start = out.len();
    text(key, out);
    if out.len() - start > LONG_KEY {
        out.insert_str(start, "? ");
        out.push('\n');
        spaces(indent, out);
    }
}

/// What follows `key:` in a mapping at column `indent`.
fn value(node: &Node, indent: usize, out: &mut String) {
    match &node.value {
        Value::Map(map) if !map.is_empty() => {
            out.push('\n');
            spaces(indent + 2, out);
            mapping(map.iter(), indent + 2, out);
        }
        Value::Seq(items) if !items.is_empty() => {
            out.push('\n');
            spaces(indent, out);
            sequence(items, indent, out);
        }
        _ => inline(node, indent, out),
    }
}

/// The items of a list at column `indent`; the caller wrote the indentation of the first one.
fn sequence(items: &[Node], indent: usize, out: &mut String) {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            spaces(indent, out);
        }
        out.push('-');
        match &item.value {
            Value::Map(map) if !map.is_empty() => {
                out.push(' ');
                mapping(map.iter(), indent + 2, out);
            }
            Value::Seq(items) if !items.is_empty() => {
                out.push(' ');
                sequence(items, indent + 2, out);
            }
            _ => inline(item, indent, out),
        }
    }
}

/// A scalar or an empty collection after `-` or `:`, with the line's end.
fn inline(node: &Node, indent: usize, out: &mut String) {
    out.push(' ');
    match &node.value {
        Value::String(text) if text.contains('\n') && literal::fits(text) => {
            literal::write(text, indent + 2, literal::needs_indicator(text), out);
        }
        _ => {
            scalar(node, out);
            out.push('\n');
        }
    }
}

fn scalar(node: &Node, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(value) => number(value, out),
        Value::String(value) => text(value, out),
        Value::Seq(_) => out.push_str("[]"),
        Value::Map(_) => out.push_str("{}"),
    }
}

fn number(number: &Number, out: &mut String) {
    match number.as_f64().filter(|_| number.is_f64()) {
        // `-0` would be read as an integer, which has no sign then.
        Some(0.0) => out.push_str(if number.as_f64().is_some_and(f64::is_sign_negative) { "-0.0" } else { "0" }),
        Some(float) => out.push_str(&shortest(&format!("{float:e}"))),
        None => {
            // Writing to a string cannot fail.
            let _ = write!(out, "{number}");
        }
    }
}

/// Text on one line.
fn text(text: &str, out: &mut String) {
    if plain::is_safe(text) {
        out.push_str(text);
    } else if plain::reads_as_other(text) || !quote::fits_single(text) {
        quote::double(text, out);
    } else {
        quote::single(text, out);
    }
}

fn spaces(mut count: usize, out: &mut String) {
    const SPACES: &str = "                                                                ";
    while count > SPACES.len() {
        out.push_str(SPACES);
        count -= SPACES.len();
    }
    out.push_str(&SPACES[..count]);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::to_string;
    use crate::diagnostics::Span;
    use crate::yaml::Node;

    fn written(value: serde_json::Value) -> String {
        to_string(&Node::from_json(value, Span::NONE))
    }

    #[test]
    fn lists_stand_at_the_column_of_their_key() {
        let value = json!({"a": [{"b": 1, "c": [[true], {}]}, []], "d": {"e": null}});
        assert_eq!(written(value), "a:\n- b: 1\n  c:\n  - - true\n  - {}\n- []\nd:\n  e: null\n");
    }

    #[test]
    fn text_over_several_lines_is_a_literal_block() {
        let value = json!({"a": "x\n  y\n", "b": ["x\ny"], "c": {"d": "\n x\n\n"}});
        assert_eq!(written(value), "a: |\n  x\n    y\nb:\n- |-\n  x\n  y\nc:\n  d: |2+\n\n     x\n\n");
    }

    #[test]
    fn text_that_reads_as_something_else_is_quoted() {
        for text in [
            "yes",
            "y",
            "null",
            "~",
            "",
            "1",
            "0x1F",
            "1_0",
            "1e3",
            "1234e567",
            ".5",
            "1:30",
            "2001-01-01",
            "<<",
            "=",
            ".inf",
            "-.INF",
        ] {
            assert_eq!(written(json!(text)), format!("\"{text}\"\n"));
        }
        for text in ["- a", "a: b", "a #b", "*a", "{a}", "@a", "a:", "'a'", "# a", "%a", "---", "? a", " a"] {
            assert_eq!(written(json!(text)), format!("'{}'\n", text.replace('\'', "''")));
        }
        for text in ["a", "10Gi", "100m", "1.2.3", "10.0.0.1", "a:b", "a#b", "-a", "é", "😀", "a, b", "http://x/?y=z"]
        {
            assert_eq!(written(json!(text)), format!("{text}\n"));
        }
    }

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(
            written(json!("a\u{85}\u{2028}\u{FEFF}\u{0}\t\r\u{7f}\"\\")),
            "\"a\\N\\L\\uFEFF\\0\\t\\r\\x7F\\\"\\\\\"\n"
        );
    }

    #[test]
    fn numbers_are_written_as_go_writes_them() {
        let value = json!([1, -1, u64::MAX, i64::MIN, 1.5, 1e21, 1e-7, 1_234_567.5, -0.0]);
        assert_eq!(
            written(value),
            "- 1\n- -1\n- 18446744073709551615\n- -9223372036854775808\n- 1.5\n- 1e+21\n- 1e-07\n- 1.2345675e+06\n- -0.0\n"
        );
    }

    #[test]
    fn a_key_too_long_to_be_simple_is_written_as_a_complex_one() {
        let key = "k".repeat(1001);
        assert_eq!(written(json!({ "a": {key.as_str(): 1} })), format!("a:\n  ? {key}\n  : 1\n"));
        let key = "\u{1}".repeat(400);
        assert!(written(json!({ key.as_str(): 1 })).starts_with("? \"\\x01"));
    }
}
