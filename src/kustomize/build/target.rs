//! Which kustomization a folder holds.

use super::Builder;
use crate::diagnostics::{Diagnostic, Span};
use crate::kustomize::file::{self, Kustomization};
use crate::kustomize::patch::MergeSchemas;
use crate::kustomize::provenance::Trail;
use crate::kustomize::{Step, Stop};
use crate::source::{Entry, FileTree, TreePath};
use crate::yaml::decode::Spanned;
use crate::yaml::{self, Limits, Node};

/// The names a kustomization file can have.
pub(super) const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

pub(super) fn exists(tree: &dyn FileTree, root: &TreePath, name: &str) -> bool {
    root.join(name).is_some_and(|path| tree.entry(&path) == Some(Entry::File))
}

/// A kustomization under way.
pub(super) struct Target {
    pub(super) root: TreePath,
    pub(super) path: TreePath,
    pub(super) file: Kustomization,
    /// The way here, where `buildMetadata` asks for it.
    pub(super) trail: Option<Trail>,
}

impl Builder<'_> {
    /// Reads the kustomization in `root`; `reference` is what named it.
    pub(super) fn load(
        &mut self,
        root: TreePath,
        reference: Option<&Spanned<String>>,
        trail: Option<&Trail>,
    ) -> Step<Target> {
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
        let trail = match reference {
            None => file.build_metadata.is_wanted.then(Trail::default),
            Some(reference) => trail.map(|trail| trail.entering(&reference.value)),
        };
        Ok(Target { root, path, file, trail })
    }
}

/// Whether a kustomization only says what it is.
fn is_blank(node: &Node) -> bool {
    let empty = |value: &Node| value.is_null() || value.as_str() == Some("");
    node.as_map()
        .is_some_and(|map| map.iter().all(|entry| matches!(&*entry.key, "apiVersion" | "kind") || empty(&entry.value)))
}
