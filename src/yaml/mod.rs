//! YAML as Argo CD reads it: Go's `sigs.k8s.io/yaml` (YAML 1.1), with the place of every value.

pub mod decode;
mod node;

use crate::diagnostics::{Outcome, SourceId};

pub use node::{Entry, Map, Node, Value};

/// How much a text may ask for before it is refused.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Nesting of lists and mappings.
    pub depth: usize,
    /// Nodes that a document may have once its aliases are expanded.
    pub nodes: usize,
}

impl Default for Limits {
    /// Deeper than any real manifest (CRDs reach about 60), and room for ten thousand large objects in a file.
    fn default() -> Self {
        Self { depth: 200, nodes: 10_000_000 }
    }
}

/// Reads every document of `text` (also JSON, which is YAML): multi-document files, BOM and CRLF included.
///
/// Documents that hold nothing (only comments, or `null`) are left out, as Argo CD and kustomize leave them out.
/// Positions are byte offsets into `text`, so `source` must have been registered with this very text.
pub fn parse(source: SourceId, text: &str, limits: Limits) -> Outcome<Vec<Node>> {
    // Stand-in until our own reader lands: values without places.
    let _ = limits;
    let mut documents = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let value: serde_json::Value = serde::Deserialize::deserialize(document)
            .map_err(|e| crate::diagnostics::Diagnostic::error("invalid-yaml", e.to_string()))?;
        documents.push(Node::from_json(value, crate::diagnostics::Span::new(source, 0, 0)));
    }
    documents.retain(|node| !node.is_null());
    Ok(documents)
}

/// Writes one document that Go's reader (and a YAML 1.2 reader) reads back as the same value, with a final newline.
pub fn to_string(node: &Node) -> String {
    serde_json::to_string_pretty(node).unwrap_or_default() + "\n"
}

/// The text of a file.
pub fn decode_text(bytes: &[u8]) -> Result<std::borrow::Cow<'_, str>, std::str::Utf8Error> {
    std::str::from_utf8(bytes).map(std::borrow::Cow::Borrowed)
}
