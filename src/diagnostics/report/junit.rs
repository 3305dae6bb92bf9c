//! `JUnit` XML: one suite, a failed case a finding; a clean run is one passed case, because an empty suite counts as "no
//! tests ran".

use std::fmt::Write;

use super::place::Place;
use super::sentence;
use super::xml::escape;
use crate::diagnostics::{Diagnostic, Severity, Sources};

pub(super) fn junit(findings: &[&Diagnostic], sources: &Sources) -> String {
    let failures = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let tests = findings.len().max(1);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"");
    // Writing to a String cannot fail.
    let _ = writeln!(out, "<testsuites name=\"cmp\" {counts}>\n  <testsuite name=\"cmp validate\" {counts}>");
    if findings.is_empty() {
        out.push_str("    <testcase classname=\"cmp\" name=\"no findings\"/>\n");
    }
    for finding in findings {
        case(finding, sources, &mut out);
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

/// What is no error passes, with its text as output.
fn case(finding: &Diagnostic, sources: &Sources, out: &mut String) {
    let place = Place::primary(finding, sources);
    let at = place.map_or_else(|| "-".to_owned(), |p| format!("{}:{}:{}", p.file, p.line, p.column));
    let text = escape(&format!("{at}: {}", sentence(finding)));
    let (rule, name) = (escape(finding.rule), escape(&at));
    let _ = writeln!(out, "    <testcase classname=\"{rule}\" name=\"{name}\">");
    let _ = match finding.severity {
        Severity::Error => {
            let message = escape(&finding.message);
            writeln!(out, "      <failure type=\"{}\" message=\"{message}\">{text}</failure>", finding.severity.word())
        }
        _ => writeln!(out, "      <system-out>{}: {text}</system-out>", finding.severity.word()),
    };
    out.push_str("    </testcase>\n");
}
