//! SARIF 2.1.0, the static analysis results interchange format, as code scanning pages read it.

use serde_json::{Value, json};

use super::place::Place;
use super::rule_text::Describe;
use super::sentence;
use crate::diagnostics::{Diagnostic, Severity, Sources, Span};

pub(super) fn sarif(findings: &[&Diagnostic], sources: &Sources, describe: Describe) -> String {
    let mut rules: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &rules, sources)).collect();
    let descriptors: Vec<Value> = rules.iter().map(|id| descriptor(id, describe)).collect();
    let driver = json!({
        "name": "cmp",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": descriptors,
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {"ROOT": {"description": {"text": "The root of the repository"}}},
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

/// A rule as code scanning pages show it beside its findings.
fn descriptor(id: &str, describe: Describe) -> Value {
    let Some(text) = describe(id) else { return json!({"id": id}) };
    json!({
        "id": id,
        "shortDescription": {"text": text.summary},
        "fullDescription": {"text": first_paragraph(text.markdown).unwrap_or_else(|| text.summary.to_owned())},
        "help": {"text": text.markdown, "markdown": text.markdown},
        "defaultConfiguration": {"level": level(text.severity)},
    })
}

/// What stands below the first heading, on one line.
fn first_paragraph(markdown: &str) -> Option<String> {
    let body = markdown.split_once("\n\n")?.1;
    Some(body.split("\n\n").next()?.trim().replace('\n', " "))
}

fn result(finding: &Diagnostic, rules: &[&str], sources: &Sources) -> Value {
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": rules.iter().position(|rule| *rule == finding.rule),
        "level": level(finding.severity),
        "message": {"text": sentence(finding)},
        "locations": finding.primary.and_then(|span| location(span, sources)).into_iter().collect::<Vec<_>>(),
    });
    let related: Vec<Value> = finding
        .related
        .iter()
        .filter_map(|related| {
            let mut location = location(related.span, sources)?;
            location["message"] = json!({"text": related.message});
            Some(location)
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = Value::Array(related);
    }
    result
}

fn location(span: Span, sources: &Sources) -> Option<Value> {
    let Place { file, line, column, end_line, end_column } = Place::of(span, sources)?;
    Some(json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(&file), "uriBaseId": "ROOT"},
        "region": {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column},
    }}))
}

/// A relative reference: everything that is not plainly part of a path is percent-encoded (RFC 3986).
fn uri(path: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    path.bytes().map(encode).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice => "note",
    }
}
