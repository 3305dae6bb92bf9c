//! kustomize's default name references: which fields hold the name of an object of which kind.

use super::field_spec::{FieldSpec, Selects};
use super::{NameReference, compare_kinds};

/// Group, version and kind.
type Kind = (&'static str, &'static str, &'static str);

/// Fields below `within` of several kinds.
pub(super) struct On {
    pub(super) within: &'static str,
    pub(super) kinds: &'static [Kind],
    pub(super) paths: &'static [&'static str],
}

impl On {
    /// One row for each kind and path.
    pub(super) fn rows(&self) -> Vec<FieldSpec> {
        let mut rows = Vec::with_capacity(self.kinds.len() * self.paths.len());
        for &(group, version, kind) in self.kinds {
            let row = |path: &&str| {
                FieldSpec::new(Selects::new(group, version, kind), &format!("{}{path}", self.within), false)
            };
            rows.extend(self.paths.iter().map(row));
        }
        rows
    }
}

/// All of them, in the order in which kustomize follows them.
pub(super) fn all() -> Vec<NameReference> {
    let mut references: Vec<_> = TABLE
        .iter()
        .map(|&((group, version, kind), fields)| NameReference {
            target: Selects::new(group, version, kind),
            referrers: fields.iter().flat_map(On::rows).collect(),
        })
        .collect();
    references.sort_by(|a, b| compare_kinds(&a.target.0, &b.target.0));
    references
}

/// By the kind that is referred to.
const TABLE: &[(Kind, &[On])] = &[
    (
        ("", "", "Deployment"),
        &[On { within: "spec/", kinds: &[("", "", "HorizontalPodAutoscaler")], paths: &["scaleTargetRef/name"] }],
    ),
    (
        ("", "", "ReplicationController"),
        &[On { within: "spec/", kinds: &[("", "", "HorizontalPodAutoscaler")], paths: &["scaleTargetRef/name"] }],
    ),
    (
        ("", "", "ReplicaSet"),
        &[On { within: "spec/", kinds: &[("", "", "HorizontalPodAutoscaler")], paths: &["scaleTargetRef/name"] }],
    ),
    (
        ("", "", "StatefulSet"),
        &[On { within: "spec/", kinds: &[("", "", "HorizontalPodAutoscaler")], paths: &["scaleTargetRef/name"] }],
    ),
    (
        ("", "v1", "ConfigMap"),
        &[
            On {
                within: "spec/",
                kinds: &[("", "v1", "Pod")],
                paths: &[
                    "volumes/configMap/name",
                    "containers/env/valueFrom/configMapKeyRef/name",
                    "initContainers/env/valueFrom/configMapKeyRef/name",
                    "containers/envFrom/configMapRef/name",
                    "initContainers/envFrom/configMapRef/name",
                    "volumes/projected/sources/configMap/name",
                ],
            },
            On {
                within: "template/spec/",
                kinds: &[("", "", "PodTemplate")],
                paths: &[
                    "volumes/configMap/name",
                    "containers/env/valueFrom/configMapKeyRef/name",
                    "initContainers/env/valueFrom/configMapKeyRef/name",
                    "containers/envFrom/configMapRef/name",
                    "initContainers/envFrom/configMapRef/name",
                    "volumes/projected/sources/configMap/name",
                ],
            },
            On {
                within: "spec/template/spec/",
                kinds: &[
                    ("", "", "Deployment"),
                    ("", "", "ReplicaSet"),
                    ("", "", "DaemonSet"),
                    ("", "", "StatefulSet"),
                    ("", "", "Job"),
                ],
                paths: &[
                    "volumes/configMap/name",
                    "containers/env/valueFrom/configMapKeyRef/name",
                    "initContainers/env/valueFrom/configMapKeyRef/name",
                    "containers/envFrom/configMapRef/name",
                    "initContainers/envFrom/configMapRef/name",
                    "volumes/projected/sources/configMap/name",
                ],
            },
            On {
                within: "spec/jobTemplate/spec/template/spec/",
                kinds: &[("", "", "CronJob")],
                paths: &[
                    "volumes/configMap/name",
                    "volumes/projected/sources/configMap/name",
                    "containers/env/valueFrom/configMapKeyRef/name",
                    "initContainers/env/valueFrom/configMapKeyRef/name",
                    "containers/envFrom/configMapRef/name",
                    "initContainers/envFrom/configMapRef/name",
                ],
            },
            On { within: "spec/", kinds: &[("", "", "Node")], paths: &["configSource/configMap"] },
            On { within: "", kinds: &[("", "", "Role"), ("", "", "ClusterRole")], paths: &["rules/resourceNames"] },
            On {
                within: "",
                kinds: &[("", "", "Ingress")],
                paths: &["metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap"],
            },
        ],
    ),
    (
        ("", "v1", "Secret"),
        &[
            On {
                within: "spec/",
                kinds: &[("", "v1", "Pod")],
                paths: &[
                    "volumes/secret/secretName",
                    "containers/env/valueFrom/secretKeyRef/name",
                    "initContainers/env/valueFrom/secretKeyRef/name",
                    "containers/envFrom/secretRef/name",
                    "initContainers/envFrom/secretRef/name",
                    "imagePullSecrets/name",
                    "volumes/projected/sources/secret/name",
                ],
            },
            On {
                within: "template/spec/",
                kinds: &[("", "", "PodTemplate")],
                paths: &[
                    "volumes/secret/secretName",
                    "containers/env/valueFrom/secretKeyRef/name",
                    "initContainers/env/valueFrom/secretKeyRef/name",
                    "containers/envFrom/secretRef/name",
                    "initContainers/envFrom/secretRef/name",
                    "imagePullSecrets/name",
                    "volumes/projected/sources/secret/name",
                ],
            },
            On {
                within: "spec/template/spec/",
                kinds: &[
                    ("", "", "Deployment"),
                    ("", "", "ReplicaSet"),
                    ("", "", "DaemonSet"),
                    ("", "", "StatefulSet"),
                    ("", "", "Job"),
                ],
                paths: &[
                    "volumes/secret/secretName",
                    "containers/env/valueFrom/secretKeyRef/name",
                    "initContainers/env/valueFrom/secretKeyRef/name",
                    "containers/envFrom/secretRef/name",
                    "initContainers/envFrom/secretRef/name",
                    "imagePullSecrets/name",
                    "volumes/projected/sources/secret/name",
                ],
            },
            On {
                within: "spec/jobTemplate/spec/template/spec/",
                kinds: &[("", "", "CronJob")],
                paths: &[
                    "volumes/secret/secretName",
                    "volumes/projected/sources/secret/name",
                    "containers/env/valueFrom/secretKeyRef/name",
                    "initContainers/env/valueFrom/secretKeyRef/name",
                    "containers/envFrom/secretRef/name",
                    "initContainers/envFrom/secretRef/name",
                    "imagePullSecrets/name",
                ],
            },
            On { within: "spec/", kinds: &[("", "", "Ingress")], paths: &["tls/secretName"] },
            On {
                within: "",
                kinds: &[("", "", "Ingress")],
                paths: &[
                    "metadata/annotations/ingress.kubernetes.io\\/auth-secret",
                    "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret",
                    "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret",
                ],
            },
            On { within: "", kinds: &[("", "", "ServiceAccount")], paths: &["imagePullSecrets/name"] },
            On {
                within: "",
                kinds: &[("", "", "StorageClass")],
                paths: &[
                    "parameters/secretName",
                    "parameters/adminSecretName",
                    "parameters/userSecretName",
                    "parameters/secretRef",
                ],
            },
            On { within: "", kinds: &[("", "", "Role"), ("", "", "ClusterRole")], paths: &["rules/resourceNames"] },
            On {
                within: "spec/template/spec/",
                kinds: &[("serving.knative.dev", "v1", "Service")],
                paths: &["containers/env/valueFrom/secretKeyRef/name"],
            },
            On { within: "spec/", kinds: &[("", "", "PersistentVolume")], paths: &["azureFile/secretName"] },
        ],
    ),
    (
        ("", "v1", "Service"),
        &[
            On { within: "spec/", kinds: &[("apps", "", "StatefulSet")], paths: &["serviceName"] },
            On {
                within: "spec/",
                kinds: &[("", "", "Ingress")],
                paths: &[
                    "rules/http/paths/backend/serviceName",
                    "backend/serviceName",
                    "rules/http/paths/backend/service/name",
                    "defaultBackend/service/name",
                ],
            },
            On { within: "spec/", kinds: &[("apiregistration.k8s.io", "", "APIService")], paths: &["service/name"] },
            On {
                within: "",
                kinds: &[
                    ("admissionregistration.k8s.io", "", "ValidatingWebhookConfiguration"),
                    ("admissionregistration.k8s.io", "", "MutatingWebhookConfiguration"),
                ],
                paths: &["webhooks/clientConfig/service"],
            },
        ],
    ),
    (
        ("rbac.authorization.k8s.io", "", "Role"),
        &[On { within: "", kinds: &[("rbac.authorization.k8s.io", "", "RoleBinding")], paths: &["roleRef/name"] }],
    ),
    (
        ("rbac.authorization.k8s.io", "", "ClusterRole"),
        &[On {
            within: "",
            kinds: &[
                ("rbac.authorization.k8s.io", "", "RoleBinding"),
                ("rbac.authorization.k8s.io", "", "ClusterRoleBinding"),
            ],
            paths: &["roleRef/name"],
        }],
    ),
    (
        ("", "v1", "ServiceAccount"),
        &[
            On {
                within: "",
                kinds: &[
                    ("rbac.authorization.k8s.io", "", "RoleBinding"),
                    ("rbac.authorization.k8s.io", "", "ClusterRoleBinding"),
                ],
                paths: &["subjects"],
            },
            On { within: "spec/", kinds: &[("", "", "Pod")], paths: &["serviceAccountName"] },
            On {
                within: "spec/template/spec/",
                kinds: &[
                    ("", "", "StatefulSet"),
                    ("", "", "Deployment"),
                    ("", "", "ReplicationController"),
                    ("", "", "Job"),
                    ("", "", "DaemonSet"),
                ],
                paths: &["serviceAccountName"],
            },
            On {
                within: "spec/jobTemplate/spec/template/spec/",
                kinds: &[("", "", "CronJob")],
                paths: &["serviceAccountName"],
            },
        ],
    ),
    (
        ("", "v1", "PersistentVolumeClaim"),
        &[
            On { within: "spec/", kinds: &[("", "", "Pod")], paths: &["volumes/persistentVolumeClaim/claimName"] },
            On {
                within: "spec/template/spec/",
                kinds: &[
                    ("", "", "StatefulSet"),
                    ("", "", "Deployment"),
                    ("", "", "ReplicationController"),
                    ("", "", "Job"),
                    ("", "", "DaemonSet"),
                ],
                paths: &["volumes/persistentVolumeClaim/claimName"],
            },
            On {
                within: "spec/jobTemplate/spec/template/spec/",
                kinds: &[("", "", "CronJob")],
                paths: &["volumes/persistentVolumeClaim/claimName"],
            },
        ],
    ),
    (
        ("", "v1", "PersistentVolume"),
        &[
            On { within: "spec/", kinds: &[("", "", "PersistentVolumeClaim")], paths: &["volumeName"] },
            On { within: "", kinds: &[("", "", "ClusterRole")], paths: &["rules/resourceNames"] },
        ],
    ),
    (
        ("storage.k8s.io", "v1", "StorageClass"),
        &[
            On {
                within: "spec/",
                kinds: &[("", "", "PersistentVolume"), ("", "", "PersistentVolumeClaim")],
                paths: &["storageClassName"],
            },
            On {
                within: "spec/",
                kinds: &[("", "", "StatefulSet")],
                paths: &["volumeClaimTemplates/spec/storageClassName"],
            },
        ],
    ),
    (
        ("scheduling.k8s.io", "v1", "PriorityClass"),
        &[
            On { within: "spec/", kinds: &[("", "", "Pod")], paths: &["priorityClassName"] },
            On {
                within: "spec/template/spec/",
                kinds: &[
                    ("", "", "StatefulSet"),
                    ("", "", "Deployment"),
                    ("", "", "ReplicationController"),
                    ("", "", "Job"),
                    ("", "", "DaemonSet"),
                ],
                paths: &["priorityClassName"],
            },
            On {
                within: "spec/jobTemplate/spec/template/spec/",
                kinds: &[("", "", "CronJob")],
                paths: &["priorityClassName"],
            },
        ],
    ),
    (
        ("networking.k8s.io/v1", "v1", "IngressClass"),
        &[On { within: "spec/", kinds: &[("", "", "Ingress")], paths: &["ingressClassName"] }],
    ),
    (
        ("admissionregistration.k8s.io", "", "ValidatingAdmissionPolicy"),
        &[On {
            within: "spec/",
            kinds: &[("admissionregistration.k8s.io", "", "ValidatingAdmissionPolicyBinding")],
            paths: &["policyName"],
        }],
    ),
];
