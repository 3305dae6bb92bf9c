//! The schemas of every kind, and manifests held against them.
//!
//! [`import`] makes JSON Schema documents of upstream's descriptions; `schemas/` holds those that the binary brings.
//! `compile` turns documents into a flat table, at build time for the shipped ones; a [`Registry`] finds kinds in
//! tables; [`validate`] walks a manifest along the records of its kind. Why it is built this way:
//! `docs/decisions/0010-schema-table.md`.

mod cel;
mod compile;
pub mod format;
pub mod import;
pub(crate) mod number;
mod place;
mod registry;
mod show;
mod table;
mod validate;

pub use compile::CompileError;
pub use place::Place;
pub use registry::{Kind, Registry, Scope};
pub use validate::validate;
