//! The transformers of a kustomization, in kustomize's order.

use super::target::Target;
use super::{Builder, Gathered};
use crate::kustomize::external::{self, Transformer};
use crate::kustomize::file::{Replacement, replacements_of};
use crate::kustomize::provenance::Made;
use crate::kustomize::read::Reader;
use crate::kustomize::resource::Resource;
use crate::kustomize::transformers::affix::Affix;
use crate::kustomize::transformers::namespace::{NamespaceTransformer, Subjects};
use crate::kustomize::transformers::patches::{self, Patch};
use crate::kustomize::transformers::{annotations, images, labels, replacements, replicas};
use crate::kustomize::{Step, Stop};
use crate::source::TreePath;

impl Builder<'_> {
    /// Reads what entries refer to, before the first transformer runs.
    pub(super) fn load_entries(&mut self, target: &Target) -> Step<Loaded> {
        let configs = self.external(target, &target.file.transformers)?;
        let (file, root) = (&target.file, &target.root);
        let reader = &mut self.reader;
        let external = load_all(&configs, root, reader, external::transformers)?;
        let replacements = load_all(&file.replacements, root, reader, replacements_of)?;
        Ok(Loaded {
            replacements: replacements.into_iter().flatten().collect(),
            external: with_configs(external, configs),
            strategic_merge: load_all(&file.patches_strategic_merge, root, reader, patches::strategic_merge)?,
            either: load_all(&file.patches, root, reader, patches::patch)?,
            json6902: load_all(&file.patches_json6902, root, reader, patches::json6902)?,
        })
    }

    /// kustomize's order of transformers.
    pub(super) fn transform(&mut self, target: &Target, loaded: Loaded, gathered: &mut Gathered) {
        let Gathered { set, config, .. } = gathered;
        let (file, report) = (&target.file, self.report);
        let schemas = self.reader.scopes().schemas();
        let sources = self.reader.sources();
        let made = Made::by(target.trail.as_ref(), target.path.name());
        if !loaded.strategic_merge.is_empty() {
            for patch in loaded.strategic_merge {
                patch.apply(set, &schemas, report);
            }
            made.note("PatchStrategicMergeTransformer", set);
        }
        for patch in loaded.either {
            patch.apply(set, &schemas, report);
            made.note("PatchTransformer", set);
        }
        if let Some(namespace) = &file.namespace {
            let (fields, subjects) = (&config.namespace, Subjects::default());
            NamespaceTransformer { namespace, fields, unset_only: false, subjects }.apply(set, report);
            made.note("NamespaceTransformer", set);
        }
        if let Some(text) = &file.name_prefix {
            Affix::Prefix.apply(text, &config.name_prefix, set, report);
            made.note("PrefixTransformer", set);
        }
        if let Some(text) = &file.name_suffix {
            Affix::Suffix.apply(text, &config.name_suffix, set, report);
            made.note("SuffixTransformer", set);
        }
        for entry in &file.labels {
            labels::apply(entry, config, set, report);
            made.note("LabelTransformer", set);
        }
        if !file.labels.is_empty() || !file.common_labels.is_empty() {
            labels::write_pairs("commonLabels", &file.common_labels, &config.common_labels, set, report);
            made.note("LabelTransformer", set);
        }
        if !file.common_annotations.is_empty() {
            annotations::apply(&file.common_annotations, config, set, report);
            made.note("AnnotationsTransformer", set);
        }
        for patch in loaded.json6902 {
            patch.apply(set, &schemas, report);
            made.note("PatchJson6902Transformer", set);
        }
        for entry in &file.replicas {
            replicas::apply(entry, &config.replicas, set, report);
            made.note("ReplicaCountTransformer", set);
        }
        for entry in &file.images {
            images::apply(entry, &config.images, set, report);
            made.note("ImageTagTransformer", set);
        }
        if !loaded.replacements.is_empty() {
            for replacement in &loaded.replacements {
                replacements::apply(replacement, set, sources, report);
            }
            made.note("ReplacementTransformer", set);
        }
        for (transformer, config) in loaded.external {
            transformer.apply(set, &schemas, sources, report);
            if let Some(config) = config {
                Made::by_config(&config).note("", set);
            }
        }
    }
}

/// What one kustomization refers to, read.
pub(super) struct Loaded {
    strategic_merge: Vec<Patch>,
    either: Vec<Patch>,
    json6902: Vec<Patch>,
    replacements: Vec<Replacement>,
    /// With what configures it, behind the last transformer of each configuration.
    external: Vec<(Transformer, Option<Resource>)>,
}

/// Pairs the last transformer of each configuration with it.
fn with_configs(lists: Vec<Vec<Transformer>>, configs: Vec<Resource>) -> Vec<(Transformer, Option<Resource>)> {
    let mut all = Vec::with_capacity(lists.len());
    for (list, config) in lists.into_iter().zip(configs) {
        all.extend(list.into_iter().map(|transformer| (transformer, None)));
        if let Some((_, last)) = all.last_mut() {
            *last = Some(config);
        }
    }
    all
}

/// Loads every entry, so that what is wrong with any of them is reported.
fn load_all<E, T>(
    entries: &[E],
    root: &TreePath,
    reader: &mut Reader<'_>,
    load: impl Fn(&E, &TreePath, &mut Reader<'_>) -> Step<T>,
) -> Step<Vec<T>> {
    let mut loaded = Vec::with_capacity(entries.len());
    for entry in entries {
        match load(entry, root, reader) {
            Ok(one) => loaded.push(one),
            Err(Stop::Reported) => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(loaded)
}
