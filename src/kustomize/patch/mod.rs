//! Patches as kustomize applies them: strategic merge patches and JSON patches (RFC 6902).
//!
//! The engine owns the order of things: it [`classify`]s a patch's text, finds the objects with a [`Selector`] (or by the
//! patch's own id) and calls [`apply_merge`] or [`apply_json`] on each. Nodes keep the span of the text that wrote
//! them, so an object knows afterwards which of its fields came from which patch.
//!
//! - [`strategic_merge`] walks target and patch; `merge_list` merges lists by key, `directive` reads `$patch`;
//! - [`merge_schema`] knows which lists are merged, by which keys;
//! - [`json6902`] reads operations, `json_apply` applies them;
//! - [`target`] selects objects, with `label_selector` and `go_regex`.

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
pub mod strategic_merge;
pub mod target;
mod text;

pub use apply::{Allow, apply_json, apply_merge, prepare_for_targets};
pub use json6902::JsonPatch;
pub use merge_schema::MergeSchemas;
pub use strategic_merge::Merged;
pub use target::Selector;
pub use text::{PatchText, classify, classify_documents};
