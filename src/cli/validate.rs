//! `cmp validate`: paths become inputs, findings become a report and an exit status.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use super::tree::{Repository, STDIN};
use super::{Status, output, report};
use crate::diagnostics::report::{self as formats, report as written};
use crate::diagnostics::{Severity, Sources};
use crate::ops::validate::{Input, Validated, validate};
use crate::rules;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Overlays, other folders, files, or `-` for manifests on standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// The form of the report
    #[arg(long, value_enum, env = "CMP_FORMAT", default_value_t = Format::Human)]
    format: Format,

    /// The least weight of a finding that makes the exit status 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Error)]
    fail_on: FailOn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person: the line underlined, what to do
    Human,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// `JUnit` XML
    Junit,
    /// GitHub Actions annotations
    Github,
    /// GitLab code quality
    Gitlab,
    /// Checkstyle XML
    Checkstyle,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    /// Errors only
    Error,
    /// Errors and warnings
    Warning,
    /// Anything
    Notice,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let paths: Vec<PathBuf> = arguments.paths.iter().filter(|path| !is_stdin(path)).cloned().collect();
    let repository = Repository::of(&paths).context("cannot open the repository")?;
    let inputs = arguments.paths.iter().map(|path| input(path, &repository)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut sources = Sources::default();
    let validated = validate(&repository.tree, &mut sources, &repository.root, &inputs);
    repository.name_files(&mut sources);
    let text = written(&validated.findings, &sources, arguments.format.into(), rules::describe);
    output::print_report(&text)?;
    report::summary(&validated);
    Ok(status(&validated, arguments.fail_on.into()))
}

fn status(validated: &Validated, fail_on: Severity) -> Status {
    if !validated.complete {
        Status::CouldNotRun
    } else if validated.findings.iter().any(|finding| finding.severity >= fail_on) {
        Status::Findings
    } else {
        Status::Complete
    }
}

fn input(path: &Path, repository: &Repository) -> anyhow::Result<Input> {
    if is_stdin(path) {
        return standard_input();
    }
    match repository.place(path) {
        Some(place) => Ok(Input::Path(place)),
        None => elsewhere(path, repository),
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

fn standard_input() -> anyhow::Result<Input> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
    Ok(Input::Stream { name: STDIN.to_owned(), bytes })
}

/// A file that is no part of the repository, such as what another program has rendered.
fn elsewhere(path: &Path, repository: &Repository) -> anyhow::Result<Input> {
    if path.is_dir() {
        bail!(
            "{} lies outside {}: validate one repository at a time",
            path.display(),
            repository.tree.root().display()
        );
    }
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Input::Stream { name: path.display().to_string(), bytes })
}

impl From<Format> for formats::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Human => Self::Human,
            Format::Json => Self::Json,
            Format::Sarif => Self::Sarif,
            Format::Junit => Self::Junit,
            Format::Github => Self::Github,
            Format::Gitlab => Self::Gitlab,
            Format::Checkstyle => Self::Checkstyle,
        }
    }
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Notice => Self::Notice,
        }
    }
}
