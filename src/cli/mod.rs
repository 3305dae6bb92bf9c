//! The command line: arguments in, streams and exit status out. The only place that prints.

mod explain;
mod generate;
#[expect(clippy::disallowed_methods, reason = "the edge that reads revisions with git")]
mod git;
#[expect(clippy::disallowed_methods, reason = "the edge that reads what flags name")]
mod input;
#[expect(clippy::disallowed_methods, reason = "the edge that writes what the engine made")]
mod output;
mod parameters;
mod plan;
mod report;
#[expect(clippy::disallowed_methods, reason = "the edge that reads descriptions and writes schemas")]
mod schema;
mod serve;
#[expect(clippy::disallowed_methods, reason = "the edge that opens the tree for the engine")]
mod tree;
#[expect(clippy::disallowed_methods, reason = "the edge that reads what is no part of a repository")]
mod validate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::plugin::Environment;

/// Turns an environment overlay into complete, validated and ordered Kubernetes manifests.
#[derive(Debug, Parser)]
#[command(name = "cmp", version, about, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = "Exit status: 0 complete, 1 findings in your files, 2 could not run.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print every manifest of an overlay, in deploy order
    Generate(generate::Arguments),
    /// Show what Argo CD will do with an overlay, step by step
    Plan(plan::Arguments),
    /// Report everything that is wrong with overlays, folders, files or a stream of manifests
    Validate(validate::Arguments),
    /// Say what a rule finds, why that is bad, and what to write instead
    Explain(explain::Arguments),
    /// Make, list and show the schemas that manifests are checked against
    Schema(schema::Arguments),
    /// Answer Argo CD's repo-server on a socket, in place of argocd-cmp-server
    Serve(Box<serve::Arguments>),
    /// Print the parameters that the plugin announces, as JSON
    Parameters(parameters::Arguments),
}

/// The variables of this process.
struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    #[expect(clippy::disallowed_methods, reason = "the edge that hands the environment to the engine")]
    fn get(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

/// How a run ended; the number is the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// Everything that was asked for left the process.
    Complete = 0,
    /// Something is wrong in the user's files.
    Findings = 1,
    /// The command could not do its work.
    CouldNotRun = 2,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// Runs the command of this process. Both binaries are this function.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match &arguments.command {
        Command::Generate(arguments) => generate::run(arguments),
        Command::Plan(arguments) => plan::run(arguments),
        Command::Validate(arguments) => validate::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Serve(arguments) => serve::run(arguments),
        Command::Parameters(arguments) => parameters::run(arguments),
    };
    result.unwrap_or_else(|error| report::error(&error)).into()
}
