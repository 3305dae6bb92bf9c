//! Takes a mapping of a known shape apart, field by field, and reports what it cannot use:
//! a wrong type, a missing field, a key that nobody asked for. Every finding of a file in one go.

use std::cell::RefCell;

use super::{Entry, Map, Node, Value};
use crate::diagnostics::{Diagnostic, Findings, Outcome, Severity, Span};

/// A value with the text that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

/// Findings of one decoding, in the order in which they were made.
#[derive(Debug, Default)]
pub struct Report(RefCell<Vec<Diagnostic>>);

impl Report {
    /// Adds a finding.
    pub fn push(&self, diagnostic: Diagnostic) {
        self.0.borrow_mut().push(diagnostic);
    }

    /// Whether one of the findings so far is an error.
    pub fn has_errors(&self) -> bool {
        self.0.borrow().iter().any(|finding| finding.severity == Severity::Error)
    }

    /// `value` with the warnings, or all findings if one of them is an error.
    pub fn finish<T>(self, value: T) -> Outcome<(T, Vec<Diagnostic>)> {
        Ok((value, Findings::check(self.0.into_inner())?))
    }
}

/// The fields of one mapping. Read each field that the format has, then call [`Fields::finish`].
#[derive(Debug)]
pub struct Fields<'a> {
    what: &'static str,
    map: &'a Map,
    span: Span,
    known: Vec<&'static str>,
    report: &'a Report,
}

impl<'a> Fields<'a> {
    /// The fields of `node`, which messages call `what`; reports a node that is no mapping.
    pub fn of(node: &'a Node, what: &'static str, report: &'a Report) -> Option<Self> {
        if let Value::Map(map) = &node.value {
            return Some(Self { what, map, span: node.span, known: Vec::new(), report });
        }
        report.push(wrong_type(what, node, "a mapping"));
        None
    }

    /// Where the mapping stands.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Where findings go.
    pub fn report(&self) -> &'a Report {
        self.report
    }

    /// The pair of `key`; a `null` counts as absent.
    pub fn entry(&mut self, key: &'static str) -> Option<&'a Entry> {
        self.known.push(key);
        self.map.entry(key).filter(|entry| !entry.value.is_null())
    }

    /// The value of `key`, whatever it is.
    pub fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Text.
    pub fn string(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let node = self.node(key)?;
        string(key, node, self.report)
    }

    /// Text that must be there and must not be empty.
    pub fn required_string(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let found = self.entry(key).is_some();
        if !found {
            self.missing(key);
        }
        let text = self.string(key)?;
        if text.value.is_empty() {
            self.report.push(Diagnostic::error("missing-field", format!("`{key}` is empty")).at(text.span));
            return None;
        }
        Some(text)
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, key: &'static str) -> Option<Spanned<bool>> {
        let node = self.node(key)?;
        if let Value::Bool(value) = node.value {
            return Some(Spanned { value, span: node.span });
        }
        self.report.push(wrong_type(key, node, "`true` or `false`"));
        None
    }

    /// A whole number.
    pub fn integer(&mut self, key: &'static str) -> Option<Spanned<i64>> {
        let node = self.node(key)?;
        if let Value::Number(number) = &node.value
            && let Some(value) = number.as_i64()
        {
            return Some(Spanned { value, span: node.span });
        }
        self.report.push(wrong_type(key, node, "a whole number"));
        None
    }

    /// The items of a list; none when it is absent.
    pub fn list(&mut self, key: &'static str) -> &'a [Node] {
        let Some(node) = self.node(key) else { return &[] };
        if let Value::Seq(items) = &node.value {
            return items;
        }
        self.report.push(wrong_type(key, node, "a list"));
        &[]
    }

    /// A list of texts.
    pub fn strings(&mut self, key: &'static str) -> Vec<Spanned<String>> {
        let report = self.report;
        self.list(key).iter().filter_map(|item| string(key, item, report)).collect()
    }

    /// A mapping with free keys; `None` when it is absent.
    pub fn map(&mut self, key: &'static str) -> Option<&'a Map> {
        let node = self.node(key)?;
        if let Value::Map(map) = &node.value {
            return Some(map);
        }
        self.report.push(wrong_type(key, node, "a mapping"));
        None
    }

    /// A field that the format has and `cmp` refuses, with the way out.
    pub fn unsupported(&mut self, key: &'static str, alternative: &str) {
        self.known.push(key);
        if let Some(entry) = self.map.entry(key) {
            let message = format!("`{key}` of {} is not supported", self.what);
            self.report.push(Diagnostic::error("unsupported-field", message).at(entry.key_span).help(alternative));
        }
    }

    /// Reports that `key` must be there.
    pub fn missing(&self, key: &str) {
        let message = format!("{} has no `{key}`", self.what);
        self.report.push(Diagnostic::error("missing-field", message).at(self.span).help(format!("add `{key}: …`")));
    }

    /// Reports every key that was not asked for.
    pub fn finish(self) {
        for entry in self.map {
            if !self.known.contains(&entry.key.as_str()) {
                self.report.push(unknown_field(self.what, entry, &self.known));
            }
        }
    }
}

/// Text of an item; `key` names the field in a message.
pub fn string(key: &str, node: &Node, report: &Report) -> Option<Spanned<String>> {
    if let Value::String(value) = &node.value {
        return Some(Spanned { value: value.clone(), span: node.span });
    }
    report.push(wrong_type(key, node, "a string"));
    None
}

/// The finding that `node`, which messages call `what`, is not `wanted`.
pub fn wrong_type(what: &str, node: &Node, wanted: &str) -> Diagnostic {
    let message = format!("`{what}` is {}; it must be {wanted}", node.kind());
    let quoted = matches!(node.value, Value::Bool(_) | Value::Number(_)) && wanted == "a string";
    let finding = Diagnostic::error("wrong-type", message).at(node.span);
    if quoted { finding.help("put it in quotes to make it a string") } else { finding }
}

fn unknown_field(what: &str, entry: &Entry, known: &[&'static str]) -> Diagnostic {
    let message = format!("{what} has no field `{}`", entry.key);
    let finding = Diagnostic::error("unknown-field", message).at(entry.key_span);
    match nearest(&entry.key, known.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!("the fields are {}", list(known))),
    }
}

fn list(known: &[&'static str]) -> String {
    let mut names: Vec<_> = known.to_vec();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}

/// The candidate that a slip of the fingers would turn into `wanted`, if there is one.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let similarity = |name: &str| strsim::jaro_winkler(&wanted.to_lowercase(), &name.to_lowercase());
    let scored = candidates.into_iter().map(|name| (similarity(name), name));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))?;
    (best.0 >= 0.85).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::{Fields, Report, nearest};
    use crate::diagnostics::Span;
    use crate::yaml::Node;

    #[test]
    fn what_nobody_asked_for_is_reported_with_a_suggestion() {
        let node = Node::from_json(serde_json::json!({"phase": "x", "dependOn": []}), Span::NONE);
        let report = Report::default();
        let mut fields = Fields::of(&node, "a component", &report).expect("a mapping");
        assert_eq!(fields.string("phase").expect("there").value, "x");
        assert!(fields.strings("dependsOn").is_empty());
        fields.finish();
        let findings = report.finish(()).expect_err("one unknown key").into_vec();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].message, "a component has no field `dependOn`");
        assert_eq!(findings[0].help.as_deref(), Some("did you mean `dependsOn`?"));
    }

    #[test]
    fn only_a_near_miss_is_suggested() {
        assert_eq!(nearest("resource", ["resources", "replicas"]), Some("resources"));
        assert_eq!(nearest("zebra", ["resources", "replicas"]), None);
    }
}
