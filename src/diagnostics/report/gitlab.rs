//! GitLab's code quality report: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use std::collections::HashMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::place::Place;
use super::sentence;
use crate::diagnostics::{Diagnostic, Severity, Sources};

pub(super) fn gitlab(findings: &[&Diagnostic], sources: &Sources) -> String {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut list = Vec::with_capacity(findings.len());
    for finding in findings {
        let place = Place::primary(finding, sources);
        let file = place.as_ref().map_or(".", |place| &place.file);
        // Without the line, so that a finding stays the same when lines above it come and go; equal ones are counted.
        let key = format!("{}\n{file}\n{}", finding.rule, finding.message);
        let fingerprint = fingerprint(&key, seen.get(&key).copied().unwrap_or_default());
        list.push(json!({
            "check_name": finding.rule,
            "description": sentence(finding),
            "severity": severity(finding.severity),
            "fingerprint": fingerprint,
            "location": {"path": file, "lines": {"begin": place.as_ref().map_or(1, |place| place.line)}},
        }));
        *seen.entry(key).or_default() += 1;
    }
    format!("{:#}\n", Value::Array(list))
}

fn fingerprint(key: &str, count: usize) -> String {
    let hash = Sha256::digest(format!("{key}\n{count}"));
    hash.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "minor",
        Severity::Notice => "info",
    }
}
