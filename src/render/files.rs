//! One file an object, named so that a folder listing shows the order.

use std::collections::BTreeMap;

use crate::check::Checked;
use crate::model::Manifest;
use crate::yaml;

use super::sorted;

/// A file of `--output-dir`.
#[derive(Debug)]
pub struct OutputFile {
    /// Its name, without a folder.
    pub name: String,
    /// What goes into it.
    pub text: String,
}

/// The files of a set: `<wave>-<kind>-<namespace>-<name>.yaml`.
pub fn files(checked: &Checked) -> Vec<OutputFile> {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let files = sorted(checked).map(|manifest| {
        let stem = stem(manifest);
        let count = taken.entry(stem.clone()).or_default();
        *count += 1;
        // Only a difference that names cannot show (group, or letters that file systems fold) needs a number.
        let name = if *count == 1 { format!("{stem}.yaml") } else { format!("{stem}~{count}.yaml") };
        OutputFile { name, text: yaml::to_string(&manifest.node) }
    });
    files.collect()
}

fn stem(manifest: &Manifest) -> String {
    let id = &manifest.id;
    let name = if id.name.is_empty() {
        manifest.node.at(&["metadata", "generateName"]).and_then(yaml::Node::as_str).unwrap_or_default()
    } else {
        &id.name
    };
    let parts = [id.gvk.kind.as_str(), &id.namespace, name].into_iter().filter(|part| !part.is_empty());
    let text = parts.collect::<Vec<_>>().join("-").to_lowercase();
    // Names of some kinds hold `:` (system:…); a `/` would leave the folder.
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '_' };
    let text: String = text.chars().map(safe).take(200).collect();
    format!("{:03}-{text}", manifest.wave().unwrap_or_default())
}
