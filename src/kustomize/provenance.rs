//! `buildMetadata`: annotations that say where an object comes from and what changed it.

use std::sync::Arc;

use super::file::BuildMetadata;
use super::resource::Resource;
use super::set::ResourceSet;
use crate::diagnostics::Span;
use crate::yaml::{self, Map, Node, Value};

const ORIGIN: &str = "config.kubernetes.io/origin";
const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";

/// The way from the folder that is built to a kustomization, as it is written in `resources`.
#[derive(Clone, Debug, Default)]
pub(super) struct Trail(String);

/// What made or changed an object.
#[derive(Clone, Debug)]
struct Author {
    file: String,
    kind: String,
    name: String,
    namespace: String,
}

/// What is known about one object.
#[derive(Clone, Debug, Default)]
pub(super) struct ObjectTrail {
    /// The file it was read from.
    path: Option<String>,
    /// The generator that made it.
    author: Option<Arc<Author>>,
    changes: Vec<Arc<Author>>,
}

impl Trail {
    /// The way on into a folder.
    pub(super) fn entering(&self, reference: &str) -> Self {
        Self(joined(&self.0, reference))
    }
}

/// Writes the annotations that are asked for.
pub(super) fn annotate_all(wanted: &BuildMetadata, set: &mut ResourceSet) {
    for resource in set.all_mut() {
        let trail = std::mem::take(&mut resource.trail);
        if let Some(span) = wanted.origins {
            annotate(resource, ORIGIN, &trail.origin(span), span);
        }
        if let Some(span) = wanted.transformations.filter(|_| !trail.changes.is_empty()) {
            let changes = trail.changes.iter().map(|author| Node::new(Value::Map(author.fields(span)), span));
            annotate(resource, TRANSFORMATIONS, &Node::new(Value::Seq(changes.collect()), span), span);
        }
    }
}

impl ObjectTrail {
    /// Whether anything is known, which kustomize keeps in annotations.
    pub(super) fn is_known(&self) -> bool {
        self.path.is_some() || self.author.is_some()
    }

    /// Notes the file that an object was read from.
    pub(super) fn come_from(&mut self, trail: Option<&Trail>, reference: &str) {
        self.path = trail.map(|trail| joined(&trail.0, reference));
    }

    /// Notes the field of a kustomization that made an object.
    pub(super) fn made_by(&mut self, trail: Option<&Trail>, file: &str, kind: &str) {
        self.author = trail.map(|trail| Arc::new(Author::built_in(joined(&trail.0, file), kind)));
    }

    /// Notes the configuration that made an object.
    pub(super) fn made_by_config(&mut self, config: &Resource) {
        self.author = Author::of_config(config).map(Arc::new);
    }

    /// The trail of an object that a generator merged or replaced.
    pub(super) fn take_over(&mut self, old: &Self, merged: bool) {
        if merged && old.is_known() {
            (self.path, self.author) = (old.path.clone(), old.author.clone());
        }
        self.changes.clone_from(&old.changes);
    }

    fn origin(&self, span: Span) -> Node {
        let mut map = Map::new();
        if let Some(path) = &self.path {
            map.insert("path", span, Node::string(path.as_str(), span));
        }
        if let Some(author) = &self.author {
            map = author.fields(span);
        }
        Node::new(Value::Map(map), span)
    }
}

impl Author {
    fn built_in(file: String, kind: &str) -> Self {
        Self { file, kind: kind.to_owned(), name: String::new(), namespace: String::new() }
    }

    fn of_config(config: &Resource) -> Option<Self> {
        let file = config.trail.path.clone()?;
        let (kind, name, namespace) = (config.kind(), config.name(), config.namespace());
        Some(Self { file, kind: kind.to_owned(), name: name.to_owned(), namespace: namespace.to_owned() })
    }

    fn fields(&self, span: Span) -> Map {
        let text = |text: &str| Node::string(text, span);
        let mut by = Map::new();
        by.insert("apiVersion", span, text("builtin"));
        for (key, value) in [("kind", &self.kind), ("name", &self.name), ("namespace", &self.namespace)] {
            if !value.is_empty() {
                by.insert(key, span, text(value));
            }
        }
        let mut map = Map::new();
        map.insert("configuredIn", span, text(&self.file));
        map.insert("configuredBy", span, Node::new(Value::Map(by), span));
        map
    }
}

/// What notes transformations, if anybody wants to know.
pub(super) struct Made(Option<Author>);

impl Made {
    /// The transformers of a kustomization.
    pub(super) fn by(trail: Option<&Trail>, file: &str) -> Self {
        Self(trail.map(|trail| Author::built_in(joined(&trail.0, file), "")))
    }

    /// A transformer with a configuration of its own.
    pub(super) fn by_config(config: &Resource) -> Self {
        Self(Author::of_config(config))
    }

    /// Notes a transformation of everything that is there: kustomize does not look what really changed.
    pub(super) fn note(&self, kind: &str, set: &mut ResourceSet) {
        let Some(author) = &self.0 else { return };
        let mut author = author.clone();
        if !kind.is_empty() {
            kind.clone_into(&mut author.kind);
        }
        let author = Arc::new(author);
        for i in 0..set.len() {
            let trail = &mut set.get_mut(i).trail;
            if trail.is_known() {
                trail.changes.push(Arc::clone(&author));
            } else {
                // What has no origin must have been made by the transformer.
                trail.author = Some(Arc::clone(&author));
            }
        }
    }
}

/// `folder` and `path`, cleaned as Go cleans paths.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Writes a small document into an annotation, its keys in the order in which kustomize writes them.
fn annotate(resource: &mut Resource, key: &str, value: &Node, span: Span) {
    let text = in_order(value, 0);
    if let Some(metadata) = resource.metadata_mut() {
        let annotations = metadata.get_or_insert_with("annotations", span, || Node::map(span));
        if let Some(map) = annotations.as_map_mut() {
            map.insert(key, span, Node::string(text, span));
        }
    }
}

fn in_order(node: &Node, indent: usize) -> String {
    const ORDER: [&str; 7] = ["path", "configuredIn", "configuredBy", "apiVersion", "kind", "name", "namespace"];
    match &node.value {
        Value::Seq(items) => {
            items.iter().fold(String::new(), |text, item| text + "- " + in_order(item, 2).trim_start())
        }
        Value::Map(map) => {
            let entries = ORDER.iter().filter_map(|key| map.entry(key));
            let line = |entry: &yaml::Entry| match &entry.value.value {
                Value::Map(_) => format!("{:indent$}{}:\n{}", "", entry.key, in_order(&entry.value, indent + 2)),
                _ => format!("{:indent$}{}: {}", "", entry.key, yaml::to_string(&entry.value)),
            };
            entries.map(line).collect()
        }
        _ => yaml::to_string(node),
    }
}
