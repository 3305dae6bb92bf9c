//! `patches`, `patchesStrategicMerge` and `patchesJson6902`: read first, then applied in order.

mod load;
mod select;

use crate::diagnostics::{Diagnostic, Findings, Span};
use crate::kustomize::patch::target::effective_namespace;
use crate::kustomize::patch::{Allow, JsonPatch, MergeSchemas, Merged, PatchText, apply_merge, prepare_for_targets};
use crate::kustomize::resource::Resource;
use crate::kustomize::set::ResourceSet;
use crate::model::ObjectId;
use crate::yaml::decode::Report;
use crate::yaml::{Map, Node};

pub(in crate::kustomize) use load::{json6902, patch, strategic_merge};
pub(in crate::kustomize) use select::Target;
use select::{nothing_answers, nothing_selected};

/// Which field of the kustomization a patch comes from; each has ways of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::kustomize) enum Field {
    Patches,
    StrategicMerge,
    Json6902,
}

/// A patch that has been read.
#[derive(Debug)]
pub(in crate::kustomize) struct Patch {
    field: Field,
    text: PatchText,
    target: Option<Target>,
    allow: Allow,
    /// What names the patch in the kustomization.
    span: Span,
}

impl Patch {
    /// Applies it to every object that it is for.
    pub(in crate::kustomize) fn apply(self, set: &mut ResourceSet, schemas: &MergeSchemas, report: &Report) {
        let job = Job { field: self.field, allow: self.allow, span: self.span, schemas, report };
        match (self.text, self.target) {
            (PatchText::Merge(patches), Some(target)) => job.merge_into_selected(patches, &target, set),
            (PatchText::Merge(patches), None) => job.merge_by_id(patches, set),
            (PatchText::Json(patch), Some(target)) => job.json(&patch, &target, set),
            (PatchText::Json(_), None) => {
                let finding = Diagnostic::error("invalid-patch", "a JSON patch needs a `target`").at(self.span);
                report.push(finding.help("add `target: {kind: …, name: …}`"));
            }
        }
        set.drop_deleted();
    }
}

struct Job<'a> {
    field: Field,
    allow: Allow,
    span: Span,
    schemas: &'a MergeSchemas,
    report: &'a Report,
}

impl Job<'_> {
    fn push(&self, findings: Findings) {
        for finding in findings.into_vec() {
            self.report.push(if finding.primary.is_none() { finding.at(self.span) } else { finding });
        }
    }

    /// One patch for all that the target selects.
    fn merge_into_selected(&self, mut patches: Vec<Node>, target: &Target, set: &mut ResourceSet) {
        let Some(mut patch) = patches.pop().filter(|_| patches.is_empty()) else {
            let message = "with a `target` an entry holds one strategic merge patch";
            let finding = Diagnostic::error("invalid-patch", message).at(self.span);
            return self.report.push(finding.help("give each patch an entry of its own"));
        };
        if let Err(findings) = prepare_for_targets(&mut patch) {
            return self.push(findings);
        }
        let selected = target.select(set, self.schemas);
        if selected.is_empty() {
            return self.report.push(nothing_selected(target, set));
        }
        for i in selected {
            self.merge(i, patch.clone(), set);
        }
        self.refuse_twins(set);
    }

    /// Each patch for the one object that it names itself.
    fn merge_by_id(&self, patches: Vec<Node>, set: &mut ResourceSet) {
        for mut patch in patches {
            let id = effective_id(&patch, self.schemas);
            let (name, kind) = (patch.at(&["metadata", "name"]).map_or(patch.span, |name| name.span), patch.span);
            match set.answering_to(&id)[..] {
                [i] => {
                    if self.field == Field::StrategicMerge
                        && let Err(findings) = prepare_for_targets(&mut patch)
                    {
                        self.push(findings);
                        continue;
                    }
                    self.merge(i, patch, set);
                }
                [] => self.report.push(nothing_answers(&ObjectId::of(&patch), name, self.span, set)),
                ref several => {
                    let message = format!("several objects answer to {}", ObjectId::of(&patch));
                    let finding = Diagnostic::error("ambiguous-reference", message).at(kind);
                    let finding = several.iter().fold(finding, |f, &i| f.related(set.get(i).span, "one of them"));
                    self.report.push(finding.help("give the patch a `target` that tells them apart"));
                }
            }
        }
        if self.field == Field::StrategicMerge {
            self.refuse_twins(set);
        }
    }

    fn merge(&self, i: usize, patch: Node, set: &mut ResourceSet) {
        let forgets = wipes_notes(&patch);
        let resource = set.get_mut(i);
        if self.allow.name || self.allow.kind {
            resource.remember();
        }
        match apply_merge(&mut resource.node, patch, self.allow, self.schemas) {
            Ok(Merged::Deleted) => resource.node = Node::new(crate::yaml::Value::Null, self.span),
            Ok(Merged::Kept) => {
                if forgets {
                    resource.forget();
                }
                set.renamed(i);
            }
            Err(findings) => self.push(findings),
        }
    }

    fn json(&self, patch: &JsonPatch, target: &Target, set: &mut ResourceSet) {
        let selected = target.select(set, self.schemas);
        if selected.is_empty() {
            return self.report.push(nothing_selected(target, set));
        }
        for i in selected {
            let resource = set.get_mut(i);
            if self.field == Field::Patches {
                resource.remember();
            }
            if resource.has_notes() {
                make_annotations(resource, self.span);
            }
            if let Err(findings) = patch.apply(&mut resource.node) {
                self.push(findings);
                return;
            }
            set.renamed(i);
        }
    }

    /// Names and kinds that a patch may change can collide.
    fn refuse_twins(&self, set: &ResourceSet) {
        if self.allow.name || self.allow.kind {
            set.duplicates().into_iter().for_each(|twin| self.report.push(twin.related(self.span, "renamed here")));
        }
    }
}

/// kustomize keeps its notes in the annotations, so patches find a mapping there.
fn make_annotations(resource: &mut Resource, span: Span) {
    if let Some(metadata) = resource.metadata_mut() {
        let annotations = metadata.get_or_insert_with("annotations", span, || Node::map(span));
        if annotations.is_null() {
            *annotations = Node::map(span);
        }
    }
}

/// The id that a patch gives itself, with the effective namespace.
fn effective_id(patch: &Node, schemas: &MergeSchemas) -> ObjectId {
    let mut id = ObjectId::of(patch);
    id.namespace = effective_namespace(&id, schemas).to_owned();
    id
}

/// Whether the patch takes all annotations away, kustomize's notes among them.
fn wipes_notes(patch: &Node) -> bool {
    let wiped = |map: &Map, key: &str| map.get(key).is_some_and(|node| node.is_null() || replaces(node));
    let Some(patch) = patch.as_map() else { return false };
    let metadata = patch.get("metadata").and_then(Node::as_map);
    wiped(patch, "metadata") || metadata.is_some_and(|metadata| wiped(metadata, "annotations"))
}

fn replaces(node: &Node) -> bool {
    matches!(node.get("$patch").and_then(Node::as_str), Some("replace" | "delete"))
}
