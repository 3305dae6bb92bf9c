//! Reads what merging needs from an `OpenAPI` v2 document, as `kustomize openapi fetch` writes it.

use std::collections::{BTreeMap, HashMap};

use crate::diagnostics::{Diagnostic, Outcome};
use crate::model::Gvk;
use crate::yaml::{Map, Node};

use super::merge_schema::{Graph, ListMerge, Schema, SchemaId, Scope};

/// The schemas, kinds and scopes of `document`.
pub(super) fn read(document: &Node) -> Outcome<Graph> {
    let Some(definitions) = document.get("definitions").and_then(Node::as_map) else {
        let finding = Diagnostic::error("invalid-openapi", "the OpenAPI document has no `definitions`");
        return Err(finding.at(document.span).help("write the document with `kustomize openapi fetch`").into());
    };
    let mut reader = Reader { definitions, graph: Graph::default(), named: HashMap::new() };
    for entry in definitions {
        let schema = reader.definition(&entry.key)?;
        for gvk in kinds(&entry.value) {
            reader.graph.kinds.extend(schema.map(|id| (gvk, id)));
        }
    }
    reader.graph.scopes = scopes(document);
    Ok(reader.graph)
}

struct Reader<'a> {
    definitions: &'a Map,
    graph: Graph,
    named: HashMap<&'a str, SchemaId>,
}

impl<'a> Reader<'a> {
    /// The schema of a definition, read on first use; `None` when nothing is called `name`.
    fn definition(&mut self, name: &str) -> Outcome<Option<SchemaId>> {
        if let Some(&id) = self.named.get(name) {
            return Ok(Some(id));
        }
        let definitions = self.definitions;
        let Some(entry) = definitions.entry(name) else { return Ok(None) };
        // Definitions may contain themselves: the id must be known before the fields are read.
        let id = self.graph.add(Schema::default());
        self.named.insert(&entry.key, id);
        let schema = self.schema(&entry.value)?;
        *self.graph.get_mut(id) = schema;
        Ok(Some(id))
    }

    fn schema(&mut self, node: &'a Node) -> Outcome<Schema> {
        let mut fields = BTreeMap::new();
        for entry in node.get("properties").and_then(Node::as_map).into_iter().flatten() {
            if let Some(id) = self.referred(&entry.value)? {
                fields.insert(entry.key.as_str().into(), id);
            }
        }
        let values = match node.get("additionalProperties") {
            Some(values) if values.as_map().is_some() => self.referred(values)?,
            _ => None,
        };
        Ok(Schema { fields, values, merge: self.merge(node)? })
    }

    /// The schema a field leads to: the one it refers to, else its own.
    fn referred(&mut self, node: &'a Node) -> Outcome<Option<SchemaId>> {
        if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
            return self.definition(&unescape(reference));
        }
        let schema = self.schema(node)?;
        Ok(Some(self.graph.add(schema)))
    }

    fn merge(&mut self, node: &'a Node) -> Outcome<Option<ListMerge>> {
        let strategy = text(node, "x-kubernetes-patch-strategy")?.unwrap_or_default();
        if !strategy.split(',').any(|strategy| strategy == "merge") {
            return Ok(None);
        }
        let keys = match node.get("x-kubernetes-list-map-keys") {
            Some(keys) => list_keys(keys)?,
            None => text(node, "x-kubernetes-patch-merge-key")?.map(Into::into).into_iter().collect(),
        };
        let item = match node.get("items") {
            Some(items) => self.referred(items)?,
            None => None,
        };
        Ok(Some(ListMerge { keys, item }))
    }
}

fn list_keys(node: &Node) -> Outcome<Vec<Box<str>>> {
    let keys = node.as_seq().unwrap_or_default().iter().map(|key| key.as_str().map(Into::into));
    let keys: Option<Vec<_>> = keys.collect();
    keys.ok_or_else(|| wrong("x-kubernetes-list-map-keys", node).into())
}

fn text<'a>(node: &'a Node, key: &str) -> Outcome<Option<&'a str>> {
    match node.get(key) {
        None => Ok(None),
        Some(value) => value.as_str().map(Some).ok_or_else(|| wrong(key, value).into()),
    }
}

fn wrong(key: &str, node: &Node) -> Diagnostic {
    Diagnostic::error("invalid-openapi", format!("`{key}` is {}", node.kind())).at(node.span)
}

/// The name of a definition in `#/definitions/<name>`.
fn unescape(reference: &str) -> String {
    reference.strip_prefix("#/definitions/").unwrap_or(reference).replace("~1", "/").replace("~0", "~")
}

/// The kinds that a definition describes.
fn kinds(definition: &Node) -> impl Iterator<Item = Gvk> {
    let list = definition.get("x-kubernetes-group-version-kind").and_then(Node::as_seq).unwrap_or_default();
    list.iter().filter_map(gvk)
}

fn gvk(node: &Node) -> Option<Gvk> {
    let text = |key| node.get(key).and_then(Node::as_str).map(str::to_owned);
    Some(Gvk { group: text("group").unwrap_or_default(), version: text("version")?, kind: text("kind")? })
}

/// A kind is namespaced when one of its paths goes through a namespace.
fn scopes(document: &Node) -> HashMap<Gvk, Scope> {
    let mut scopes = HashMap::new();
    for path in document.get("paths").and_then(Node::as_map).into_iter().flatten() {
        let Some(gvk) = path.value.at(&["get", "x-kubernetes-group-version-kind"]).and_then(gvk) else { continue };
        if path.key.contains("namespaces/{namespace}") {
            scopes.insert(gvk, Scope::Namespaced);
        } else {
            scopes.entry(gvk).or_insert(Scope::Cluster);
        }
    }
    scopes
}

#[cfg(test)]
mod tests {
    use super::super::MergeSchemas;
    use crate::diagnostics::Span;
    use crate::model::Gvk;
    use crate::yaml::Node;

    #[test]
    fn a_type_that_contains_itself_is_read_once() {
        let document = serde_json::json!({"definitions": {"Tree": {
            "properties": {
                "children": {
                    "type": "array", "items": {"$ref": "#/definitions/Tree"},
                    "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "id",
                },
                "byName": {"type": "object", "additionalProperties": {"$ref": "#/definitions/Tree"}},
            },
            "x-kubernetes-group-version-kind": [{"group": "example.com", "version": "v1", "kind": "Tree"}],
        }}});
        let schemas = MergeSchemas::from_openapi(&Node::from_json(document, Span::NONE)).expect("valid");
        let tree = schemas.of_kind(&Gvk::new("example.com/v1", "Tree"));
        let inner = schemas.field(schemas.field(tree, "byName"), "anything");
        assert_eq!(inner, tree);
        let list = schemas.list(schemas.field(inner, "children")).expect("merged");
        assert_eq!((list.keys[0].as_ref(), list.item), ("id", tree));
        assert_eq!(schemas.of_kind(&Gvk::new("apps/v1", "Deployment")), None, "the built-in table is out of use");
    }
}
