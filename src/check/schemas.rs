//! Every object against the schema of its kind, and against what the API server checks beyond it.

use super::CheckContext;
use crate::admission;
use crate::diagnostics::Diagnostic;
use crate::model::Manifest;
use crate::schema::{self, Registry};

/// The findings of each object, in the order of the objects. Kinds that the set itself defines are known.
pub(super) fn check(_: &CheckContext<'_>, manifests: &[Manifest]) -> Vec<Diagnostic> {
    let mut registry = Registry::default();
    registry.learn(manifests.iter().map(|manifest| &manifest.node));
    let of_one = |manifest| {
        let mut findings = schema::validate(manifest, &registry);
        findings.extend(admission::check(manifest, &registry));
        findings
    };
    manifests.iter().flat_map(of_one).collect()
}
