//! Field tables that `crds` bring along: extensions in the `OpenAPI` definitions of custom resources.

use super::{Config, FieldSpec, NameReference, Selects, merge_specs};
use crate::yaml::{Map, Node};

/// Deeper than any schema that does not refer to itself.
const MAX_DEPTH: usize = 64;

/// The tables of a document that maps type names to definitions. The error is the path of a contradiction.
pub(in crate::kustomize) fn of_definitions(definitions: &Map) -> Result<Config, String> {
    let mut config = Config::default();
    for entry in definitions {
        let Some(properties) = properties(&entry.value) else { continue };
        if ["kind", "apiVersion", "metadata"].iter().all(|key| properties.contains_key(key)) {
            let kind = entry.key.rsplit('.').next().unwrap_or_default();
            let mut walk = Walk { definitions, on: Selects::new("", "", kind), config: &mut config };
            walk.properties(properties, &mut Vec::new())?;
        }
    }
    Ok(config)
}

fn properties(definition: &Node) -> Option<&Map> {
    let schema = definition.get("Schema").or_else(|| definition.get("schema"))?;
    schema.get("properties")?.as_map()
}

struct Walk<'a> {
    definitions: &'a Map,
    on: Selects,
    config: &'a mut Config,
}

impl Walk<'_> {
    fn properties(&mut self, properties: &Map, path: &mut Vec<String>) -> Result<(), String> {
        if path.len() > MAX_DEPTH {
            return Ok(());
        }
        for entry in properties {
            path.push(entry.key.clone());
            self.property(&entry.value, path)?;
            let reference = entry.value.get("$ref").and_then(Node::as_str);
            if let Some(inner) = reference.and_then(|name| self.definitions.get(name)).and_then(self::properties) {
                self.properties(inner, path)?;
            }
            path.pop();
        }
        Ok(())
    }

    fn property(&mut self, property: &Node, path: &[String]) -> Result<(), String> {
        let extension = |name: &str| property.get(&format!("x-kubernetes-{name}")).and_then(Node::as_str);
        let here = FieldSpec::new(self.on.clone(), &path.join("/"), false);
        for (name, specs) in [
            ("annotation", &mut self.config.common_annotations),
            ("label-selector", &mut self.config.common_labels),
            ("identity", &mut self.config.name_prefix),
        ] {
            if extension(name).is_some() {
                merge_specs(specs, std::slice::from_ref(&here))?;
            }
        }
        let (Some(version), Some(kind)) = (extension("object-ref-api-version"), extension("object-ref-kind")) else {
            return Ok(());
        };
        let name_key = extension("object-ref-name-key").unwrap_or("name");
        let field = FieldSpec::new(self.on.clone(), &format!("{}/{name_key}", path.join("/")), false);
        let reference = NameReference { target: Selects::new("", version, kind), referrers: vec![field] };
        let config = Config { name_references: vec![reference], ..Config::default() };
        *self.config = self.config.merged(&config)?;
        Ok(())
    }
}
