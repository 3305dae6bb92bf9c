//! One operation a file: options in, outcome out. The only place that spells the order of the passes.

pub mod generate;
pub mod plan;
pub mod schema;

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
