//! What changes the objects of a kustomization, one file for each built-in.

pub(super) mod affix;
pub(super) mod annotations;
pub(super) mod images;
pub(super) mod labels;
pub(super) mod local;
pub(super) mod namespace;
pub(super) mod patches;
pub(super) mod replacements;
pub(super) mod replicas;
pub(super) mod sort;
