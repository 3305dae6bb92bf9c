//! Scalars that mean one thing to Argo CD and kubectl and another to kustomize.
//!
//! kustomize reads YAML with a newer library than the rest of Kubernetes: to it `yes` is text, to everybody else a
//! boolean, and it turns a date into a point in time. Whatever we gave for such a scalar, one of the two would be wrong,
//! so an overlay that holds one is refused: the person who wrote it knows what was meant.

use std::collections::BTreeSet;

use super::resolve::is_timestamp;
use super::{Node, Value};
use crate::diagnostics::{Diagnostic, Span};

/// The findings in `documents`, which were parsed from `text`; each place once, however many aliases lead to it.
pub fn ambiguous(text: &str, documents: &[Node]) -> Vec<Diagnostic> {
    let mut search = Search { text, seen: BTreeSet::new(), findings: Vec::new() };
    for document in documents {
        search.node(document);
    }
    search.findings
}

struct Search<'a> {
    text: &'a str,
    seen: BTreeSet<Span>,
    findings: Vec<Diagnostic>,
}

impl<'a> Search<'a> {
    /// As deep as the reader lets a document be.
    fn node(&mut self, node: &Node) {
        match &node.value {
            Value::Bool(value) => self.boolean(*value, node.span),
            Value::String(value) => self.date(value, node.span),
            Value::Seq(items) => items.iter().for_each(|item| self.node(item)),
            Value::Map(map) => {
                for entry in map {
                    if let Ok(value) = entry.key.parse() {
                        self.boolean(value, entry.key_span);
                    }
                    self.node(&entry.value);
                }
            }
            Value::Null | Value::Number(_) => {}
        }
    }

    fn written(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn boolean(&mut self, value: bool, span: Span) {
        let written = self.written(span);
        if !matches!(written.to_ascii_lowercase().as_str(), "y" | "n" | "yes" | "no" | "on" | "off") {
            return;
        }
        let message =
            format!("`{written}` is the text \"{written}\" to kustomize, and `{value}` to Argo CD and kubectl");
        self.report(span, message, format!("write `{value}`, or \"{written}\" in quotes"));
    }

    fn date(&mut self, value: &str, span: Span) {
        // A quoted text is longer than its value.
        if self.written(span) != value || !is_timestamp(value) || is_settled(value) {
            return;
        }
        let message = format!("`{value}` is a point in time to kustomize, which rewrites it, and text to Argo CD");
        self.report(span, message, format!("write \"{value}\" in quotes"));
    }

    fn report(&mut self, span: Span, message: String, help: String) {
        if self.seen.insert(span) {
            self.findings.push(Diagnostic::error("ambiguous-scalar", message).at(span).help(help));
        }
    }
}

/// Whether a timestamp is written as Go writes it, so that rewriting changes nothing.
fn is_settled(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else { return false };
    let zone = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone);
    let (seconds, fraction) = clock.split_once('.').unwrap_or((clock, "1"));
    date.len() == 10
        && seconds.len() == 8
        && !fraction.ends_with('0')
        && !fraction.is_empty()
        && !zone.ends_with("00:00")
}

#[cfg(test)]
mod tests {
    use super::ambiguous;
    use crate::diagnostics::Sources;
    use crate::yaml::{Limits, parse};

    fn found(text: &str) -> usize {
        let source = Sources::default().add("a.yaml", text);
        let documents = parse(source, text, Limits::default()).expect("YAML");
        ambiguous(text, &documents).len()
    }

    #[test]
    fn words_and_dates_that_readers_disagree_about_are_found_once() {
        for text in
            ["a: yes", "a: N", "on: 1", "[Off]", "a: 2024-04-01", "a: 2001-1-1 10:00:00", "a: 2001-01-01T10:00:00.50Z"]
        {
            assert_eq!(found(text), 1, "{text}");
        }
        assert_eq!(found("a: &x yes\nb: *x\nc: *x\n"), 1);
    }

    #[test]
    fn what_is_quoted_or_settled_passes() {
        for text in [
            "a: \"yes\"",
            "a: true",
            "a: False",
            "'on': 1",
            "a: \"2024-04-01\"",
            "a: 2001-01-01T10:00:00Z",
            "a: yesterday",
        ] {
            assert_eq!(found(text), 0, "{text}");
        }
    }
}
