//! Every object against the schema of its kind, and against what an API server checks beyond it.

use super::CheckContext;
use crate::admission;
use crate::diagnostics::Diagnostic;
use crate::model::Manifest;
use crate::schema::{self, Registry};

/// The findings of all manifests, in their order. Kinds that the set itself defines are known.
pub(super) fn check(_: &CheckContext<'_>, manifests: &[Manifest]) -> Vec<Diagnostic> {
    let mut registry = Registry::default();
    registry.learn(manifests.iter().map(|manifest| &manifest.node));
    let mut findings = Vec::new();
    for manifest in manifests {
        findings.extend(schema::validate(manifest, &registry));
        findings.extend(admission::check(manifest, &registry));
    }
    findings
}
