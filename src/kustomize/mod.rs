//! Builds an overlay: the objects that `kustomize build` gives, each field with the text that wrote it.
//!
//! The rules are those of kustomize 5.8; `tests/kustomize_diff.rs` holds them against the real binary.
//! `docs/kustomize.md` lists the places where `cmp` refuses what kustomize lets pass, and why.
//!
//! | module | what happens there |
//! |---|---|
//! | `file` | `kustomization.yaml` as values with spans |
//! | `read` | files inside the overlay's root, and nothing else |
//! | `documents`, `scalars` | a file's text to objects, as kustomize reads it |
//! | `resource`, `set` | an object with the names it had; many of them, each id once |
//! | `config` | which fields of which kinds a transformer writes |
//! | `generators`, `transformers` | one file for each built-in |
//! | `patch` | strategic merge and JSON patches |
//! | `external` | built-ins configured by objects of their own |
//! | `vars` | `$(NAME)` in texts |
//! | `names` | references follow the objects that were renamed |
//! | `provenance` | where objects come from, as `buildMetadata` asks |
//! | `build` | the order of all this |

mod build;
mod config;
mod documents;
mod dotted;
mod external;
mod file;
mod generators;
mod inline;
mod names;
pub mod patch;
mod provenance;
mod read;
mod resource;
mod scalars;
mod scope;
mod set;
mod transformers;
mod vars;

use crate::diagnostics::{Diagnostic, Findings, Span};
use crate::source::{ReadError, TreePath};
use crate::yaml::Node;

pub use build::build;

/// One built object.
#[derive(Clone, Debug)]
pub struct Built {
    /// Its tree; the span of each node says who wrote it last.
    pub node: Node,
    /// The file it was read from, or the `kustomization.yaml` that generated it.
    pub file: TreePath,
    /// The document, or the generator's entry.
    pub span: Span,
}

/// A built overlay.
#[derive(Clone, Debug)]
pub struct Build {
    /// The objects in kustomize's order.
    pub objects: Vec<Built>,
    /// What is worth knowing although the build succeeded.
    pub warnings: Vec<Diagnostic>,
}

/// Why there is no build.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Something in the user's files is wrong.
    #[error("the overlay has findings")]
    Findings(Findings),
    /// A file could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Why a step ended early.
#[derive(Debug)]
enum Stop {
    /// The finding is in the report already.
    Reported,
    /// We cannot go on at all.
    Cannot(ReadError),
}

/// The result of a step; what is wrong with the user's files has been reported.
type Step<T> = Result<T, Stop>;
