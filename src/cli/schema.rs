//! `cmp schema`: descriptions in, schema documents out.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::{Status, output, report};
use crate::diagnostics::Sources;
use crate::ops::schema::{self, Imported, Input, Options};
use crate::schema::Registry;
use crate::schema::import::Source;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make schemas of CRDs and of a cluster's OpenAPI v2 (`kubectl get --raw /openapi/v2`)
    Import(Import),
    /// List every known kind with its scope and the source of its schema
    List,
    /// Print the fields of a kind
    Show {
        /// Such as Deployment, apps/v1/Deployment or Application.argoproj.io
        kind: String,
    },
}

#[derive(Debug, Args)]
struct Import {
    /// CRD files, folders of them, OpenAPI v2 JSON; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Write a file a kind and version into this folder; without it the schemas are printed
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// The project that publishes the description; recorded in each schema
    #[arg(long, value_name = "NAME", default_value = "")]
    source: String,

    /// Its version; recorded in each schema
    #[arg(long, value_name = "VERSION", default_value = "")]
    source_version: String,

    /// Its licence as SPDX expression; recorded in each schema
    #[arg(long, value_name = "SPDX", default_value = "")]
    licence: String,

    /// JSON of `definition/path` to values, for an OpenAPI description that lacks enums
    #[arg(long, value_name = "FILE")]
    enums: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    match &arguments.command {
        Command::Import(arguments) => import(arguments),
        Command::List => {
            output::print(&schema::list(&Registry::default()))?;
            Ok(Status::Complete)
        }
        Command::Show { kind } => show(kind),
    }
}

fn show(name: &str) -> anyhow::Result<Status> {
    let registry = Registry::default();
    match schema::find(&registry, name) {
        Ok(kinds) => {
            let texts: Vec<String> = kinds.iter().map(schema::show).collect();
            output::print(&texts.join("\n"))?;
            Ok(Status::Complete)
        }
        Err(failure) => Ok(report::failure(failure, &Sources::default())),
    }
}

fn import(arguments: &Import) -> anyhow::Result<Status> {
    let mut inputs = Vec::new();
    for path in &arguments.paths {
        read(path, &mut inputs)?;
    }
    let enums = arguments.enums.as_deref().map(read_file).transpose()?;
    let source = Source {
        name: arguments.source.clone(),
        version: arguments.source_version.clone(),
        licence: arguments.licence.clone(),
    };
    let mut sources = Sources::default();
    match schema::import(inputs, &Options { source, enums }, &mut sources) {
        Ok(imported) => {
            match &arguments.out {
                Some(folder) => write(folder, &imported)?,
                None => output::print(&imported.iter().map(|document| document.text.as_str()).collect::<String>())?,
            }
            Ok(Status::Complete)
        }
        Err(failure) => Ok(report::failure(failure, &sources)),
    }
}

/// Files as they are; of a folder every YAML and JSON file, in the order of their names.
fn read(path: &Path, inputs: &mut Vec<Input>) -> anyhow::Result<()> {
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("standard input")?;
        inputs.push(Input { name: "-".to_owned(), text });
        return Ok(());
    }
    if !path.is_dir() {
        inputs.push(read_file(path)?);
        return Ok(());
    }
    let entries = fs::read_dir(path).with_context(|| path.display().to_string())?;
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    for path in paths {
        let is_yaml = path.extension().is_some_and(|end| end == "yaml" || end == "yml" || end == "json");
        if path.is_dir() || is_yaml {
            read(&path, inputs)?;
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> anyhow::Result<Input> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(Input { name: path.display().to_string(), text })
}

/// Writes each document to its place; what is there under the same name is replaced.
fn write(folder: &Path, documents: &[Imported]) -> anyhow::Result<()> {
    for document in documents {
        let path = folder.join(&document.path);
        let Some(parent) = path.parent() else { bail!("{} has no folder", path.display()) };
        fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        fs::write(&path, &document.text).with_context(|| path.display().to_string())?;
    }
    Ok(())
}
