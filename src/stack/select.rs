//! Which overlay is meant. Never a default: guessing production is how outages start.

use crate::diagnostics::Diagnostic;
use crate::source::{Entry, FileTree, TreePath};

use super::types::Stack;

/// The names that kustomize gives its file.
pub const OVERLAY_FILES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// What the caller said about the overlay it wants.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Choice {
    /// The folder it stands in: the command's argument, or the Application's path.
    pub path: TreePath,
    /// The `overlay` parameter: an environment's name, or a folder relative to `path`.
    pub overlay: Option<String>,
    /// `ARGOCD_APP_SOURCE_TARGET_REVISION`: a branch, tag, commit, `HEAD` or nothing. `None` outside Argo CD.
    pub target_revision: Option<String>,
}

/// Whether `folder` is an overlay: whether kustomize would build it.
pub fn is_overlay(tree: &dyn FileTree, folder: &TreePath) -> bool {
    OVERLAY_FILES.iter().any(|name| folder.join(name).is_some_and(|file| tree.entry(&file) == Some(Entry::File)))
}

/// Every overlay at most three folders below `folder`, for messages and announcements.
pub fn overlays(tree: &dyn FileTree, folder: &TreePath) -> Vec<TreePath> {
    let mut found = Vec::new();
    collect(tree, folder, 3, &mut found);
    found
}

fn collect(tree: &dyn FileTree, folder: &TreePath, depth: usize, found: &mut Vec<TreePath>) {
    if is_overlay(tree, folder) {
        found.push(folder.clone());
    }
    if depth == 0 {
        return;
    }
    for name in tree.list(folder).iter().filter(|name| !name.starts_with('.')) {
        if let Some(below) = folder.join(name).filter(|path| tree.entry(path) == Some(Entry::Folder)) {
            collect(tree, &below, depth - 1, found);
        }
    }
}

/// The overlay that `choice` means: the parameter, else the path itself, else the environment of exactly that branch.
///
/// `stack` is the one found near `choice.path`, if any. The error names what was looked at and lists the overlays.
pub fn select(tree: &dyn FileTree, stack: Option<&Stack>, choice: &Choice) -> Result<TreePath, Box<Diagnostic>> {
    if let Some(wanted) = &choice.overlay {
        return named(tree, stack, choice, wanted);
    }
    if is_overlay(tree, &choice.path) {
        return Ok(choice.path.clone());
    }
    let Some(revision) = &choice.target_revision else {
        let what = if tree.entry(&choice.path).is_none() { "does not exist" } else { "is no overlay" };
        let message = format!("{} {what}: there is no kustomization.yaml", choice.path);
        return Err(Box::new(no_overlay(tree, choice, message)));
    };
    by_revision(tree, stack, choice, revision)
}

fn named(
    tree: &dyn FileTree,
    stack: Option<&Stack>,
    choice: &Choice,
    wanted: &str,
) -> Result<TreePath, Box<Diagnostic>> {
    let below = choice.path.join(wanted).filter(|path| is_overlay(tree, path));
    let environment = || {
        let stack = stack?;
        let environment = stack.environments.iter().find(|environment| environment.name.value == wanted)?;
        Some(stack.overlay_of(environment)).filter(|path| is_overlay(tree, path))
    };
    below.or_else(environment).ok_or_else(|| {
        let message = format!("the parameter `overlay` says `{wanted}`, which is no overlay here");
        Box::new(no_overlay(tree, choice, message))
    })
}

fn by_revision(
    tree: &dyn FileTree,
    stack: Option<&Stack>,
    choice: &Choice,
    revision: &str,
) -> Result<TreePath, Box<Diagnostic>> {
    let environments = stack.map(|stack| (stack, stack.environments.as_slice()));
    let fitting: Vec<TreePath> = environments
        .into_iter()
        .flat_map(|(stack, all)| all.iter().map(move |environment| (stack, environment)))
        .filter(|(_, environment)| environment.revision.value == revision)
        .map(|(stack, environment)| stack.overlay_of(environment))
        .filter(|path| is_overlay(tree, path))
        .collect();
    let message = match fitting.as_slice() {
        [one] => return Ok(one.clone()),
        [] => format!(
            "cannot tell which overlay is meant: {} is none, and ARGOCD_APP_SOURCE_TARGET_REVISION is `{revision}`, \
             which is the branch of no environment",
            choice.path
        ),
        [first, second, ..] => format!("the branch `{revision}` belongs to two environments, {first} and {second}"),
    };
    Err(Box::new(no_overlay(tree, choice, message)))
}

fn no_overlay(tree: &dyn FileTree, choice: &Choice, message: String) -> Diagnostic {
    let existing = std::iter::successors(Some(choice.path.clone()), |path| Some(path.parent()));
    let from = existing.into_iter().find(|path| *path == TreePath::root() || tree.entry(path).is_some());
    let found = overlays(tree, &from.unwrap_or_default());
    let names: Vec<&str> = found.iter().map(TreePath::as_str).take(20).collect();
    let help = match (names.is_empty(), &choice.target_revision) {
        (true, _) => "name a folder that has a kustomization.yaml".to_owned(),
        (false, None) => format!("the overlays are {}", names.join(", ")),
        (false, Some(_)) => {
            format!("set the Application's path, or the plugin parameter `overlay`, to one of {}", names.join(", "))
        }
    };
    Diagnostic::error("no-overlay", message).help(help)
}
