//! The entries of the lists in a `kustomization.yaml`.

use crate::diagnostics::{Diagnostic, Span};
use crate::kustomize::config::{FieldSpec, Selects};
use crate::model::Gvk;
use crate::yaml::decode::{Fields, Report, Spanned};
use crate::yaml::{Node, Value};

/// A `key: text` pair.
#[derive(Clone, Debug)]
pub(in crate::kustomize) struct Pair {
    pub(in crate::kustomize) key: String,
    pub(in crate::kustomize) key_span: Span,
    pub(in crate::kustomize) value: String,
    pub(in crate::kustomize) span: Span,
}

/// The pairs of a mapping of texts, in bytewise order of the keys. `null` is the empty text, as in Go.
pub(in crate::kustomize) fn pairs(fields: &mut Fields<'_>, key: &'static str) -> Vec<Pair> {
    let report = fields.report();
    let Some(map) = fields.map(key) else { return Vec::new() };
    let pair = |entry: &crate::yaml::Entry| {
        let value = match &entry.value.value {
            Value::Null => String::new(),
            _ => crate::yaml::decode::string(&entry.key, &entry.value, report)?.value,
        };
        Some(Pair { key: entry.key.clone(), key_span: entry.key_span, value, span: entry.value.span })
    };
    map.iter().filter_map(pair).collect()
}

/// Decodes each item of the list `key`; unknown fields of an item are reported.
pub(in crate::kustomize) fn decode_each<'a, T>(
    fields: &mut Fields<'a>,
    key: &'static str,
    what: &'static str,
    decode: impl Fn(&mut Fields<'a>) -> Option<T>,
) -> Vec<T> {
    let report = fields.report();
    let item = |node: &'a Node| {
        let mut fields = Fields::of(node, what, report)?;
        let decoded = decode(&mut fields);
        fields.finish();
        decoded
    };
    fields.list(key).iter().filter_map(item).collect()
}

pub(super) fn flag(fields: &mut Fields<'_>, key: &'static str) -> bool {
    fields.boolean(key).is_some_and(|flag| flag.value)
}

pub(super) fn text(fields: &mut Fields<'_>, key: &'static str) -> Option<Spanned<String>> {
    fields.string(key).filter(|text| !text.value.is_empty())
}

/// An entry of `labels`.
#[derive(Clone, Debug)]
pub(in crate::kustomize) struct LabelEntry {
    pub(in crate::kustomize) pairs: Vec<Pair>,
    pub(in crate::kustomize) include_selectors: bool,
    pub(in crate::kustomize) include_templates: bool,
    pub(in crate::kustomize) fields: Vec<FieldSpec>,
    pub(in crate::kustomize) span: Span,
}

impl LabelEntry {
    pub(super) fn decode(fields: &mut Fields<'_>) -> Self {
        Self {
            pairs: pairs(fields, "pairs"),
            include_selectors: flag(fields, "includeSelectors"),
            include_templates: flag(fields, "includeTemplates"),
            fields: decode_each(fields, "fields", "a field specification", field_spec),
            span: fields.span(),
        }
    }
}

/// `group`, `version` and `kind` of a selection.
pub(in crate::kustomize) fn selects(fields: &mut Fields<'_>) -> Selects {
    let mut part = |key| text(fields, key).map(|text| text.value).unwrap_or_default();
    Selects::new(&part("group"), &part("version"), &part("kind"))
}

/// A field specification: `group`, `version`, `kind`, `path`, `create`.
pub(in crate::kustomize) fn field_spec(fields: &mut Fields<'_>) -> Option<FieldSpec> {
    let on = selects(fields);
    let create = flag(fields, "create");
    let path = fields.required_string("path")?;
    if path.value.split('/').skip(usize::from(path.value.starts_with('/'))).any(str::is_empty) {
        let message = "a path names a field between any two `/`";
        fields.report().push(Diagnostic::error("wrong-value", message).at(path.span));
        return None;
    }
    Some(FieldSpec::new(on, &path.value, create))
}

/// An entry of `images`.
#[derive(Clone, Debug)]
pub(in crate::kustomize) struct ImageEntry {
    pub(in crate::kustomize) name: Spanned<String>,
    pub(in crate::kustomize) new_name: Option<Spanned<String>>,
    pub(in crate::kustomize) new_tag: Option<Spanned<String>>,
    pub(in crate::kustomize) tag_suffix: Option<Spanned<String>>,
    pub(in crate::kustomize) digest: Option<Spanned<String>>,
}

impl ImageEntry {
    pub(in crate::kustomize) fn decode(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.required_string("name");
        let new_name = text(fields, "newName");
        let new_tag = text(fields, "newTag");
        let tag_suffix = text(fields, "tagSuffix");
        let digest = text(fields, "digest");
        Some(Self { name: name?, new_name, new_tag, tag_suffix, digest })
    }
}

/// An entry of `replicas`.
#[derive(Clone, Debug)]
pub(in crate::kustomize) struct ReplicaEntry {
    pub(in crate::kustomize) name: Spanned<String>,
    pub(in crate::kustomize) count: Spanned<i64>,
}

impl ReplicaEntry {
    pub(in crate::kustomize) fn decode(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.required_string("name");
        if fields.node("count").is_none() {
            fields.missing("count");
        }
        let count = fields.integer("count");
        Some(Self { name: name?, count: count? })
    }
}

/// An entry of `vars`.
#[derive(Clone, Debug)]
pub(in crate::kustomize) struct VarEntry {
    pub(in crate::kustomize) name: Spanned<String>,
    pub(in crate::kustomize) gvk: Gvk,
    pub(in crate::kustomize) object_name: Spanned<String>,
    pub(in crate::kustomize) namespace: String,
    pub(in crate::kustomize) field_path: Option<Spanned<String>>,
    pub(in crate::kustomize) span: Span,
}

impl VarEntry {
    pub(super) fn decode(fields: &mut Fields<'_>) -> Option<Self> {
        let report = fields.report();
        let name = fields.required_string("name");
        if fields.node("objref").is_none() {
            fields.missing("objref");
        }
        let object =
            fields.node("objref").and_then(|node| Fields::of(node, "an objref", report)).and_then(|mut inner| {
                let version = text(&mut inner, "apiVersion");
                let Selects(mut gvk) = selects(&mut inner);
                if let Some(version) = version {
                    let kind = std::mem::take(&mut gvk.kind);
                    gvk = Gvk::new(&version.value, &kind);
                }
                let name = inner.required_string("name");
                let namespace = text(&mut inner, "namespace").map(|text| text.value).unwrap_or_default();
                inner.finish();
                Some((gvk, name?, namespace))
            });
        let mut field_path = None;
        if let Some(mut inner) = fields.node("fieldref").and_then(|node| Fields::of(node, "a fieldref", report)) {
            field_path = text(&mut inner, "fieldPath");
            inner.finish();
        }
        let (gvk, object_name, namespace) = object?;
        Some(Self { name: name?, gvk, object_name, namespace, field_path, span: fields.span() })
    }
}

/// An entry of `patches` or `patchesJson6902`.
#[derive(Clone, Debug)]
pub(in crate::kustomize) struct PatchEntry {
    pub(in crate::kustomize) span: Span,
    pub(in crate::kustomize) path: Option<Spanned<String>>,
    pub(in crate::kustomize) patch: Option<Spanned<String>>,
    pub(in crate::kustomize) target: Option<Node>,
    pub(in crate::kustomize) allow_name_change: bool,
    pub(in crate::kustomize) allow_kind_change: bool,
}

impl PatchEntry {
    /// An entry without options.
    pub(in crate::kustomize) fn new(
        span: Span,
        path: Option<Spanned<String>>,
        inline: Option<Spanned<String>>,
        target: Option<Node>,
        report: &Report,
    ) -> Option<Self> {
        let path = path.filter(|path| !path.value.is_empty());
        let inline = inline.filter(|inline| !inline.value.trim().is_empty());
        Self { span, path, patch: inline, target, allow_name_change: false, allow_kind_change: false }.checked(report)
    }

    pub(in crate::kustomize) fn decode(fields: &mut Fields<'_>) -> Option<Self> {
        let report = fields.report();
        let path = text(fields, "path");
        let inline = fields.string("patch").filter(|patch| !patch.value.trim().is_empty());
        let target = fields.node("target").cloned();
        let mut entry = Self {
            span: fields.span(),
            path,
            patch: inline,
            target,
            allow_name_change: false,
            allow_kind_change: false,
        };
        if let Some(mut options) = fields.node("options").and_then(|node| Fields::of(node, "options", report)) {
            entry.allow_name_change = flag(&mut options, "allowNameChange");
            entry.allow_kind_change = flag(&mut options, "allowKindChange");
            options.finish();
        }
        entry.checked(report)
    }

    fn checked(self, report: &Report) -> Option<Self> {
        let problem = match (&self.path, &self.patch) {
            (None, None) => "a patch needs `path` or `patch`",
            (Some(_), Some(_)) => "a patch has `path` or `patch`, not both",
            _ => return Some(self),
        };
        report.push(Diagnostic::error("wrong-value", problem).at(self.span));
        None
    }
}
