//! Volumes of the cluster and claims to them: `pkg/apis/core/validation`, `pkg/apis/storage/validation`.

use crate::schema::Place;
use crate::schema::format::name;
use crate::schema::format::quantity::Quantity;

use super::report::Report;
use super::selector;
use super::values::{one_of, quantity};

const MODES: [&str; 4] = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];

/// Every kind of persistent volume.
const SOURCES: [&str; 22] = [
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "csi",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "glusterfs",
    "hostPath",
    "iscsi",
    "local",
    "nfs",
    "photonPersistentDisk",
    "portworxVolume",
    "quobyte",
    "rbd",
    "scaleIO",
    "storageos",
    "vsphereVolume",
];

pub(super) fn persistent_volume(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return report.missing(object, "spec") };
    access_modes(&spec, report);
    match spec.get("capacity") {
        None => report.missing(&spec, "capacity"),
        Some(capacity) => {
            if !capacity.has("storage") {
                report.missing(&capacity, "storage");
            }
            for (_, amount) in capacity.entries() {
                positive(&amount, report);
            }
            for (_, amount) in capacity.entries().filter(|(resource, _)| *resource != "storage") {
                report.key("invalid-resource", &amount, "`storage`, and nothing else");
            }
        }
    }
    report.exactly_one(&spec, &SOURCES, "kind of volume");
    report.text(&spec, "storageClassName", "invalid-name", name::dns1123_subdomain);
    if spec.has("local") && spec.at(&["nodeAffinity", "required"]).is_none() {
        report.missing(&spec, "nodeAffinity");
    }
    for source in ["hostPath", "local"] {
        if let Some(path) = spec.at(&[source, "path"])
            && path.as_str().is_some_and(|text| text.split('/').any(|part| part == ".."))
        {
            report.must("invalid-path", &path, "a path without `..`");
        }
    }
    if let Some(policy) = spec.get("persistentVolumeReclaimPolicy")
        && policy.as_str() == Some("Recycle")
        && spec.at(&["hostPath", "path"]).is_some_and(|path| path.as_str() == Some("/"))
    {
        report.forbidden(&policy, "may not be `Recycle` for a volume of the path `/`");
    }
}

pub(super) fn claim(object: &Place<'_>, report: &mut Report) {
    match object.get("spec") {
        Some(spec) => claim_spec(&spec, report),
        None => report.missing(object, "spec"),
    }
}

/// `ValidatePersistentVolumeClaimSpec`
pub(super) fn claim_spec(spec: &Place<'_>, report: &mut Report) {
    access_modes(spec, report);
    match spec.at(&["resources", "requests", "storage"]) {
        Some(storage) => positive(&storage, report),
        None => {
            let place = spec.at(&["resources", "requests"]).or_else(|| spec.get("resources"));
            let place = place.unwrap_or_else(|| spec.clone());
            report.missing(&place, "storage");
        }
    }
    if let Some(place) = spec.get("selector") {
        selector::check(&place, report);
    }
    report.text(spec, "storageClassName", "invalid-name", name::dns1123_subdomain);
    if let Some(source) = spec.get("dataSource") {
        report.require(&source, "name");
        report.require(&source, "kind");
        let is_core = source.text("apiGroup").is_empty();
        if is_core && !matches!(source.text("kind"), "" | "PersistentVolumeClaim") {
            report.missing(&source, "apiGroup");
        }
    }
}

fn access_modes(spec: &Place<'_>, report: &mut Report) {
    let modes = spec.list("accessModes");
    if modes.is_empty() {
        return report.missing(spec, "accessModes");
    }
    for mode in &modes {
        if mode.as_str().is_some_and(|text| !MODES.contains(&text)) {
            report.must("invalid-enum", mode, &format!("one of {}", MODES.join(", ")));
        }
    }
    if let Some(alone) = modes.iter().find(|mode| mode.as_str() == Some("ReadWriteOncePod"))
        && modes.len() > 1
    {
        report.add("conflicting-fields", alone, "cannot be combined with other modes");
    }
}

fn positive(place: &Place<'_>, report: &mut Report) {
    if quantity(place).is_some_and(|amount| amount <= Quantity::ZERO) {
        report.must("invalid-quantity", place, "more than 0");
    }
}

pub(super) fn class(object: &Place<'_>, report: &mut Report) {
    report.text(object, "provisioner", "invalid-name", |text| name::qualified_name(&text.to_lowercase()));
    one_of(object, "reclaimPolicy", &["Delete", "Retain"], report);
    one_of(object, "volumeBindingMode", &["Immediate", "WaitForFirstConsumer"], report);
    for (key, value) in object.map("parameters") {
        if key.is_empty() {
            report.key("invalid-key", &value, "a text that is not empty");
        }
    }
}
