//! Descriptions become schema documents, and the documents at hand are listed and shown.

use serde_json::Value;

use super::Failure;
use crate::diagnostics::{Diagnostic, Sources};
use crate::schema::import::{self, Source};
use crate::schema::{Kind, Registry};
use crate::yaml::decode::nearest;
use crate::yaml::{self, Limits};

/// A text to import and the name by which people know it.
#[derive(Clone, Debug)]
pub struct Input {
    /// A path, or `-`.
    pub name: String,
    /// JSON or YAML.
    pub text: String,
}

/// What to import.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Recorded in each document.
    pub source: Source,
    /// `definition/path` to the values of a field, for an OpenAPI description without enums.
    pub enums: Option<Input>,
}

/// A document and the path of its file.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Below the folder of schemas.
    pub path: String,
    /// JSON.
    pub text: String,
}

/// Imports every CRD and OpenAPI description among `inputs`; other objects are left out. The documents are in the order
/// of their paths.
pub fn import(inputs: Vec<Input>, options: &Options, sources: &mut Sources) -> Result<Vec<Imported>, Failure> {
    let enums = match &options.enums {
        Some(input) => serde_json::from_str(&input.text)
            .map_err(|error| cannot_run(format!("{} is no JSON: {error}", input.name)))?,
        None => Value::Null,
    };
    let mut imported = Vec::new();
    for input in inputs {
        for document in documents(input, &enums, options, sources)? {
            let path = import::file_name(&document);
            let path = path.ok_or_else(|| cannot_run("a kind has a name that no file can have".to_owned()))?;
            imported.push(Imported { path, text: import::to_text(&document) });
        }
    }
    imported.sort_by(|a, b| a.path.cmp(&b.path));
    if imported.is_empty() {
        let finding = Diagnostic::error("nothing-to-import", "no CustomResourceDefinition and no OpenAPI v2 was found");
        return Err(Failure::CannotRun(Box::new(finding)));
    }
    Ok(imported)
}

fn documents(input: Input, enums: &Value, options: &Options, sources: &mut Sources) -> Result<Vec<Value>, Failure> {
    if input.text.trim_start().starts_with('{')
        && let Ok(description) = serde_json::from_str::<Value>(&input.text)
        && description.get("definitions").is_some()
    {
        let documents = import::openapi(&description, enums, &options.source);
        return documents.map_err(|error| cannot_run(format!("{}: {error}", input.name)));
    }
    let id = sources.add(&input.name, input.text.as_str());
    let mut documents = Vec::new();
    for node in yaml::parse(id, &input.text, Limits::default())? {
        if node.get("kind").and_then(yaml::Node::as_str) != Some("CustomResourceDefinition") {
            continue;
        }
        let found = import::crd(&Value::from(&node), &options.source);
        documents.extend(found.map_err(|error| cannot_run(format!("{}: {error}", input.name)))?);
    }
    Ok(documents)
}

fn cannot_run(message: String) -> Failure {
    Failure::CannotRun(Box::new(Diagnostic::error("cannot-import", message)))
}

/// Every known kind as a table: kind, version, scope, source.
pub fn list(registry: &Registry) -> String {
    let rows: Vec<[String; 4]> = registry.kinds().iter().map(row).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let (kind, version, scope) = (width(0), width(1), width(2));
    let line = |row: &[String; 4]| {
        let line = format!("{:kind$}  {:version$}  {:scope$}  {}", row[0], row[1], row[2], row[3]);
        line.trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

fn row(kind: &Kind<'_>) -> [String; 4] {
    let gvk = kind.gvk();
    [gvk.kind.clone(), gvk.api_version(), format!("{:?}", kind.scope()), kind.source().to_owned()]
}

/// The kinds called `name`, written as `Kind`, `Kind.group`, `group/version/Kind` or `version/Kind`; case does not count.
pub fn find<'a>(registry: &'a Registry, name: &str) -> Result<Vec<Kind<'a>>, Failure> {
    let wanted = name.to_lowercase();
    let kinds = registry.kinds();
    let names = |kind: &Kind<'_>| {
        let gvk = kind.gvk();
        [
            gvk.kind.to_lowercase(),
            format!("{}.{}", gvk.kind, gvk.group).to_lowercase(),
            format!("{}/{}", gvk.api_version(), gvk.kind).to_lowercase(),
        ]
    };
    let found: Vec<_> = kinds.iter().filter(|kind| names(kind).contains(&wanted)).copied().collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let finding = Diagnostic::error("unknown-kind", format!("no kind is called `{name}`"));
    let known: Vec<String> = kinds.iter().map(|kind| kind.gvk().kind).collect();
    Err(Failure::CannotRun(Box::new(match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("`cmp schema list` shows them all"),
    })))
}

/// The fields of a kind, two levels of them, as people read them.
pub fn show(kind: &Kind<'_>) -> String {
    let gvk = kind.gvk();
    let mut text = format!("{gvk}, {:?}, from {}\n", kind.scope(), kind.source());
    text.push_str(&kind.fields());
    text
}
