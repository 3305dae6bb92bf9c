//! One operation a file: options in, outcome out. The only place that spells the order of the passes.

pub mod generate;
mod overlay;
pub mod plan;
pub mod schema;
pub mod validate;

use crate::diagnostics::{Diagnostic, Findings};
use crate::kustomize::BuildError;

/// No result.
#[derive(Debug)]
pub enum Failure {
    /// Something is wrong in the user's files.
    Findings(Findings),
    /// The operation cannot run at all: no overlay, no such component, nothing to read.
    CannotRun(Box<Diagnostic>),
}

impl Failure {
    /// One failure of many: what keeps the operation from running at all, else all findings together.
    fn check(failures: Vec<Self>) -> Result<(), Self> {
        let mut list = Vec::new();
        for failure in failures {
            match failure {
                Self::Findings(findings) => list.extend(findings.into_vec()),
                cannot_run @ Self::CannotRun(_) => return Err(cannot_run),
            }
        }
        Findings::check(list).map(drop).map_err(Self::Findings)
    }
}

impl From<Findings> for Failure {
    fn from(findings: Findings) -> Self {
        Self::Findings(findings)
    }
}

impl From<Box<Diagnostic>> for Failure {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Self::CannotRun(diagnostic)
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Findings(findings) => Self::Findings(findings),
            BuildError::Read(error) => {
                Self::CannotRun(Box::new(Diagnostic::error("unreadable-file", error.to_string())))
            }
        }
    }
}
