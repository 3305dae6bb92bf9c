//! Findings and errors on standard error.

use anstream::eprintln;

use super::Status;
use crate::diagnostics::report::human;
use crate::diagnostics::{Diagnostic, Severity, Sources};
use crate::ops::Failure;

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
            let s = if errors == 1 { "" } else { "s" };
            eprintln!("{errors} error{s}; nothing was generated");
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

/// Shows an error of this process' surroundings.
pub(super) fn error(error: &anyhow::Error) -> Status {
    eprintln!("error: {error:#}");
    Status::CouldNotRun
}
