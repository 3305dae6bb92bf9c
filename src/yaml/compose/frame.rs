//! Open collections.

use super::super::error::{Place, Problem, Step};
use super::super::node::{Entry, Node, Value};
use super::super::parse::Collection;
use super::merge::{self, Merged};
use crate::diagnostics::{Diagnostic, SourceId, Span};

/// A collection whose end has not come yet.
#[derive(Debug)]
pub(super) enum Frame {
    Sequence(Sequence),
    Mapping(Mapping),
}

/// Where a collection starts and, so far, ends.
#[derive(Clone, Copy, Debug)]
struct Extent {
    start: u32,
    end: u32,
}

#[derive(Debug)]
pub(super) struct Sequence {
    extent: Extent,
    items: Vec<Node>,
}

#[derive(Debug)]
pub(super) struct Mapping {
    extent: Extent,
    entries: Vec<Entry>,
    merged: Vec<Merged>,
    key: Option<Key>,
    /// Whether the next node is the value of an alias.
    alias: bool,
}

/// A key whose value has not come yet.
#[derive(Debug)]
pub(super) enum Key {
    Text(String, Place),
    /// `<<`
    Merge(Place),
}

impl Frame {
    pub(super) fn new(kind: Collection, place: Place) -> Self {
        let extent = Extent { start: place.start, end: place.end };
        match kind {
            Collection::Sequence => Self::Sequence(Sequence { extent, items: Vec::new() }),
            Collection::Mapping => {
                Self::Mapping(Mapping { extent, entries: Vec::new(), merged: Vec::new(), key: None, alias: false })
            }
        }
    }

    /// The next node is what an alias stands for.
    pub(super) fn next_is_alias(&mut self) {
        if let Self::Mapping(mapping) = self {
            mapping.alias = true;
        }
    }
}

impl Extent {
    fn grow(&mut self, end: u32) {
        self.end = self.end.max(end);
    }

    /// The whole extent: up to the closing bracket, or to the last thing inside a block.
    fn close(mut self, end: Place, source: SourceId) -> Span {
        if end.end > end.start {
            self.grow(end.end);
        }
        Span::new(source, self.start, self.end)
    }
}

impl Sequence {
    pub(super) fn push(&mut self, node: Node) {
        self.extent.grow(node.span.end);
        self.items.push(node);
    }

    pub(super) fn finish(self, end: Place, source: SourceId) -> Node {
        Node::new(Value::Seq(self.items), self.extent.close(end, source))
    }
}

impl Mapping {
    pub(super) fn expects_key(&self) -> bool {
        self.key.is_none()
    }

    pub(super) fn take_alias(&mut self) -> bool {
        std::mem::take(&mut self.alias)
    }

    pub(super) fn set_key(&mut self, key: Key) {
        let (Key::Text(_, place) | Key::Merge(place)) = &key;
        self.extent.grow(place.end);
        self.key = Some(key);
    }

    /// Takes the value of the current key.
    pub(super) fn push(&mut self, value: Node) -> Step<()> {
        let alias = self.take_alias();
        match self.key.take() {
            Some(Key::Text(key, place)) => {
                self.extent.grow(value.span.end);
                self.entries.push(Entry { key, key_span: place.span(value.span.source), value });
                Ok(())
            }
            Some(Key::Merge(place)) => {
                self.merged.push(Merged::new(self.entries.len(), place, value, alias)?);
                Ok(())
            }
            None => Err(Problem::invalid(Place { start: value.span.start, end: value.span.end }, "a key is a text")),
        }
    }

    pub(super) fn finish(self, end: Place, source: SourceId, report: impl FnMut(Diagnostic)) -> Node {
        let span = self.extent.close(end, source);
        Node::new(Value::Map(merge::build(self.entries, self.merged, source, report)), span)
    }
}
