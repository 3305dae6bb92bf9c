//! Nothing unchecked leaves: only this module makes a [`Checked`], and never from an empty or a failing set.

mod structure;

use crate::diagnostics::{Diagnostic, Findings, Outcome};
use crate::model::Manifest;

/// A complete set of manifests that may leave the process.
#[derive(Debug)]
pub struct Checked(Vec<Manifest>);

impl Checked {
    /// The manifests, in no particular order.
    pub fn manifests(&self) -> &[Manifest] {
        &self.0
    }
}

/// Checks the set as a whole; every finding of every object is reported.
///
/// An empty set is a failure: Argo CD prunes what is missing, so printing nothing would delete the stack.
pub fn check(manifests: Vec<Manifest>) -> Outcome<Checked> {
    let mut findings = structure::check(&manifests);
    if manifests.is_empty() {
        let finding = Diagnostic::error("empty-set", "the overlay produces no object at all");
        findings
            .push(finding.help("Argo CD would delete everything it deployed before; list resources in the overlay"));
    }
    Findings::check(findings)?;
    Ok(Checked(manifests))
}
