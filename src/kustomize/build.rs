//! The order of a build: resources, generators, components, transformers; hashes and references at the very end.

use std::sync::Arc;

use super::config::{BUILTIN, Config, crds, custom};
use super::external::{self, Transformer};
use super::file::{self, Kustomization, Replacement, replacements_of};
use super::generators::{self, Asked, Kind};
use super::patch::MergeSchemas;
use super::read::Reader;
use super::resource::{Behavior, Resource};
use super::set::ResourceSet;
use super::transformers::affix::Affix;
use super::transformers::namespace::{NamespaceTransformer, Subjects};
use super::transformers::patches::{self, Patch};
use super::transformers::{annotations, images, labels, local, replacements, replicas, sort};
use super::vars::Vars;
use super::{Build, BuildError, Built, Step, Stop, documents, inline, names, scalars};
use crate::diagnostics::{Diagnostic, Findings, Sources, Span};
use crate::source::{Entry, FileTree, ReadError, TreePath};
use crate::yaml::decode::{Report, Spanned};
use crate::yaml::{self, Limits};

/// The names a kustomization file can have.
const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

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

fn exists(tree: &dyn FileTree, root: &TreePath, name: &str) -> bool {
    root.join(name).is_some_and(|path| tree.entry(&path) == Some(Entry::File))
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

/// A kustomization under way.
struct Target {
    root: TreePath,
    path: TreePath,
    file: Kustomization,
}

impl Builder<'_> {
    fn run(&mut self, root: TreePath) -> Step<Vec<Built>> {
        let target = self.load(root, None)?;
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
        if let Some(span) = target.file.managed_by {
            labels::mark_managed(span, set, self.report);
        }
        local::clean_annotations(set, self.reader.sources());
        let built = |resource: Resource| Built { node: resource.node, file: resource.file, span: resource.span };
        Ok(gathered.set.into_vec().into_iter().map(built).collect())
    }

    /// Ends the build if an error has been found by now.
    fn halt(&self) -> Step<()> {
        if self.report.has_errors() { Err(Stop::Reported) } else { Ok(()) }
    }

    /// Reads the kustomization in `root`; `reference` is what named it.
    fn load(&mut self, root: TreePath, reference: Option<&Spanned<String>>) -> Step<Target> {
        let tree = self.reader.tree();
        let found: Vec<_> = FILE_NAMES.into_iter().filter(|name| exists(tree, &root, name)).collect();
        let place = reference.map_or(Span::NONE, |reference| reference.span);
        let name = match found[..] {
            [name] => name,
            [] => {
                let message = format!("{root} has no kustomization.yaml");
                let finding = Diagnostic::error("missing-file", message).at(place);
                return self.reader.refuse(finding.help("list the files of the folder one by one, or add one to it"));
            }
            _ => {
                let message = format!("{root} has several kustomization files: {}", found.join(", "));
                let finding = Diagnostic::error("several-kustomizations", message).at(place);
                return self.reader.refuse(finding.help("keep one of them"));
            }
        };
        let Some(path) = root.join(name) else { return Err(Stop::Reported) };
        let text = self.reader.text_at(path.clone(), place)?;
        let whole = Span::new(text.source, 0, 0);
        let documents = match yaml::parse(text.source, &text.text, Limits::default()) {
            Ok(documents) => documents,
            Err(findings) => return self.refuse_all(findings),
        };
        let node = match &documents[..] {
            [node] => node,
            [] => {
                let message = format!("{path} is empty");
                return self.reader.refuse(Diagnostic::error("empty-kustomization", message).at(whole));
            }
            [_, second, ..] => {
                let message = "a kustomization file holds one document";
                let finding = Diagnostic::error("several-kustomizations", message).at(second.span);
                return self.reader.refuse(finding.help("kustomize reads the first document only: move the rest"));
            }
        };
        let Some(file) = file::decode(node, self.report) else { return Err(Stop::Reported) };
        if is_blank(node) {
            let finding = Diagnostic::error("empty-kustomization", format!("{path} says nothing")).at(whole);
            return self.reader.refuse(finding);
        }
        if let Some(reference) = &file.openapi {
            let document = self.reader.document(&root, reference)?;
            match MergeSchemas::from_openapi(&document) {
                Ok(schemas) => self.reader.scopes().learn(schemas),
                Err(findings) => return self.refuse_all(findings),
            }
        }
        Ok(Target { root, path, file })
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
        for resource in documents::objects(&file, &self.reader) {
            if let Err(finding) = set.append(resource) {
                self.report.push(*finding);
            }
        }
        Ok(Gathered { set, ..Gathered::default() })
    }

    fn base(&mut self, target: &Target, reference: &Spanned<String>) -> Step<Gathered> {
        let root = self.enter(target, reference)?;
        let base = self.load(root, Some(reference))?;
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
        let component = self.load(root, Some(reference))?;
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
            return self.reader.refuse(Diagnostic::error("cycle", message).at(reference.span));
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

    /// Adds the tables of `configurations` and `crds`.
    fn configure(&mut self, target: &Target, gathered: &mut Gathered) -> Step<()> {
        for reference in &target.file.configurations {
            let Some(node) = optional(self.reader.document(&target.root, reference))? else { continue };
            if let Some(config) = custom::decode(&node, self.report) {
                self.merge_config(gathered, &config, reference.span);
            }
        }
        for reference in &target.file.crds {
            let Some(node) = optional(self.reader.document(&target.root, reference))? else { continue };
            if let Some(Ok(config)) = node.as_map().map(crds::of_definitions) {
                self.merge_config(gathered, &config, reference.span);
            } else {
                let message = format!("`{}` holds no OpenAPI definitions by type name", reference.value);
                self.report.push(Diagnostic::error("wrong-value", message).at(reference.span));
            }
        }
        Ok(())
    }

    fn generate(&mut self, target: &Target, gathered: &mut Gathered) -> Step<()> {
        let asked = Asked { root: &target.root, file: &target.path, options: target.file.generator_options.as_ref() };
        let entries = target.file.config_maps.iter().map(|entry| (Kind::ConfigMap, entry));
        for (kind, entry) in entries.chain(target.file.secrets.iter().map(|entry| (Kind::Secret, entry))) {
            let generated = match generators::generate(kind, entry, asked, &mut self.reader) {
                Ok(generated) => generated,
                Err(Stop::Reported) => continue,
                Err(stop) => return Err(stop),
            };
            self.absorb(gathered, generated, entry.behavior, &entry.name);
        }
        for config in self.external(target, &target.file.generators)? {
            let generated = optional(external::generate(&config, &target.root, &mut self.reader))?;
            if let Some((generated, behavior, name)) = generated {
                self.absorb(gathered, generated, behavior, &name);
            }
        }
        Ok(())
    }

    fn absorb(&self, gathered: &mut Gathered, generated: Resource, behavior: Behavior, name: &Spanned<String>) {
        let sources = self.reader.sources();
        if let Err(finding) = generators::absorb(&mut gathered.set, generated, behavior, name.span, sources) {
            self.report.push(*finding);
        }
    }

    /// The objects that configure transformers or generators: those written in place first, as in kustomize.
    fn external(&mut self, target: &Target, entries: &[Spanned<String>]) -> Step<Vec<Resource>> {
        let (inline, paths): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| inline::is_object(&entry.value));
        let mut gathered = Gathered::default();
        for entry in inline {
            let mut documents = match inline::parse(entry, self.reader.sources()) {
                Ok(documents) => documents,
                Err(findings) => return self.refuse_all(findings),
            };
            for document in &mut documents {
                scalars::reread(document, self.reader.sources(), self.report);
            }
            for resource in documents::from_documents(documents, &target.path, &self.reader) {
                if let Err(finding) = gathered.set.append(resource) {
                    self.report.push(*finding);
                }
            }
        }
        for entry in paths {
            gathered = self.resource(target, entry, gathered)?;
        }
        Ok(gathered.set.into_vec())
    }

    /// Reads what entries refer to, before the first transformer runs.
    fn load_entries(&mut self, target: &Target) -> Step<Loaded> {
        let configs = self.external(target, &target.file.transformers)?;
        let (file, root) = (&target.file, &target.root);
        let reader = &mut self.reader;
        let external = load_all(&configs, root, reader, external::transformers)?;
        let replacements = load_all(&file.replacements, root, reader, replacements_of)?;
        Ok(Loaded {
            replacements: replacements.into_iter().flatten().collect(),
            external: external.into_iter().flatten().collect(),
            strategic_merge: load_all(&file.patches_strategic_merge, root, reader, patches::strategic_merge)?,
            either: load_all(&file.patches, root, reader, patches::patch)?,
            json6902: load_all(&file.patches_json6902, root, reader, patches::json6902)?,
        })
    }

    /// kustomize's order of transformers.
    fn transform(&mut self, target: &Target, loaded: Loaded, gathered: &mut Gathered) {
        let Gathered { set, config, .. } = gathered;
        let (file, report) = (&target.file, self.report);
        let schemas = self.reader.scopes().schemas();
        for patch in loaded.strategic_merge.into_iter().chain(loaded.either) {
            patch.apply(set, &schemas, report);
        }
        if let Some(namespace) = &file.namespace {
            let fields = &config.namespace;
            let subjects = Subjects::default();
            NamespaceTransformer { namespace, fields, unset_only: false, subjects }.apply(set, report);
        }
        if let Some(text) = &file.name_prefix {
            Affix::Prefix.apply(text, &config.name_prefix, set, report);
        }
        if let Some(text) = &file.name_suffix {
            Affix::Suffix.apply(text, &config.name_suffix, set, report);
        }
        for entry in &file.labels {
            labels::apply(entry, config, set, report);
        }
        labels::write_pairs("commonLabels", &file.common_labels, &config.common_labels, set, report);
        annotations::apply(&file.common_annotations, config, set, report);
        for patch in loaded.json6902 {
            patch.apply(set, &schemas, report);
        }
        for entry in &file.replicas {
            replicas::apply(entry, &config.replicas, set, report);
        }
        for entry in &file.images {
            images::apply(entry, &config.images, set, report);
        }
        for replacement in &loaded.replacements {
            replacements::apply(replacement, set, self.reader.sources(), report);
        }
        for transformer in loaded.external {
            transformer.apply(set, &schemas, self.reader.sources(), report);
        }
    }
}

/// What one kustomization refers to, read.
struct Loaded {
    strategic_merge: Vec<Patch>,
    either: Vec<Patch>,
    json6902: Vec<Patch>,
    replacements: Vec<Replacement>,
    external: Vec<Transformer>,
}

/// The value of a step, or nothing when its findings have been reported.
fn optional<T>(step: Step<T>) -> Step<Option<T>> {
    match step {
        Ok(value) => Ok(Some(value)),
        Err(Stop::Reported) => Ok(None),
        Err(cannot) => Err(cannot),
    }
}

/// Loads every entry, so that what is wrong with any of them is reported.
fn load_all<E, T>(
    entries: &[E],
    root: &TreePath,
    reader: &mut Reader<'_>,
    load: impl Fn(&E, &TreePath, &mut Reader<'_>) -> Step<T>,
) -> Step<Vec<T>> {
    let mut loaded = Vec::with_capacity(entries.len());
    for entry in entries {
        match load(entry, root, reader) {
            Ok(one) => loaded.push(one),
            Err(Stop::Reported) => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(loaded)
}

/// Whether a kustomization only says what it is.
fn is_blank(node: &yaml::Node) -> bool {
    let empty = |value: &yaml::Node| value.is_null() || value.as_str() == Some("");
    node.as_map()
        .is_some_and(|map| map.iter().all(|entry| matches!(&*entry.key, "apiVersion" | "kind") || empty(&entry.value)))
}
