//! Which fields of which kinds the transformers write: kustomize's tables and what `configurations` adds.

mod builtin;
pub(super) mod crds;
pub(super) mod custom;
mod field_spec;
mod merge;
mod references;
mod variables;

use std::cmp::Ordering;
use std::sync::{Arc, LazyLock};

use crate::model::Gvk;

pub(super) use field_spec::{FieldError, FieldSpec, Leaf, Path, Selects};
pub(super) use merge::merge_specs;

/// Fields that name an object of `target`'s kind.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NameReference {
    pub(super) target: Selects,
    pub(super) referrers: Vec<FieldSpec>,
}

/// All tables.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Config {
    pub(super) name_prefix: Vec<FieldSpec>,
    pub(super) name_suffix: Vec<FieldSpec>,
    pub(super) namespace: Vec<FieldSpec>,
    pub(super) common_labels: Vec<FieldSpec>,
    pub(super) labels: Vec<FieldSpec>,
    pub(super) template_labels: Vec<FieldSpec>,
    pub(super) common_annotations: Vec<FieldSpec>,
    pub(super) name_references: Vec<NameReference>,
    pub(super) var_references: Vec<FieldSpec>,
    pub(super) images: Vec<FieldSpec>,
    pub(super) replicas: Vec<FieldSpec>,
}

/// kustomize's own tables.
pub(super) static BUILTIN: LazyLock<Arc<Config>> = LazyLock::new(|| {
    let specs = |list: &[field_spec::Row]| list.iter().map(FieldSpec::builtin).collect::<Vec<_>>();
    let mut common_labels = specs(builtin::SELECTOR_LABELS);
    common_labels.extend(specs(builtin::TEMPLATE_LABELS));
    Arc::new(Config {
        name_prefix: specs(builtin::NAME),
        name_suffix: specs(builtin::NAME),
        namespace: specs(builtin::NAMESPACE),
        common_labels,
        labels: Vec::new(),
        template_labels: specs(builtin::TEMPLATE_LABELS),
        common_annotations: specs(builtin::ANNOTATIONS),
        name_references: references::all(),
        var_references: variables::all(),
        images: specs(builtin::IMAGES),
        replicas: specs(builtin::REPLICAS),
    })
});

/// kustomize's order of kinds: some first, some last, the others by group, version and kind.
pub(super) const ORDER_FIRST: [&str; 22] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];

/// See [`ORDER_FIRST`].
pub(super) const ORDER_LAST: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// Compares two kinds as kustomize sorts its tables.
fn compare_kinds(a: &Gvk, b: &Gvk) -> Ordering {
    kind_rank(a).cmp(&kind_rank(b)).then_with(|| kind_sort_key(a).cmp(&kind_sort_key(b)))
}

fn kind_rank(gvk: &Gvk) -> usize {
    let first = ORDER_FIRST.iter().position(|kind| *kind == gvk.kind);
    let last = || ORDER_LAST.iter().position(|kind| *kind == gvk.kind).map(|i| ORDER_FIRST.len() + 1 + i);
    first.or_else(last).unwrap_or(ORDER_FIRST.len())
}

/// `group_version_kind`, where what is missing sorts after everything that is there.
pub(super) fn kind_sort_key(gvk: &Gvk) -> String {
    let or = |text: &str, missing: &'static str| if text.is_empty() { missing.to_owned() } else { text.to_owned() };
    format!("{}_{}_{}", or(&gvk.group, "~G"), or(&gvk.version, "~V"), or(&gvk.kind, "~K"))
}
