//! Patches as kustomize applies them: strategic merge patches and JSON patches (RFC 6902).
//!
//! The engine owns the order of things: it [`classify`]s a patch's text, finds the objects with a [`Selector`] (or by the
//! patch's own id) and calls [`apply_merge`] or [`apply_json`] on each. Nodes keep the span of the text that wrote
//! them, so an object knows afterwards which of its fields came from which patch.
//!
//! - [`strategic_merge`] walks target and patch; `merge_list` and `keyed_merge` merge lists, `directive` reads `$patch`;
//! - [`merge_schema`] knows which lists are merged, by which keys;
//! - [`json6902`] reads operations, `json_apply` applies them;
//! - [`target`] selects objects, with `label_selector` and `go_regex`.
//!
//! Whatever is accepted gives kustomize's result; `tests/kustomize_patches` compares with the real one. Where kustomize
//! would lose or misplace something without a word, the patch is refused; `stricter.yaml` there has one case for each:
//!
//! - directives that kustomize writes into the object: `$retainKeys`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`,
//!   and `$patch` in a list that is replaced, or alone in a list that the target does not have;
//! - `$patch: replace` of a whole object or of a list's element, which do nothing;
//! - elements of merged lists that lack their key, and elements of a patch that get lost (a port with its protocol on
//!   one side only, the same key twice);
//! - `null` for a label or an annotation in a patch with a target, which becomes the text `null`;
//! - empty patches, operations with unknown fields or without a value, pointers without their slash, `copy` of what is
//!   not there, numbers that would be rounded, operations that read kustomize's own notes.

mod apply;
mod directive;
mod go_regex;
pub mod json6902;
mod json_apply;
mod json_failure;
mod keyed_list;
mod keyed_merge;
mod label_selector;
mod merge_list;
pub mod merge_schema;
mod openapi;
mod path;
mod scalar;
pub mod strategic_merge;
pub mod target;
mod text;

pub use apply::{Allow, apply_json, apply_merge, prepare_for_targets};
pub use json6902::JsonPatch;
pub use merge_schema::MergeSchemas;
pub use strategic_merge::Merged;
pub use target::Selector;
pub use text::{PatchText, classify, classify_documents};
