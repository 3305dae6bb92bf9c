//! `vars`: `$(NAME)` in texts stands for a field of an object. Deprecated, and everywhere.

mod expand;

use std::collections::BTreeMap;

use super::config::{Config, FieldError, Leaf};
use super::dotted::{self, Step};
use super::file::VarEntry;
use super::scalars;
use super::set::ResourceSet;
use crate::diagnostics::{Diagnostic, Sources, Span};
use crate::model::Gvk;
use crate::yaml::decode::Report;
use crate::yaml::{Map, Node, Value};

use expand::expand;

/// The vars of all kustomizations so far, by name.
#[derive(Debug, Default)]
pub(super) struct Vars(BTreeMap<String, VarEntry>);

impl Vars {
    /// Adds the vars of one kustomization, and notes in each object which of them it answers.
    pub(super) fn add(&mut self, entries: &[VarEntry], set: &mut ResourceSet, report: &Report) {
        for entry in entries {
            match &matching(entry, set)[..] {
                [] => {}
                &[i] => set.get_mut(i).vars.push(entry.name.value.clone()),
                several => {
                    let message = format!("{} objects fit the var `{}`", several.len(), entry.name.value);
                    let finding = Diagnostic::error("ambiguous-reference", message).at(entry.span);
                    report.push(several.iter().fold(finding, |f, &i| f.related(set.get(i).span, "one of them")));
                }
            }
        }
        for entry in entries {
            self.insert(entry.clone(), report);
        }
    }

    /// Adds the vars of a base.
    pub(super) fn merge(&mut self, other: Self, report: &Report) {
        for (_, entry) in other.0 {
            self.insert(entry, report);
        }
    }

    fn insert(&mut self, entry: VarEntry, report: &Report) {
        if let Some(first) = self.0.get(&entry.name.value) {
            let finding = Diagnostic::error("duplicate-var", format!("the var `{}` is there twice", entry.name.value));
            return report.push(finding.at(entry.name.span).related(first.name.span, "first given here"));
        }
        self.0.insert(entry.name.value.clone(), entry);
    }

    /// Writes the values wherever the tables look for vars.
    pub(super) fn resolve(&self, config: &Config, set: &mut ResourceSet, sources: &Sources, report: &Report) {
        let mut values = BTreeMap::new();
        for (name, entry) in &self.0 {
            match value_of(entry, set, sources) {
                Ok(value) => {
                    values.insert(name.clone(), (value, false));
                }
                Err(finding) => report.push(*finding),
            }
        }
        if values.is_empty() {
            return;
        }
        for resource in set.all_mut() {
            let gvk = resource.gvk();
            for field in config.var_references.iter().filter(|field| field.on.selects(&gvk)) {
                let done =
                    field.visit(&mut resource.node, Leaf::Existing, Span::NONE, &mut |node| replace(node, &mut values));
                if let Err(error) = done {
                    report.push(Diagnostic::error("unexpected-shape", error.message).at(error.span));
                }
            }
        }
        for (name, _) in values.iter().filter(|(_, (_, used))| !used) {
            let finding = Diagnostic::warning("unused-var", format!("`$({name})` is nowhere to be replaced"));
            report.push(finding.at(self.0[name].name.span).help("remove the var, or list the field in `varReference`"));
        }
    }
}

/// Objects that have or had the id of the var's object; without a namespace it may be in any.
fn matching(entry: &VarEntry, set: &mut ResourceSet) -> Vec<usize> {
    let mut found = set.named(&entry.object_name.value);
    found.retain(|&i| {
        let resource = set.get(i);
        let gvk = resource.gvk();
        resource.identities().any(|(kind, name, namespace)| {
            name == entry.object_name.value
                && Gvk { kind: kind.to_owned(), ..gvk.clone() } == entry.gvk
                && (entry.namespace.is_empty() || entry.namespace == namespace)
        })
    });
    found
}

fn value_of(entry: &VarEntry, set: &ResourceSet, sources: &Sources) -> Result<Node, Box<Diagnostic>> {
    let name = &entry.name.value;
    let Some(object) = set.iter().find(|resource| resource.vars.contains(name)) else {
        let message = format!("no object fits the var `{name}`");
        let finding = Diagnostic::error("var-without-object", message).at(entry.object_name.span);
        return Err(Box::new(finding.help("write apiVersion, kind and name as they are in the resources")));
    };
    let path = entry.field_path.as_ref().map_or("metadata.name", |path| &path.value);
    let found = dotted::split(path)
        .map(indexed)
        .and_then(|steps| dotted::lookup(&object.node, &steps).map(|node| node.map(|node| typed(node, sources))));
    found.ok().flatten().ok_or_else(|| {
        let message = format!("{} has nothing at `{path}` for the var `{name}`", object.shown());
        let span = entry.field_path.as_ref().map_or(entry.span, |path| path.span);
        Box::new(Diagnostic::error("var-without-object", message).at(span).related(object.span, "the object"))
    })
}

/// `null` is the text that is written there, as in kustomize.
fn typed(node: &Node, sources: &Sources) -> Node {
    if node.is_null() {
        Node::string(scalars::text(node, sources).unwrap_or_default(), node.span)
    } else {
        node.clone()
    }
}

/// `ports[0]` means the element 0 of `ports`.
fn indexed(steps: Vec<Step>) -> Vec<Step> {
    let mut all = Vec::with_capacity(steps.len());
    for step in steps {
        let split = match &step {
            Step::Field(name) => name.strip_suffix(']').and_then(|name| name.rsplit_once('[')),
            _ => None,
        };
        match split.and_then(|(name, index)| Some((name.to_owned(), index.parse().ok()?))) {
            Some((name, index)) => {
                if !name.is_empty() {
                    all.push(Step::Field(name));
                }
                all.push(Step::Index(index));
            }
            None => all.push(step),
        }
    }
    all
}

/// Values by name, and whether they have been used.
type Values = BTreeMap<String, (Node, bool)>;

fn replace(node: &mut Node, values: &mut Values) -> Result<(), FieldError> {
    match &mut node.value {
        Value::String(_) => replace_text(node, values),
        Value::Map(map) => replace_in_map(map, values),
        Value::Seq(items) => {
            for item in items {
                if item.as_str().is_none() {
                    return Err(FieldError::unexpected(item, "a text for vars"));
                }
                replace_text(item, values);
            }
        }
        _ => {}
    }
    Ok(())
}

fn replace_in_map(map: &mut Map, values: &mut Values) {
    for (_, value) in map.iter_mut() {
        replace_text(value, values);
    }
}

fn replace_text(node: &mut Node, values: &mut Values) {
    let Some(text) = node.as_str().filter(|text| text.contains('$')) else { return };
    *node = expand(text, node.span, values);
}
