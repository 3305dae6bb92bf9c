//! Tables of the user's own: files under `configurations`.

use super::{Config, FieldSpec, NameReference};
use crate::kustomize::file::{decode_each, field_spec};
use crate::yaml::Node;
use crate::yaml::decode::{Fields, Report};

/// Decodes a file of field tables.
pub(in crate::kustomize) fn decode(node: &Node, report: &Report) -> Option<Config> {
    let mut fields = Fields::of(node, "a transformer configuration", report)?;
    let mut specs =
        |key: &'static str| -> Vec<FieldSpec> { decode_each(&mut fields, key, "a field specification", field_spec) };
    let config = Config {
        name_prefix: specs("namePrefix"),
        name_suffix: specs("nameSuffix"),
        namespace: specs("namespace"),
        common_labels: specs("commonLabels"),
        labels: specs("labels"),
        template_labels: specs("templateLabels"),
        common_annotations: specs("commonAnnotations"),
        var_references: specs("varReference"),
        images: specs("images"),
        replicas: specs("replicas"),
        name_references: decode_each(&mut fields, "nameReference", "a name reference", |f| Some(name_reference(f))),
    };
    fields.finish();
    Some(config)
}

fn name_reference(fields: &mut Fields<'_>) -> NameReference {
    let target = crate::kustomize::file::selects(fields);
    let referrers = decode_each(fields, "fieldSpecs", "a field specification", field_spec);
    NameReference { target, referrers }
}
