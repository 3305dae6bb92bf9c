//! The command line.

use std::process::ExitCode;

/// Under way.
pub fn run() -> ExitCode {
    ExitCode::from(2)
}
