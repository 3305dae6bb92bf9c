//! What is in the cluster, as far as the plan knows: the previous set, and what the steps so far have changed.

use std::collections::BTreeMap;

use crate::model::{Gvk, Manifest};

/// What names an object in a cluster: its group and kind, its namespace if it has one, its name. The version does not
/// count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Its group.
    pub group: String,
    /// Its kind.
    pub kind: String,
    /// Its namespace; empty for what belongs to the cluster.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl Key {
    /// The key of an object in an Application with this destination.
    pub fn of(manifest: &Manifest, destination: &str) -> Self {
        let id = &manifest.id;
        let namespace = match (is_cluster_scoped(&id.gvk), id.namespace.is_empty()) {
            (true, _) => String::new(),
            (false, true) => destination.to_owned(),
            (false, false) => id.namespace.clone(),
        };
        Self { group: id.gvk.group.clone(), kind: id.gvk.kind.clone(), namespace, name: id.name.clone() }
    }
}

/// The objects that are there.
#[derive(Clone, Debug, Default)]
pub struct Cluster<'a> {
    objects: BTreeMap<Key, &'a Manifest>,
    /// The destination's namespace where `CreateNamespace` has made it: there, but not the Application's.
    namespace: Option<Key>,
}

impl<'a> Cluster<'a> {
    /// The cluster in which `live` is.
    pub fn new(live: &'a [Manifest], destination: &str) -> Self {
        let objects = live.iter().map(|manifest| (Key::of(manifest, destination), manifest)).collect();
        Self { objects, namespace: None }
    }

    /// The object of a key.
    pub fn get(&self, key: &Key) -> Option<&'a Manifest> {
        self.objects.get(key).copied()
    }

    /// Whether there is an object of this key, whoever made it.
    pub fn contains(&self, key: &Key) -> bool {
        self.objects.contains_key(key) || self.namespace.as_ref() == Some(key)
    }

    /// Every object of the Application, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &'a Manifest)> {
        self.objects.iter().map(|(key, manifest)| (key, *manifest))
    }

    /// Applies an object.
    pub fn put(&mut self, key: Key, manifest: &'a Manifest) {
        self.objects.insert(key, manifest);
    }

    /// Makes the destination's namespace. Nothing marks it as the Application's, so it is never pruned.
    pub fn put_namespace(&mut self, key: Key) {
        self.namespace = Some(key);
    }

    /// Deletes an object.
    pub fn remove(&mut self, key: &Key) {
        self.objects.remove(key);
        self.namespace.take_if(|namespace| namespace == key);
    }
}

/// Kinds of Kubernetes 1.36 that have no namespace. A custom resource of the cluster counts as one with a namespace,
/// which makes no difference unless its manifest names one.
pub(super) fn is_cluster_scoped(gvk: &Gvk) -> bool {
    const KINDS: [(&str, &[&str]); 12] = [
        ("", &["ComponentStatus", "Namespace", "Node", "PersistentVolume"]),
        (
            "admissionregistration.k8s.io",
            &[
                "MutatingAdmissionPolicy",
                "MutatingAdmissionPolicyBinding",
                "MutatingWebhookConfiguration",
                "ValidatingAdmissionPolicy",
                "ValidatingAdmissionPolicyBinding",
                "ValidatingWebhookConfiguration",
            ],
        ),
        ("apiextensions.k8s.io", &["CustomResourceDefinition"]),
        ("apiregistration.k8s.io", &["APIService"]),
        ("certificates.k8s.io", &["CertificateSigningRequest", "ClusterTrustBundle"]),
        ("flowcontrol.apiserver.k8s.io", &["FlowSchema", "PriorityLevelConfiguration"]),
        ("networking.k8s.io", &["IPAddress", "IngressClass", "ServiceCIDR"]),
        ("node.k8s.io", &["RuntimeClass"]),
        ("rbac.authorization.k8s.io", &["ClusterRole", "ClusterRoleBinding"]),
        ("resource.k8s.io", &["DeviceClass", "DeviceTaintRule", "ResourceSlice"]),
        ("scheduling.k8s.io", &["PriorityClass"]),
        ("storage.k8s.io", &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"]),
    ];
    KINDS.iter().any(|(group, kinds)| *group == gvk.group && kinds.contains(&gvk.kind.as_str()))
}
