//! Lists in a strategic merge: replaced as a whole, merged by keys, or merged as sets of plain values.
//!
//! kustomize runs the same procedure over the lists that a patch does not mention, so two elements with the same key
//! become one there too.

use std::collections::HashMap;

use crate::diagnostics::{Diagnostic, Outcome};
use crate::yaml::{Node, Value};

use super::directive::{self, Directive};
use super::keyed_merge::{self, Sources};
use super::merge_schema::{ListMerge, SchemaId};
use super::path::Path;
use super::scalar::text_of;
use super::strategic_merge::{Merger, Parent};

impl Merger<'_> {
    /// Merges the list `patch` into the list `dest`; `false` says that nothing is left.
    pub(super) fn lists(
        &self,
        dest: &mut Node,
        mut patch: Node,
        schema: Option<SchemaId>,
        at: &Path<'_>,
    ) -> Outcome<bool> {
        let (Value::Seq(old), Value::Seq(new)) = (&mut dest.value, &mut patch.value) else { return Ok(true) };
        let Some(rule) = self.schemas.list(schema) else {
            directive::refuse_in_replaced_list(new)?;
            *dest = patch;
            return Ok(true);
        };
        match directive::take_from_list(new)? {
            Directive::Delete => return Ok(false),
            Directive::Replace => {
                *new = self.merge_lists(Sources::Added(std::mem::take(new)), rule, at)?;
                *dest = patch;
            }
            Directive::Merge => {
                let sources = Sources::Both(std::mem::take(old), std::mem::take(new));
                *old = self.merge_lists(sources, rule, at)?;
            }
        }
        Ok(true)
    }

    /// Settles a list that the patch brings; `false` says that nothing is left.
    pub(super) fn add_list(
        &self,
        items: &mut Vec<Node>,
        parent: Parent,
        schema: Option<SchemaId>,
        at: &Path<'_>,
    ) -> Outcome<bool> {
        let Some(rule) = self.schemas.list(schema) else {
            directive::refuse_in_replaced_list(items)?;
            return Ok(true);
        };
        match parent {
            Parent::Old => directive::refuse_in_new_list(items)?,
            Parent::New if directive::take_from_list(items)? == Directive::Delete => return Ok(false),
            Parent::New => {}
        }
        *items = self.merge_lists(Sources::Added(std::mem::take(items)), rule, at)?;
        Ok(true)
    }

    /// Settles a list that the patch does not mention.
    pub(super) fn keep_list(&self, items: &mut Vec<Node>, schema: Option<SchemaId>, at: &Path<'_>) -> Outcome<()> {
        let Some(rule) = self.schemas.list(schema) else { return Ok(()) };
        if let [only] = items.as_slice()
            && is_nameless(only, rule)
        {
            return Ok(()); // there is nothing that it could be confused with
        }
        *items = self.merge_lists(Sources::Kept(std::mem::take(items)), rule, at)?;
        Ok(())
    }

    fn merge_lists(&self, sources: Sources, rule: &ListMerge, at: &Path<'_>) -> Outcome<Vec<Node>> {
        if rule.keys.is_empty() { merge_sets(sources, at) } else { keyed_merge::merge(self, sources, rule, at) }
    }
}

/// Whether this is a mapping without the merge key.
fn is_nameless(item: &Node, rule: &ListMerge) -> bool {
    let Some(map) = item.as_map() else { return false };
    !map.is_empty() && rule.keys.first().is_some_and(|key| !map.contains_key(key))
}

/// Plain values: the patch's, then the target's own, each once.
fn merge_sets(sources: Sources, at: &Path<'_>) -> Outcome<Vec<Node>> {
    let (dest, patch) = sources.split();
    let from_patch = patch.len();
    let mut merged: Vec<Node> = Vec::with_capacity(dest.len() + from_patch);
    let mut places: HashMap<String, usize> = HashMap::new();
    for (number, item) in patch.into_iter().chain(dest).enumerate() {
        let Some(text) = text_of(&item) else {
            let message = format!("`{at}` is a list of plain values, but this is {}", item.kind());
            return Err(Diagnostic::error("invalid-patch", message).at(item.span).into());
        };
        match places.get(&text) {
            // The same text: the target's type stays (`1` or `"1"`), but the patch wrote it last.
            Some(&place) if number >= from_patch => merged[place].value = item.value,
            Some(_) => {}
            None => {
                places.insert(text, merged.len());
                merged.push(item);
            }
        }
    }
    Ok(merged)
}
