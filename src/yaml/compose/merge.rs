//! Building a mapping: duplicate keys, and merge keys (`<<`).
//!
//! A key overrides what a `<<` above it brought, as everywhere. A `<<` below a key, or two `<<`, that bring the same
//! key are refused: Go's reader then takes the merged value, others (kustomize's, and the specification) the key.

use super::super::error::{Place, Problem, Step};
use super::super::node::{Entry, Map, Node, Value};
use crate::diagnostics::{Diagnostic, SourceId};

/// What one `<<` brings.
#[derive(Debug)]
pub(super) struct Merged {
    /// How many keys stand before it.
    after: usize,
    place: Place,
    /// Sorted, each key once.
    entries: Vec<Entry>,
}

impl Merged {
    /// What `value` brings: a mapping, an alias of one, or a list of either, in which the first one wins.
    pub(super) fn new(after: usize, place: Place, value: Node, alias: bool) -> Step<Self> {
        let at = Place { start: value.span.start, end: value.span.end };
        let wrong = || {
            Problem::invalid(at, "`<<` merges a mapping, or a list of mappings")
                .related(place, "the merge key")
                .help("write `<<: *anchor` with the anchor of a mapping; quote the key \"<<\" if it is just a key")
        };
        let mut entries = Vec::new();
        match value.value {
            Value::Map(map) => entries.extend(map),
            Value::Seq(items) if !alias => {
                for item in items {
                    let Value::Map(map) = item.value else { return Err(wrong()) };
                    entries.extend(map);
                }
                entries.sort_by(|a: &Entry, b| a.key.cmp(&b.key));
                entries.dedup_by(|later, earlier| later.key == earlier.key);
            }
            _ => return Err(wrong()),
        }
        Ok(Self { after, place, entries })
    }
}

/// The mapping of what was written and what was merged. Duplicates go to `report`; of them the first one stays.
pub(super) fn build(
    entries: Vec<Entry>,
    merged: Vec<Merged>,
    source: SourceId,
    mut report: impl FnMut(Diagnostic),
) -> Map {
    if merged.is_empty() {
        return unique(entries, &mut report);
    }
    let mut numbered: Vec<_> = entries.into_iter().enumerate().collect();
    numbered.sort_by(|a, b| a.1.key.cmp(&b.1.key));
    let mut taken: Vec<Entry> = Vec::new();
    for Merged { after, place, entries } in merged {
        for entry in entries {
            let own = numbered.binary_search_by(|(_, own)| own.key.cmp(&entry.key)).ok().map(|i| &numbered[i]);
            match own {
                Some((index, own)) if *index < after => report(ambiguous(own, place, source)),
                Some(_) => {}
                None => taken.push(entry),
            }
        }
    }
    let mut all: Vec<Entry> = numbered.into_iter().map(|(_, entry)| entry).collect();
    all.append(&mut taken);
    unique(all, &mut report)
}

fn unique(mut entries: Vec<Entry>, report: &mut impl FnMut(Diagnostic)) -> Map {
    if !entries.is_sorted_by(|a, b| a.key < b.key) {
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        entries.dedup_by(|later, first| {
            let duplicate = later.key == first.key;
            if duplicate {
                report(duplicate_key(first, later));
            }
            duplicate
        });
    }
    Map::from_sorted(entries)
}

fn duplicate_key(first: &Entry, later: &Entry) -> Diagnostic {
    Diagnostic::error("duplicate-key", format!("the key `{}` is already there", later.key))
        .at(later.key_span)
        .related(first.key_span, "first written here")
        .help("delete one of the two")
}

fn ambiguous(own: &Entry, merge: Place, source: SourceId) -> Diagnostic {
    Diagnostic::error("duplicate-key", format!("the key `{}` is merged in again below", own.key))
        .at(own.key_span)
        .related(merge.span(source), "this merge brings the same key")
        .help("move `<<` above the other keys, so that they override what it brings")
}
