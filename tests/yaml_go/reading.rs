//! Our reader against Go's.

use std::fmt;

use cmp_plugin::diagnostics::{Diagnostic, Sources};
use cmp_plugin::yaml::{self, Limits};
use serde_json::Value;

use crate::goyaml::{self, Answer};

/// How the cases came out.
#[derive(Default)]
pub(crate) struct Tally {
    same_value: usize,
    both_refuse: usize,
    /// Deliberate: a key overrides what a merge key brought; strict mode refuses.
    merge_override: usize,
    /// Deliberate: keys that are equal in JSON only, or a merge below the key.
    duplicate_in_json: usize,
    /// Deliberate: Go stops after the first document, and what follows is no document.
    after_first_document: usize,
    /// Deliberate: a byte order mark inside the text.
    byte_order_mark: usize,
    /// Deliberate: depth.
    limits: usize,
    pub(crate) disagreements: Vec<String>,
}

impl Tally {
    /// The first disagreements in full.
    pub(crate) fn report(&self) -> String {
        format!(
            "{} disagreements\n{}",
            self.disagreements.len(),
            self.disagreements[..self.disagreements.len().min(10)].join("\n")
        )
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            same_value,
            both_refuse,
            merge_override,
            duplicate_in_json,
            after_first_document,
            byte_order_mark,
            limits,
            disagreements,
        } = self;
        write!(
            f,
            "{same_value} same value, {both_refuse} refused by both, {merge_override} merge keys overridden, \
             {duplicate_in_json} duplicates in JSON, {after_first_document} refused after the first document, \
             {byte_order_mark} byte order marks, {limits} limits, {} disagreements",
            disagreements.len()
        )
    }
}

/// The documents of `text` as we read it.
pub(crate) fn documents(text: &str) -> Result<Vec<Value>, Vec<Diagnostic>> {
    let mut sources = Sources::default();
    let source = sources.add("text.yaml", text);
    match yaml::parse(source, text, Limits::default()) {
        Ok(nodes) => Ok(nodes.iter().map(Value::from).collect()),
        Err(findings) => {
            let findings = findings.into_vec();
            for finding in &findings {
                assert_places_are_in_the_text(finding, text);
            }
            Err(findings)
        }
    }
}

fn assert_places_are_in_the_text(finding: &Diagnostic, text: &str) {
    let places = finding.primary.iter().chain(finding.related.iter().map(|related| &related.span));
    for span in places {
        let place = text.get(span.start as usize..span.end as usize);
        assert!(place.is_some(), "{span:?} does not lie in {text:?}: {finding:?}");
    }
    assert!(finding.primary.is_some() && finding.help.is_some(), "a finding without place or help: {finding:?}");
}

pub(crate) fn compare(texts: &[String]) -> Tally {
    let (strict, loose) = (goyaml::ask(texts, true), goyaml::ask(texts, false));
    let mut tally = Tally::default();
    for ((text, strict), loose) in texts.iter().zip(&strict).zip(&loose) {
        let ours = documents(text);
        match (&ours, strict) {
            (Ok(documents), Ok(value)) if is_first(documents, value) => tally.same_value += 1,
            (Ok(documents), Err(error)) if overrides_merge(documents, text, error, loose) => tally.merge_override += 1,
            (Err(_), Err(_)) => tally.both_refuse += 1,
            (Err(findings), Ok(value)) => match deliberate(findings, text, value, &mut tally) {
                Some(count) => *count += 1,
                None => tally.disagreements.push(describe(text, &ours, strict)),
            },
            // Go's reader takes a mark at the start of its buffer for one at the start of each line.
            _ if text.chars().skip(1).any(|c| c == '\u{FEFF}') => tally.byte_order_mark += 1,
            _ => tally.disagreements.push(describe(text, &ours, strict)),
        }
    }
    tally
}

fn describe(text: &str, ours: &Result<Vec<Value>, Vec<Diagnostic>>, go: &Answer) -> String {
    let ours = match ours {
        Ok(documents) => format!("{}", Value::from(documents.clone())),
        Err(findings) => format!("refused: {:?} {:?}", findings[0].message, findings[0].primary),
    };
    let go = match go {
        Ok(value) => value.to_string(),
        Err(error) => format!("refused: {error}"),
    };
    format!("{text:?}\n  ours: {ours}\n  go:   {go}")
}

/// Go reads one document, and an empty one is null; we leave those out.
fn is_first(documents: &[Value], value: &Value) -> bool {
    value.is_null() || documents.first() == Some(value)
}

fn overrides_merge(documents: &[Value], text: &str, error: &str, loose: &Answer) -> bool {
    text.contains("<<")
        && error.contains("already set in map")
        && loose.as_ref().is_ok_and(|value| is_first(documents, value))
}

/// The counter of the deliberate difference that this refusal is, if it is one.
fn deliberate<'a>(findings: &[Diagnostic], text: &str, value: &Value, tally: &'a mut Tally) -> Option<&'a mut usize> {
    let finding = &findings[0];
    match finding.rule {
        "duplicate-key" => return Some(&mut tally.duplicate_in_json),
        "yaml-too-deep" | "yaml-too-large" => return Some(&mut tally.limits),
        _ => {}
    }
    if finding.message.contains("byte order mark") {
        return Some(&mut tally.byte_order_mark);
    }
    // Up to the place that we complain about, or to a document marker before it, we agree with Go: it has stopped there.
    let places = finding.primary.iter().chain(finding.related.iter().map(|related| &related.span));
    let mut ends: Vec<usize> = places.map(|span| span.start as usize).collect();
    let mut offset = 0;
    for line in text.split_inclusive(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        if line.starts_with("---") || line.starts_with('%') {
            ends.push(offset);
        }
        if line.starts_with("...") {
            ends.extend([offset, offset + 3]);
        }
        offset += line.len();
    }
    // Go forgets that an empty `[]` or `{}` may be a key, so as a root it ends there.
    let brackets = text.char_indices().filter_map(|(at, c)| match c {
        '[' | '{' => Some(at),
        ']' | '}' => Some(at + 1),
        _ => None,
    });
    ends.extend(brackets);
    let agrees = |&end: &usize| documents(&text[..end]).is_ok_and(|documents| is_first(&documents, value));
    ends.iter().any(agrees).then_some(&mut tally.after_first_document)
}
