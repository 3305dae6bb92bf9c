//! `cmp parameters`: what the plugin announces, as JSON, for `spec.parameters.dynamic` of `plugin.yaml`. `cmp serve` answers
//! the same by itself.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde_json::{Map, Value, json};

use super::tree::Repository;
use super::{ProcessEnvironment, Status, output};
use crate::plugin::{Environment, ParameterAnnouncement, announce};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The Application's folder
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    // Argo CD asks for announcements with fewer variables than it generates with; only this one matters here.
    let source_path = ProcessEnvironment.get("ARGOCD_APP_SOURCE_PATH");
    let repository = Repository::around(&arguments.folder, source_path.as_deref())
        .with_context(|| format!("cannot open {}", arguments.folder.display()))?;
    let announced: Vec<Value> = announce(&repository.tree, &repository.folder).iter().map(json).collect();
    output::print(&format!("{:#}\n", Value::Array(announced)))?;
    Ok(Status::Complete)
}

/// The fields that are set, under the names that Argo CD reads.
fn json(announcement: &ParameterAnnouncement) -> Value {
    let mut fields = Map::new();
    let texts = [
        ("name", &announcement.name),
        ("title", &announcement.title),
        ("tooltip", &announcement.tooltip),
        ("itemType", &announcement.item_type),
        ("collectionType", &announcement.collection_type),
        ("string", &announcement.string),
    ];
    for (key, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        fields.insert(key.to_owned(), json!(text));
    }
    if announcement.required {
        fields.insert("required".to_owned(), json!(true));
    }
    if !announcement.array.is_empty() {
        fields.insert("array".to_owned(), json!(announcement.array));
    }
    if !announcement.map.is_empty() {
        fields.insert("map".to_owned(), json!(announcement.map));
    }
    Value::Object(fields)
}
