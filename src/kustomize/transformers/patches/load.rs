//! Patches as they are written: in a file, or in the kustomization itself.

use super::{Field, Patch, Target};
use crate::diagnostics::{Diagnostic, Outcome, Span};
use crate::kustomize::file::PatchEntry;
use crate::kustomize::patch::{Allow, PatchText, classify_documents};
use crate::kustomize::read::Reader;
use crate::kustomize::{Step, Stop, inline, scalars};
use crate::source::TreePath;
use crate::yaml::decode::Spanned;
use crate::yaml::{self, Limits, Node};

/// Reads an entry of `patches`.
pub(in crate::kustomize) fn patch(entry: &PatchEntry, root: &TreePath, reader: &mut Reader<'_>) -> Step<Patch> {
    read(Field::Patches, entry, root, reader)
}

/// Reads an entry of `patchesJson6902`, which must name its target.
pub(in crate::kustomize) fn json6902(entry: &PatchEntry, root: &TreePath, reader: &mut Reader<'_>) -> Step<Patch> {
    let name = entry.target.as_ref().and_then(|target| target.get("name")?.as_str());
    if name.is_none_or(str::is_empty) {
        let finding =
            Diagnostic::error("invalid-target", "an entry of `patchesJson6902` needs a `target` with a `name`");
        return reader.refuse(finding.at(entry.target.as_ref().map_or(entry.span, |target| target.span)));
    }
    let patch = read(Field::Json6902, entry, root, reader)?;
    if let PatchText::Json(_) = patch.text {
        return Ok(patch);
    }
    let message = "`patchesJson6902` takes JSON patches only";
    reader.refuse(Diagnostic::error("invalid-patch", message).at(patch.span).help("list it under `patches`"))
}

/// Reads an entry of `patchesStrategicMerge`: a file, or the patch itself.
pub(in crate::kustomize) fn strategic_merge(
    entry: &Spanned<String>,
    root: &TreePath,
    reader: &mut Reader<'_>,
) -> Step<Patch> {
    let text =
        if inline::is_object(&entry.value) { inline_text(entry, reader)? } else { file_text(entry, root, reader)? };
    if let PatchText::Json(_) = text {
        let message = "`patchesStrategicMerge` takes strategic merge patches only";
        let finding = Diagnostic::error("invalid-patch", message).at(entry.span);
        return reader.refuse(finding.help("list it under `patches` with a `target`"));
    }
    Ok(Patch { field: Field::StrategicMerge, text, target: None, allow: Allow::default(), span: entry.span })
}

fn read(field: Field, entry: &PatchEntry, root: &TreePath, reader: &mut Reader<'_>) -> Step<Patch> {
    let (text, span) = match (&entry.path, &entry.patch) {
        (Some(path), _) => (file_text(path, root, reader)?, path.span),
        (None, Some(patch)) => (inline_text(patch, reader)?, patch.span),
        (None, None) => return Err(Stop::Reported),
    };
    let target = match &entry.target {
        Some(node) => Some(accept(Target::of(node), node.span, reader)?),
        None => None,
    };
    let allow = Allow { name: entry.allow_name_change, kind: entry.allow_kind_change };
    Ok(Patch { field, text, target, allow, span })
}

fn file_text(path: &Spanned<String>, root: &TreePath, reader: &mut Reader<'_>) -> Step<PatchText> {
    let file = reader.text(root, path)?;
    let documents = yaml::parse(file.source, &file.text, Limits::default());
    let text = documents.and_then(|documents| classify_documents(file.source, &file.text, reread(documents, reader)));
    accept(text, path.span, reader)
}

fn inline_text(patch: &Spanned<String>, reader: &Reader<'_>) -> Step<PatchText> {
    let documents = inline::parse(patch, reader.sources());
    let text = documents
        .and_then(|documents| classify_documents(patch.span.source, patch.value.trim(), reread(documents, reader)));
    accept(text, patch.span, reader)
}

/// Merge patches are read as kustomize reads objects; JSON patches as Argo CD reads YAML, by kustomize as well.
fn reread(mut documents: Vec<Node>, reader: &Reader<'_>) -> Vec<Node> {
    for document in documents.iter_mut().filter(|document| document.as_map().is_some()) {
        scalars::reread(document, reader.sources(), reader.report());
    }
    documents
}

/// The value, or its findings in the report; those without a place get `span`.
fn accept<T>(outcome: Outcome<T>, span: Span, reader: &Reader<'_>) -> Step<T> {
    outcome.map_err(|findings| {
        for finding in findings.into_vec() {
            let placed = finding.primary.is_some_and(|place| place.end > 0);
            reader.report().push(if placed { finding } else { finding.at(span) });
        }
        Stop::Reported
    })
}
