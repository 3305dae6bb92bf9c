//! Whether a kind lives in a namespace, and whether a server knows it without being told to.

use crate::diagnostics::Diagnostic;
use crate::model::Manifest;
use crate::schema::{Place, Registry, Scope};

use super::report::Report;

pub(super) fn check(manifest: &Manifest, registry: &Registry, object: &Place<'_>, report: &mut Report) {
    let Some(kind) = registry.kind(&manifest.id.gvk) else { return };
    if kind.scope() == Scope::Cluster
        && let Some(namespace) = object.at(&["metadata", "namespace"])
        && namespace.as_str() != Some("")
    {
        let message = format!("a {} belongs to the whole cluster, not to a namespace", manifest.id.gvk.kind);
        report.push(
            Diagnostic::error("cluster-scoped-kind", message)
                .at(namespace.key_span)
                .help("take `metadata.namespace` away"),
        );
    }
    if kind.is_off_by_default() {
        let message = format!("{} is not served unless the API server is told to", manifest.id.gvk.api_version());
        let place = object.get("apiVersion").map_or(manifest.span, |place| place.node.span);
        report.push(Diagnostic::warning("not-served-by-default", message).at(place));
    }
    if kind.is_deprecated() {
        let message = format!("{} is deprecated", manifest.id.gvk);
        let place = object.get("apiVersion").map_or(manifest.span, |place| place.node.span);
        report.push(Diagnostic::warning("deprecated-version", message).at(place));
    }
}
