//! Checkstyle XML: findings by file.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::place::Place;
use super::sentence;
use super::xml::escape;
use crate::diagnostics::{Diagnostic, Severity, Sources};

pub(super) fn checkstyle(findings: &[&Diagnostic], sources: &Sources) -> String {
    let mut files: BTreeMap<String, Vec<(Option<Place>, &Diagnostic)>> = BTreeMap::new();
    for finding in findings {
        let place = Place::primary(finding, sources);
        let file = place.as_ref().map_or_else(|| ".".to_owned(), |place| place.file.clone());
        files.entry(file).or_default().push((place, finding));
    }
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n");
    for (file, findings) in files {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  <file name=\"{}\">", escape(&file));
        for (place, finding) in findings {
            let (line, column) = place.map_or((1, 1), |place| (place.line, place.column));
            let severity = if finding.severity == Severity::Notice { "info" } else { finding.severity.word() };
            let (message, source) = (escape(&sentence(finding)), escape(&format!("cmp.{}", finding.rule)));
            let _ = writeln!(
                out,
                "    <error line=\"{line}\" column=\"{column}\" severity=\"{severity}\" message=\"{message}\" source=\"{source}\"/>"
            );
        }
        out.push_str("  </file>\n");
    }
    out.push_str("</checkstyle>\n");
    out
}
