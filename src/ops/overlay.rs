//! Overlays as operations start from them: built, with the stack they belong to and the children they bring.

use crate::diagnostics::{Diagnostic, Findings, Sources};
use crate::kustomize;
use crate::model::Manifest;
use crate::source::{FileTree, RepositoryRoot, TreePath};
use crate::stack::{self, Choice, Stack};

use super::Failure;

/// What an overlay builds, with the stack it belongs to.
pub(super) struct Set {
    pub(super) manifests: Vec<Manifest>,
    pub(super) stack: Option<Stack>,
}

/// What came of following the children.
#[derive(Debug, Default)]
pub(super) struct Expansion {
    /// The overlays that were followed.
    pub(super) followed: Vec<TreePath>,
    /// What kept the others from it.
    pub(super) failures: Vec<Failure>,
}

/// Reads overlays of one tree.
pub(super) struct Run<'a> {
    pub(super) tree: &'a dyn FileTree,
    pub(super) sources: &'a mut Sources,
    /// What is worth knowing though nothing is wrong.
    pub(super) warnings: Vec<Diagnostic>,
}

impl<'a> Run<'a> {
    pub(super) fn new(tree: &'a dyn FileTree, sources: &'a mut Sources) -> Self {
        Self { tree, sources, warnings: Vec::new() }
    }

    /// The overlay that is meant. A stack near the path knows the branches.
    pub(super) fn select(&mut self, choice: &Choice) -> Result<TreePath, Failure> {
        let needs_stack = choice.overlay.is_some() || !stack::is_overlay(self.tree, &choice.path);
        let near = ["", "base", "overlays/base"].iter().filter_map(|below| choice.path.join(below));
        let near: Vec<TreePath> = near.filter(|_| needs_stack).collect();
        let stack = self.stack_of(&near)?;
        Ok(stack::select(self.tree, stack.as_ref(), choice)?)
    }

    fn stack_of(&mut self, folders: &[TreePath]) -> Result<Option<Stack>, Failure> {
        let found = stack::find(self.tree, folders).map_err(|finding| Findings::from(*finding))?;
        let Some(file) = found else { return Ok(None) };
        let (stack, warnings) = stack::load(self.tree, self.sources, &file)?;
        self.warnings.extend(warnings);
        Ok(Some(stack))
    }

    pub(super) fn build(&mut self, overlay: &TreePath) -> Result<Set, Failure> {
        let manifests = self.manifests(overlay)?;
        let mut folders: Vec<TreePath> = manifests.iter().map(|manifest| manifest.file.parent()).collect();
        folders.push(overlay.clone());
        folders.sort_unstable();
        folders.dedup();
        Ok(Set { stack: self.stack_of(&folders)?, manifests })
    }

    fn manifests(&mut self, overlay: &TreePath) -> Result<Vec<Manifest>, Failure> {
        let build = kustomize::build(self.tree, self.sources, overlay)?;
        self.warnings.extend(build.warnings);
        Ok(build.objects.into_iter().map(|built| Manifest::new(built.node, built.file, built.span)).collect())
    }

    /// Adds the objects of every child of this repository, and of theirs. A folder is followed once. A child that fails
    /// does not keep the others from being followed.
    pub(super) fn expand(&mut self, set: &mut Set, from: &TreePath, root: &RepositoryRoot) -> Expansion {
        let mut expansion = Expansion::default();
        let Some(stack) = &set.stack else { return expansion };
        let mut seen = 0;
        while seen < set.manifests.len() {
            let children = stack::children(stack, &set.manifests[seen..]);
            seen = set.manifests.len();
            for child in children {
                let folder = root.locate(self.tree, from, &child.path.value);
                match self.child(stack, &child, folder, &mut expansion.followed) {
                    Ok(manifests) => set.manifests.extend(manifests),
                    Err(failure) => expansion.failures.push(failure),
                }
            }
        }
        expansion
    }

    /// Name of the Application and overlay, for each source of a child that lies in this repository.
    pub(super) fn overlays_of_children(
        &mut self,
        set: &Set,
        from: &TreePath,
        root: &RepositoryRoot,
    ) -> Result<Vec<(String, TreePath)>, Failure> {
        let Some(stack) = &set.stack else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for child in stack::children(stack, &set.manifests) {
            let folder = root.locate(self.tree, from, &child.path.value);
            let overlay = self.overlay_of(stack, &child, folder)?;
            found.extend(overlay.map(|overlay| (child.application.clone(), overlay)));
        }
        Ok(found)
    }

    /// The objects of one child; none if it was followed before or cannot be.
    fn child(
        &mut self,
        stack: &Stack,
        child: &stack::Child,
        folder: Option<TreePath>,
        followed: &mut Vec<TreePath>,
    ) -> Result<Vec<Manifest>, Failure> {
        let Some(overlay) = self.overlay_of(stack, child, folder)?.filter(|overlay| !followed.contains(overlay)) else {
            return Ok(Vec::new());
        };
        followed.push(overlay.clone());
        self.manifests(&overlay)
    }

    fn overlay_of(
        &mut self,
        stack: &Stack,
        child: &stack::Child,
        folder: Option<TreePath>,
    ) -> Result<Option<TreePath>, Failure> {
        let name = &child.application;
        let missing = |message: String| Diagnostic::error("missing-child", message).at(child.path.span);
        let Some(path) = folder else {
            let message = format!("the source of the Application `{name}` does not exist: {}", child.path.value);
            return Err(
                Findings::from(missing(message).help("paths of a source start at the repository's root")).into()
            );
        };
        if child.overlay.is_none() && !stack::is_overlay(self.tree, &path) {
            let message = format!("the Application `{name}` is not expanded: {path} is no overlay");
            self.warnings.push(Diagnostic::warning("child-not-expanded", message).at(child.path.span));
            return Ok(None);
        }
        let choice = Choice { path, overlay: child.overlay.clone(), target_revision: None };
        let selected = stack::select(self.tree, Some(stack), &choice);
        Ok(Some(selected.map_err(|finding| Findings::from(finding.at(child.path.span)))?))
    }
}
