//! Strategic merge patches: the patch has the shape of the object and says only what changes.
//!
//! The result is kustomize's, quirks included. Those worth knowing: a field that the base leaves empty (`key:`) goes away
//! with any patch of the object, while a written `null` stays; what the patch adds to a merged list comes first; a
//! number or boolean of the patch takes over the quotes of the text it replaces and so becomes text.
//! What kustomize would turn into nonsense without a word is refused instead, with the place and a way out.

use crate::diagnostics::{Diagnostic, Outcome};
use crate::model::Gvk;
use crate::yaml::{Entry, Map, Node, Value};

use super::directive::{self, Directive};
use super::merge_schema::{MergeSchemas, SchemaId};
use super::path::Path;
use super::scalar::{is_written_null, replace_scalar};

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
                    let written_by = old.value.span;
                    let kept = self.both(&mut old.value, entry.value, below, &at.field(&entry.key))?;
                    if old.value.span != written_by {
                        old.key_span = entry.key_span;
                    }
                    kept
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

fn mismatch(dest: &Node, patch: &Node, at: &Path<'_>) -> Diagnostic {
    let message = format!("`{at}` is {} in the target, but {} in the patch", dest.kind(), patch.kind());
    Diagnostic::error("invalid-patch", message).at(patch.span).related(dest.span, "the target's value")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use serde_json::json;

    use super::{Merged, merge};
    use crate::diagnostics::{Outcome, Sources, Span};
    use crate::kustomize::patch::MergeSchemas;
    use crate::model::ObjectId;
    use crate::yaml::{Node, Value};

    /// A text of the base and one of the patch, each of a length that no value here has.
    fn spans() -> (Span, Span) {
        let mut sources = Sources::default();
        let mut span = |name| Span::new(sources.add(name, ""), 100, 200);
        (span("base"), span("patch"))
    }

    fn merged(base: &serde_json::Value, patch: &serde_json::Value) -> Outcome<Node> {
        let (base_span, patch_span) = spans();
        merged_nodes(Node::from_json(base.clone(), base_span), Node::from_json(patch.clone(), patch_span))
    }

    fn merged_nodes(mut base: Node, patch: Node) -> Outcome<Node> {
        let gvk = ObjectId::of(&base).gvk;
        assert_eq!(merge(&mut base, patch, &gvk, &MergeSchemas::default())?, Merged::Kept);
        Ok(base)
    }

    fn pod(containers: &serde_json::Value) -> serde_json::Value {
        json!({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": containers}})
    }

    #[test]
    fn every_field_knows_who_wrote_it_last() {
        let (base, patch) = spans();
        let object = merged(
            &pod(&json!([{"name": "a", "image": "x", "tty": true}])),
            &pod(&json!([{"name": "a", "image": "y"}, {"name": "b"}])),
        );
        let object = object.expect("merged");
        let containers = object.at(&["spec", "containers"]).and_then(Node::as_seq).expect("a list");
        let first = containers[0].as_map().expect("a mapping");
        let image = first.entry("image").expect("there");
        assert_eq!((image.key_span, image.value.span), (patch, patch));
        let tty = first.entry("tty").expect("there");
        assert_eq!((tty.key_span, tty.value.span), (base, base));
        assert_eq!((containers[0].span, containers[1].span), (base, patch));
    }

    /// A mapping under `data` whose only field has a value of this many bytes of text.
    fn config(value: Value, length: u32) -> Node {
        let (span, _) = spans();
        let mut node = Node::from_json(json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {}}), span);
        let data = node.as_map_mut().and_then(|map| map.get_mut("data")).and_then(Node::as_map_mut).expect("data");
        data.insert("key", span, Node::new(value, Span::new(span.source, 0, length)));
        node
    }

    #[test]
    fn a_field_left_empty_goes_and_a_written_null_stays() {
        let other = || config(Value::Bool(true), 4);
        let rename = |mut node: Node| {
            let data = node.as_map_mut().and_then(|map| map.get_mut("data")).and_then(Node::as_map_mut);
            let entry = data.and_then(|data| data.remove("key")).expect("there");
            node.as_map_mut().expect("a mapping").insert("other", entry.key_span, entry.value);
            node
        };
        let empty = merged_nodes(config(Value::Null, 0), rename(other())).expect("merged");
        assert!(empty.at(&["data", "key"]).is_none());
        let written = merged_nodes(config(Value::Null, 4), rename(other())).expect("merged");
        assert!(written.at(&["data", "key"]).is_some_and(Node::is_null));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test may look at the clock")]
    fn long_lists_take_no_more_than_their_length() {
        let env = |from: usize| -> serde_json::Value {
            let names = (from..from + 20_000).map(|n| json!({"name": format!("E{n}"), "value": "v"}));
            pod(&json!([{"name": "a", "env": names.collect::<Vec<_>>()}]))
        };
        let ports = |name: &str| -> serde_json::Value {
            let ports = (0..20_000).map(|n| json!({"containerPort": n, "protocol": "TCP", "name": name}));
            pod(&json!([{"name": "a", "ports": ports.collect::<Vec<_>>()}]))
        };
        let started = Instant::now();
        let object = merged(&env(0), &env(10_000)).expect("merged");
        let list = object.at(&["spec", "containers"]).and_then(Node::as_seq).expect("a list")[0].get("env");
        assert_eq!(list.and_then(Node::as_seq).map(<[Node]>::len), Some(30_000));
        merged(&ports("a"), &ports("b")).expect("merged");
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    }

    #[test]
    fn a_refusal_says_where_and_why() {
        let (base, patch) = spans();
        let wrong =
            merged(&pod(&json!([{"name": "a", "resources": {}}])), &pod(&json!([{"name": "a", "resources": 5}])));
        let finding = wrong.expect_err("refused").into_vec().remove(0);
        assert_eq!(
            finding.message,
            "`spec.containers[a].resources` is a mapping in the target, but a number in the patch"
        );
        assert_eq!((finding.primary, finding.related[0].span), (Some(patch), base));
    }
}
