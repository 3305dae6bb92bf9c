//! The fields of a kind as an indented outline.

use std::fmt::Write;

use super::registry::Kind;
use super::table::Schema;

/// Deep enough for `spec.template.spec.containers`; a whole pod would be a thousand lines.
const DEPTH: usize = 5;

impl Kind<'_> {
    /// The outline: a field a line with its type, `*` behind required ones, values of an enum.
    pub fn fields(&self) -> String {
        let mut out = String::new();
        fields(self.schema(), 1, &mut out);
        out
    }
}

fn fields(schema: Schema<'_>, depth: usize, out: &mut String) {
    let required: Vec<&str> = schema.required().collect();
    for (name, property) in schema.properties() {
        let star = if required.contains(&name) { "*" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{:indent$}{name}{star}: {}", "", describe(property), indent = depth * 2);
        let inside = property.items().or(property.additional()).unwrap_or(property);
        if depth < DEPTH {
            fields(inside, depth + 1, out);
        }
    }
}

fn describe(schema: Schema<'_>) -> String {
    let words = [(2, "boolean"), (4, "integer"), (8, "number"), (16, "string"), (32, "list"), (64, "mapping")];
    let types: Vec<&str> = words.iter().filter(|(bit, _)| schema.types() & bit != 0).map(|(_, word)| *word).collect();
    let mut text = if types.is_empty() { "anything".to_owned() } else { types.join(" or ") };
    if let Some(format) = schema.format() {
        text = format!("{text} ({})", format.name());
    }
    let values: Vec<&str> = schema.values().filter(|value| !matches!(*value, "null" | "\"\"")).collect();
    if !values.is_empty() && values.len() <= 12 {
        text = format!("{text}, one of {}", values.join(", "));
    }
    text
}
