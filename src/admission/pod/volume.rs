//! Volumes: `ValidateVolumes`, `validateVolumeSource`.

use std::collections::HashMap;

use crate::diagnostics::Span;
use crate::schema::Place;
use crate::schema::format::name;

use super::env::{field_path, resource_field};
use crate::admission::report::Report;
use crate::admission::values::{inner_path, non_negative_quantity, one_of};

/// Every kind of volume. One of them may be set; none means an empty directory.
const SOURCES: [&str; 30] = [
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "hostPath",
    "image",
    "iscsi",
    "nfs",
    "persistentVolumeClaim",
    "photonPersistentDisk",
    "portworxVolume",
    "projected",
    "quobyte",
    "rbd",
    "scaleIO",
    "secret",
    "storageos",
    "vsphereVolume",
];

/// Of the downward API's volume.
const FIELDS: [&str; 5] =
    ["metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels", "metadata.annotations"];

/// The names that a container can mount.
pub(super) struct Volumes<'a> {
    names: Vec<&'a str>,
}

impl Volumes<'_> {
    pub(super) fn contains(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().copied()
    }
}

pub(super) fn check<'a>(spec: &Place<'a>, extra: &[&'a str], report: &mut Report) -> Volumes<'a> {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    let mut names = extra.to_vec();
    for volume in spec.list("volumes") {
        report.text(&volume, "name", "invalid-name", name::dns1123_label);
        // A claim template of the same name takes its place.
        if let Some(place) = volume.get("name")
            && let Some(text) = place.as_str().filter(|text| !extra.contains(text))
        {
            names.push(text);
            if let Some(first) = seen.insert(text, place.node.span) {
                report.duplicate(&place, "the name of another volume", first);
            }
        }
        source(&volume, report);
    }
    Volumes { names }
}

fn source(volume: &Place<'_>, report: &mut Report) {
    report.at_most_one(volume, &SOURCES, "kind of volume");
    if let Some(secret) = volume.get("secret") {
        report.require(&secret, "secretName");
        files(&secret, report);
    }
    if let Some(map) = volume.get("configMap") {
        report.require(&map, "name");
        files(&map, report);
    }
    if let Some(path) = volume.get("hostPath") {
        no_back_steps(&path, "path", report);
        let types = ["DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"];
        one_of(&path, "type", &types, report);
    }
    if let Some(nfs) = volume.get("nfs")
        && let Some(path) = nfs.get("path")
        && path.as_str().is_some_and(|text| !text.is_empty() && !text.starts_with('/'))
    {
        report.must("invalid-path", &path, "an absolute path");
    }
    if let Some(limit) = volume.at(&["emptyDir", "sizeLimit"]) {
        non_negative_quantity(&limit, report);
    }
    if let Some(claim) = volume.get("persistentVolumeClaim") {
        report.require(&claim, "claimName");
    }
    if let Some(ephemeral) = volume.get("ephemeral") {
        match ephemeral.get("volumeClaimTemplate") {
            Some(template) => {
                if let Some(spec) = template.get("spec") {
                    crate::admission::storage::claim_spec(&spec, report);
                }
            }
            None => report.missing(&ephemeral, "volumeClaimTemplate"),
        }
    }
    if let Some(api) = volume.get("downwardAPI") {
        mode(&api, "defaultMode", report);
        downward(&api, report);
    }
    if let Some(projected) = volume.get("projected") {
        check_projected(&projected, report);
    }
}

fn no_back_steps(place: &Place<'_>, key: &str, report: &mut Report) {
    if let Some(path) = place.get(key)
        && path.as_str().is_some_and(|text| text.split('/').any(|part| part == ".."))
    {
        report.must("invalid-path", &path, "a path without `..`");
    }
}

fn mode(place: &Place<'_>, key: &str, report: &mut Report) {
    if let Some(mode) = place.get(key)
        && mode.as_int().is_some_and(|bits| !(0..=0o777).contains(&bits))
    {
        report.must("out-of-range", &mode, "between 0 and 0777 (octal)");
    }
}

/// The mode and the items of a volume made of keys.
fn files(source: &Place<'_>, report: &mut Report) {
    mode(source, "defaultMode", report);
    for item in source.list("items") {
        report.text(&item, "key", "invalid-key", name::config_key);
        inner_path(&item, "path", report);
        mode(&item, "mode", report);
    }
}

fn downward(source: &Place<'_>, report: &mut Report) {
    for item in source.list("items") {
        inner_path(&item, "path", report);
        mode(&item, "mode", report);
        report.exactly_one(&item, &["fieldRef", "resourceFieldRef"], "source of a value");
        if let Some(path) = item.at(&["fieldRef", "fieldPath"]) {
            field_path(&path, &FIELDS, report);
        }
        if let Some(reference) = item.get("resourceFieldRef") {
            report.require(&reference, "containerName");
            if let Some(resource) = reference.get("resource") {
                resource_field(&resource, report);
            }
        }
    }
}

fn check_projected(projected: &Place<'_>, report: &mut Report) {
    mode(projected, "defaultMode", report);
    let kinds = ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate"];
    for source in projected.list("sources") {
        report.exactly_one(&source, &kinds, "source of files");
        for key in ["secret", "configMap"] {
            if let Some(place) = source.get(key) {
                report.require(&place, "name");
                files(&place, report);
            }
        }
        if let Some(api) = source.get("downwardAPI") {
            downward(&api, report);
        }
        if let Some(token) = source.get("serviceAccountToken") {
            report.range(&token, "expirationSeconds", 600..=1 << 32);
            inner_path(&token, "path", report);
        }
    }
}
