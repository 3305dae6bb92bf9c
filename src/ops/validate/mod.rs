//! Everything that is wrong with overlays, folders, files and streams, in one run.
//!
//! Nothing stops at the first fault: an overlay that cannot be built does not keep the next path from being looked at,
//! and a set whose components are wrong is still checked object by object.

mod documents;
mod targets;

use std::collections::HashSet;

use crate::check::{self, CheckContext, Level, Suppressions};
use crate::diagnostics::{Diagnostic, Severity, Sources};
use crate::model::Manifest;
use crate::rules;
use crate::source::{FileTree, RepositoryRoot, TreePath};
use crate::stack;
use crate::yaml;

use super::Failure;
use super::generate::{self, deploy};
use super::overlay::Run;
use documents::Kept;
use targets::Target;

/// What to validate.
#[derive(Clone, Debug)]
pub enum Input {
    /// An overlay, another folder, or a file.
    Path(TreePath),
    /// Manifests that are no file of the tree, such as standard input.
    Stream {
        /// What findings call it.
        name: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

/// What was found.
#[derive(Debug)]
pub struct Validated {
    /// All findings, each once, in the order in which they were made.
    pub findings: Vec<Diagnostic>,
    /// How many objects were looked at.
    pub objects: usize,
    /// Whether everything that was named could be looked at.
    pub complete: bool,
}

impl Validated {
    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// Validates `inputs` of the repository whose root is `root`. Overlays are expanded: children of the same repository are followed.
pub fn validate(tree: &dyn FileTree, sources: &mut Sources, root: &RepositoryRoot, inputs: &[Input]) -> Validated {
    let mut validation =
        Validation { tree, sources, root, findings: Vec::new(), objects: 0, complete: true, built: HashSet::new() };
    for input in inputs {
        match input {
            Input::Path(path) => validation.path(path),
            Input::Stream { name, bytes } => validation.stream(name, bytes),
        }
    }
    validation.finish()
}

struct Validation<'a> {
    tree: &'a dyn FileTree,
    sources: &'a mut Sources,
    root: &'a RepositoryRoot,
    findings: Vec<Diagnostic>,
    objects: usize,
    complete: bool,
    /// Overlays that were built, as children too.
    built: HashSet<TreePath>,
}

impl Validation<'_> {
    fn path(&mut self, path: &TreePath) {
        let Some(targets) = targets::of(self.tree, path) else {
            let finding = Diagnostic::error("missing-file", format!("{path} does not exist"));
            return self.cannot_run(finding.help("name an overlay, a folder, a file, or `-` for standard input"));
        };
        let before = (self.objects, self.findings.len());
        let mut checked_stack = false;
        for target in targets {
            match target {
                Target::Overlay(folder) => self.overlay(&folder),
                Target::Stack(file) => {
                    self.stack(&file);
                    checked_stack = true;
                }
                Target::Manifests(file, kept) => self.file(&file, kept),
            }
        }
        if before == (self.objects, self.findings.len()) && !checked_stack {
            let help = "name an overlay, or a folder or file of manifests";
            self.findings.push(check::empty_set(&path.to_string()).help(help));
        }
    }

    fn overlay(&mut self, folder: &TreePath) {
        if !self.built.insert(folder.clone()) {
            return;
        }
        let mut run = Run::new(self.tree, self.sources);
        let mut failures = Vec::new();
        let mut manifests = Vec::new();
        match run.build(folder) {
            Ok(mut set) => {
                let expansion = run.expand(&mut set, folder, self.root);
                self.built.extend(expansion.followed);
                failures = expansion.failures;
                if let Some(stack) = &set.stack {
                    let options = generate::Options::default();
                    failures.extend(deploy(stack, &mut set.manifests, folder, &options).err());
                }
                manifests = set.manifests;
                if manifests.is_empty() && failures.is_empty() {
                    failures.push(Failure::Findings(check::empty_set(&folder.to_string()).into()));
                }
            }
            Err(failure) => failures.push(failure),
        }
        self.findings.append(&mut run.warnings);
        for failure in failures {
            self.failed(failure);
        }
        self.check(&manifests);
    }

    fn stack(&mut self, file: &TreePath) {
        match stack::load(self.tree, self.sources, file) {
            Ok((_, warnings)) => self.findings.extend(warnings),
            Err(findings) => self.failed(Failure::Findings(findings)),
        }
    }

    fn file(&mut self, file: &TreePath, kept: Kept) {
        match self.tree.read(file) {
            Ok(bytes) => self.text(file.as_str(), &bytes, file, kept),
            Err(error) => self.cannot_run(Diagnostic::error("unreadable-file", error.to_string())),
        }
    }

    fn stream(&mut self, name: &str, bytes: &[u8]) {
        let before = (self.objects, self.findings.len());
        self.text(name, bytes, &TreePath::root(), Kept::Objects);
        if before == (self.objects, self.findings.len()) {
            let help = "an empty stream most often means that the program before it in the pipe has failed";
            self.findings.push(check::empty_set(name).help(help));
        }
    }

    /// Checks the objects of a text; `file` is where it lies in the tree.
    fn text(&mut self, name: &str, bytes: &[u8], file: &TreePath, kept: Kept) {
        match yaml::decode_text(bytes) {
            Ok(text) => {
                let source = self.sources.add(name, text.as_ref());
                let manifests = documents::manifests(source, &text, file, kept, &mut self.findings);
                self.check(&manifests);
            }
            Err(error) => self.findings.push(Diagnostic::error("not-utf8", format!("{name}: {error}"))),
        }
    }

    fn check(&mut self, manifests: &[Manifest]) {
        self.objects += manifests.len();
        let context = CheckContext { tree: self.tree, sources: self.sources };
        self.findings.extend(check::findings(&context, manifests, Level::Error));
    }

    fn failed(&mut self, failure: Failure) {
        match failure {
            Failure::Findings(findings) => self.findings.extend(findings.into_vec()),
            Failure::CannotRun(finding) => self.cannot_run(*finding),
        }
    }

    fn cannot_run(&mut self, finding: Diagnostic) {
        self.complete = false;
        self.findings.push(finding);
    }

    /// What comments allow is taken out; what overlays share is reported once.
    fn finish(self) -> Validated {
        let Self { sources, findings, objects, complete, .. } = self;
        let suppressed = Suppressions::read(sources).apply(findings, sources);
        let mut findings = suppressed.findings;
        // Behind an error that ends the work there may be findings that nobody has made yet.
        if !findings.iter().any(ends_the_work) {
            findings.extend(suppressed.unused);
        }
        let mut seen = HashSet::with_capacity(findings.len());
        findings.retain(|finding| seen.insert(finding.clone()));
        Validated { findings, objects, complete }
    }
}

fn ends_the_work(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error && rules::find(finding.rule).is_some_and(|rule| !rule.suppressible)
}
