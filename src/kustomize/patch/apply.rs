//! Patches on whole objects, with what kustomize does around them: a strategic merge leaves alone what identifies the
//! object, and a JSON patch sees the annotations in which kustomize keeps notes of its own.

use crate::diagnostics::{Diagnostic, Outcome, Span};
use crate::model::ObjectId;
use crate::yaml::{Entry, Map, Node, Value};

use super::json6902::{Action, JsonPatch};
use super::merge_schema::MergeSchemas;
use super::scalar::text_of;
use super::strategic_merge::{Merged, merge};

/// What a patch may change: the `options` of a patch in a kustomization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    /// `allowNameChange`
    pub name: bool,
    /// `allowKindChange`
    pub kind: bool,
}

/// Merges `patch` into the object `target` and leaves its apiVersion and namespace as they are, and its
/// kind and name unless `allow` says otherwise. The patch must have been selected for this object before.
///
/// A patch that applies to objects selected by a `target` goes through [`prepare_for_targets`] first.
pub fn apply_merge(target: &mut Node, mut patch: Node, allow: Allow, schemas: &MergeSchemas) -> Outcome<Merged> {
    let gvk = ObjectId::of(target).gvk;
    let identity = Identity::of(target);
    if let Some(fields) = patch.as_map_mut() {
        fields.remove("apiVersion");
    }
    if merge(target, patch, &gvk, schemas)? == Merged::Deleted {
        return Ok(Merged::Deleted);
    }
    identity.restore(target, allow);
    Ok(Merged::Kept)
}

/// What names an object, with the places that wrote it.
struct Identity {
    kind: Option<Entry>,
    name: Option<Entry>,
    namespace: Option<Entry>,
}

impl Identity {
    fn of(object: &Node) -> Self {
        let entry = |node: Option<&Node>, key| node.and_then(Node::as_map).and_then(|map| map.entry(key)).cloned();
        let metadata = object.get("metadata");
        Self {
            kind: entry(Some(object), "kind"),
            name: entry(metadata, "name"),
            namespace: entry(metadata, "namespace"),
        }
    }

    fn restore(self, object: &mut Node, allow: Allow) {
        let Some(fields) = object.as_map_mut() else { return };
        if !allow.kind {
            put_back(fields, "kind", self.kind);
        }
        let Some(metadata) = fields.get_mut("metadata").and_then(Node::as_map_mut) else { return };
        if !allow.name {
            put_back(metadata, "name", self.name);
        }
        put_back(metadata, "namespace", self.namespace);
    }
}

fn put_back(map: &mut Map, key: &str, entry: Option<Entry>) {
    map.remove(key);
    if let Some(entry) = entry {
        map.insert(entry.key, entry.key_span, entry.value);
    }
}

/// Does to a strategic merge patch what kustomize does when the entry has a `target`, or stands in
/// `patchesStrategicMerge`: labels and annotations become text, so `null` cannot remove one (it would become the
/// text `null`, which is refused). A patch that finds its object by its own id is used as it is.
pub fn prepare_for_targets(patch: &mut Node) -> Outcome<()> {
    let Some(metadata) = patch.as_map_mut().and_then(|map| map.get_mut("metadata")).and_then(Node::as_map_mut) else {
        return Ok(());
    };
    for field in ["labels", "annotations"] {
        let Some(node) = metadata.get_mut(field) else { continue };
        if node.as_map().is_some_and(|map| !map.is_empty()) {
            make_texts(node, field)?;
        } else {
            metadata.remove(field);
        }
    }
    Ok(())
}

fn make_texts(node: &mut Node, field: &str) -> Outcome<()> {
    for (key, value) in node.as_map_mut().into_iter().flat_map(Map::iter_mut) {
        let Some(text) = text_of(value) else {
            let message = format!("`{key}` in `{field}` is {}; in a patch with a target it must be text", value.kind());
            return Err(Diagnostic::error("invalid-patch", message)
                .at(value.span)
                .help("remove a label or an annotation with a JSON patch, or with a patch that has no target")
                .into());
        };
        value.value = Value::String(text);
    }
    Ok(())
}

/// Applies a JSON patch to the object `target`.
///
/// While it works, kustomize keeps the former names of an object in annotations, so to a patch `/metadata/annotations` is there
/// even when no text wrote it. `has_notes` says whether that is so: always for an entry of `patches`; for an entry of
/// `patchesJson6902` only if the object has been renamed or moved to another namespace before. Non-text values
/// of annotations become text at the end of a build, which is the engine's work.
pub fn apply_json(target: &mut Node, patch: &JsonPatch, has_notes: bool) -> Outcome<()> {
    if !has_notes {
        return patch.apply(target);
    }
    refuse_reading_notes(patch)?;
    if let Some(metadata) = target.as_map_mut().and_then(|map| map.get_mut("metadata")).and_then(Node::as_map_mut)
        && metadata.get("annotations").is_none_or(Node::is_null)
    {
        metadata.insert("annotations", Span::NONE, Node::map(Span::NONE));
    }
    patch.apply(target)?;
    if let Some(metadata) = target.as_map_mut().and_then(|map| map.get_mut("metadata")).and_then(Node::as_map_mut)
        && metadata.get("annotations").and_then(Node::as_map).is_some_and(Map::is_empty)
    {
        metadata.remove("annotations");
    }
    Ok(())
}

/// Refuses operations that read all annotations: a `test` always fails in kustomize, and what is copied has its notes in it.
fn refuse_reading_notes(patch: &JsonPatch) -> Outcome<()> {
    for operation in &patch.operations {
        let read = match &operation.action {
            Action::Test(_) => &operation.path,
            Action::Move(from) | Action::Copy(from) => from,
            Action::Add(_) | Action::Remove | Action::Replace(_) => continue,
        };
        if matches!(read.pointer.as_str(), "" | "/metadata" | "/metadata/annotations") {
            let message =
                format!("{} reads all annotations, where kustomize keeps notes of its own", operation.action.name());
            return Err(Diagnostic::error("invalid-patch", message)
                .at(read.span)
                .help("name one annotation: `/metadata/annotations/…`")
                .into());
        }
    }
    Ok(())
}
