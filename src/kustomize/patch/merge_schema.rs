//! Which lists a strategic merge patch merges, and by which keys.
//!
//! The facts are kustomize's: `merge_keys.txt` is written by `tests/peers/mergekeys`, which reads them out of the `OpenAPI`
//! document compiled into kustomize. It is older than today's Kubernetes, and equality with kustomize wins:
//! what it does not know (`autoscaling/v2`, newer fields) has its lists replaced, just as kustomize replaces them.
//!
//! Compared with the document of Kubernetes 1.36: where both know a list, the keys are the same. Only 1.36 merges
//! `resourceClaims` and `schedulingGates` of pods, `ports` of ephemeral containers, `matchConditions` of webhooks,
//! `x-kubernetes-validations` of CRDs, a few lists under `status`, and whatever kinds are newer, such as
//! `autoscaling/v2` and admission policies. Only kustomize still merges in removed beta kinds (`policy/v1beta1` …).
//! The strategies `retainKeys` and `replace` are left out: kustomize does not act on them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use crate::diagnostics::Outcome;
use crate::model::Gvk;
use crate::yaml::{Map, Node};

use super::openapi;

static BUILT_IN: LazyLock<Arc<Graph>> = LazyLock::new(|| Arc::new(read_table(include_str!("merge_keys.txt"))));

/// What is known about merging: kustomize's built-in table, or an `OpenAPI` document of the user's.
#[derive(Clone, Debug)]
pub struct MergeSchemas(Arc<Graph>);

/// Whether the objects of a kind live in namespaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// They do.
    Namespaced,
    /// They belong to the cluster.
    Cluster,
}

impl Default for MergeSchemas {
    /// The built-in table.
    fn default() -> Self {
        Self(Arc::clone(&BUILT_IN))
    }
}

impl MergeSchemas {
    /// What the document behind a kustomization's `openapi.path` says. As in kustomize it takes the place
    /// of the built-in table, it does not add to it.
    ///
    /// Fails when the document has no `definitions` or a definition cannot be read.
    pub fn from_openapi(document: &Node) -> Outcome<Self> {
        Ok(Self(Arc::new(openapi::read(document)?)))
    }

    /// The scope of a kind, if it is known. kustomize treats an unknown kind as namespaced.
    pub fn scope(&self, gvk: &Gvk) -> Option<Scope> {
        // kustomize looks into its built-in list of scopes first, whatever document is in use.
        BUILT_IN.scopes.get(gvk).or_else(|| self.0.scopes.get(gvk)).copied()
    }

    pub(super) fn of_kind(&self, gvk: &Gvk) -> Option<SchemaId> {
        self.0.kinds.get(gvk).copied()
    }

    /// The schema of the object `map`, which says itself what it is.
    pub(super) fn of_object(&self, map: &Map) -> Option<SchemaId> {
        let text = |key| map.get(key).and_then(Node::as_str).filter(|text| !text.is_empty());
        self.of_kind(&Gvk::new(text("apiVersion")?, text("kind")?))
    }

    /// The schema of a field of `parent`.
    pub(super) fn field(&self, parent: Option<SchemaId>, field: &str) -> Option<SchemaId> {
        let parent = parent?;
        if parent == SchemaId::OPAQUE {
            return Some(SchemaId::OPAQUE);
        }
        let schema = &self.0.schemas[parent.0];
        schema.fields.get(field).copied().or(schema.values)
    }

    /// How a list of `schema` is merged; `None` when it is replaced.
    pub(super) fn list(&self, schema: Option<SchemaId>) -> Option<&ListMerge> {
        self.0.schemas[schema?.0].merge.as_ref()
    }
}

/// Index of a schema in its [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SchemaId(usize);

impl SchemaId {
    /// Known, and nothing below is merged.
    pub(super) const OPAQUE: Self = Self(0);
}

/// What merging needs to know of one schema.
#[derive(Debug, Default)]
pub(super) struct Schema {
    pub(super) fields: BTreeMap<Box<str>, SchemaId>,
    /// Of the values of a mapping with free keys.
    pub(super) values: Option<SchemaId>,
    pub(super) merge: Option<ListMerge>,
}

/// A list that is merged.
#[derive(Debug)]
pub(super) struct ListMerge {
    /// The fields that identify an element; none for a set of plain values.
    pub(super) keys: Vec<Box<str>>,
    pub(super) item: Option<SchemaId>,
}

/// Schemas that refer to each other, and the kinds that start there.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) schemas: Vec<Schema>,
    pub(super) kinds: HashMap<Gvk, SchemaId>,
    pub(super) scopes: HashMap<Gvk, Scope>,
}

impl Default for Graph {
    fn default() -> Self {
        Self { schemas: vec![Schema::default()], kinds: HashMap::new(), scopes: HashMap::new() }
    }
}

impl Graph {
    pub(super) fn add(&mut self, schema: Schema) -> SchemaId {
        self.schemas.push(schema);
        SchemaId(self.schemas.len() - 1)
    }

    pub(super) fn get_mut(&mut self, id: SchemaId) -> &mut Schema {
        &mut self.schemas[id.0]
    }
}

/// Reads the format that the head of `merge_keys.txt` describes.
fn read_table(text: &'static str) -> Graph {
    let mut reader = TableReader::default();
    let mut section = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(entry) = line.strip_prefix("  ") {
            match section {
                Some(owner) => reader.field(owner, entry),
                None => reader.kind(entry),
            }
        } else if let Some(name) = line.strip_prefix("type ") {
            section = Some(reader.named(name));
        }
    }
    reader.graph
}

#[derive(Default)]
struct TableReader {
    graph: Graph,
    names: HashMap<&'static str, SchemaId>,
}

impl TableReader {
    /// The schema called `name`; it may be filled later.
    fn named(&mut self, name: &'static str) -> SchemaId {
        if name == "-" {
            return SchemaId::OPAQUE;
        }
        if let Some(&id) = self.names.get(name) {
            return id;
        }
        let id = self.graph.add(Schema::default());
        self.names.insert(name, id);
        id
    }

    fn kind(&mut self, line: &'static str) {
        let mut words = line.split(' ');
        let mut next = || words.next().unwrap_or_default();
        let gvk = Gvk::new(next(), next());
        let (name, scope) = (next(), next());
        let schema = self.named(name);
        match scope {
            "namespaced" => self.graph.scopes.insert(gvk.clone(), Scope::Namespaced),
            "cluster" => self.graph.scopes.insert(gvk.clone(), Scope::Cluster),
            _ => None,
        };
        self.graph.kinds.insert(gvk, schema);
    }

    fn field(&mut self, owner: SchemaId, line: &'static str) {
        let (field, what) = line.split_once(' ').unwrap_or((line, "-"));
        let schema = self.describe(what);
        self.graph.get_mut(owner).fields.insert(field.into(), schema);
    }

    fn describe(&mut self, what: &'static str) -> SchemaId {
        if let Some((item, keys)) = what.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
            let item = Some(self.named(item));
            let keys = keys.strip_prefix("by ").map_or_else(Vec::new, |keys| keys.split(',').map(Into::into).collect());
            return self.graph.add(Schema { merge: Some(ListMerge { keys, item }), ..Schema::default() });
        }
        if let Some(value) = what.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            let values = Some(self.describe(value));
            return self.graph.add(Schema { values, ..Schema::default() });
        }
        self.named(what)
    }
}

#[cfg(test)]
mod tests {
    use super::{MergeSchemas, Scope};
    use crate::model::Gvk;

    fn keys(kind: &Gvk, path: &[&str]) -> Option<Vec<String>> {
        let schemas = MergeSchemas::default();
        let mut at = schemas.of_kind(kind);
        for step in path {
            at = if *step == "[]" { schemas.list(at)?.item } else { schemas.field(at, step) };
        }
        Some(schemas.list(at)?.keys.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn lists_of_pods_are_found_from_their_owners() {
        let deployment = Gvk::new("apps/v1", "Deployment");
        let container = ["spec", "template", "spec", "containers"];
        assert_eq!(keys(&deployment, &container), Some(vec!["name".to_owned()]));
        let ports = [&container[..], &["[]", "ports"]].concat();
        assert_eq!(keys(&deployment, &ports), Some(vec!["containerPort".to_owned(), "protocol".to_owned()]));
        assert_eq!(keys(&deployment, &["metadata", "finalizers"]), Some(vec![]));
        assert_eq!(keys(&deployment, &["spec", "template", "spec", "tolerations"]), None);
    }

    #[test]
    fn scopes_are_known() {
        let schemas = MergeSchemas::default();
        assert_eq!(schemas.scope(&Gvk::new("v1", "Namespace")), Some(Scope::Cluster));
        assert_eq!(schemas.scope(&Gvk::new("v1", "ConfigMap")), Some(Scope::Namespaced));
        assert_eq!(schemas.scope(&Gvk::new("example.com/v1", "Widget")), None);
    }
}
