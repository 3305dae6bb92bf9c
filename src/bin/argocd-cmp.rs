//! `argocd-cmp`: the same command under the name that makes `argocd cmp …` work.

use std::process::ExitCode;

fn main() -> ExitCode {
    cmp_plugin::cli::run()
}
