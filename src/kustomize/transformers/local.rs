//! What leaves an object at the end: kustomize's notes, and objects that are for kustomize only.

use crate::diagnostics::{Diagnostic, Sources};
use crate::kustomize::resource::Resource;
use crate::kustomize::scalars;
use crate::kustomize::set::ResourceSet;
use crate::yaml::Value;
use crate::yaml::decode::Report;

const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";

/// Annotations that kustomize uses for itself and removes from the result, whoever wrote them.
const NOTES: [&str; 21] = [
    "internal.config.kubernetes.io/previousKinds",
    "internal.config.kubernetes.io/previousNames",
    "internal.config.kubernetes.io/prefixes",
    "internal.config.kubernetes.io/suffixes",
    "internal.config.kubernetes.io/previousNamespaces",
    "internal.config.kubernetes.io/allowNameChange",
    "internal.config.kubernetes.io/allowKindChange",
    "internal.config.kubernetes.io/refBy",
    "internal.config.kubernetes.io/generatorBehavior",
    "internal.config.kubernetes.io/needsHashSuffix",
    "internal.config.kubernetes.io/path",
    "internal.config.kubernetes.io/index",
    "internal.config.kubernetes.io/seqindent",
    "internal.config.kubernetes.io/id",
    "internal.config.kubernetes.io/annotations-migration-resource-id",
    "internal.config.kubernetes.io/helm-generated",
    "config.kubernetes.io/path",
    "config.kubernetes.io/index",
    "config.k8s.io/id",
    "config.kubernetes.io/origin",
    "alpha.config.kubernetes.io/transformations",
];

/// Drops objects annotated as local configuration.
pub(in crate::kustomize) fn drop_local(set: &mut ResourceSet) {
    let is_local = |resource: &Resource| {
        let note = resource.annotations().and_then(|map| map.get(LOCAL_CONFIG));
        note.is_some_and(|note| note.as_str() != Some("false") && !matches!(note.value, Value::Bool(false)))
    };
    if set.iter().any(is_local) {
        set.all_mut().retain(|resource| !is_local(resource));
    }
}

/// Reports objects that lost what names them on the way: only JSON patches can do that.
pub(in crate::kustomize) fn refuse_nameless(set: &ResourceSet, report: &Report) {
    for resource in set.iter() {
        let missing = match (resource.kind(), resource.name()) {
            ("", _) => "kind",
            (kind, "") if !kind.ends_with("List") => "metadata.name",
            _ => continue,
        };
        let message = format!("a patch left this object without `{missing}`");
        report.push(Diagnostic::error("not-an-object", message).at(resource.span));
    }
}

/// Makes every annotation a text and drops kustomize's own; an empty mapping goes, too.
pub(in crate::kustomize) fn clean_annotations(set: &mut ResourceSet, sources: &Sources) {
    for resource in set.all_mut() {
        let Some(metadata) = resource.node.as_map_mut().and_then(|map| map.get_mut("metadata")?.as_map_mut()) else {
            continue;
        };
        let Some(node) = metadata.get_mut("annotations") else { continue };
        if let Value::Map(annotations) = &mut node.value {
            annotations.retain(|entry| !NOTES.contains(&entry.key.as_str()));
            for (_, value) in annotations.iter_mut() {
                if let Some(text) = scalars::text(value, sources) {
                    value.value = Value::String(text);
                }
            }
        }
        let empty = node.is_null() || node.as_map().is_some_and(crate::yaml::Map::is_empty);
        if empty {
            metadata.remove("annotations");
        }
    }
}
