//! Which schema belongs to a kind: those of the binary, and those that a user adds or replaces.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use regex::Regex;
use serde_json::Value;

use super::compile::{CompileError, Compiler, kind_flag};
use super::import;
use super::table::{KindRecord, Schema, Table};
use crate::model::Gvk;
use crate::yaml::Node;

static SHIPPED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/schemas.table"));

/// The compiled form of a large pattern may not take more than this.
const REGEX_SIZE: usize = 1 << 20;

/// Knows kinds. Cheap to make: the shipped table is used where it lies.
#[derive(Debug)]
pub struct Registry {
    /// The later wins.
    tables: Vec<Table>,
    patterns: Mutex<HashMap<String, Option<Arc<Regex>>>>,
}

impl Default for Registry {
    /// What the binary brings.
    fn default() -> Self {
        Self { tables: vec![Table::new(SHIPPED)], patterns: Mutex::default() }
    }
}

/// Whether objects of a kind live in a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// They do.
    Namespaced,
    /// They belong to the cluster as a whole.
    Cluster,
}

/// A known kind.
#[derive(Clone, Copy, Debug)]
pub struct Kind<'a> {
    record: KindRecord<'a>,
}

impl<'a> Kind<'a> {
    /// Its name.
    pub fn gvk(&self) -> Gvk {
        let KindRecord { group, version, kind, .. } = self.record;
        Gvk { group: group.to_owned(), version: version.to_owned(), kind: kind.to_owned() }
    }

    /// Where its objects live.
    pub fn scope(&self) -> Scope {
        if self.is(kind_flag::NAMESPACED) { Scope::Namespaced } else { Scope::Cluster }
    }

    /// Where its schema comes from, with the version.
    pub fn source(&self) -> &'a str {
        self.record.source
    }

    /// Whether it is one of Kubernetes' own types rather than a custom resource.
    pub fn is_typed(&self) -> bool {
        self.is(kind_flag::TYPED)
    }

    /// Whether a server serves it only when it is told to: alpha and beta versions.
    pub fn is_off_by_default(&self) -> bool {
        self.is(kind_flag::OFF_BY_DEFAULT)
    }

    /// Whether its version is marked as deprecated.
    pub fn is_deprecated(&self) -> bool {
        self.is(kind_flag::DEPRECATED)
    }

    pub(super) fn is(&self, wanted: u32) -> bool {
        self.record.flags & wanted != 0
    }

    pub(crate) fn schema(&self) -> Schema<'a> {
        self.record.schema
    }
}

impl Registry {
    /// Adds or replaces the kinds of JSON Schema documents in the form of `schemas/`.
    pub fn add<'a>(&mut self, documents: impl IntoIterator<Item = &'a Value>) -> Result<(), CompileError> {
        let mut compiler = Compiler::default();
        for document in documents {
            compiler.add(document)?;
        }
        self.tables.push(Table::new(compiler.finish()));
        Ok(())
    }

    /// Adds the kinds that the CRDs among `objects` define, unless they are known already:
    /// what a set brings itself is known to its cluster.
    pub fn learn<'a>(&mut self, objects: impl IntoIterator<Item = &'a Node>) {
        let is_crd = |node: &&Node| node.get("kind").and_then(Node::as_str) == Some("CustomResourceDefinition");
        let crds: Vec<Value> = objects.into_iter().filter(is_crd).map(Value::from).collect();
        // A CRD that cannot be read is reported as an object of its own.
        let documents: Vec<Value> =
            crds.iter().filter_map(|crd| import::crd(crd, &import::Source::default()).ok()).flatten().collect();
        let mut compiler = Compiler::default();
        let mut found = false;
        for document in &documents {
            found |= compiler.add(document).is_ok();
        }
        if found {
            self.tables.push(Table::new(compiler.finish()));
        }
    }

    /// The kind of this name.
    pub fn kind(&self, gvk: &Gvk) -> Option<Kind<'_>> {
        let find = |table| Table::kind(table, &gvk.group, &gvk.version, &gvk.kind);
        self.tables.iter().rev().find_map(find).map(|record| Kind { record })
    }

    /// Every kind, by kind, group and version.
    pub fn kinds(&self) -> Vec<Kind<'_>> {
        let mut kinds: Vec<Kind<'_>> =
            self.tables.iter().rev().flat_map(Table::kinds).map(|record| Kind { record }).collect();
        let name = |kind: &Kind<'_>| {
            let KindRecord { kind, group, version, .. } = kind.record;
            (kind.to_owned(), group.to_owned(), version.to_owned())
        };
        kinds.sort_by_cached_key(name);
        kinds.dedup_by_key(|kind| name(kind));
        kinds
    }

    /// The API versions in which a kind of this name is known.
    pub(super) fn versions_of(&self, kind: &str) -> Vec<String> {
        let found = self.tables.iter().flat_map(Table::kinds).filter(|record| record.kind == kind);
        let mut versions: Vec<_> = found.map(|record| Gvk::api_version(&Kind { record }.gvk())).collect();
        versions.sort();
        versions.dedup();
        versions
    }

    /// The schema of `metadata`, which is the same for every kind.
    pub(crate) fn metadata(&self) -> Option<Schema<'_>> {
        self.tables.first()?.kind("", "v1", "ConfigMap")?.schema.property("metadata")
    }

    /// Whether `pattern` is found in `text`; a pattern that we cannot use is.
    pub(crate) fn matches(&self, pattern: &str, text: &str) -> bool {
        let compiled = {
            let mut known = self.patterns.lock().unwrap_or_else(PoisonError::into_inner);
            match known.get(pattern) {
                Some(compiled) => compiled.clone(),
                None => known.entry(pattern.to_owned()).or_insert(compile(pattern)).clone(),
            }
        };
        compiled.is_none_or(|regex| regex.is_match(text))
    }
}

/// Go's classes are ASCII.
fn compile(pattern: &str) -> Option<Arc<Regex>> {
    let ascii = pattern.replace(r"\d", "[0-9]").replace(r"\w", "[0-9A-Za-z_]").replace(r"\s", r"[\t\n\f\r ]");
    regex::RegexBuilder::new(&ascii).size_limit(REGEX_SIZE).build().ok().map(Arc::new)
}
