//! Which kinds live outside namespaces, as far as kustomize knows: its table, not the cluster's.

use std::sync::{Arc, OnceLock};

use super::patch::MergeSchemas;
use super::patch::merge_schema::Scope;
use crate::model::Gvk;

/// What kustomize calls the namespace of objects that cannot have one.
pub(super) const NO_NAMESPACE: &str = "_non_namespaceable_";

/// The namespace of objects that name none.
const DEFAULT_NAMESPACE: &str = "default";

/// API versions and kinds that are certainly cluster-scoped: the `false` entries of
/// `precomputedIsNamespaceScoped` in kustomize's `kyaml/openapi`. Every other kind counts as namespaced,
/// newer built-in ones and custom resources included.
const CLUSTER_SCOPED: &[(&str, &[&str])] = &[
    ("admissionregistration.k8s.io/v1", &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]),
    ("admissionregistration.k8s.io/v1beta1", &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]),
    ("apiextensions.k8s.io/v1", &["CustomResourceDefinition"]),
    ("apiextensions.k8s.io/v1beta1", &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io/v1", &["APIService"]),
    ("apiregistration.k8s.io/v1beta1", &["APIService"]),
    ("certificates.k8s.io/v1", &["CertificateSigningRequest"]),
    ("certificates.k8s.io/v1beta1", &["CertificateSigningRequest"]),
    ("flowcontrol.apiserver.k8s.io/v1beta1", &["FlowSchema", "PriorityLevelConfiguration"]),
    ("networking.k8s.io/v1", &["IngressClass"]),
    ("networking.k8s.io/v1beta1", &["IngressClass"]),
    ("node.k8s.io/v1", &["RuntimeClass"]),
    ("node.k8s.io/v1beta1", &["RuntimeClass"]),
    ("policy/v1beta1", &["PodSecurityPolicy"]),
    ("rbac.authorization.k8s.io/v1", &["ClusterRole", "ClusterRoleBinding"]),
    ("rbac.authorization.k8s.io/v1beta1", &["ClusterRole", "ClusterRoleBinding"]),
    ("scheduling.k8s.io/v1", &["PriorityClass"]),
    ("scheduling.k8s.io/v1beta1", &["PriorityClass"]),
    ("storage.k8s.io/v1", &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"]),
    ("storage.k8s.io/v1beta1", &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"]),
    ("v1", &["ComponentStatus", "Namespace", "Node", "NodeProxyOptions", "PersistentVolume"]),
];

fn is_built_in_cluster_scoped(api_version: &str, kind: &str) -> bool {
    CLUSTER_SCOPED.iter().any(|(version, kinds)| *version == api_version && kinds.contains(&kind))
}

/// What is known about scopes during one build: kustomize's table, or the document that the first `openapi.path`
/// on the way names. In kustomize, too, that document counts for everything from there on.
#[derive(Clone, Debug, Default)]
pub(super) struct Scopes(Arc<OnceLock<MergeSchemas>>);

impl Scopes {
    /// Takes `schemas` for the rest of the build, unless there are some already.
    pub(super) fn learn(&self, schemas: MergeSchemas) {
        // An error says that there are some already.
        let _ = self.0.set(schemas);
    }

    /// The schemas that merge patches are applied by.
    pub(super) fn schemas(&self) -> MergeSchemas {
        self.0.get().cloned().unwrap_or_default()
    }

    /// Whether objects of this API version and kind cannot have a namespace.
    pub(super) fn is_cluster_scoped(&self, api_version: &str, kind: &str) -> bool {
        match self.0.get() {
            None => is_built_in_cluster_scoped(api_version, kind),
            Some(schemas) => schemas.scope(&Gvk::new(api_version, kind)) == Some(Scope::Cluster),
        }
    }

    /// The namespace by which kustomize compares ids: objects without one are in `default`,
    /// cluster-scoped ones in a place of their own whatever is written.
    pub(super) fn effective_namespace<'a>(&self, api_version: &str, kind: &str, written: &'a str) -> &'a str {
        if self.is_cluster_scoped(api_version, kind) {
            NO_NAMESPACE
        } else if written.is_empty() {
            DEFAULT_NAMESPACE
        } else {
            written
        }
    }
}

/// Whether an effective namespace says that the object is cluster-scoped.
pub(super) fn is_nowhere(effective: &str) -> bool {
    effective == NO_NAMESPACE
}
