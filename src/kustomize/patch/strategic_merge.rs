//! Strategic merge patches: the patch has the shape of the object and says only what changes.
//!
//! The result is kustomize's, quirks included. Those worth knowing: a field that the base leaves empty (`key:`) goes away
//! with any patch of the object, while a written `null` stays; what the patch adds to a merged list comes first; a
//! number or boolean of the patch takes over the quotes of the text it replaces and so becomes text.
//! What kustomize would turn into nonsense without a word is refused instead, with the place and a way out.

use std::fmt;

use crate::diagnostics::{Diagnostic, Outcome};
use crate::model::Gvk;
use crate::yaml::{Entry, Map, Node, Value};

use super::directive::{self, Directive};
use super::merge_schema::{MergeSchemas, SchemaId};

/// What became of the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Merged {
    /// It is still there.
    Kept,
    /// The patch deletes it (`$patch: delete` at its root); the target is empty now.
    Deleted,
}

/// Merges `patch` into `target`, an object of `gvk`. Everything the patch writes keeps the patch's span.
///
/// This is the bare merge: kind, name and namespace are taken from the patch like any field. [`super::apply_merge`]
/// keeps them. After an error the target must not be used.
pub fn merge(target: &mut Node, mut patch: Node, gvk: &Gvk, schemas: &MergeSchemas) -> Outcome<Merged> {
    let merger = Merger { schemas };
    let at = Path::root();
    let (Value::Map(dest), Value::Map(source)) = (&mut target.value, &mut patch.value) else {
        return Err(mismatch(target, &patch, &at).into());
    };
    let directive_span = source.entry("$patch").map(|entry| entry.key_span);
    match directive::take_from_map(source)? {
        Directive::Delete => {
            *target = Node::new(Value::Null, patch.span);
            return Ok(Merged::Deleted);
        }
        Directive::Replace => {
            return Err(Diagnostic::error(
                "invalid-patch",
                "`$patch: replace` of a whole object has no effect in kustomize",
            )
            .at(directive_span.unwrap_or(patch.span))
            .help("replace the fields that change, one by one, or change the resource itself")
            .into());
        }
        Directive::Merge => {}
    }
    let schema = schemas.of_kind(gvk).or_else(|| schemas.of_object(dest)).or_else(|| schemas.of_object(source));
    merger.maps(dest, std::mem::take(source), schema, &at)?;
    Ok(Merged::Kept)
}

/// Whether the place a node was added to is new as well.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Parent {
    /// The target had the parent, but not this node.
    Old,
    /// The patch brought the parent.
    New,
}

pub(super) struct Merger<'a> {
    pub(super) schemas: &'a MergeSchemas,
}

impl Merger<'_> {
    /// Merges `patch` into `dest`; `false` says that nothing is left.
    pub(super) fn both(
        &self,
        dest: &mut Node,
        mut patch: Node,
        schema: Option<SchemaId>,
        at: &Path<'_>,
    ) -> Outcome<bool> {
        if patch.is_null() {
            return Ok(false);
        }
        if dest.is_null() {
            *dest = patch;
            return self.add(dest, Parent::Old, schema, at);
        }
        match (&mut dest.value, &mut patch.value) {
            (Value::Map(old), Value::Map(new)) => match directive::take_from_map(new)? {
                Directive::Delete => Ok(false),
                Directive::Replace => {
                    let schema = schema.or_else(|| self.schemas.of_object(old)).or_else(|| self.schemas.of_object(new));
                    self.added_fields(new, schema, at)?;
                    *dest = patch;
                    Ok(true)
                }
                Directive::Merge => {
                    let schema = schema.or_else(|| self.schemas.of_object(old)).or_else(|| self.schemas.of_object(new));
                    self.maps(old, std::mem::take(new), schema, at)?;
                    Ok(true)
                }
            },
            (Value::Seq(_), Value::Seq(_)) => self.lists(dest, patch, schema, at),
            (Value::Map(_) | Value::Seq(_), _) | (_, Value::Map(_) | Value::Seq(_)) => {
                Err(mismatch(dest, &patch, at).into())
            }
            _ => {
                replace_scalar(dest, patch, at)?;
                Ok(true)
            }
        }
    }

    /// Merges two mappings field by field. Both are sorted, so this is one pass over them.
    fn maps(&self, dest: &mut Map, patch: Map, schema: Option<SchemaId>, at: &Path<'_>) -> Outcome<()> {
        refuse_empty_key(dest)?;
        refuse_empty_key(&patch)?;
        let mut merged = Vec::with_capacity(dest.len() + patch.len());
        let mut new = patch.into_iter().peekable();
        for mut old in std::mem::take(dest) {
            while let Some(entry) = new.next_if(|entry| entry.key < old.key) {
                self.added_field(entry, Parent::Old, schema, at, &mut merged)?;
            }
            let below = self.schemas.field(schema, &old.key);
            let kept = match new.next_if(|entry| entry.key == old.key) {
                Some(entry) => {
                    old.key_span = entry.key_span;
                    self.both(&mut old.value, entry.value, below, &at.field(&entry.key))?
                }
                None => self.keep(&mut old.value, below, &at.field(&old.key))?,
            };
            if kept {
                merged.push(old);
            }
        }
        for entry in new {
            self.added_field(entry, Parent::Old, schema, at, &mut merged)?;
        }
        *dest = from_sorted(merged);
        Ok(())
    }

    fn added_field(
        &self,
        mut entry: Entry,
        parent: Parent,
        schema: Option<SchemaId>,
        at: &Path<'_>,
        into: &mut Vec<Entry>,
    ) -> Outcome<()> {
        let below = self.schemas.field(schema, &entry.key);
        if self.add(&mut entry.value, parent, below, &at.field(&entry.key))? {
            into.push(entry);
        }
        Ok(())
    }

    fn added_fields(&self, map: &mut Map, schema: Option<SchemaId>, at: &Path<'_>) -> Outcome<()> {
        refuse_empty_key(map)?;
        let mut kept = Vec::with_capacity(map.len());
        for entry in std::mem::take(map) {
            self.added_field(entry, Parent::New, schema, at, &mut kept)?;
        }
        *map = from_sorted(kept);
        Ok(())
    }

    /// Settles what the patch brings and the target does not have: directives act, nulls go.
    /// `false` says that nothing is left.
    pub(super) fn add(
        &self,
        node: &mut Node,
        parent: Parent,
        schema: Option<SchemaId>,
        at: &Path<'_>,
    ) -> Outcome<bool> {
        match &mut node.value {
            Value::Null => Ok(false),
            Value::Map(map) => {
                if directive::take_from_map(map)? == Directive::Delete {
                    return Ok(false);
                }
                let schema = schema.or_else(|| self.schemas.of_object(map));
                self.added_fields(map, schema, at)?;
                Ok(true)
            }
            Value::Seq(items) => self.add_list(items, parent, schema, at),
            _ => Ok(true),
        }
    }

    /// Settles what the patch does not touch: a field left empty goes, and lists are read by key all the same.
    /// `false` says that nothing is left.
    pub(super) fn keep(&self, node: &mut Node, schema: Option<SchemaId>, at: &Path<'_>) -> Outcome<bool> {
        match &mut node.value {
            Value::Null => return Ok(is_written_null(node)),
            Value::Map(map) => {
                refuse_empty_key(map)?;
                let schema = schema.or_else(|| self.schemas.of_object(map));
                let mut emptied = false;
                for (key, value) in map.iter_mut() {
                    let below = self.schemas.field(schema, key);
                    emptied |= !self.keep(value, below, &at.field(key))?;
                }
                if emptied {
                    map.retain(|entry| !entry.value.is_null() || is_written_null(&entry.value));
                }
            }
            Value::Seq(items) => self.keep_list(items, schema, at)?,
            _ => {}
        }
        Ok(true)
    }
}

/// kustomize cannot merge a mapping that has an empty key, and says so in a way that helps nobody.
fn refuse_empty_key(map: &Map) -> Outcome<()> {
    match map.entry("") {
        None => Ok(()),
        Some(entry) => Err(Diagnostic::error("invalid-patch", "a mapping with an empty key cannot be merged")
            .at(entry.key_span)
            .help("give the key a name")
            .into()),
    }
}

fn from_sorted(entries: Vec<Entry>) -> Map {
    Map::from_entries(entries).expect("each key comes from one entry of one side or of both")
}

/// Whether a `null` was written out (`null`, `~`) rather than left empty (`key:`), which has no text and so no length.
fn is_written_null(node: &Node) -> bool {
    node.span.is_none() || node.span.start != node.span.end
}

/// A scalar as text, as it is compared with merge keys; `None` for anything else.
pub(super) fn text_of(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Seq(_) | Value::Map(_) => None,
    }
}

/// Puts the patch's scalar in place. kustomize keeps the quotes of what it replaces, so that `value: 6` over
/// `value: "5"` gives the text `6`.
fn replace_scalar(dest: &mut Node, mut patch: Node, at: &Path<'_>) -> Outcome<()> {
    if !matches!(patch.value, Value::String(_)) && is_quoted(dest) {
        let text = text_of(&patch).unwrap_or_default();
        if written_length(&patch).is_some_and(|length| length != text.len()) {
            let message = format!("`{at}` is text in the target, and {} in the patch", patch.kind());
            return Err(Diagnostic::error("invalid-patch", message)
                .at(patch.span)
                .related(dest.span, "the text")
                .help("put the value in quotes")
                .into());
        }
        patch.value = Value::String(text);
    }
    *dest = patch;
    Ok(())
}

/// Whether a text was written in quotes or as a block: plain text is exactly as long as its value,
/// and must not read as anything else.
fn is_quoted(node: &Node) -> bool {
    let Value::String(text) = &node.value else { return false };
    written_length(node).is_some_and(|length| length != text.len()) || reads_as_something_else(text)
}

/// How many bytes the text of a node takes; `None` when that is not known.
fn written_length(node: &Node) -> Option<usize> {
    let length = node.span.end.saturating_sub(node.span.start) as usize;
    (!node.span.is_none() && length > 0).then_some(length)
}

fn reads_as_something_else(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL" | "true" | "True" | "TRUE" | "false" | "False" | "FALSE")
        || text.replace('_', "").parse::<f64>().is_ok()
        || text.starts_with("0x")
        || text.starts_with("0o")
}

fn mismatch(dest: &Node, patch: &Node, at: &Path<'_>) -> Diagnostic {
    let message = format!("`{at}` is {} in the target, but {} in the patch", dest.kind(), patch.kind());
    Diagnostic::error("invalid-patch", message).at(patch.span).related(dest.span, "the target's value")
}

/// Where in the object we are, for messages.
pub(super) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

enum Step<'a> {
    Root,
    Field(&'a str),
    Element(&'a str),
}

impl Path<'_> {
    const fn root() -> Self {
        Self { parent: None, step: Step::Root }
    }

    pub(super) fn field<'b>(&'b self, name: &'b str) -> Path<'b> {
        Path { parent: Some(self), step: Step::Field(name) }
    }

    /// The element of a list whose merge key has this value.
    pub(super) fn element<'b>(&'b self, key: &'b str) -> Path<'b> {
        Path { parent: Some(self), step: Step::Element(key) }
    }

    fn is_root(&self) -> bool {
        matches!(self.step, Step::Root)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent.filter(|parent| !parent.is_root()) {
            write!(f, "{parent}")?;
        }
        match self.step {
            Step::Root => f.write_str("the object"),
            Step::Field(name) if self.parent.is_none_or(Path::is_root) => f.write_str(name),
            Step::Field(name) => write!(f, ".{name}"),
            Step::Element(key) => write!(f, "[{key}]"),
        }
    }
}
