//! Entries of `replacements`.

use super::entries::decode_each;
use crate::diagnostics::{Diagnostic, Span};
use crate::kustomize::Step;
use crate::kustomize::config::Selects;
use crate::kustomize::read::Reader;
use crate::source::TreePath;
use crate::yaml::Node;
use crate::yaml::decode::{Fields, Report, Spanned};

/// An entry: written in place, or in a file.
#[derive(Clone, Debug)]
pub(in crate::kustomize) enum ReplacementEntry {
    File(Spanned<String>),
    Inline(Replacement),
}

/// One value for many fields.
#[derive(Clone, Debug)]
pub(in crate::kustomize) struct Replacement {
    pub(in crate::kustomize) source: Source,
    pub(in crate::kustomize) targets: Vec<TargetFields>,
}

/// Where the value comes from.
#[derive(Clone, Debug)]
pub(in crate::kustomize) enum Source {
    /// `sourceValue`
    Value(Spanned<String>),
    /// A field of an object.
    Field(SourceField),
}

/// A field of the one object that fits.
#[derive(Clone, Debug)]
pub(in crate::kustomize) struct SourceField {
    pub(in crate::kustomize) on: Selects,
    pub(in crate::kustomize) name: String,
    pub(in crate::kustomize) namespace: String,
    pub(in crate::kustomize) field_path: Option<Spanned<String>>,
    pub(in crate::kustomize) options: FieldOptions,
    pub(in crate::kustomize) span: Span,
}

/// Fields of the objects that are selected.
#[derive(Clone, Debug)]
pub(in crate::kustomize) struct TargetFields {
    pub(in crate::kustomize) select: Node,
    pub(in crate::kustomize) reject: Vec<Node>,
    pub(in crate::kustomize) field_paths: Vec<Spanned<String>>,
    pub(in crate::kustomize) options: FieldOptions,
}

/// `options` of a source or a target.
#[derive(Clone, Debug, Default)]
pub(in crate::kustomize) struct FieldOptions {
    pub(in crate::kustomize) delimiter: String,
    pub(in crate::kustomize) index: i64,
    pub(in crate::kustomize) create: bool,
}

impl ReplacementEntry {
    pub(in crate::kustomize) fn decode(fields: &mut Fields<'_>) -> Option<Self> {
        let path = fields.string("path").filter(|path| !path.value.is_empty());
        let has_more = ["source", "sourceValue", "targets"].into_iter().any(|key| fields.node(key).is_some());
        match path {
            None => Replacement::decode(fields).map(Self::Inline),
            Some(path) if !has_more => Some(Self::File(path)),
            Some(path) => {
                let message = "a replacement has `path` or its own `source` and `targets`, not both";
                fields.report().push(Diagnostic::error("wrong-value", message).at(path.span));
                None
            }
        }
    }
}

/// The replacements of one entry: its own, or those of a file.
pub(in crate::kustomize) fn replacements_of(
    entry: &ReplacementEntry,
    root: &TreePath,
    reader: &mut Reader<'_>,
) -> Step<Vec<Replacement>> {
    let path = match entry {
        ReplacementEntry::Inline(replacement) => return Ok(vec![replacement.clone()]),
        ReplacementEntry::File(path) => path,
    };
    let node = reader.document(root, path)?;
    Ok(Replacement::of_file(&node, reader.report()))
}

impl Replacement {
    fn decode(fields: &mut Fields<'_>) -> Option<Self> {
        let report = fields.report();
        let value = fields.string("sourceValue");
        let source = fields.node("source");
        let targets = decode_each(fields, "targets", "a target", TargetFields::decode);
        if fields.node("targets").is_none() {
            fields.missing("targets");
        }
        let source = match (source, value) {
            (Some(node), None) => SourceField::decode(node, report).map(Source::Field),
            (None, Some(value)) => Some(Source::Value(value)),
            (Some(_), Some(value)) => {
                let message = "a replacement has `source` or `sourceValue`, not both";
                report.push(Diagnostic::error("wrong-value", message).at(value.span));
                None
            }
            (None, None) => {
                fields.missing("source");
                None
            }
        };
        Some(Self { source: source?, targets })
    }

    /// The replacements in a file: one, or a list.
    fn of_file(node: &Node, report: &Report) -> Vec<Self> {
        let items = node.as_seq().unwrap_or(std::slice::from_ref(node));
        let one = |item| {
            let mut fields = Fields::of(item, "a replacement", report)?;
            let replacement = Self::decode(&mut fields);
            fields.finish();
            replacement
        };
        items.iter().filter_map(one).collect()
    }
}

impl SourceField {
    fn decode(node: &Node, report: &Report) -> Option<Self> {
        let mut fields = Fields::of(node, "a source", report)?;
        let mut part = |key| fields.string(key).map(|text| text.value).unwrap_or_default();
        let on = Selects::new(&part("group"), &part("version"), &part("kind"));
        let (name, namespace) = (part("name"), part("namespace"));
        let field_path = fields.string("fieldPath").filter(|path| !path.value.is_empty());
        let options = FieldOptions::decode(&mut fields);
        fields.finish();
        Some(Self { on, name, namespace, field_path, options, span: node.span })
    }
}

impl TargetFields {
    fn decode(fields: &mut Fields<'_>) -> Option<Self> {
        let select = fields.node("select");
        if select.is_none() {
            fields.missing("select");
        }
        let reject = fields.list("reject").to_vec();
        let field_paths = fields.strings("fieldPaths");
        let options = FieldOptions::decode(fields);
        Some(Self { select: select?.clone(), reject, field_paths, options })
    }
}

impl FieldOptions {
    fn decode(fields: &mut Fields<'_>) -> Self {
        let report = fields.report();
        let Some(mut fields) = fields.node("options").and_then(|node| Fields::of(node, "options", report)) else {
            return Self::default();
        };
        let options = Self {
            delimiter: fields.string("delimiter").map(|text| text.value).unwrap_or_default(),
            index: fields.integer("index").map_or(0, |index| index.value),
            create: fields.boolean("create").is_some_and(|flag| flag.value),
        };
        fields.unsupported("encoding", "kustomize knows this option and does nothing with it: remove it");
        fields.finish();
        options
    }
}
