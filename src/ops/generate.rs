//! An overlay becomes the complete set of manifests, in deploy order.

use sha2::{Digest, Sha256};

use crate::check::{self, CheckContext, Checked, Level};
use crate::diagnostics::{Diagnostic, Sources};
use crate::model::Manifest;
use crate::source::{FileTree, RepositoryRoot, TreePath};
use crate::stack::{self, Choice, Environment, Follow, Stack};
use crate::yaml;
use crate::yaml::decode::nearest;

use super::Failure;
use super::overlay::{Run, Set};

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
    /// What findings of the checks weigh.
    pub level: Level,
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
    let mut run = Run::new(tree, sources);
    let overlay = run.select(&options.choice)?;
    let mut set = run.build(&overlay)?;
    if options.expand {
        Failure::check(run.expand(&mut set, &overlay, &options.root).failures)?;
    }
    let children = if children { run.overlays_of_children(&set, &overlay, &options.root)? } else { Vec::new() };
    let Set { mut manifests, stack } = set;
    match &stack {
        Some(stack) => deploy(stack, &mut manifests, &overlay, options)?,
        None if options.components.is_empty() => {}
        None => return Err(no_stack(&overlay)),
    }
    let context = CheckContext { tree, sources: run.sources };
    let (checked, warnings) = check::check(&context, manifests, run.warnings, options.level)?;
    Ok(Followed { generated: Generated { checked, warnings }, overlay, children })
}

/// Phases, waves, pins and the marker; then the components that were asked for.
pub(super) fn deploy(
    stack: &Stack,
    manifests: &mut Vec<Manifest>,
    overlay: &TreePath,
    options: &Options,
) -> Result<(), Failure> {
    let wanted = wanted_components(stack, &options.components)?;
    let owners = stack::assign(stack, manifests)?;
    stack::assign_waves(stack, &owners, manifests)?;
    stack::skip_missing_kinds(stack, &owners, manifests);
    let environment = stack.environment_of(overlay);
    let follow = follow(stack, options)?;
    let complete = environment.filter(|environment| wanted.is_empty() && marks(stack, environment, overlay));
    // The marker's digest is that of the content, so it is taken before the children are pinned to a commit.
    let marker =
        complete.map(|environment| stack::marker(stack, follow.revision(environment), &digest(manifests), manifests));
    stack::follow(stack, environment, &follow, manifests);
    if !wanted.is_empty() {
        let mut owner = owners.iter();
        manifests.retain(|_| owner.next().is_some_and(|owner| wanted.contains(owner)));
    }
    manifests.extend(marker);
    Ok(())
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
