//! Environment variables: `ValidateEnv`, `ValidateEnvFrom`.

use crate::schema::Place;
use crate::schema::format::name;

use crate::admission::report::Report;

const SOURCES: [&str; 5] = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

/// What the downward API offers to a variable.
const FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

const RESOURCES: [&str; 6] = [
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
];

pub(super) fn check(container: &Place<'_>, report: &mut Report) {
    for variable in container.list("env") {
        report.text(&variable, "name", "invalid-env", name::env_name);
        if let Some(source) = variable.get("valueFrom") {
            check_source(&variable, &source, report);
        }
    }
    for source in container.list("envFrom") {
        report.text(&source, "prefix", "invalid-env", name::env_name);
        report.exactly_one(&source, &["configMapRef", "secretRef"], "source of variables");
        for key in ["configMapRef", "secretRef"] {
            if let Some(reference) = source.get(key) {
                report.require(&reference, "name");
                report.text(&reference, "name", "invalid-name", name::dns1123_subdomain);
            }
        }
    }
}

fn check_source(variable: &Place<'_>, source: &Place<'_>, report: &mut Report) {
    if let Some(value) = variable.get("value").filter(|value| value.as_str().is_some_and(|text| !text.is_empty())) {
        report.push(
            crate::diagnostics::Diagnostic::error(
                "conflicting-fields",
                format!("`{source}` may not be set beside a `value`"),
            )
            .at(source.key_span)
            .related(value.key_span, "the value"),
        );
    }
    report.exactly_one(source, &SOURCES, "source of a value");
    for key in ["configMapKeyRef", "secretKeyRef"] {
        if let Some(reference) = source.get(key) {
            report.require(&reference, "name");
            report.text(&reference, "name", "invalid-name", name::dns1123_subdomain);
            report.text(&reference, "key", "invalid-key", name::config_key);
        }
    }
    if let Some(path) = source.get("fieldRef").and_then(|reference| reference.get("fieldPath")) {
        field_path(&path, &FIELDS, report);
    }
    if let Some(resource) = source.get("resourceFieldRef").and_then(|reference| reference.get("resource")) {
        resource_field(&resource, report);
    }
}

/// A field of the pod, or one label or annotation of it.
pub(super) fn field_path(place: &Place<'_>, fields: &[&str], report: &mut Report) {
    let Some(text) = place.as_str().filter(|text| !text.is_empty()) else { return };
    let inside = |prefix: &str| {
        text.strip_prefix(prefix)?.strip_suffix("']").map(|key| name::qualified_name(&key.to_lowercase()).is_ok())
    };
    let one = inside("metadata.labels['").or_else(|| inside("metadata.annotations['"));
    if !fields.contains(&text) && one != Some(true) {
        report.must("invalid-field-path", place, &format!("one of {}, or one label or annotation", fields.join(", ")));
    }
}

pub(super) fn resource_field(place: &Place<'_>, report: &mut Report) {
    let Some(text) = place.as_str().filter(|text| !text.is_empty()) else { return };
    let pages = text.starts_with("limits.hugepages-") || text.starts_with("requests.hugepages-");
    if !RESOURCES.contains(&text) && !pages {
        report.must("invalid-field-path", place, &format!("one of {}", RESOURCES.join(", ")));
    }
}
