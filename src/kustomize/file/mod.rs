//! `kustomization.yaml` as values with spans: field for field, every finding of the file in one go.

mod entries;
mod generators;
mod replacements;

use crate::diagnostics::{Diagnostic, Span};
use crate::yaml::Node;
use crate::yaml::decode::{Fields, Report, Spanned};

pub(super) use entries::{
    ImageEntry, LabelEntry, Pair, PatchEntry, ReplicaEntry, VarEntry, decode_each, field_spec, pairs, selects,
};
pub(super) use generators::{GeneratorEntry, GeneratorOptions};
pub(super) use replacements::{
    FieldOptions, Replacement, ReplacementEntry, Source, SourceField, TargetFields, replacements_of,
};

/// A decoded `kustomization.yaml`. Deprecated names are folded into their successors, as kustomize folds them.
#[derive(Debug, Default)]
pub(super) struct Kustomization {
    /// Whether `kind` is `Component`.
    pub(super) is_component: bool,
    pub(super) resources: Vec<Spanned<String>>,
    pub(super) components: Vec<Spanned<String>>,
    pub(super) namespace: Option<Spanned<String>>,
    pub(super) name_prefix: Option<Spanned<String>>,
    pub(super) name_suffix: Option<Spanned<String>>,
    pub(super) labels: Vec<LabelEntry>,
    pub(super) common_labels: Vec<Pair>,
    pub(super) common_annotations: Vec<Pair>,
    pub(super) images: Vec<ImageEntry>,
    pub(super) replicas: Vec<ReplicaEntry>,
    pub(super) config_maps: Vec<GeneratorEntry>,
    pub(super) secrets: Vec<GeneratorEntry>,
    pub(super) generator_options: Option<GeneratorOptions>,
    pub(super) patches: Vec<PatchEntry>,
    pub(super) patches_json6902: Vec<PatchEntry>,
    pub(super) patches_strategic_merge: Vec<Spanned<String>>,
    pub(super) replacements: Vec<ReplacementEntry>,
    pub(super) vars: Vec<VarEntry>,
    pub(super) configurations: Vec<Spanned<String>>,
    pub(super) generators: Vec<Spanned<String>>,
    pub(super) transformers: Vec<Spanned<String>>,
    pub(super) crds: Vec<Spanned<String>>,
    pub(super) openapi: Option<Spanned<String>>,
    pub(super) build_metadata: BuildMetadata,
    pub(super) sort: Option<SortOptions>,
}

/// `buildMetadata`; an option is the place that asks for it.
#[derive(Debug, Default)]
pub(super) struct BuildMetadata {
    /// Whether there is any option, for then kustomize keeps notes whichever it is.
    pub(super) is_wanted: bool,
    pub(super) managed_by: Option<Span>,
    pub(super) origins: Option<Span>,
    pub(super) transformations: Option<Span>,
}

/// `sortOptions`.
#[derive(Debug)]
pub(super) struct SortOptions {
    /// `fifo`: as gathered; else the legacy order.
    pub(super) fifo: bool,
    /// The kinds that come first and last, where they are given.
    pub(super) order: Option<(Vec<String>, Vec<String>)>,
}

const REMOTE_HELP: &str = "render the chart elsewhere and commit the result, or let Argo CD render it: \
                           make it an Application of its own with the chart as its source";
const PLUGIN_HELP: &str = "exec and container plugins are not run: nothing from the repository is executed";

/// Decodes the mapping of a `kustomization.yaml`.
pub(super) fn decode(node: &Node, report: &Report) -> Option<Kustomization> {
    let mut fields = Fields::of(node, "a kustomization", report)?;
    let mut file = Kustomization::default();
    kind(&mut fields, &mut file);
    metadata(&mut fields);
    operands(&mut fields, &mut file);
    generated(&mut fields, &mut file);
    transformers(&mut fields, &mut file);
    file.sort = sort_options(&mut fields);
    schemas(&mut fields, &mut file);
    build_metadata(&mut fields, &mut file);
    refused(&mut fields);
    fields.finish();
    Some(file)
}

fn kind(fields: &mut Fields<'_>, file: &mut Kustomization) {
    let report = fields.report();
    let kind = fields.string("kind").filter(|kind| !kind.value.is_empty());
    let version = fields.string("apiVersion").filter(|version| !version.value.is_empty());
    if let Some(kind) = &kind {
        match kind.value.as_str() {
            "Kustomization" => {}
            "Component" => file.is_component = true,
            other => {
                let message = format!("`kind` is `{other}`; it must be `Kustomization` or `Component`");
                report.push(Diagnostic::error("wrong-kind", message).at(kind.span));
            }
        }
    }
    let (wanted, noun) = if file.is_component {
        ("kustomize.config.k8s.io/v1alpha1", "Component")
    } else {
        ("kustomize.config.k8s.io/v1beta1", "Kustomization")
    };
    if let Some(version) = version.filter(|version| version.value != wanted) {
        let message = format!("`apiVersion` of a {noun} is `{}`", version.value);
        report.push(Diagnostic::error("wrong-kind", message).at(version.span).help(format!("write `{wanted}`")));
    }
}

/// `metadata` names the file for people; nothing is made of it.
fn metadata(fields: &mut Fields<'_>) {
    let report = fields.report();
    if let Some(mut inner) = fields.node("metadata").and_then(|node| Fields::of(node, "metadata", report)) {
        inner.string("name");
        inner.string("namespace");
        pairs(&mut inner, "labels");
        pairs(&mut inner, "annotations");
        inner.finish();
    }
}

fn operands(fields: &mut Fields<'_>, file: &mut Kustomization) {
    file.resources = fields.strings("resources");
    deprecated(fields, "bases", "resources");
    file.resources.extend(fields.strings("bases"));
    file.components = fields.strings("components");
}

fn generated(fields: &mut Fields<'_>, file: &mut Kustomization) {
    let report = fields.report();
    file.config_maps =
        decode_each(fields, "configMapGenerator", "a configMapGenerator", |f| GeneratorEntry::decode(f, false));
    file.secrets = decode_each(fields, "secretGenerator", "a secretGenerator", |f| GeneratorEntry::decode(f, true));
    file.generator_options =
        fields.node("generatorOptions").and_then(|node| GeneratorOptions::decode(node, "generatorOptions", report));
}

fn transformers(fields: &mut Fields<'_>, file: &mut Kustomization) {
    let text = |text: Option<Spanned<String>>| text.filter(|text| !text.value.is_empty());
    file.namespace = text(fields.string("namespace"));
    file.name_prefix = text(fields.string("namePrefix"));
    file.name_suffix = text(fields.string("nameSuffix"));
    file.labels = decode_each(fields, "labels", "an entry of labels", |f| Some(LabelEntry::decode(f)));
    deprecated(fields, "commonLabels", "labels");
    file.common_labels = pairs(fields, "commonLabels");
    file.common_annotations = pairs(fields, "commonAnnotations");
    file.images = decode_each(fields, "images", "an image", ImageEntry::decode);
    deprecated(fields, "imageTags", "images");
    file.images.extend(decode_each(fields, "imageTags", "an image", ImageEntry::decode));
    file.replicas = decode_each(fields, "replicas", "an entry of replicas", ReplicaEntry::decode);
    file.patches = decode_each(fields, "patches", "a patch", PatchEntry::decode);
    deprecated(fields, "patchesJson6902", "patches");
    file.patches_json6902 = decode_each(fields, "patchesJson6902", "a patch", PatchEntry::decode);
    deprecated(fields, "patchesStrategicMerge", "patches");
    file.patches_strategic_merge = fields.strings("patchesStrategicMerge");
    file.replacements = decode_each(fields, "replacements", "a replacement", ReplacementEntry::decode);
}

fn deprecated(fields: &mut Fields<'_>, key: &'static str, successor: &str) {
    if let Some(entry) = fields.entry(key) {
        let finding = Diagnostic::warning("deprecated-field", format!("`{key}` is deprecated"));
        fields.report().push(finding.at(entry.key_span).help(format!("use `{successor}`")));
    }
}

fn sort_options(fields: &mut Fields<'_>) -> Option<SortOptions> {
    let report = fields.report();
    let mut inner = Fields::of(fields.node("sortOptions")?, "sortOptions", report)?;
    let order = inner.string("order");
    let legacy = inner.node("legacySortOptions");
    let kinds = legacy.and_then(|node| Fields::of(node, "legacySortOptions", report)).map(|mut legacy| {
        let mut list = |key| legacy.strings(key).into_iter().map(|kind| kind.value).collect::<Vec<_>>();
        let both = (list("orderFirst"), list("orderLast"));
        legacy.finish();
        both
    });
    let span = inner.span();
    inner.finish();
    let fifo = match order.as_ref().map(|order| order.value.as_str()) {
        Some("fifo") => true,
        Some("legacy") => false,
        _ => {
            let place = order.as_ref().map_or(span, |order| order.span);
            let message = "`order` of sortOptions must be `legacy` or `fifo`";
            report.push(Diagnostic::error("wrong-value", message).at(place));
            return None;
        }
    };
    if let (true, Some(legacy)) = (fifo, legacy) {
        let message = "`legacySortOptions` go with `order: legacy` only";
        report.push(Diagnostic::error("wrong-value", message).at(legacy.span));
    }
    Some(SortOptions { fifo, order: kinds })
}

fn schemas(fields: &mut Fields<'_>, file: &mut Kustomization) {
    let report = fields.report();
    deprecated(fields, "vars", "replacements");
    file.vars = decode_each(fields, "vars", "a var", VarEntry::decode);
    file.configurations = fields.strings("configurations");
    file.generators = fields.strings("generators");
    file.transformers = fields.strings("transformers");
    file.crds = fields.strings("crds");
    let Some(mut inner) = fields.node("openapi").and_then(|node| Fields::of(node, "openapi", report)) else { return };
    file.openapi = inner.string("path");
    if let Some(version) = inner.string("version").filter(|version| !version.value.is_empty()) {
        let message = match (&file.openapi, version.value.as_str()) {
            (Some(_), _) => "`version` and `path` of openapi exclude each other",
            (None, OPENAPI_VERSION) => "",
            _ => "`version` of openapi can only be the one that kustomize has built in",
        };
        if !message.is_empty() {
            let finding = Diagnostic::error("wrong-value", message).at(version.span);
            report.push(finding.help(format!("write `{OPENAPI_VERSION}`, or leave it out")));
        }
    }
    inner.finish();
}

/// The version of Kubernetes whose schema kustomize has built in.
const OPENAPI_VERSION: &str = "v1.21.2";

fn build_metadata(fields: &mut Fields<'_>, file: &mut Kustomization) {
    for option in fields.strings("buildMetadata") {
        let wanted = &mut file.build_metadata;
        wanted.is_wanted = true;
        match option.value.as_str() {
            "managedByLabel" => wanted.managed_by = Some(option.span),
            "originAnnotations" => wanted.origins = Some(option.span),
            "transformerAnnotations" => wanted.transformations = Some(option.span),
            other => {
                let message = format!("buildMetadata has no option `{other}`");
                fields.report().push(Diagnostic::error("wrong-value", message).at(option.span));
            }
        }
    }
}

fn refused(fields: &mut Fields<'_>) {
    for key in ["helmCharts", "helmGlobals", "helmChartInflationGenerator"] {
        fields.unsupported(key, REMOTE_HELP);
    }
    fields.unsupported("validators", PLUGIN_HELP);
}
