//! Which family of rules looks at which kind.

use crate::model::Gvk;
use crate::schema::Place;

use super::report::Report;
use super::{
    autoscaling, batch, config, crd, disruption, ingress, network_policy, pod, quota, rbac, service, storage, webhook,
    workload,
};

pub(super) fn check(gvk: &Gvk, object: &Place<'_>, report: &mut Report) {
    match (gvk.group.as_str(), gvk.kind.as_str()) {
        ("", "Pod") => pod::check(object, report),
        ("", "PodTemplate") => workload::pod_template(object, report),
        ("", "Service") => service::check(object, report),
        ("", "ConfigMap") => config::config_map(object, report),
        ("", "Secret") => config::secret(object, report),
        ("", "PersistentVolume") => storage::persistent_volume(object, report),
        ("", "PersistentVolumeClaim") => storage::claim(object, report),
        ("", "ResourceQuota") => quota::resource_quota(object, report),
        ("", "LimitRange") => quota::limit_range(object, report),
        ("", "ReplicationController") => workload::replication_controller(object, report),
        ("apps", "Deployment") => workload::deployment(object, report),
        ("apps", "ReplicaSet") => workload::replica_set(object, report),
        ("apps", "DaemonSet") => workload::daemon_set(object, report),
        ("apps", "StatefulSet") => workload::stateful_set(object, report),
        ("batch", "Job") => batch::job(object, report),
        ("batch", "CronJob") => batch::cron_job(object, report),
        ("networking.k8s.io", "Ingress") => ingress::check(object, report),
        ("networking.k8s.io", "IngressClass") => ingress::class(object, report),
        ("networking.k8s.io", "NetworkPolicy") => network_policy::check(object, report),
        ("policy", "PodDisruptionBudget") => disruption::check(object, report),
        ("autoscaling", "HorizontalPodAutoscaler") => autoscaling::check(gvk, object, report),
        ("storage.k8s.io", "StorageClass") => storage::class(object, report),
        ("scheduling.k8s.io", "PriorityClass") => quota::priority_class(object, report),
        ("rbac.authorization.k8s.io", "Role") => rbac::role(object, report),
        ("rbac.authorization.k8s.io", "ClusterRole") => rbac::cluster_role(object, report),
        ("rbac.authorization.k8s.io", "RoleBinding") => rbac::binding(object, true, report),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding") => rbac::binding(object, false, report),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration") => {
            webhook::check(object, report);
        }
        ("apiextensions.k8s.io", "CustomResourceDefinition") => crd::check(object, report),
        ("apiregistration.k8s.io", "APIService") => webhook::api_service(object, report),
        _ => {}
    }
}
