//! One object on its way out.

use crate::diagnostics::Span;
use crate::source::TreePath;
use crate::yaml::Node;

use super::ObjectId;

/// The annotation that holds an object's wave.
pub const SYNC_WAVE: &str = "argocd.argoproj.io/sync-wave";

/// The annotation that holds an object's sync options, separated by commas.
pub const SYNC_OPTIONS: &str = "argocd.argoproj.io/sync-options";

/// One Kubernetes object with its identity and where it comes from.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// What names it.
    pub id: ObjectId,
    /// The object; each node knows who wrote it last.
    pub node: Node,
    /// The file it was read from, or whose generator made it.
    pub file: TreePath,
    /// The document, or the generator's entry.
    pub span: Span,
}

impl Manifest {
    /// The object `node` of `file`.
    pub fn new(node: Node, file: TreePath, span: Span) -> Self {
        Self { id: ObjectId::of(&node), node, file, span }
    }

    /// The value of an annotation.
    pub fn annotation(&self, name: &str) -> Option<&Node> {
        self.node.at(&["metadata", "annotations", name])
    }

    /// Writes an annotation on behalf of `span`. Does nothing where `metadata` or `annotations` is no mapping;
    /// the structural check reports those.
    pub fn annotate(&mut self, name: &str, value: impl Into<String>, span: Span) {
        let Some(metadata) = self.node.as_map_mut().and_then(|map| map.get_mut("metadata")?.as_map_mut()) else {
            return;
        };
        let annotations = metadata.get_or_insert_with("annotations", span, || Node::map(span));
        if annotations.is_null() {
            *annotations = Node::map(span);
        }
        if let Some(annotations) = annotations.as_map_mut() {
            annotations.insert(name, span, Node::string(value, span));
        }
    }

    /// The wave that Argo CD reads from the annotation: 0 without one, `None` where it is no integer.
    pub fn wave(&self) -> Option<i64> {
        self.annotation(SYNC_WAVE).map_or(Some(0), |node| parse_wave(node.as_str()?))
    }
}

/// A wave as Argo CD parses it: Go's `strconv.Atoi`, so a sign and digits and nothing else.
pub fn parse_wave(text: &str) -> Option<i64> {
    text.parse().ok()
}
