//! The rollout marker: one small `ConfigMap` in a wave of its own after the last phase.
//!
//! Argo CD ends a sync without waiting for its last wave. With the marker there, the last *phase* is waited for too,
//! and "is commit X fully rolled out?" is one look at one object.

use serde_json::json;

use crate::diagnostics::Span;
use crate::model::{Manifest, SYNC_WAVE};
use crate::yaml::Node;

use super::find::STACK_FILE;
use super::types::Stack;
use super::waves::first_wave;

/// The marker of a rollout of `revision`; `digest` covers what the rollout brings, whatever it is pinned to.
///
/// It lies in the stack's namespace if the set creates exactly one, else where the Application's destination says.
pub fn marker(stack: &Stack, revision: &str, digest: &str, manifests: &[Manifest]) -> Manifest {
    let mut metadata = json!({
        "name": format!("{}-rollout", stack.name),
        "labels": {"app.kubernetes.io/part-of": stack.name, "app.kubernetes.io/managed-by": "cmp"},
        "annotations": {SYNC_WAVE: first_wave(stack.phases.len()).to_string()},
    });
    if let Some(namespace) = only_namespace(manifests) {
        metadata["namespace"] = json!(namespace);
    }
    let object = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata,
        "data": {"stack": stack.name, "revision": revision, "digest": digest},
    });
    let file = stack.folder.join(STACK_FILE).unwrap_or_default();
    Manifest::new(Node::from_json(object, Span::NONE), file, stack.span)
}

fn only_namespace(manifests: &[Manifest]) -> Option<&str> {
    let mut namespaces = manifests.iter().filter(|m| m.id.gvk.group.is_empty() && m.id.gvk.kind == "Namespace");
    let first = namespaces.next()?;
    namespaces.next().is_none().then_some(first.id.name.as_str())
}
