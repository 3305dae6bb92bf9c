//! The order of a build: resources, generators, components, transformers; hashes and references at the very end.

mod steps;
mod target;
mod transform;

use std::sync::Arc;

use super::config::{BUILTIN, Config};
use super::read::Reader;
use super::resource::Resource;
use super::set::ResourceSet;
use super::transformers::{labels, local, sort};
use super::vars::Vars;
use super::{Build, BuildError, Built, Step, Stop, documents, generators, names, provenance};
use crate::diagnostics::{Diagnostic, Findings, Sources, Span};
use crate::source::{Entry, FileTree, ReadError, TreePath};
use crate::yaml::decode::{Report, Spanned};

use target::{FILE_NAMES, Target, exists};

/// Builds the overlay in `folder`. Every text that is read is registered in `sources`.
///
/// Fails with findings when something in the overlay's files is wrong, else with what keeps us from reading them.
pub fn build(tree: &dyn FileTree, sources: &mut Sources, folder: &TreePath) -> Result<Build, BuildError> {
    let root = tree.resolve(folder);
    if tree.entry(&root) != Some(Entry::Folder) {
        return Err(ReadError::Missing(folder.clone()).into());
    }
    if !FILE_NAMES.iter().any(|name| exists(tree, &root, name)) {
        return Err(ReadError::Missing(root.join(FILE_NAMES[0]).unwrap_or(root)).into());
    }
    let report = Report::default();
    let reader = Reader::new(tree, sources, &report);
    let mut builder = Builder { reader, report: &report, roots: Vec::new() };
    let objects = match builder.run(root) {
        Ok(objects) => objects,
        Err(Stop::Cannot(error)) => return Err(error.into()),
        Err(Stop::Reported) => Vec::new(),
    };
    let (objects, warnings) = report.finish(objects).map_err(BuildError::Findings)?;
    Ok(Build { objects, warnings })
}

/// What has been gathered, with the tables that apply to it.
#[derive(Debug)]
struct Gathered {
    set: ResourceSet,
    config: Arc<Config>,
    vars: Vars,
}

impl Default for Gathered {
    fn default() -> Self {
        Self { set: ResourceSet::default(), config: Arc::clone(&BUILTIN), vars: Vars::default() }
    }
}

struct Builder<'a> {
    reader: Reader<'a>,
    report: &'a Report,
    /// The folders under way, outermost first.
    roots: Vec<TreePath>,
}

impl Builder<'_> {
    fn run(&mut self, root: TreePath) -> Step<Vec<Built>> {
        let target = self.load(root, None, None)?;
        let mut gathered = self.accumulate(&target, Gathered::default())?;
        let set = &mut gathered.set;
        generators::add_hashes(set);
        names::fix(&gathered.config, set, self.report);
        self.halt()?;
        gathered.vars.resolve(&gathered.config, set, self.reader.sources(), self.report);
        self.halt()?;
        local::refuse_nameless(set, self.report);
        local::drop_local(set);
        set.duplicates().into_iter().for_each(|finding| self.report.push(finding));
        sort::apply(target.file.sort.as_ref(), set);
        local::clean_annotations(set, self.reader.sources());
        if target.trail.is_some() {
            provenance::annotate_all(&target.file.build_metadata, set);
        }
        if let Some(span) = target.file.build_metadata.managed_by {
            labels::mark_managed(span, set, self.report);
        }
        let built = |resource: Resource| Built { node: resource.node, file: resource.file, span: resource.span };
        Ok(gathered.set.into_vec().into_iter().map(built).collect())
    }

    /// Ends the build if an error has been found by now.
    fn halt(&self) -> Step<()> {
        if self.report.has_errors() { Err(Stop::Reported) } else { Ok(()) }
    }

    fn refuse_all<T>(&self, findings: Findings) -> Step<T> {
        findings.into_vec().into_iter().for_each(|finding| self.report.push(finding));
        Err(Stop::Reported)
    }

    /// Adds what `target` describes to `gathered`: nothing for a kustomization, all of the parent's for a component.
    fn accumulate(&mut self, target: &Target, mut gathered: Gathered) -> Step<Gathered> {
        self.roots.push(target.root.clone());
        for reference in &target.file.resources {
            gathered = self.resource(target, reference, gathered)?;
        }
        self.configure(target, &mut gathered)?;
        self.generate(target, &mut gathered)?;
        self.halt()?;
        for reference in &target.file.components {
            gathered = self.component(target, reference, gathered)?;
        }
        self.halt()?;
        let loaded = self.load_entries(target)?;
        self.halt()?;
        self.transform(target, loaded, &mut gathered);
        self.halt()?;
        gathered.vars.add(&target.file.vars, &mut gathered.set, self.report);
        self.roots.pop();
        Ok(gathered)
    }

    /// One entry of `resources`: a file, or a folder with a kustomization of its own.
    fn resource(&mut self, target: &Target, reference: &Spanned<String>, mut gathered: Gathered) -> Step<Gathered> {
        let place = target.root.join(&reference.value);
        let is_folder = place.is_some_and(|path| self.reader.tree().entry(&path) == Some(Entry::Folder));
        let added = if is_folder { self.base(target, reference) } else { self.objects(target, reference) };
        match added {
            Ok(added) => self.append(&mut gathered, added),
            Err(Stop::Reported) => {}
            Err(stop) => return Err(stop),
        }
        Ok(gathered)
    }

    fn objects(&mut self, target: &Target, reference: &Spanned<String>) -> Step<Gathered> {
        let file = self.reader.text(&target.root, reference)?;
        let mut set = ResourceSet::default();
        for mut resource in documents::objects(&file, &self.reader) {
            resource.trail.come_from(target.trail.as_ref(), &reference.value);
            if let Err(finding) = set.append(resource) {
                self.report.push(*finding);
            }
        }
        Ok(Gathered { set, ..Gathered::default() })
    }

    fn base(&mut self, target: &Target, reference: &Spanned<String>) -> Step<Gathered> {
        let root = self.enter(target, reference)?;
        let base = self.load(root, Some(reference), target.trail.as_ref())?;
        if base.file.is_component {
            let message = format!("`{}` is a component", reference.value);
            let finding = Diagnostic::error("wrong-kind", message).at(reference.span);
            return self.reader.refuse(finding.help("list it under `components`"));
        }
        let depth = self.roots.len();
        let result = self.accumulate(&base, Gathered::default());
        self.roots.truncate(depth);
        result
    }

    fn component(&mut self, target: &Target, reference: &Spanned<String>, gathered: Gathered) -> Step<Gathered> {
        let root = self.enter(target, reference)?;
        let component = self.load(root, Some(reference), target.trail.as_ref())?;
        if !component.file.is_component {
            let message = format!("`{}` is no component", reference.value);
            let finding = Diagnostic::error("wrong-kind", message).at(reference.span);
            return self.reader.refuse(finding.help("list it under `resources`, or give it `kind: Component`"));
        }
        self.accumulate(&component, gathered)
    }

    /// The folder that `reference` names, unless it holds a folder that is under way.
    fn enter(&self, target: &Target, reference: &Spanned<String>) -> Step<TreePath> {
        let root = self.reader.folder(&target.root, reference)?;
        if let Some(inner) = self.roots.iter().rev().find(|visited| visited.is_within(&root)) {
            let message =
                format!("`{}` goes round in a circle: {root} holds {inner}, which is being built", reference.value);
            return self.reader.refuse(Diagnostic::error("circular-base", message).at(reference.span));
        }
        Ok(root)
    }

    fn append(&self, gathered: &mut Gathered, added: Gathered) {
        gathered.set.append_all(added.set).into_iter().for_each(|finding| self.report.push(finding));
        gathered.vars.merge(added.vars, self.report);
        if !Arc::ptr_eq(&gathered.config, &added.config) {
            self.merge_config(gathered, &added.config, Span::NONE);
        }
    }

    fn merge_config(&self, gathered: &mut Gathered, config: &Config, span: Span) {
        match gathered.config.merged(config) {
            Ok(config) => gathered.config = Arc::new(config),
            Err(path) => {
                let message = format!("the field `{path}` is given twice, once with `create` and once without");
                self.report.push(Diagnostic::error("wrong-value", message).at(span));
            }
        }
    }
}

/// The value of a step, or nothing when its findings have been reported.
fn optional<T>(step: Step<T>) -> Step<Option<T>> {
    match step {
        Ok(value) => Ok(Some(value)),
        Err(Stop::Reported) => Ok(None),
        Err(cannot) => Err(cannot),
    }
}
