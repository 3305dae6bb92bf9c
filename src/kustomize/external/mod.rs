//! `transformers` and `generators`: built-ins that are configured by an object of their own.

mod decode;
mod generator;
mod value_add;

use super::config::FieldSpec;
use super::file::{ImageEntry, Pair, Replacement, ReplicaEntry};
use super::generators;
use super::patch::MergeSchemas;
use super::resource::Resource;
use super::set::ResourceSet;
use super::transformers::affix::Affix;
use super::transformers::namespace::{NamespaceTransformer, Subjects};
use super::transformers::patches::Patch;
use super::transformers::{images, labels, replacements, replicas};
use crate::diagnostics::{Diagnostic, Sources};
use crate::yaml::decode::{Report, Spanned};

pub(super) use decode::transformers;
pub(super) use generator::generate;
use value_add::ValueAdd;

/// A transformer with its configuration.
#[derive(Debug)]
pub(super) enum Transformer {
    Pairs { what: &'static str, pairs: Vec<Pair>, fields: Vec<FieldSpec> },
    Namespace { namespace: Spanned<String>, fields: Vec<FieldSpec>, unset_only: bool, subjects: Subjects },
    Affix { affix: Affix, text: Spanned<String>, fields: Vec<FieldSpec> },
    Image { entry: ImageEntry, fields: Vec<FieldSpec> },
    Replicas { entry: ReplicaEntry, fields: Vec<FieldSpec> },
    Patch(Box<Patch>),
    Replacements(Vec<Replacement>),
    ValueAdd(ValueAdd),
    Hash,
}

impl Transformer {
    /// Runs it over the set.
    pub(super) fn apply(self, set: &mut ResourceSet, schemas: &MergeSchemas, sources: &Sources, report: &Report) {
        match self {
            Self::Pairs { what, pairs, fields } => labels::write_pairs(what, &pairs, &fields, set, report),
            Self::Namespace { namespace, fields, unset_only, subjects } => {
                let transformer = NamespaceTransformer { namespace: &namespace, fields: &fields, unset_only, subjects };
                transformer.apply(set, report);
            }
            Self::Affix { affix, text, fields } => affix.apply(&text, &fields, set, report),
            Self::Image { entry, fields } => images::apply(&entry, &fields, set, report),
            Self::Replicas { entry, fields } => replicas::apply(&entry, &fields, set, report),
            Self::Patch(patch) => patch.apply(set, schemas, report),
            Self::Replacements(list) => {
                for replacement in &list {
                    replacements::apply(replacement, set, sources, report);
                }
            }
            Self::ValueAdd(add) => add.apply(set, schemas, report),
            Self::Hash => generators::add_hashes(set),
        }
    }
}

/// A configuration that is not one of kustomize's own: a function or a plugin, which would have to be run.
fn refuse_foreign(config: &Resource) -> Diagnostic {
    let message = format!("`{} {}` is no built-in of kustomize", config.api_version(), config.kind());
    Diagnostic::error("unsupported-field", message)
        .at(config.span)
        .help("functions and plugins are not run: nothing from the repository is executed; built-ins have `apiVersion: builtin`")
}

/// A built-in that stands in the wrong list, or that `cmp` does not have.
fn refuse_kind(config: &Resource, wanted: &str) -> Diagnostic {
    let span = config.node.get("kind").map_or(config.span, |kind| kind.span);
    let finding = Diagnostic::error("unsupported-field", format!("`{}` is no {wanted}", config.kind())).at(span);
    if config.kind() == "HelmChartInflationGenerator" {
        return finding.help("charts are not rendered; make the chart an Application of its own");
    }
    finding
}
