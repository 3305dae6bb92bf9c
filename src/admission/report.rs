//! Collects findings in the words that all rules share.

use crate::diagnostics::{Diagnostic, Span};
use crate::schema::Place;

/// The findings of one object.
#[derive(Debug, Default)]
pub(super) struct Report {
    findings: Vec<Diagnostic>,
    /// The object is a Secret: its values do not belong into messages.
    pub(super) secret: bool,
}

impl Report {
    pub(super) fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// The value at `place` breaks `rule`: `path` followed by what is wrong.
    pub(super) fn add(&mut self, rule: &'static str, place: &Place<'_>, wrong: &str) {
        self.push(Diagnostic::error(rule, format!("`{place}` {wrong}")).at(place.node.span));
    }

    /// The value at `place` must be something else.
    pub(super) fn must(&mut self, rule: &'static str, place: &Place<'_>, must: &str) {
        let message = match place.as_str() {
            Some(text) if !self.secret && text.len() <= 80 => format!("`{place}`: `{text}` must be {must}"),
            _ => match place.as_int() {
                Some(number) if !self.secret => format!("`{place}`: {number} must be {must}"),
                _ => format!("`{place}` must be {must}"),
            },
        };
        self.push(Diagnostic::error(rule, message).at(place.node.span));
    }

    /// The key of `place` breaks `rule`.
    pub(super) fn key(&mut self, rule: &'static str, place: &Place<'_>, must: &str) {
        self.push(Diagnostic::error(rule, format!("the key of `{place}` must be {must}")).at(place.key_span));
    }

    /// `place` lacks `key`.
    pub(super) fn missing(&mut self, place: &Place<'_>, key: &str) {
        let message = match place.to_string() {
            path if path.is_empty() => format!("this object has no `{key}`"),
            path => format!("`{path}` has no `{key}`"),
        };
        self.push(Diagnostic::error("missing-field", message).at(place.key_span).help(format!("add `{key}: …`")));
    }

    /// Requires a text under `key` that is not empty.
    pub(super) fn require(&mut self, place: &Place<'_>, key: &str) {
        match place.get(key) {
            None => self.missing(place, key),
            Some(value) if value.as_str() == Some("") => self.missing(place, key),
            Some(_) => {}
        }
    }

    /// `place` may not be there.
    pub(super) fn forbidden(&mut self, place: &Place<'_>, why: &str) {
        self.push(Diagnostic::error("forbidden-field", format!("`{place}` {why}")).at(place.key_span));
    }

    /// `place` repeats what stands at `first`.
    pub(super) fn duplicate(&mut self, place: &Place<'_>, what: &str, first: Span) {
        let message = format!("`{place}` repeats {what}");
        self.push(Diagnostic::error("duplicate-item", message).at(place.node.span).related(first, "the first one"));
    }

    /// Checks a text under `key`, where there is one that is not empty.
    pub(super) fn text(
        &mut self,
        place: &Place<'_>,
        key: &str,
        rule: &'static str,
        check: impl Fn(&str) -> Result<(), &'static str>,
    ) {
        if let Some(value) = place.get(key)
            && let Some(text) = value.as_str().filter(|text| !text.is_empty())
            && let Err(must) = check(text)
        {
            self.must(rule, &value, must);
        }
    }

    /// Checks that the number under `key` lies within `range`, where there is one.
    pub(super) fn range(&mut self, place: &Place<'_>, key: &str, range: std::ops::RangeInclusive<i64>) {
        let Some(value) = place.get(key) else { return };
        let Some(number) = value.as_int() else { return };
        if range.contains(&number) {
            return;
        }
        let (low, high) = (*range.start(), *range.end());
        let must = match (low, high) {
            (low, i64::MAX) => format!("at least {low}"),
            _ => format!("between {low} and {high}"),
        };
        self.must("out-of-range", &value, &must);
    }

    /// Exactly one of `keys` may be set, and one must be.
    pub(super) fn exactly_one(&mut self, place: &Place<'_>, keys: &[&str], what: &str) {
        let set: Vec<_> = keys.iter().filter_map(|key| place.get(key)).collect();
        match &set[..] {
            [] => {
                let message = format!("`{place}` has no {what}");
                let help = format!("set one of {}", keys.join(", "));
                self.push(Diagnostic::error("missing-field", message).at(place.key_span).help(help));
            }
            [_] => {}
            [first, second, ..] => self.too_many(first, second, what),
        }
    }

    /// At most one of `keys` may be set.
    pub(super) fn at_most_one(&mut self, place: &Place<'_>, keys: &[&str], what: &str) {
        let set: Vec<_> = keys.iter().filter_map(|key| place.get(key)).collect();
        if let [first, second, ..] = &set[..] {
            self.too_many(first, second, what);
        }
    }

    fn too_many(&mut self, first: &Place<'_>, second: &Place<'_>, what: &str) {
        let message = format!("`{second}` is a second {what}; only one may be set");
        let finding = Diagnostic::error("conflicting-fields", message).at(second.key_span);
        self.push(finding.related(first.key_span, "the first one"));
    }

    /// The findings, each place and rule once.
    pub(super) fn finish(self) -> Vec<Diagnostic> {
        let mut out: Vec<Diagnostic> = Vec::with_capacity(self.findings.len());
        for finding in self.findings {
            if !out.contains(&finding) {
                out.push(finding);
            }
        }
        out
    }
}
