//! One patch on one object, applied by kustomize and by us.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use cmp_plugin::diagnostics::{Outcome, Sources, Span};
use cmp_plugin::kustomize::patch::{
    Allow, MergeSchemas, Merged, PatchText, apply_json, apply_merge, classify, prepare_for_targets, target,
};
use cmp_plugin::model::ObjectId;
use cmp_plugin::yaml::{self, Limits, Node};
use serde_json::{Value, json};

use crate::support::peer;

/// A base with one object, a patch, and the target if the patch is not to find the object by its id.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) base: String,
    pub(crate) patch: String,
    pub(crate) target: Option<String>,
}

impl Case {
    /// The object after our patch; `None` when the patch deletes it.
    pub(crate) fn ours(&self) -> Outcome<Option<Value>> {
        let mut sources = Sources::default();
        let base = sources.add("base.yaml", self.base.as_str());
        let mut object = yaml::parse(base, &self.base, Limits::default())?.remove(0);
        let selected = self.is_selected(&object)?;
        let text = self.patch.trim();
        match classify(sources.add("patch.yaml", text), text)? {
            PatchText::Json(patch) => apply_json(&mut object, &patch, true)?,
            PatchText::Merge(patches) => {
                for patch in patches {
                    if self.merge(&mut object, patch, selected)? == Merged::Deleted {
                        return Ok(None);
                    }
                }
            }
        }
        Ok(Some(finished(Value::from(&object))))
    }

    fn is_selected(&self, object: &Node) -> Outcome<bool> {
        let Some(target) = &self.target else { return Ok(false) };
        let target = yaml::parse(Sources::default().add("target", target.as_str()), target, Limits::default())?;
        let selector = target::selector_from_node(&target[0])?;
        let metadata = |field| object.at(&["metadata", field]).and_then(Node::as_map);
        Ok(selector.matches(&ObjectId::of(object), metadata("labels"), metadata("annotations")))
    }

    fn merge(&self, object: &mut Node, mut patch: Node, selected: bool) -> Outcome<Merged> {
        if self.target.is_some() {
            assert!(selected, "{}: the target selects the object", self.name);
            prepare_for_targets(&mut patch)?;
        } else if ObjectId::of(&patch) != ObjectId::of(object) {
            return Err(no_such_object(patch.span).into());
        }
        apply_merge(object, patch, Allow::default(), &MergeSchemas::default())
    }
}

/// Finding the object of a patch is the engine's work; here there is only one.
fn no_such_object(span: Span) -> cmp_plugin::diagnostics::Diagnostic {
    cmp_plugin::diagnostics::Diagnostic::error("patch-without-object", "no object has this id").at(span)
}

/// What kustomize does to every object at the end, and the engine does too: annotations are texts, and not empty.
pub(crate) fn finished(mut object: Value) -> Value {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut)
        && let Some(Value::Object(annotations)) = metadata.get_mut("annotations")
    {
        for value in annotations.values_mut() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            *value = Value::String(text);
        }
        if annotations.is_empty() {
            metadata.remove("annotations");
        }
    }
    numbers_by_value(object)
}

/// Numbers by what they are worth: `1.0` and `1` are the same.
pub(crate) fn numbers_by_value(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.into_iter().map(numbers_by_value).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, value)| (key, numbers_by_value(value))).collect(),
        other => other,
    }
}

/// The object after kustomize's patch, or its complaint.
pub(crate) fn theirs(case: &Case) -> Result<Option<Value>, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_overlay(folder.path(), case, "");
    Ok(documents(&build(folder.path())?).next().map(numbers_by_value))
}

/// The objects after kustomize's patches, all in one build: each in a folder and with a name prefix of its own.
pub(crate) fn theirs_all(cases: &[Case]) -> Result<Vec<Option<Value>>, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let names: Vec<_> = (0..cases.len()).map(|number| format!("r{number}")).collect();
    for (name, case) in names.iter().zip(cases) {
        let below = folder.path().join(name);
        std::fs::create_dir(&below).expect("created");
        write_overlay(&below, case, &format!("namePrefix: {name}-\n"));
    }
    write(folder.path(), "kustomization.yaml", &format!("resources: [{}]\n", names.join(", ")));
    let mut found = by_prefix(&build(folder.path())?);
    Ok(names.iter().map(|name| found.remove(name)).collect())
}

fn write_overlay(folder: &Path, case: &Case, more: &str) {
    write(folder, "base.yaml", &case.base);
    write(folder, "patch.yaml", case.patch.trim());
    let target = case.target.as_ref().map(|target| format!("\n  target: {target}")).unwrap_or_default();
    let text = format!("{more}resources: [base.yaml]\npatches:\n- path: patch.yaml{target}\n");
    write(folder, "kustomization.yaml", &text);
}

pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("written");
}

pub(crate) fn build(folder: &Path) -> Result<String, String> {
    let output = Command::new(peer("kustomize")).arg("build").arg(folder).output().expect("kustomize runs");
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).expect("UTF-8"))
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

pub(crate) fn documents(text: &str) -> impl Iterator<Item = Value> {
    let documents = serde_yaml::Deserializer::from_str(text);
    let objects = documents.map(|document| serde::Deserialize::deserialize(document).expect("kustomize writes YAML"));
    objects.filter(|object: &Value| !object.is_null())
}

/// The objects of a build by the prefix of their names, the prefix taken away.
fn by_prefix(text: &str) -> HashMap<String, Value> {
    let objects = documents(text).map(|mut object| {
        let name = object["metadata"]["name"].as_str().expect("a name").to_owned();
        let (prefix, rest) = name.split_once('-').expect("a kind whose names take prefixes");
        object["metadata"]["name"] = json!(rest);
        (prefix.to_owned(), numbers_by_value(object))
    });
    objects.collect()
}
