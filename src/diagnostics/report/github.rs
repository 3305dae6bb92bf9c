//! GitHub Actions' workflow commands: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.

use std::fmt::Write;

use super::place::Place;
use super::sentence;
use crate::diagnostics::{Diagnostic, Sources};

pub(super) fn github(findings: &[&Diagnostic], sources: &Sources) -> String {
    findings.iter().map(|finding| command(finding, sources)).collect()
}

fn command(finding: &Diagnostic, sources: &Sources) -> String {
    let mut out = format!("::{} ", finding.severity.word());
    if let Some(Place { file, line, column, end_line, end_column }) = Place::primary(finding, sources) {
        let file = property(&file);
        let position = format!("line={line},col={column},endLine={end_line},endColumn={end_column}");
        // Writing to a String cannot fail.
        let _ = write!(out, "file={file},{position},");
    }
    let _ = writeln!(out, "title={}::{}", property(finding.rule), data(&sentence(finding)));
    out
}

/// What the runner would take for the end of the line or for an escape of its own.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// … and what ends a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
