//! Entries of `configMapGenerator` and `secretGenerator`, and their options.

use super::entries::{Pair, flag, pairs, text};
use crate::diagnostics::{Diagnostic, Span};
use crate::kustomize::resource::Behavior;
use crate::yaml::Node;
use crate::yaml::decode::{Fields, Report, Spanned};

/// `generatorOptions`, or `options` of one generator.
#[derive(Clone, Debug, Default)]
pub(in crate::kustomize) struct GeneratorOptions {
    pub(in crate::kustomize) labels: Vec<Pair>,
    pub(in crate::kustomize) annotations: Vec<Pair>,
    pub(in crate::kustomize) disable_hash: bool,
    /// The `true` of `immutable`.
    pub(in crate::kustomize) immutable: Option<Span>,
}

impl GeneratorOptions {
    pub(super) fn decode(node: &Node, what: &'static str, report: &Report) -> Option<Self> {
        let mut fields = Fields::of(node, what, report)?;
        let options = Self {
            labels: pairs(&mut fields, "labels"),
            annotations: pairs(&mut fields, "annotations"),
            disable_hash: flag(&mut fields, "disableNameSuffixHash"),
            immutable: fields.boolean("immutable").filter(|flag| flag.value).map(|flag| flag.span),
        };
        fields.finish();
        Some(options)
    }

    /// These options with what `global` adds: a pair of the entry's own wins, a switch is on when either is.
    pub(in crate::kustomize) fn with_global(&self, global: Option<&Self>) -> Self {
        let Some(global) = global else { return self.clone() };
        let merge = |own: &[Pair], more: &[Pair]| {
            let new = more.iter().filter(|pair| own.iter().all(|other| other.key != pair.key));
            own.iter().chain(new).cloned().collect()
        };
        Self {
            labels: merge(&self.labels, &global.labels),
            annotations: merge(&self.annotations, &global.annotations),
            disable_hash: self.disable_hash || global.disable_hash,
            immutable: self.immutable.or(global.immutable),
        }
    }
}

/// An entry of `configMapGenerator` or `secretGenerator`.
#[derive(Clone, Debug)]
pub(in crate::kustomize) struct GeneratorEntry {
    pub(in crate::kustomize) span: Span,
    pub(in crate::kustomize) name: Spanned<String>,
    pub(in crate::kustomize) namespace: Option<Spanned<String>>,
    pub(in crate::kustomize) behavior: Behavior,
    pub(in crate::kustomize) literals: Vec<Spanned<String>>,
    pub(in crate::kustomize) files: Vec<Spanned<String>>,
    pub(in crate::kustomize) envs: Vec<Spanned<String>>,
    pub(in crate::kustomize) options: GeneratorOptions,
    /// Secrets only.
    pub(in crate::kustomize) secret_type: Option<Spanned<String>>,
}

impl GeneratorEntry {
    pub(super) fn decode(fields: &mut Fields<'_>, secret: bool) -> Option<Self> {
        let name = fields.required_string("name");
        Self::with_name(fields, secret, name, None)
    }

    /// An entry that is an object of its own; its metadata can name what it makes.
    pub(in crate::kustomize) fn of_config(
        fields: &mut Fields<'_>,
        secret: bool,
        name: Option<Spanned<String>>,
        namespace: Option<Spanned<String>>,
    ) -> Option<Self> {
        let name = text(fields, "name").or(name);
        if name.is_none() {
            fields.missing("metadata.name");
        }
        Self::with_name(fields, secret, name, namespace)
    }

    fn with_name(
        fields: &mut Fields<'_>,
        secret: bool,
        name: Option<Spanned<String>>,
        namespace: Option<Spanned<String>>,
    ) -> Option<Self> {
        let report = fields.report();
        let namespace = text(fields, "namespace").or(namespace);
        let behavior = behavior(fields);
        let literals = fields.strings("literals");
        let files = fields.strings("files");
        let mut envs = fields.strings("envs");
        envs.extend(text(fields, "env"));
        let options = fields.node("options").and_then(|node| GeneratorOptions::decode(node, "options", report));
        let secret_type = if secret { text(fields, "type") } else { None };
        Some(Self {
            span: fields.span(),
            name: name?,
            namespace,
            behavior: behavior?,
            literals,
            files,
            envs,
            options: options.unwrap_or_default(),
            secret_type,
        })
    }
}

fn behavior(fields: &mut Fields<'_>) -> Option<Behavior> {
    let Some(behavior) = text(fields, "behavior") else { return Some(Behavior::Create) };
    match behavior.value.as_str() {
        "create" | "unspecified" => Some(Behavior::Create),
        "replace" => Some(Behavior::Replace),
        "merge" => Some(Behavior::Merge),
        other => {
            let message = format!("`behavior` is `{other}`; it must be `create`, `replace` or `merge`");
            fields.report().push(Diagnostic::error("wrong-value", message).at(behavior.span));
            None
        }
    }
}
