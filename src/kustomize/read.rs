//! Reads the files of an overlay: those inside the root of the kustomization that names them, and nothing else.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::scope::Scopes;
use super::{Step, Stop};
use crate::diagnostics::{Diagnostic, SourceId, Sources, Span};
use crate::source::{Entry, FileTree, TreePath};
use crate::yaml::decode::{Report, Spanned, nearest};
use crate::yaml::{self, Limits, Node};

/// A text file.
#[derive(Clone, Debug)]
pub(super) struct TextFile {
    pub(super) path: TreePath,
    pub(super) source: SourceId,
    pub(super) text: Arc<str>,
}

/// Reads files once and registers each text.
pub(super) struct Reader<'a> {
    tree: &'a dyn FileTree,
    sources: &'a mut Sources,
    report: &'a Report,
    seen: HashMap<TreePath, SourceId>,
    scopes: Scopes,
}

impl<'a> Reader<'a> {
    pub(super) fn new(tree: &'a dyn FileTree, sources: &'a mut Sources, report: &'a Report) -> Self {
        Self { tree, sources, report, seen: HashMap::new(), scopes: Scopes::default() }
    }

    pub(super) fn report(&self) -> &'a Report {
        self.report
    }

    /// What is known about scopes by now.
    pub(super) fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    pub(super) fn tree(&self) -> &'a dyn FileTree {
        self.tree
    }

    pub(super) fn sources(&self) -> &Sources {
        self.sources
    }

    /// The file that `reference` names, seen from `root`. kustomize's load restriction: links are followed first,
    /// then the file must lie in or below the root.
    pub(super) fn locate(&self, root: &TreePath, reference: &Spanned<String>) -> Step<TreePath> {
        if looks_remote(&reference.value) {
            return self.refuse(remote(reference));
        }
        let Some(path) = root.join(&reference.value) else {
            return self.refuse(outside(root, reference));
        };
        match self.tree.entry(&path) {
            Some(Entry::File) => {}
            Some(Entry::Folder) => {
                let message = format!("`{}` is a folder; a file is needed here", reference.value);
                return self.refuse(Diagnostic::error("not-a-file", message).at(reference.span));
            }
            None => return self.refuse(self.missing(&path, reference)),
        }
        let real = self.tree.resolve(&path);
        if real.is_within(&self.tree.resolve(root)) { Ok(path) } else { self.refuse(outside(root, reference)) }
    }

    /// The text of the file that `reference` names.
    pub(super) fn text(&mut self, root: &TreePath, reference: &Spanned<String>) -> Step<TextFile> {
        let path = self.locate(root, reference)?;
        self.text_at(path, reference.span)
    }

    /// The text of the file at `path`, named by `span`.
    pub(super) fn text_at(&mut self, path: TreePath, span: Span) -> Step<TextFile> {
        if let Some(&source) = self.seen.get(&path) {
            return Ok(self.registered(path, source));
        }
        let Ok(text) = String::from_utf8(self.bytes_at(&path)?.into_owned()) else {
            let message = format!("{path} is not UTF-8 text");
            return self.refuse(Diagnostic::error("not-utf8", message).at(span));
        };
        Ok(self.register(path, text))
    }

    /// The one document of the YAML file that `reference` names.
    pub(super) fn document(&mut self, root: &TreePath, reference: &Spanned<String>) -> Step<Node> {
        let file = self.text(root, reference)?;
        match yaml::parse(file.source, &file.text, Limits::default()) {
            Ok(mut documents) if documents.len() == 1 => documents.pop().ok_or(Stop::Reported),
            Ok(documents) => {
                let message = format!("`{}` holds {} documents; it must hold one", reference.value, documents.len());
                self.refuse(Diagnostic::error("wrong-value", message).at(reference.span))
            }
            Err(findings) => {
                findings.into_vec().into_iter().for_each(|finding| self.report.push(finding));
                Err(Stop::Reported)
            }
        }
    }

    /// Registers a text that was read as bytes.
    pub(super) fn register(&mut self, path: TreePath, text: impl Into<Arc<str>>) -> TextFile {
        let source = match self.seen.get(&path) {
            Some(&source) => source,
            None => self.sources.add(path.as_str(), text),
        };
        self.seen.insert(path.clone(), source);
        self.registered(path, source)
    }

    fn registered(&self, path: TreePath, source: SourceId) -> TextFile {
        let text = self.sources.get(source).map(|text| Arc::clone(&text.text)).unwrap_or_default();
        TextFile { path, source, text }
    }

    /// The bytes of the file at `path`.
    pub(super) fn bytes_at(&self, path: &TreePath) -> Step<Cow<'a, [u8]>> {
        self.tree.read(path).map_err(Stop::Cannot)
    }

    /// The folder that `reference` names, seen from `root`: anywhere in the tree, links followed.
    pub(super) fn folder(&self, root: &TreePath, reference: &Spanned<String>) -> Step<TreePath> {
        if looks_remote(&reference.value) {
            return self.refuse(remote(reference));
        }
        let Some(path) = root.join(&reference.value) else {
            return self.refuse(leaves_tree(reference));
        };
        match self.tree.entry(&path) {
            Some(Entry::Folder) => Ok(self.tree.resolve(&path)),
            Some(Entry::File) => {
                let message = format!("`{}` is a file; a folder with a kustomization.yaml is needed", reference.value);
                self.refuse(Diagnostic::error("not-a-folder", message).at(reference.span))
            }
            None => self.refuse(self.missing(&path, reference)),
        }
    }

    /// Reports `finding` and ends the step.
    pub(super) fn refuse<T>(&self, finding: Diagnostic) -> Step<T> {
        self.report.push(finding);
        Err(Stop::Reported)
    }

    fn missing(&self, path: &TreePath, reference: &Spanned<String>) -> Diagnostic {
        let finding = Diagnostic::error("missing-file", format!("`{}` does not exist", reference.value));
        let folder = path.parent();
        let names = self.tree.list(&folder);
        let help = match nearest(path.name(), names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{}`?", sibling(&reference.value, near)),
            None if names.is_empty() => format!("the folder {folder} does not exist or is empty"),
            None => format!("{folder} holds {}", names.join(", ")),
        };
        finding.at(reference.span).help(help)
    }
}

/// `reference` with its last component replaced.
fn sibling(reference: &str, name: &str) -> String {
    let reference = reference.trim_end_matches('/');
    let folder = reference.rfind('/').map_or("", |i| &reference[..=i]);
    format!("{folder}{name}")
}

fn outside(root: &TreePath, reference: &Spanned<String>) -> Diagnostic {
    let message = format!("`{}` lies outside {root}, the root of this kustomization", reference.value);
    Diagnostic::error("file-outside-root", message)
        .at(reference.span)
        .help("move the file into this folder, or make its folder a base with a kustomization.yaml of its own")
}

fn leaves_tree(reference: &Spanned<String>) -> Diagnostic {
    let message = format!("`{}` leads out of the tree", reference.value);
    Diagnostic::error("file-outside-root", message).at(reference.span).help("use a relative path inside the repository")
}

fn remote(reference: &Spanned<String>) -> Diagnostic {
    let message = format!("`{}` is remote; remote resources and bases are not supported", reference.value);
    Diagnostic::error("remote-resource", message)
        .at(reference.span)
        .help("copy it into the repository, so that every build of a commit reads the same bytes")
}

/// Whether kustomize would fetch or clone this instead of reading it from disk.
pub(super) fn looks_remote(reference: &str) -> bool {
    let lower = reference.to_ascii_lowercase();
    let prefixes =
        ["http://", "https://", "ssh://", "git://", "file://", "git::", "git@", "github.com/", "github.com:"];
    prefixes.iter().any(|prefix| lower.starts_with(prefix))
}
