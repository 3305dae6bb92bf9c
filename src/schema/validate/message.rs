//! The sentences of the findings.

use super::Walk;
use crate::diagnostics::{Diagnostic, Span};
use crate::schema::place;
use crate::schema::table::Schema;
use crate::yaml::decode::nearest;
use crate::yaml::{Entry, Node, Value};

/// A value may be this long in a message.
const SHOWN: usize = 60;

impl<'a> Walk<'a> {
    /// Where we are, for messages.
    pub(super) fn here(&self) -> String {
        if self.path.is_empty() { "the object".to_owned() } else { place::print(&self.path) }
    }

    pub(super) fn report(&mut self, rule: &'static str, span: Span, message: String) {
        self.findings.push(Diagnostic::error(rule, message).at(span));
    }

    pub(super) fn report_with_help(&mut self, rule: &'static str, span: Span, message: String, help: String) {
        self.findings.push(Diagnostic::error(rule, message).at(span).help(help));
    }

    /// The value for a message, where it may be shown.
    pub(super) fn shown(&self, node: &Node) -> String {
        match &node.value {
            Value::String(text) if !self.secret && text.chars().count() <= SHOWN => format!("`{text}`"),
            Value::Number(number) if !self.secret => format!("`{number}`"),
            Value::Bool(value) if !self.secret => format!("`{value}`"),
            _ => "its value".to_owned(),
        }
    }

    pub(super) fn wrong_type(&mut self, node: &Node, wanted: &str) {
        let message = format!("`{}` is {}; it must be {wanted}", self.here(), node.kind());
        match &node.value {
            Value::Bool(_) | Value::Number(_) if wanted.starts_with("a string") => {
                self.report_with_help("wrong-type", node.span, message, "put it in quotes to make it a string".into());
            }
            Value::String(text) if is_unquoted(text, wanted) => {
                self.report_with_help("wrong-type", node.span, message, "take the quotes away".into());
            }
            _ => self.report("wrong-type", node.span, message),
        }
    }

    pub(super) fn missing(&mut self, name: &str) {
        let message = format!("`{}` has no `{name}`", self.here());
        self.report_with_help("missing-field", self.key_span, message, format!("add `{name}: …`"));
    }

    pub(super) fn unknown_field(&mut self, schema: Schema<'a>, entry: &'a Entry) {
        let message = match self.path.is_empty() {
            true => format!("this kind has no field `{}`", entry.key),
            false => format!("`{}` has no field `{}`", self.here(), entry.key),
        };
        let known = schema.properties().map(|(name, _)| name);
        match nearest(&entry.key, known) {
            Some(near) => {
                self.report_with_help("unknown-field", entry.key_span, message, format!("did you mean `{near}`?"));
            }
            None => self.unknown_with_list(schema, entry.key_span, message),
        }
    }

    fn unknown_with_list(&mut self, schema: Schema<'a>, span: Span, message: String) {
        let names: Vec<&str> = schema.properties().map(|(name, _)| name).collect();
        match names.len() {
            0 => self.report_with_help("unknown-field", span, message, "it has no fields at all".into()),
            1..=8 => {
                self.report_with_help("unknown-field", span, message, format!("its fields are {}", names.join(", ")));
            }
            _ => self.report("unknown-field", span, message),
        }
    }

    pub(super) fn not_in_enum(&mut self, node: &Node, allowed: &[&str]) {
        let message = format!("`{}` cannot be {}", self.here(), self.shown(node));
        let plain: Vec<&str> = allowed.iter().map(|value| value.trim_matches('"')).collect();
        let near = node.as_str().and_then(|text| nearest(text, plain.iter().copied()));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if plain.len() <= 12 => format!("the values are {}", plain.join(", ")),
            None => String::new(),
        };
        if help.is_empty() {
            self.report("invalid-enum", node.span, message);
        } else {
            self.report_with_help("invalid-enum", node.span, message, help);
        }
    }
}

fn is_unquoted(text: &str, wanted: &str) -> bool {
    match wanted {
        "an integer" => text.parse::<i64>().is_ok(),
        "a number" => text.parse::<f64>().is_ok(),
        "true or false" => matches!(text, "true" | "false"),
        _ => false,
    }
}

/// The types of a schema in words.
pub(super) fn wanted(types: u8) -> String {
    let words =
        [(2, "true or false"), (4, "an integer"), (8, "a number"), (16, "a string"), (32, "a list"), (64, "a mapping")];
    let named: Vec<&str> = words.iter().filter(|(bit, _)| types & bit != 0).map(|(_, word)| *word).collect();
    named.join(" or ")
}
