//! Names, labels, annotations, finalizers, owners: `k8s.io/apimachinery/pkg/api/validation/objectmeta.go`.

use crate::model::Gvk;
use crate::schema::format::name;
use crate::schema::{Place, Registry};

use super::names;
use super::report::Report;

/// All annotations of an object together, keys and values.
const ANNOTATIONS_LIMIT: usize = 256 << 10;

/// Finalizers that need no prefix: `pkg/apis/core/helper`.
const STANDARD_FINALIZERS: [&str; 3] = ["kubernetes", "orphan", "foregroundDeletion"];

pub(super) fn check(gvk: &Gvk, registry: &Registry, object: &Place<'_>, report: &mut Report) {
    let Some(metadata) = object.get("metadata") else { return };
    report.text(&metadata, "name", "invalid-name", |text| names::check(gvk, text));
    report.text(&metadata, "namespace", "invalid-name", name::dns1123_label);
    if metadata.text("name").is_empty() {
        report.text(&metadata, "generateName", "invalid-name", |text| names::check_prefix(gvk, text));
    }
    labels(&metadata, "labels", report);
    annotations(&metadata, report);
    let typed = registry.kind(gvk).is_some_and(|kind| kind.is_typed());
    finalizers(&metadata, typed, report);
    owners(&metadata, report);
}

/// The labels under `key`: `ValidateLabels`.
pub(super) fn labels(place: &Place<'_>, key: &str, report: &mut Report) {
    for (label, value) in place.map(key) {
        if let Err(must) = name::qualified_name(label) {
            report.key("invalid-label", &value, must);
        }
        if let Some(Err(must)) = value.as_str().map(name::label_value) {
            report.must("invalid-label", &value, must);
        }
    }
}

/// The annotations of a `metadata`: `ValidateAnnotations`. The case of a key does not count.
pub(super) fn annotations(metadata: &Place<'_>, report: &mut Report) {
    let Some(annotations) = metadata.get("annotations") else { return };
    let mut size = 0;
    for (key, value) in annotations.entries() {
        size += key.len() + value.as_str().map_or(0, str::len);
        if let Err(must) = name::qualified_name(&key.to_lowercase()) {
            report.key("invalid-annotation", &value, must);
        }
    }
    if size > ANNOTATIONS_LIMIT {
        let wrong = format!("have {size} bytes; the limit is {ANNOTATIONS_LIMIT}");
        report.add("too-large", &annotations, &wrong);
    }
}

fn finalizers(metadata: &Place<'_>, typed: bool, report: &mut Report) {
    let list = metadata.list("finalizers");
    for finalizer in &list {
        let Some(text) = finalizer.as_str() else { continue };
        if let Err(must) = name::qualified_name(text) {
            report.must("invalid-finalizer", finalizer, must);
        } else if typed && !text.contains('/') && !STANDARD_FINALIZERS.contains(&text) {
            report.must("invalid-finalizer", finalizer, "qualified by a domain, such as example.com/name");
        }
    }
    let find = |wanted: &str| list.iter().find(|place| place.as_str() == Some(wanted));
    if let (Some(_), Some(second)) = (find("orphan"), find("foregroundDeletion")) {
        report.add("conflicting-fields", second, "and `orphan` cannot be set together");
    }
}

fn owners(metadata: &Place<'_>, report: &mut Report) {
    let mut controller = None;
    for owner in metadata.list("ownerReferences") {
        for key in ["apiVersion", "kind", "name", "uid"] {
            if owner.get(key).is_some_and(|value| value.as_str() == Some("")) {
                report.missing(&owner, key);
            }
        }
        if owner.is_true("controller") {
            match controller {
                None => controller = Some(owner.node.span),
                Some(first) => report.duplicate(&owner, "the controlling owner", first),
            }
        }
    }
}
