//! One JSON object: `{"findings": […], "summary": {…}}`. Its shape is stable: fields are added, never changed.

use serde_json::{Value, json};

use super::place::Place;
use crate::diagnostics::{Diagnostic, Severity, Sources};

pub(super) fn json(findings: &[&Diagnostic], sources: &Sources) -> String {
    let list: Vec<Value> = findings.iter().map(|finding| object(finding, sources)).collect();
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let summary = json!({
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "notices": count(Severity::Notice),
    });
    format!("{:#}\n", json!({"findings": list, "summary": summary}))
}

fn object(finding: &Diagnostic, sources: &Sources) -> Value {
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|related| json!({"message": related.message, "location": Place::of(related.span, sources)}))
        .collect();
    json!({
        "rule": finding.rule,
        "severity": finding.severity.word(),
        "message": finding.message,
        "help": finding.help,
        "location": Place::primary(finding, sources),
        "related": related,
    })
}
