//! YAML as Argo CD reads it: Go's `sigs.k8s.io/yaml` (YAML 1.1), with the place of every value.
//!
//! No library reads exactly what Go's reads (`docs/decisions/0001-yaml.md`), so this is our own, in the architecture of
//! the family that Go's belongs to: `scan` (tokens) -> `parse` (events) -> `compose` (nodes) with `resolve` (meanings of
//! scalars). What it accepts and what it makes of it is Go's answer in strict mode, with these deliberate differences:
//!
//! * A key may override what a `<<` above it merged in, as outside of strict mode. A `<<` *below* a key that brings the
//!   same key is an error: readers disagree about which one wins.
//! * Keys that are equal only as JSON (`1` and `"1"`) are duplicates; Go's reader picks one of them by chance.
//! * All of the text counts. Go's reader stops after the first document; what follows must be documents here, each
//!   started by `---`.
//! * A byte order mark at the start of a line other than the first is an error, elsewhere it is a character like any
//!   other. Go's reader may swallow characters after one, depending on where its buffer ends.
//! * Less depth and fewer nodes ([`Limits`]).
//!
//! # Documents
//!
//! Argo CD cuts a text into documents before it parses them, at each line that starts with `---`. The same documents
//! come out here, where `---` means what YAML says. They differ only where Argo CD fails (`---x`, `--- text`, or a
//! directive before `---`, which it cuts off), and where it loses text without a word (what follows `...`).

mod compose;
pub mod decode;
mod error;
mod node;
mod parse;
mod resolve;
mod scan;
#[cfg(test)]
mod tests;
mod text;
mod write;

use crate::diagnostics::{Outcome, SourceId, Span};

pub use node::{Entry, Map, Node, Value};
pub use text::{TextError, decode_text};
pub use write::{to_string, write};

/// How much a text may ask for before it is refused.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Nesting of lists and mappings; never more than a thousand, so that walking a node cannot exhaust the stack.
    pub depth: usize,
    /// Nodes that a document may have once its aliases are expanded.
    pub nodes: usize,
}

const MAX_DEPTH: usize = 1000;

impl Default for Limits {
    /// Deeper than any real manifest (CRDs reach about 60), and room for ten thousand large objects in a file.
    fn default() -> Self {
        Self { depth: 200, nodes: 10_000_000 }
    }
}

/// Whether a plain scalar, written without quotes, is text for Go's reader.
pub fn is_plain_text(scalar: &str) -> bool {
    resolve::plain(scalar) == resolve::Meaning::Text
}

/// Reads every document of `text` (also JSON, which is YAML): multi-document files, BOM and CRLF included.
///
/// Documents that hold nothing (only comments, or `null`) are left out, as Argo CD and kustomize leave them out.
/// Positions are byte offsets into `text`, so `source` must have been registered with this very text.
///
/// The span of a scalar is its text with its quotes, without tag and anchor; of a collection in brackets, from the
/// opening to the closing one; of a block, from its first key or `-` to the end of its last value; of a value that is
/// not there, the empty place where it would stand. What came through an alias has the spans of the anchor's text.
pub fn parse(source: SourceId, text: &str, limits: Limits) -> Outcome<Vec<Node>> {
    compose::compose(source, text, limits, false).map(|stream| stream.documents)
}

/// Like [`parse`], with the place of every comment, from its `#` to the end of its line.
pub fn parse_with_comments(source: SourceId, text: &str, limits: Limits) -> Outcome<(Vec<Node>, Vec<Span>)> {
    compose::compose(source, text, limits, true).map(|stream| (stream.documents, stream.comments))
}
