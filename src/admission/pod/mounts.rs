//! What a container mounts: `ValidateVolumeMounts`, `ValidateVolumeDevices`.

use std::collections::HashMap;

use crate::diagnostics::{Diagnostic, Span};
use crate::schema::Place;
use crate::yaml::decode::nearest;

use super::volume::Volumes;
use crate::admission::report::Report;
use crate::admission::values::inner_path;

pub(super) fn check(container: &Place<'_>, volumes: &Volumes<'_>, report: &mut Report) {
    let mut paths: HashMap<&str, Span> = HashMap::new();
    for mount in container.list("volumeMounts") {
        exists(&mount, volumes, report);
        if let Some(path) = mount.get("mountPath")
            && let Some(text) = path.as_str().filter(|text| !text.is_empty())
            && let Some(first) = paths.insert(text, path.node.span)
        {
            report.duplicate(&path, "the path of another mount", first);
        }
        report.at_most_one(&mount, &["subPath", "subPathExpr"], "path inside the volume");
        inner_path(&mount, "subPath", report);
        inner_path(&mount, "subPathExpr", report);
        let privileged = container.get("securityContext").is_some_and(|context| context.is_true("privileged"));
        if let Some(propagation) = mount.get("mountPropagation")
            && propagation.as_str() == Some("Bidirectional")
            && !privileged
        {
            report.forbidden(&propagation, "is for privileged containers only when it is `Bidirectional`");
        }
    }
    for device in container.list("volumeDevices") {
        exists(&device, volumes, report);
    }
}

fn exists(mount: &Place<'_>, volumes: &Volumes<'_>, report: &mut Report) {
    let Some(name) = mount.get("name") else { return };
    let Some(text) = name.as_str().filter(|text| !text.is_empty()) else { return };
    if volumes.contains(text) {
        return;
    }
    let finding = Diagnostic::error("missing-volume", format!("`{name}`: the pod has no volume `{text}`"));
    let finding = finding.at(name.node.span);
    report.push(match nearest(text, volumes.names()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("add it to the pod's `volumes`"),
    });
}
