//! `cmp plan`: flags become options, the plan becomes text.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};

use super::generate::Validate;
use super::git::GitTree;
use super::tree::Repository;
use super::{Status, input, output, report};
use crate::diagnostics::Sources;
use crate::ops::Failure;
use crate::ops::generate::Options as Generate;
use crate::ops::plan::{Options, Planned, Previous, application_of_text, plan, previous_of_text, previous_of_tree};
use crate::plan::{Application, Plan};
use crate::render;
use crate::stack::Choice;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The overlay, a folder with a kustomization.yaml
    #[arg(value_name = "OVERLAY", default_value = ".")]
    overlay: PathBuf,

    /// What was synced before: a file of manifests, `-` for standard input, or a git revision of the same overlay
    #[arg(long, value_name = "REV|FILE")]
    from: Option<String>,

    /// The manifest of the Application that syncs it: destination, sync options, pruning
    #[arg(long, value_name = "FILE")]
    application: Option<PathBuf>,

    /// Only the objects of this component of the stack (repeatable)
    #[arg(long, value_name = "NAME")]
    component: Vec<String>,

    /// Also the plans of the child Applications whose source is this repository
    #[arg(long)]
    expand: bool,

    /// What findings of the checks weigh; `warn` is for the time of a migration
    #[arg(long, value_enum, value_name = "WEIGHT", default_value_t = Validate::Error)]
    validate: Validate,

    /// The form of the output
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    output: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Aligned columns for people
    Table,
    /// One JSON document, described in docs/plan.md
    Json,
    /// A Mermaid flow chart
    Mermaid,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let repository = Repository::around(&arguments.overlay, None)
        .with_context(|| format!("cannot open {}", arguments.overlay.display()))?;
    let mut sources = Sources::default();
    let application = match application(arguments, &mut sources)? {
        Ok(application) => application,
        Err(failure) => return Ok(report::failure(failure, &sources)),
    };
    let choice = Choice { path: repository.folder.clone(), ..Choice::default() };
    let (components, root) = (arguments.component.clone(), repository.root.clone());
    let level = arguments.validate.into();
    let generate = Generate { choice, root, components, level, ..Generate::default() };
    let options = Options { generate, application, expand: arguments.expand };
    // The previous set has texts of its own, and the same paths name them.
    let mut before = Sources::default();
    let previous = match previous(arguments, &repository, &mut before, &options)? {
        Ok(previous) => previous,
        Err(failure) => {
            let status = report::failure(failure, &before);
            let from = arguments.from.as_deref().unwrap_or_default();
            report::note(&format!("the findings are about the previous set, {from}"));
            return Ok(status);
        }
    };
    let planned = plan(&repository.tree, &mut sources, &options, previous.as_ref());
    repository.name_files(&mut sources);
    match planned {
        Ok(Planned { plan, warnings }) => {
            report::findings(&warnings, &sources);
            report_warnings(&plan, &sources);
            output::print(&match arguments.output {
                Format::Table => render::plan::table(&plan),
                Format::Json => render::plan::json(&plan, &sources),
                Format::Mermaid => render::plan::mermaid(&plan),
            })?;
            Ok(Status::Complete)
        }
        Err(failure) => Ok(report::failure(failure, &sources)),
    }
}

fn report_warnings(plan: &Plan, sources: &Sources) {
    report::findings(&plan.warnings, sources);
    for child in &plan.children {
        report_warnings(&child.plan, sources);
    }
}

fn application(arguments: &Arguments, sources: &mut Sources) -> anyhow::Result<Result<Application, Failure>> {
    let Some(path) = &arguments.application else { return Ok(Ok(Application::default())) };
    let text = input::read_file(path)?;
    Ok(application_of_text(sources, &path.to_string_lossy(), &text))
}

/// A file of that name wins over a revision; `./name` and `refs/heads/name` say which is meant.
fn previous(
    arguments: &Arguments,
    repository: &Repository,
    sources: &mut Sources,
    options: &Options,
) -> anyhow::Result<Result<Option<Previous>, Failure>> {
    let Some(from) = arguments.from.as_deref() else { return Ok(Ok(None)) };
    let found = if from == "-" {
        previous_of_text(&repository.tree, sources, "standard input", &input::read_stdin()?)
    } else if input::is_file(from) {
        previous_of_text(&repository.tree, sources, from, &input::read_file(from.as_ref())?)
    } else {
        let tree = GitTree::open(repository.tree.root(), from)?;
        previous_of_tree(&tree, sources, options)
    };
    Ok(found.map(Some))
}
