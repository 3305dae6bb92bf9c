//! `replicas`: the count of a workload, by name.

use serde_json::Number;

use crate::diagnostics::Diagnostic;
use crate::kustomize::config::{FieldError, FieldSpec, Leaf};
use crate::kustomize::file::ReplicaEntry;
use crate::kustomize::resource::Resource;
use crate::kustomize::set::ResourceSet;
use crate::yaml::decode::{Report, nearest};
use crate::yaml::{Node, Value};

/// Applies one entry of `replicas`. As in kustomize, an entry that fits nothing is an error.
pub(in crate::kustomize) fn apply(entry: &ReplicaEntry, fields: &[FieldSpec], set: &mut ResourceSet, report: &Report) {
    let mut found = false;
    for i in set.named(&entry.name.value) {
        for field in fields {
            let resource = set.get_mut(i);
            if !answers(resource, field, &entry.name.value) {
                continue;
            }
            found = true;
            if field.on.selects(&resource.gvk()) {
                let set = &mut |node: &mut Node| write(node, entry);
                if let Err(error) = field.visit(&mut resource.node, Leaf::Scalar, entry.count.span, set) {
                    report.push(error.finding("replicas", field.path.as_str(), entry.count.span));
                }
            }
        }
    }
    if !found {
        report.push(matches_nothing(entry, fields, set));
    }
}

/// Whether the object had or has the name under a kind that the field belongs to.
fn answers(resource: &Resource, field: &FieldSpec, wanted: &str) -> bool {
    let gvk = resource.gvk();
    resource
        .identities()
        .any(|(kind, name, _)| name == wanted && field.on.selects_parts(&gvk.group, &gvk.version, kind))
}

fn write(node: &mut Node, entry: &ReplicaEntry) -> Result<(), FieldError> {
    if matches!(node.value, Value::Seq(_) | Value::Map(_)) {
        return Err(FieldError::unexpected(node, "a number"));
    }
    *node = Node::new(Value::Number(Number::from(entry.count.value)), entry.count.span);
    Ok(())
}

fn matches_nothing(entry: &ReplicaEntry, fields: &[FieldSpec], set: &ResourceSet) -> Diagnostic {
    let message = format!("no workload named `{}` has a replica count", entry.name.value);
    let finding = Diagnostic::error("replicas-match-nothing", message).at(entry.name.span);
    let counted = set.iter().filter(|resource| fields.iter().any(|field| field.on.selects(&resource.gvk())));
    match nearest(&entry.name.value, counted.map(|resource| resource.original().1)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("write the name of a Deployment, StatefulSet, ReplicaSet or ReplicationController"),
    }
}
