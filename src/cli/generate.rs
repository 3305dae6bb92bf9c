//! `cmp generate`: flags and environment become options, the set becomes bytes.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};

use super::tree::Repository;
use super::{ProcessEnvironment, Status, output, report};
use crate::check::Level;
use crate::diagnostics::Sources;
use crate::ops::generate::{Generated, Options, generate};
use crate::plugin::Request;
use crate::render;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The overlay, a folder with a kustomization.yaml; inside Argo CD the Application says which
    #[arg(value_name = "OVERLAY")]
    overlay: Option<PathBuf>,

    /// Only the objects of this component of the stack (repeatable)
    #[arg(long, value_name = "NAME")]
    component: Vec<String>,

    /// Also the objects of the child Applications whose source is this repository
    #[arg(long)]
    expand: bool,

    /// The form of the output
    #[arg(short, long, value_enum, default_value_t = Format::Yaml, conflicts_with = "output_dir")]
    output: Format,

    /// What findings of the checks weigh; `warn` is for the time of a migration
    #[arg(long, value_enum, value_name = "WEIGHT", default_value_t = Validate::Error)]
    validate: Validate,

    /// Write one file an object into this new or empty folder instead of printing
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// YAML documents
    Yaml,
    /// One v1 List
    Json,
}

/// What findings of the checks weigh.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Validate {
    /// Nothing is printed that does not validate
    Error,
    /// Errors of the checks are warnings; objects without a name, empty sets and the like stay errors
    Warn,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let request = Request::read(&ProcessEnvironment)?;
    let folder = arguments.overlay.clone().unwrap_or_else(|| PathBuf::from("."));
    let repository = Repository::around(&folder, request.as_ref().map(|request| request.source_path.as_str()))
        .with_context(|| format!("cannot open {}", folder.display()))?;
    let options = options(arguments, request, &repository);
    let mut sources = Sources::default();
    let result = generate(&repository.tree, &mut sources, &options);
    repository.name_files(&mut sources);
    match result {
        Ok(Generated { checked, warnings }) => {
            report::findings(&warnings, &sources);
            match &arguments.output_dir {
                Some(folder) => output::write_folder(folder, &render::files(&checked))?,
                None => output::print(&match arguments.output {
                    Format::Yaml => render::yaml(&checked),
                    Format::Json => render::json(&checked),
                })?,
            }
            Ok(Status::Complete)
        }
        Err(failure) => Ok(report::failure(failure, &sources)),
    }
}

/// An argument wins over what the Application says.
fn options(arguments: &Arguments, request: Option<Request>, repository: &Repository) -> Options {
    let mut options = Request::options(request, repository.folder.clone());
    if arguments.overlay.is_some() {
        options.choice.overlay = None;
    }
    if !arguments.component.is_empty() {
        options.components.clone_from(&arguments.component);
    }
    options.root = repository.root.clone();
    options.expand |= arguments.expand;
    options.level = arguments.validate.into();
    options
}

impl From<Validate> for Level {
    fn from(validate: Validate) -> Self {
        match validate {
            Validate::Error => Self::Error,
            Validate::Warn => Self::Warn,
        }
    }
}
