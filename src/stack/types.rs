//! A stack as the passes see it: references are indices, and they hold.

use crate::diagnostics::Span;
use crate::source::TreePath;
use crate::yaml::decode::Spanned;

use super::claim::Claim;

/// How children of the stack's own repository follow the commit that is rolled out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Rollout {
    /// The resolved commit: a change reaches a child when its wave does.
    #[default]
    Pinned,
    /// The branch name: a change inside a child's folder starts at once, whatever its phase.
    Branch,
}

/// One environment: the overlay of this name beside the stack's folder.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its name, which is the overlay's folder name.
    pub name: Spanned<String>,
    /// The branch that deploys it.
    pub revision: Spanned<String>,
}

/// A step of the rollout.
#[derive(Clone, Debug)]
pub struct Phase {
    /// Its name.
    pub name: Spanned<String>,
}

/// One part of the stack.
#[derive(Clone, Debug)]
pub struct Component {
    /// Its name.
    pub name: Spanned<String>,
    /// Index into [`Stack::phases`].
    pub phase: usize,
    /// Where its phase is written.
    pub phase_span: Span,
    /// Files, or folders ending in `/`, relative to the stack's folder or an environment's.
    pub files: Vec<Spanned<String>>,
    /// Objects it claims wherever they come from.
    pub claims: Vec<Claim>,
    /// Indices into [`Stack::components`], none in a later phase.
    pub depends_on: Vec<usize>,
}

/// A stack whose references hold: every phase and dependency exists, and no dependency points forward or round.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Its name.
    pub name: String,
    /// The folder of `stack.yaml`.
    pub folder: TreePath,
    /// The whole document, for findings about the stack as such.
    pub span: Span,
    /// The repository that holds it, as child Applications write it.
    pub repo_url: Option<Spanned<String>>,
    /// In the order of the names.
    pub environments: Vec<Environment>,
    /// In the order of the rollout.
    pub phases: Vec<Phase>,
    /// In the order of the file.
    pub components: Vec<Component>,
    /// Pinned, unless the file says otherwise.
    pub rollout: Rollout,
    /// Whether the set ends with the rollout marker.
    pub marker: bool,
}

impl Stack {
    /// The folder that environments lie in: the stack's own folder's parent.
    pub fn environments_folder(&self) -> TreePath {
        self.folder.parent()
    }

    /// The overlay of an environment.
    pub fn overlay_of(&self, environment: &Environment) -> TreePath {
        self.environments_folder().join(&environment.name.value).unwrap_or_default()
    }

    /// The environment whose overlay is, or holds, `folder`.
    pub fn environment_of(&self, folder: &TreePath) -> Option<&Environment> {
        self.environments.iter().find(|environment| folder.is_within(&self.overlay_of(environment)))
    }
}
