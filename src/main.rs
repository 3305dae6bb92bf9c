//! `cmp`: the config management plugin as a command.

use std::process::ExitCode;

fn main() -> ExitCode {
    cmp_plugin::cli::run()
}
