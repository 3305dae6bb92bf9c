//! The order in which Argo CD applies kinds within a wave.

/// Lowest first; every other kind comes after these. By kind alone, the group is ignored:
/// gitops-engine `pkg/sync/sync_tasks.go`, Argo CD 3.5.
const KINDS: [&str; 35] = [
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
];

/// The rank of a kind within its wave, from 0; kinds without a rank of their own share the last.
pub fn kind_order(kind: &str) -> usize {
    KINDS.iter().position(|known| *known == kind).unwrap_or(KINDS.len())
}

#[cfg(test)]
mod tests {
    use super::kind_order;

    #[test]
    fn other_kinds_come_last() {
        assert_eq!(kind_order("Namespace"), 0);
        assert_eq!(kind_order("APIService"), 34);
        assert_eq!(kind_order("MyCRD"), 35);
    }
}
