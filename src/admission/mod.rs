//! What the API server checks by code, beyond any schema, and what Argo CD adds to it.
//!
//! One family of rules a file. Each names the Go source that it follows: paths without a module are those of
//! `k8s.io/kubernetes` v1.36.3. Values of the wrong type are left to the schema; a rule here looks at values that have
//! the right one, so nothing is reported twice.

mod argocd;
mod autoscaling;
mod batch;
mod config;
mod crd;
mod disruption;
mod ingress;
mod kinds;
mod metadata;
mod names;
mod network_policy;
mod pod;
mod quota;
mod rbac;
mod report;
mod scope;
mod selector;
mod service;
mod storage;
mod values;
mod webhook;
mod workload;

use crate::diagnostics::Diagnostic;
use crate::model::Manifest;
use crate::schema::{Place, Registry};

use report::Report;

/// Every finding of one manifest beyond its schema.
pub fn check(manifest: &Manifest, registry: &Registry) -> Vec<Diagnostic> {
    let mut report = Report::default();
    let object = Place::root(&manifest.node, manifest.span);
    metadata::check(&manifest.id.gvk, registry, &object, &mut report);
    argocd::check(&object, &mut report);
    scope::check(manifest, registry, &object, &mut report);
    kinds::check(&manifest.id.gvk, &object, &mut report);
    report.finish()
}
