//! Configurations of transformers, decoded kind by kind.

use super::value_add::ValueAdd;
use super::{Transformer, refuse_foreign, refuse_kind};
use crate::diagnostics::{Diagnostic, Span};
use crate::kustomize::config::FieldSpec;
use crate::kustomize::file::{
    ImageEntry, PatchEntry, ReplacementEntry, ReplicaEntry, decode_each, field_spec, pairs, replacements_of,
};
use crate::kustomize::read::Reader;
use crate::kustomize::resource::Resource;
use crate::kustomize::transformers::affix::Affix;
use crate::kustomize::transformers::namespace::Subjects;
use crate::kustomize::transformers::patches;
use crate::kustomize::{Step, Stop};
use crate::source::TreePath;
use crate::yaml::decode::{Fields, Report, Spanned};

/// The transformers that a configuration stands for; most are one.
pub(in crate::kustomize) fn transformers(
    config: &Resource,
    root: &TreePath,
    reader: &mut Reader<'_>,
) -> Step<Vec<Transformer>> {
    if config.api_version() != "builtin" {
        return reader.refuse(refuse_foreign(config));
    }
    let report = reader.report();
    let Some(mut fields) = Fields::of(&config.node, "a transformer", report) else { return Err(Stop::Reported) };
    let namespace = metadata(&mut fields).namespace;
    let decoded = match config.kind() {
        "AnnotationsTransformer" => Some(written_pairs(&mut fields, "AnnotationsTransformer", "annotations")),
        "LabelTransformer" => Some(written_pairs(&mut fields, "LabelTransformer", "labels")),
        "NamespaceTransformer" => namespace_transformer(&mut fields, namespace),
        "PrefixTransformer" => Some(affixes(&mut fields, &[Affix::Prefix])),
        "SuffixTransformer" => Some(affixes(&mut fields, &[Affix::Suffix])),
        "PrefixSuffixTransformer" => Some(affixes(&mut fields, &[Affix::Prefix, Affix::Suffix])),
        "ImageTagTransformer" => {
            let specs = specs(&mut fields);
            let entry = section(&mut fields, "imageTag", ImageEntry::decode);
            entry.map(|entry| vec![Transformer::Image { entry, fields: specs }])
        }
        "ReplicaCountTransformer" => {
            let specs = specs(&mut fields);
            let entry = section(&mut fields, "replica", ReplicaEntry::decode);
            entry.map(|entry| vec![Transformer::Replicas { entry, fields: specs }])
        }
        "PatchTransformer" => match PatchEntry::decode(&mut fields) {
            Some(entry) => Some(vec![Transformer::Patch(Box::new(patches::patch(&entry, root, reader)?))]),
            None => None,
        },
        "PatchJson6902Transformer" => json6902(&mut fields, root, reader)?,
        "PatchStrategicMergeTransformer" => Some(strategic_merge(&mut fields, root, reader)?),
        "ReplacementTransformer" => {
            let entries = decode_each(&mut fields, "replacements", "a replacement", ReplacementEntry::decode);
            let mut all = Vec::new();
            for entry in &entries {
                all.extend(replacements_of(entry, root, reader)?);
            }
            Some(vec![Transformer::Replacements(all)])
        }
        "ValueAddTransformer" => {
            ValueAdd::decode(&mut fields, root, reader)?.map(|add| vec![Transformer::ValueAdd(add)])
        }
        "HashTransformer" => Some(vec![Transformer::Hash]),
        _ => return reader.refuse(refuse_kind(config, "transformer")),
    };
    fields.finish();
    decoded.ok_or(Stop::Reported)
}

/// What `metadata` of a configuration says.
pub(super) struct Metadata {
    pub(super) name: Option<Spanned<String>>,
    pub(super) namespace: Option<Spanned<String>>,
}

/// Reads the fields that every configuration has.
pub(super) fn metadata(fields: &mut Fields<'_>) -> Metadata {
    let report = fields.report();
    fields.string("apiVersion");
    fields.string("kind");
    let mut metadata = Metadata { name: None, namespace: None };
    if let Some(mut inner) = fields.node("metadata").and_then(|node| Fields::of(node, "metadata", report)) {
        metadata.name = inner.string("name");
        metadata.namespace = inner.string("namespace");
        pairs(&mut inner, "labels");
        inner.map("annotations");
        inner.finish();
    }
    metadata
}

fn specs(fields: &mut Fields<'_>) -> Vec<FieldSpec> {
    decode_each(fields, "fieldSpecs", "a field specification", field_spec)
}

fn section<'a, T>(
    fields: &mut Fields<'a>,
    key: &'static str,
    decode: impl Fn(&mut Fields<'a>) -> Option<T>,
) -> Option<T> {
    let report: &'a Report = fields.report();
    let Some(node) = fields.node(key) else {
        fields.missing(key);
        return None;
    };
    let mut inner = Fields::of(node, key, report)?;
    let decoded = decode(&mut inner);
    inner.finish();
    decoded
}

fn written_pairs(fields: &mut Fields<'_>, what: &'static str, key: &'static str) -> Vec<Transformer> {
    let (pairs, fields) = (pairs(fields, key), specs(fields));
    vec![Transformer::Pairs { what, pairs, fields }]
}

fn namespace_transformer(fields: &mut Fields<'_>, namespace: Option<Spanned<String>>) -> Option<Vec<Transformer>> {
    let report = fields.report();
    let specs = specs(fields);
    let unset_only = fields.boolean("unsetOnly").is_some_and(|flag| flag.value);
    let mode = fields.string("setRoleBindingSubjects");
    let subjects = match mode.as_ref().map(|mode| mode.value.as_str()) {
        None | Some("" | "defaultOnly") => Subjects::Default,
        Some("allServiceAccounts") => Subjects::ServiceAccounts,
        Some("none") => Subjects::None,
        Some(other) => {
            let message = format!("`{other}` is not one of `defaultOnly`, `allServiceAccounts`, `none`");
            let span = mode.as_ref().map_or(Span::NONE, |mode| mode.span);
            report.push(Diagnostic::error("wrong-value", message).at(span));
            return None;
        }
    };
    let Some(namespace) = namespace.filter(|namespace| !namespace.value.is_empty()) else {
        let message = "a NamespaceTransformer says the namespace in `metadata.namespace`";
        report.push(Diagnostic::error("missing-field", message).at(fields.span()));
        return None;
    };
    Some(vec![Transformer::Namespace { namespace, fields: specs, unset_only, subjects }])
}

fn affixes(fields: &mut Fields<'_>, affixes: &[Affix]) -> Vec<Transformer> {
    if fields.node("fieldSpecs").is_none() {
        fields.missing("fieldSpecs");
    }
    let specs = specs(fields);
    let mut list = Vec::new();
    for &affix in affixes {
        let text = fields.string(if affix == Affix::Prefix { "prefix" } else { "suffix" });
        let text = text.filter(|text| !text.value.is_empty());
        list.extend(text.map(|text| Transformer::Affix { affix, text, fields: specs.clone() }));
    }
    list
}

fn json6902(fields: &mut Fields<'_>, root: &TreePath, reader: &mut Reader<'_>) -> Step<Option<Vec<Transformer>>> {
    let (path, operations) = (fields.string("path"), fields.string("jsonOp"));
    let target = fields.node("target").cloned();
    let span = fields.span();
    let Some(entry) = PatchEntry::new(span, path, operations, target, fields.report()) else { return Ok(None) };
    Ok(Some(vec![Transformer::Patch(Box::new(patches::json6902(&entry, root, reader)?))]))
}

fn strategic_merge(fields: &mut Fields<'_>, root: &TreePath, reader: &mut Reader<'_>) -> Step<Vec<Transformer>> {
    let mut entries = fields.strings("paths");
    entries.extend(fields.string("patches").filter(|patches| !patches.value.is_empty()));
    if entries.is_empty() {
        fields.missing("paths");
    }
    entries
        .iter()
        .map(|entry| patches::strategic_merge(entry, root, reader).map(|patch| Transformer::Patch(Box::new(patch))))
        .collect()
}
