//! An object on its way through the build, with the names it had before.

use crate::diagnostics::Span;
use crate::model::{Gvk, ObjectId};
use crate::source::TreePath;
use crate::yaml::{Map, Node};

use super::provenance::ObjectTrail;
use super::scope::Scopes;

/// What a generator does when the object is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Behavior {
    /// It must not be there.
    #[default]
    Create,
    /// Its data is replaced.
    Replace,
    /// Its data is merged.
    Merge,
}

/// An id that an object had earlier. Group and version are always the present ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PastId {
    pub(super) kind: String,
    pub(super) name: String,
    /// The effective namespace at that time.
    pub(super) namespace: String,
}

/// One object with what the build has to remember about it.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    pub(super) node: Node,
    pub(super) file: TreePath,
    pub(super) span: Span,
    /// Earlier ids, oldest first.
    pub(super) past: Vec<PastId>,
    /// Prefixes added to its name, innermost first.
    pub(super) prefixes: Vec<String>,
    /// Suffixes added to its name, innermost first.
    pub(super) suffixes: Vec<String>,
    /// Made by a generator, here or in a base.
    pub(super) generated: bool,
    /// Its name will end in a hash of its content.
    pub(super) needs_hash: bool,
    /// Names of the vars that a field of it answers.
    pub(super) vars: Vec<String>,
    /// Where it comes from, if anybody wants to know.
    pub(super) trail: ObjectTrail,
    scopes: Scopes,
}

impl Resource {
    /// An object as it was read.
    pub(super) fn new(node: Node, file: TreePath, scopes: &Scopes) -> Self {
        Self {
            span: node.span,
            node,
            file,
            past: Vec::new(),
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            generated: false,
            needs_hash: false,
            vars: Vec::new(),
            trail: ObjectTrail::default(),
            scopes: scopes.clone(),
        }
    }

    fn text(&self, key: &str) -> &str {
        self.node.get(key).and_then(Node::as_str).unwrap_or_default()
    }

    fn meta_text(&self, key: &str) -> &str {
        self.node.at(&["metadata", key]).and_then(Node::as_str).unwrap_or_default()
    }

    pub(super) fn api_version(&self) -> &str {
        self.text("apiVersion")
    }

    pub(super) fn kind(&self) -> &str {
        self.text("kind")
    }

    pub(super) fn name(&self) -> &str {
        self.meta_text("name")
    }

    /// The namespace as written; empty without one.
    pub(super) fn namespace(&self) -> &str {
        self.meta_text("namespace")
    }

    pub(super) fn gvk(&self) -> Gvk {
        Gvk::new(self.api_version(), self.kind())
    }

    pub(super) fn labels(&self) -> Option<&Map> {
        self.node.at(&["metadata", "labels"])?.as_map()
    }

    pub(super) fn annotations(&self) -> Option<&Map> {
        self.node.at(&["metadata", "annotations"])?.as_map()
    }

    /// Whether kustomize's table knows it as cluster-scoped.
    pub(super) fn is_cluster_scoped(&self) -> bool {
        self.scopes.is_cluster_scoped(self.api_version(), self.kind())
    }

    /// The namespace by which ids are compared.
    pub(super) fn effective_namespace(&self) -> &str {
        self.scopes.effective_namespace(self.api_version(), self.kind(), self.namespace())
    }

    /// The id it has now, with the effective namespace.
    pub(super) fn id(&self) -> ObjectId {
        ObjectId { gvk: self.gvk(), namespace: self.effective_namespace().to_owned(), name: self.name().to_owned() }
    }

    /// The id as messages show it.
    pub(super) fn shown(&self) -> ObjectId {
        ObjectId::of(&self.node)
    }

    /// The id it had first.
    pub(super) fn original_id(&self) -> ObjectId {
        self.past.first().map_or_else(|| self.id(), |past| self.with_gvk(past))
    }

    /// The kind, name and effective namespace it had first.
    pub(super) fn original(&self) -> (&str, &str, &str) {
        match self.past.first() {
            Some(past) => (&past.kind, &past.name, &past.namespace),
            None => (self.kind(), self.name(), self.effective_namespace()),
        }
    }

    /// Kind, name and effective namespace of each id that it has or had.
    pub(super) fn identities(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let past = self.past.iter().map(|id| (id.kind.as_str(), id.name.as_str(), id.namespace.as_str()));
        past.chain(std::iter::once((self.kind(), self.name(), self.effective_namespace())))
    }

    /// Like [`Resource::identities`], the present namespace as it is written.
    pub(super) fn written_identities(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let past = self.past.iter().map(|id| (id.kind.as_str(), id.name.as_str(), id.namespace.as_str()));
        std::iter::once((self.kind(), self.name(), self.namespace())).chain(past)
    }

    /// Whether it has or had the id `id` (with an effective namespace).
    pub(super) fn answers_to(&self, id: &ObjectId) -> bool {
        let gvk = Gvk::new(self.api_version(), "");
        gvk.group == id.gvk.group
            && gvk.version == id.gvk.version
            && self.identities().any(|(kind, name, ns)| kind == id.gvk.kind && name == id.name && ns == id.namespace)
    }

    /// Whether it has the id `id` (with an effective namespace) now.
    pub(super) fn is(&self, id: &ObjectId) -> bool {
        self.name() == id.name && self.effective_namespace() == id.namespace && self.gvk() == id.gvk
    }

    fn with_gvk(&self, past: &PastId) -> ObjectId {
        let gvk = Gvk { kind: past.kind.clone(), ..self.gvk() };
        ObjectId { gvk, namespace: past.namespace.clone(), name: past.name.clone() }
    }

    /// Writes the present id down before a transformer changes it.
    pub(super) fn remember(&mut self) {
        let id = PastId {
            kind: self.kind().to_owned(),
            name: self.name().to_owned(),
            namespace: self.effective_namespace().to_owned(),
        };
        self.past.push(id);
    }

    /// Drops everything that kustomize would have noted in annotations which a patch took away.
    pub(super) fn forget(&mut self) {
        self.past.clear();
        self.prefixes.clear();
        self.suffixes.clear();
        self.generated = false;
        self.needs_hash = false;
    }

    /// Whether kustomize would keep notes in the annotations of this object at this point,
    /// which makes `metadata.annotations` exist for patches.
    pub(super) fn has_notes(&self) -> bool {
        self.trail.is_known()
            || self.generated
            || !self.past.is_empty()
            || !self.prefixes.is_empty()
            || !self.suffixes.is_empty()
    }

    /// The metadata, made when it is not there.
    pub(super) fn metadata_mut(&mut self) -> Option<&mut Map> {
        let span = self.span;
        let metadata = self.node.as_map_mut()?.get_or_insert_with("metadata", span, || Node::map(span));
        if metadata.is_null() {
            *metadata = Node::map(span);
        }
        metadata.as_map_mut()
    }

    /// Gives it a new name on behalf of `span`.
    pub(super) fn set_name(&mut self, name: String, span: Span) {
        if let Some(metadata) = self.metadata_mut() {
            metadata.insert("name", span, Node::string(name, span));
        }
    }

    /// Whether a patch deleted it.
    pub(super) fn is_deleted(&self) -> bool {
        self.node.is_null()
    }
}
