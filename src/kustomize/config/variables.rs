//! kustomize's default places for `$(VAR)`.

use super::field_spec::FieldSpec;
use super::references::On;

/// All of them.
pub(super) fn all() -> Vec<FieldSpec> {
    TABLE.iter().flat_map(On::rows).collect()
}

const TABLE: &[On] = &[
    On {
        within: "spec/jobTemplate/spec/template/spec/",
        kinds: &[("", "", "CronJob")],
        paths: &[
            "containers/args",
            "containers/command",
            "containers/env/value",
            "containers/volumeMounts/mountPath",
            "initContainers/args",
            "initContainers/command",
            "initContainers/env/value",
            "initContainers/volumeMounts/mountPath",
        ],
    },
    On { within: "spec/", kinds: &[("", "", "CronJob")], paths: &["jobTemplate/spec/template/volumes/nfs/server"] },
    On {
        within: "spec/template/spec/",
        kinds: &[("", "", "DaemonSet"), ("", "", "Deployment"), ("", "", "Job"), ("", "", "ReplicaSet")],
        paths: &[
            "containers/args",
            "containers/command",
            "containers/env/value",
            "containers/volumeMounts/mountPath",
            "initContainers/args",
            "initContainers/command",
            "initContainers/env/value",
            "initContainers/volumeMounts/mountPath",
            "volumes/nfs/server",
        ],
    },
    On { within: "spec/", kinds: &[("", "", "Deployment")], paths: &["template/metadata/annotations"] },
    On { within: "spec/", kinds: &[("", "", "Ingress")], paths: &["rules/host", "tls/hosts", "tls/secretName"] },
    On {
        within: "spec/",
        kinds: &[("", "", "Pod")],
        paths: &[
            "containers/args",
            "containers/command",
            "containers/env/value",
            "containers/volumeMounts/mountPath",
            "initContainers/args",
            "initContainers/command",
            "initContainers/env/value",
            "initContainers/volumeMounts/mountPath",
            "volumes/nfs/server",
        ],
    },
    On { within: "spec/", kinds: &[("", "", "Service")], paths: &["ports/port", "ports/targetPort"] },
    On {
        within: "spec/template/spec/",
        kinds: &[("", "", "StatefulSet")],
        paths: &[
            "containers/args",
            "containers/command",
            "containers/env/value",
            "containers/volumeMounts/mountPath",
            "initContainers/args",
            "initContainers/command",
            "initContainers/env/value",
            "initContainers/volumeMounts/mountPath",
        ],
    },
    On { within: "spec/", kinds: &[("", "", "StatefulSet")], paths: &["volumeClaimTemplates/spec/nfs/server"] },
    On { within: "spec/", kinds: &[("", "", "PersistentVolume")], paths: &["nfs/server"] },
    On { within: "", kinds: &[("", "", "")], paths: &["metadata/labels", "metadata/annotations"] },
];
