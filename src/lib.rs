//! `cmp` turns an environment overlay into complete, validated and ordered Kubernetes manifests.
//!
//! The modules stand in the order in which data flows through them; none imports one further down:
//!
//! | layer | modules | what happens there |
//! |---|---|---|
//! | 0 | [`diagnostics`] | findings as values, spans, and their rendering |
//! | 1 | [`rules`], [`source`], [`yaml`] | every rule; files; text to nodes that know where they stand, and back |
//! | 2 | [`model`] | object identity, phases, waves |
//! | 3 | [`kustomize`], [`stack`], [`schema`], [`admission`], [`plan`] | overlay to objects; objects to components, phases and waves; what a kind may hold; what Argo CD does with a set |
//! | 4 | [`check`], [`render`] | nothing unchecked leaves; one fixed order of bytes |
//! | 5 | [`ops`] | one operation a file, options in, outcome out |
//! | 6 | [`plugin`], [`cli`] | the edges: Argo CD's environment, arguments, streams, exit status |
//!
//! `tests/layers.rs` reads the `use crate::` lines against this table.

pub mod diagnostics;

pub mod rules;
pub mod source;
pub mod yaml;

pub mod model;

pub mod admission;
pub mod kustomize;
pub mod plan;
pub mod schema;
pub mod stack;

pub mod check;
pub mod render;

pub mod ops;

pub mod cli;
pub mod plugin;
