//! Findings and errors on standard error.

use anstream::eprintln;

use super::Status;
use crate::diagnostics::report::human;
use crate::diagnostics::{Diagnostic, Severity, Sources};
use crate::ops::Failure;
use crate::ops::validate::Validated;

/// Shows each finding, with colours where a person sees them.
pub(super) fn findings<'a>(findings: impl IntoIterator<Item = &'a Diagnostic>, sources: &Sources) {
    for finding in findings {
        // anstream strips the styles for a pipe and for NO_COLOR.
        eprintln!("{}\n", human(finding, sources, true));
    }
}

/// Shows why nothing was generated.
pub(super) fn failure(failure: Failure, sources: &Sources) -> Status {
    match failure {
        Failure::Findings(list) => {
            let errors = list.iter().filter(|finding| finding.severity == Severity::Error).count();
            findings(list.iter(), sources);
            eprintln!("{}; nothing was generated", plural(errors, "error"));
            Status::Findings
        }
        Failure::CannotRun(finding) => {
            findings([&*finding], sources);
            Status::CouldNotRun
        }
    }
}

/// Says what a reader needs to make sense of the findings.
pub(super) fn note(text: &str) {
    eprintln!("note: {text}");
}

/// Says in one line how a validation ended.
pub(super) fn summary(validated: &Validated) {
    let counted = |severity: Severity| {
        let count = validated.count(severity);
        (count > 0).then(|| plural(count, severity.word()))
    };
    let counts: Vec<String> =
        [Severity::Error, Severity::Warning, Severity::Notice].into_iter().filter_map(counted).collect();
    let counts = if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") };
    eprintln!("{counts} in {}", plural(validated.objects, "object"));
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Shows an error of this process' surroundings.
pub(super) fn error(error: &anyhow::Error) -> Status {
    eprintln!("error: {error:#}");
    Status::CouldNotRun
}
