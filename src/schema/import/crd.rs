//! Kinds from a CustomResourceDefinition: its structural schema, closed where the server prunes.

use serde_json::{Map, Value, json};

use super::{Facts, ImportError, Source, share};

/// Deeper than any CRD that a server takes.
const MAX_DEPTH: usize = 100;

/// The documents of every served version of a CRD.
pub fn crd(definition: &Value, source: &Source) -> Result<Vec<Value>, ImportError> {
    let spec = definition.get("spec").filter(|_| {
        let is = |key: &str, wanted: &str| definition.get(key).and_then(Value::as_str) == Some(wanted);
        is("kind", "CustomResourceDefinition") && is("apiVersion", "apiextensions.k8s.io/v1")
    });
    let spec = spec.ok_or_else(|| ImportError("this is no apiextensions.k8s.io/v1 CustomResourceDefinition".into()))?;
    let versions = spec.get("versions").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let served = versions.iter().filter(|version| version.get("served") == Some(&Value::Bool(true)));
    served.map(|version| document(spec, version, source)).collect()
}

fn document(spec: &Value, version: &Value, source: &Source) -> Result<Value, ImportError> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let facts = Facts {
        group: text(spec.get("group")),
        version: text(version.get("name")),
        kind: text(spec.pointer("/names/kind")),
        namespaced: spec.get("scope").and_then(Value::as_str) == Some("Namespaced"),
        typed: false,
        status_ignored: version.pointer("/subresources/status").is_some(),
        deprecated: version.get("deprecated") == Some(&Value::Bool(true)),
        off_by_default: false,
    };
    if facts.group.is_empty() || facts.version.is_empty() || facts.kind.is_empty() {
        return Err(ImportError("the CRD lacks its group, a version's name or its kind".into()));
    }
    let open = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    let schema = version.pointer("/schema/openAPIV3Schema").unwrap_or(&open);
    let mut root = structural(schema, 0, Position { required: true })?;
    if let Value::Object(root) = &mut root {
        let properties = root.entry("properties").or_insert_with(|| json!({}));
        if let Value::Object(properties) = properties {
            properties.insert("metadata".to_owned(), json!({"type": "object"}));
        }
    }
    let (root, definitions) = share::share(root);
    Ok(facts.document(source, root, definitions))
}

/// What the place of a schema says about it.
#[derive(Clone, Copy)]
struct Position {
    /// It is required and has no default, so a null would be missing.
    required: bool,
}

fn structural(schema: &Value, depth: usize, position: Position) -> Result<Value, ImportError> {
    let Value::Object(from) = schema else { return Ok(schema.clone()) };
    if depth > MAX_DEPTH {
        return Err(ImportError(format!("the schema is nested more than {MAX_DEPTH} deep")));
    }
    let mut out = Map::new();
    for (key, value) in from {
        let value = match (key.as_str(), value) {
            ("description" | "example" | "externalDocs" | "title", _) => continue,
            ("properties", Value::Object(properties)) => fields(from, properties, depth)?,
            ("items" | "additionalProperties", Value::Object(_)) => {
                structural(value, depth + 1, Position { required: true })?
            }
            _ => value.clone(),
        };
        out.insert(key.clone(), value);
    }
    int_or_string(&mut out);
    admit_null(&mut out, position);
    close(&mut out);
    Ok(Value::Object(out))
}

fn fields(parent: &Map<String, Value>, properties: &Map<String, Value>, depth: usize) -> Result<Value, ImportError> {
    let required = parent.get("required").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut out = Map::new();
    for (name, value) in properties {
        let required = required.iter().any(|field| field == name) && value.get("default").is_none();
        out.insert(name.clone(), structural(value, depth + 1, Position { required })?);
    }
    Ok(Value::Object(out))
}

/// `anyOf` of the two types says the same as a list of them.
fn int_or_string(out: &mut Map<String, Value>) {
    if out.get("x-kubernetes-int-or-string") == Some(&Value::Bool(true)) {
        if out.get("anyOf") == Some(&json!([{"type": "integer"}, {"type": "string"}])) {
            out.remove("anyOf");
        }
        out.insert("type".to_owned(), json!(["integer", "string"]));
    }
}

/// The server drops a null, so every other validator should take it.
fn admit_null(out: &mut Map<String, Value>, position: Position) {
    let nullable = out.get("nullable") == Some(&Value::Bool(true));
    if position.required && !nullable {
        return;
    }
    if let Some(kind) = out.get_mut("type") {
        let mut kinds = if let Value::Array(kinds) = kind { kinds.clone() } else { vec![kind.clone()] };
        kinds.push(json!("null"));
        *kind = Value::Array(kinds);
        if let Some(Value::Array(values)) = out.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
    }
}

/// A mapping of named fields takes no others, unless it says that it keeps them.
fn close(out: &mut Map<String, Value>) {
    let keeps = out.get("x-kubernetes-preserve-unknown-fields") == Some(&Value::Bool(true));
    let is_object = match out.get("type") {
        Some(Value::Array(kinds)) => kinds.contains(&json!("object")),
        Some(kind) => kind == "object",
        None => false,
    };
    if is_object && !keeps && !out.contains_key("additionalProperties") {
        out.insert("additionalProperties".to_owned(), json!(false));
    }
}
