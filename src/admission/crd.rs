//! CustomResourceDefinition: `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation`.

use std::collections::HashMap;

use crate::diagnostics::{Diagnostic, Span};
use crate::schema::Place;
use crate::schema::format::name;

use super::report::Report;
use super::values::one_of;

/// Deeper than any schema that people write.
const MAX_DEPTH: usize = 100;

pub(super) fn check(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return };
    let group = spec.text("group");
    let Some(names) = spec.get("names") else { return };
    let plural = names.text("plural");
    if let Some(place) = object.at(&["metadata", "name"])
        && !plural.is_empty()
        && place.as_str().is_some_and(|text| text != format!("{plural}.{group}"))
    {
        report.must("invalid-name", &place, &format!("`{plural}.{group}`: the plural name, a dot and the group"));
    }
    report.text(&spec, "group", "invalid-name", |text| {
        if text.contains('.') { name::dns1123_subdomain(text) } else { Err("a DNS name with at least one dot") }
    });
    for key in ["plural", "singular"] {
        report.text(&names, key, "invalid-name", name::dns1035_label);
    }
    for key in ["kind", "listKind"] {
        report.text(&names, key, "invalid-name", |text| name::dns1035_label(&text.to_lowercase()));
    }
    one_of(&spec, "scope", &["Namespaced", "Cluster"], report);
    versions(&spec, report);
}

fn versions(spec: &Place<'_>, report: &mut Report) {
    let versions = spec.list("versions");
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for version in &versions {
        report.text(version, "name", "invalid-name", name::dns1035_label);
        if let Some(place) = version.get("name")
            && let Some(text) = place.as_str()
            && let Some(first) = seen.insert(text, place.node.span)
        {
            report.duplicate(&place, "the name of another version", first);
        }
        match version.at(&["schema", "openAPIV3Schema"]) {
            Some(schema) => {
                if schema.text("type") != "object" {
                    let place = schema.get("type").unwrap_or_else(|| schema.clone());
                    report.add("invalid-crd-schema", &place, "must be `object` at the root of a schema");
                }
                structural(&schema, 0, report);
            }
            None => report.missing(version, "schema"),
        }
    }
    let stored: Vec<_> = versions.iter().filter(|version| version.is_true("storage")).collect();
    if stored.len() != 1 && !versions.is_empty() {
        let place = stored.get(1).map_or(spec.key_span, |version| version.key_span);
        let message = format!("`{spec}` must have exactly one version with `storage: true`; it has {}", stored.len());
        report.push(Diagnostic::error("invalid-crd-schema", message).at(place));
    }
}

/// What makes a schema structural: a type at every field, and `items` beside every list.
fn structural(schema: &Place<'_>, depth: usize, report: &mut Report) {
    let free = schema.is_true("x-kubernetes-int-or-string") || schema.is_true("x-kubernetes-preserve-unknown-fields");
    if depth > MAX_DEPTH {
        return;
    }
    match schema.text("type") {
        "" if !free => report.missing(schema, "type"),
        "array" if !schema.has("items") => report.missing(schema, "items"),
        "" | "object" | "array" | "string" | "integer" | "number" | "boolean" => {}
        _ => {
            if let Some(place) = schema.get("type") {
                report.must("invalid-crd-schema", &place, "array, boolean, integer, number, object or string");
            }
        }
    }
    if let (Some(_), Some(more)) = (
        schema.get("properties").filter(|map| map.entries().next().is_some()),
        schema.get("additionalProperties").filter(|more| more.node.as_map().is_some()),
    ) {
        report.forbidden(&more, "may not be set beside `properties`");
    }
    for (_, property) in schema.map("properties") {
        structural(&property, depth + 1, report);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get(key).filter(|inner| inner.node.as_map().is_some()) {
            structural(&inner, depth + 1, report);
        }
    }
    list_type(schema, report);
}

fn list_type(schema: &Place<'_>, report: &mut Report) {
    if schema.text("x-kubernetes-list-type") != "map" {
        return;
    }
    let keys = schema.list("x-kubernetes-list-map-keys");
    if keys.is_empty() {
        report.missing(schema, "x-kubernetes-list-map-keys");
    }
    let Some(items) = schema.get("items") else { return };
    let required = items.list("required");
    for key in &keys {
        let Some(text) = key.as_str() else { continue };
        let Some(property) = items.at(&["properties", text]) else {
            report.add("invalid-crd-schema", key, "names no property of the items");
            continue;
        };
        if !property.has("default") && !required.iter().any(|required| required.as_str() == Some(text)) {
            report.add("invalid-crd-schema", key, "must be required of the items, or have a default");
        }
    }
}
