//! An overlay becomes the complete set of manifests, in deploy order.

use sha2::{Digest, Sha256};

use crate::check::{self, Checked};
use crate::diagnostics::{Diagnostic, Findings, Sources};
use crate::kustomize;
use crate::model::Manifest;
use crate::source::{FileTree, RepositoryRoot, TreePath};
use crate::stack::{self, Choice, Environment, Follow, Stack};
use crate::yaml;
use crate::yaml::decode::nearest;

use super::Failure;

/// The Application that is being generated, as Argo CD describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ArgoCd {
    /// `ARGOCD_APP_SOURCE_REPO_URL`
    pub repo_url: String,
    /// `ARGOCD_APP_REVISION`, the resolved commit.
    pub revision: String,
    /// `ARGOCD_APP_SOURCE_TARGET_REVISION`
    pub target_revision: String,
}

/// What to generate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Options {
    /// Which overlay.
    pub choice: Choice,
    /// Where the repository's root lies.
    pub root: RepositoryRoot,
    /// Only the objects of these components; empty means all.
    pub components: Vec<String>,
    /// Also the objects of the child Applications whose source is this repository.
    pub expand: bool,
    /// The Application, inside Argo CD.
    pub argocd: Option<ArgoCd>,
}

/// A complete set.
#[derive(Debug)]
pub struct Generated {
    /// The manifests.
    pub checked: Checked,
    /// What is worth knowing though nothing is wrong.
    pub warnings: Vec<Diagnostic>,
}

/// Generates the set that `options` describe. Every text that is read is registered in `sources`.
pub fn generate(tree: &dyn FileTree, sources: &mut Sources, options: &Options) -> Result<Generated, Failure> {
    follow_children(tree, sources, options, false).map(|followed| followed.generated)
}

/// A complete set, and where the sets of its child Applications come from.
pub(super) struct Followed {
    pub(super) generated: Generated,
    pub(super) overlay: TreePath,
    /// Name of the Application, overlay of one of its sources.
    pub(super) children: Vec<(String, TreePath)>,
}

/// Like [`generate`]; with `children`, the overlays of the children of this repository are looked up too.
pub(super) fn follow_children(
    tree: &dyn FileTree,
    sources: &mut Sources,
    options: &Options,
    children: bool,
) -> Result<Followed, Failure> {
    let mut run = Run { tree, sources, warnings: Vec::new() };
    let overlay = run.select(&options.choice)?;
    let mut set = run.build(&overlay)?;
    if options.expand {
        run.expand(&mut set, &overlay, &options.root)?;
    }
    let Set { manifests, stack } = set;
    let found = match &stack {
        Some(stack) if children => run.overlays_of(stack, &manifests, &overlay, &options.root)?,
        _ => Vec::new(),
    };
    let manifests = match &stack {
        Some(stack) => deploy(stack, manifests, &overlay, options)?,
        None if options.components.is_empty() => manifests,
        None => return Err(no_stack(&overlay)),
    };
    let generated = Generated { checked: check::check(manifests)?, warnings: run.warnings };
    Ok(Followed { generated, overlay, children: found })
}

/// What an overlay builds, with the stack it belongs to.
struct Set {
    manifests: Vec<Manifest>,
    stack: Option<Stack>,
}

struct Run<'a> {
    tree: &'a dyn FileTree,
    sources: &'a mut Sources,
    warnings: Vec<Diagnostic>,
}

impl Run<'_> {
    /// The overlay that is meant. A stack near the path knows the branches.
    fn select(&mut self, choice: &Choice) -> Result<TreePath, Failure> {
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

    fn build(&mut self, overlay: &TreePath) -> Result<Set, Failure> {
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

    /// Adds the objects of every child of this repository, and of theirs. A folder is followed once.
    fn expand(&mut self, set: &mut Set, from: &TreePath, root: &RepositoryRoot) -> Result<(), Failure> {
        let Some(stack) = &set.stack else { return Ok(()) };
        let mut followed: Vec<TreePath> = Vec::new();
        let mut seen = 0;
        while seen < set.manifests.len() {
            let children = stack::children(stack, &set.manifests[seen..]);
            seen = set.manifests.len();
            for child in children {
                let folder = root.locate(self.tree, from, &child.path.value);
                let overlay = self.overlay_of(stack, &child, folder)?;
                let Some(overlay) = overlay.filter(|overlay| !followed.contains(overlay)) else { continue };
                set.manifests.extend(self.manifests(&overlay)?);
                followed.push(overlay);
            }
        }
        Ok(())
    }

    /// The overlay of each source of a child that lies in this repository.
    fn overlays_of(
        &mut self,
        stack: &Stack,
        manifests: &[Manifest],
        from: &TreePath,
        root: &RepositoryRoot,
    ) -> Result<Vec<(String, TreePath)>, Failure> {
        let mut found = Vec::new();
        for child in stack::children(stack, manifests) {
            let folder = root.locate(self.tree, from, &child.path.value);
            let overlay = self.overlay_of(stack, &child, folder)?;
            found.extend(overlay.map(|overlay| (child.application.clone(), overlay)));
        }
        Ok(found)
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

/// Phases, waves, pins and the marker; then the components that were asked for.
fn deploy(
    stack: &Stack,
    mut manifests: Vec<Manifest>,
    overlay: &TreePath,
    options: &Options,
) -> Result<Vec<Manifest>, Failure> {
    let wanted = wanted_components(stack, &options.components)?;
    let owners = stack::assign(stack, &manifests)?;
    stack::assign_waves(stack, &owners, &mut manifests)?;
    stack::skip_missing_kinds(stack, &owners, &mut manifests);
    let environment = stack.environment_of(overlay);
    let follow = follow(stack, options)?;
    let complete = environment.filter(|environment| wanted.is_empty() && marks(stack, environment, overlay));
    // The marker's digest is that of the content, so it is taken before the children are pinned to a commit.
    let marker =
        complete.map(|environment| stack::marker(stack, follow.revision(environment), &digest(&manifests), &manifests));
    stack::follow(stack, environment, &follow, &mut manifests);
    if !wanted.is_empty() {
        let mut owner = owners.iter();
        manifests.retain(|_| owner.next().is_some_and(|owner| wanted.contains(owner)));
    }
    manifests.extend(marker);
    Ok(manifests)
}

/// The marker ends an environment; a child's overlay is a part of one.
fn marks(stack: &Stack, environment: &Environment, overlay: &TreePath) -> bool {
    stack.marker && stack.overlay_of(environment) == *overlay
}

fn wanted_components(stack: &Stack, names: &[String]) -> Result<Vec<usize>, Failure> {
    let find = |name: &String| {
        let found = stack.components.iter().position(|component| component.name.value == *name);
        found.ok_or_else(|| Failure::CannotRun(Box::new(unknown_component(stack, name))))
    };
    names.iter().map(find).collect()
}

fn unknown_component(stack: &Stack, name: &str) -> Diagnostic {
    let names = stack.components.iter().map(|component| component.name.value.as_str());
    let finding = Diagnostic::error("unknown-component", format!("the stack has no component `{name}`"));
    match nearest(name, names.clone()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!("the components are {}", names.collect::<Vec<_>>().join(", "))),
    }
}

fn no_stack(overlay: &TreePath) -> Failure {
    let message = format!("{overlay} belongs to no stack, so it has no components to choose from");
    let finding = Diagnostic::error("no-stack", message);
    Failure::CannotRun(Box::new(finding.help("leave `--component` out, or describe the components in a stack.yaml")))
}

/// What children are pointed at. A pin that is no commit would be a branch in disguise.
fn follow(stack: &Stack, options: &Options) -> Result<Follow, Failure> {
    let Some(ArgoCd { repo_url, revision, target_revision }) = options.argocd.clone() else {
        return Ok(Follow::Local);
    };
    let is_commit = matches!(revision.len(), 40 | 64) && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
    if stack.rollout == stack::Rollout::Pinned && !is_commit {
        let message = format!("children cannot be pinned: ARGOCD_APP_REVISION is `{revision}`, which is no commit");
        let finding = Diagnostic::error("unresolved-revision", message);
        return Err(Failure::CannotRun(Box::new(finding.help("`rollout: branch` in stack.yaml needs no commit"))));
    }
    Ok(Follow::ArgoCd { repo_url, revision, target_revision })
}

/// SHA-256 of the manifests in order of their ids, before they are pointed at a commit: equal content, equal digest.
fn digest(manifests: &[Manifest]) -> String {
    let mut sorted: Vec<&Manifest> = manifests.iter().collect();
    sorted.sort_by(|a, b| a.id.cmp(&b.id));
    let mut hash = Sha256::new();
    for manifest in sorted {
        hash.update(yaml::to_string(&manifest.node));
        hash.update("---\n");
    }
    hash.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
