//! Kubernetes' own types from OpenAPI v2: `api/openapi-spec/swagger.json`, or a server's `/openapi/v2`.
//!
//! The published description leaves out what Go's types and the server's code say. `typed.json` beside this file
//! adds that, each entry read from the Go sources or confirmed on a server: which enum fields are pointers (in all
//! others the empty text counts as absent), which fields are called required although nothing insists on them, which
//! defaults fill the keys of lists.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Facts, ImportError, Source};

const QUANTITY: &str = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const INT_OR_STRING: &str = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";

/// Definitions without fields that take any value; every other one without fields is an empty struct.
const OPEN: [&str; 7] = [
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Patch",
    "io.k8s.apimachinery.pkg.runtime.RawExtension",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray",
];

/// The documents of every kind that can be created. `enums` maps `definition/path` to the values of a field,
/// for a description without enums; it may be null.
pub fn openapi(description: &Value, enums: &Value, source: &Source) -> Result<Vec<Value>, ImportError> {
    let definitions = description.get("definitions").and_then(Value::as_object);
    let definitions = definitions.ok_or_else(|| ImportError("this JSON has no `definitions`: no OpenAPI v2".into()))?;
    let additions: Value = serde_json::from_str(include_str!("typed.json"))
        .map_err(|error| ImportError(format!("the built-in additions cannot be read: {error}")))?;
    let reader = Reader { definitions, enums, additions: &additions };
    let mut documents = Vec::new();
    for (name, definition) in definitions {
        for facts in kinds(description, name, definition) {
            documents.push(reader.document(name, &facts, source));
        }
    }
    Ok(documents)
}

/// The kinds of a definition that a `POST` creates.
fn kinds(description: &Value, name: &str, definition: &Value) -> Vec<Facts> {
    let listed = definition.get("x-kubernetes-group-version-kind").and_then(Value::as_array);
    let [gvk] = listed.map(Vec::as_slice).unwrap_or_default() else { return Vec::new() };
    let text = |key: &str| gvk.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let created = |(path, methods): (&String, &Value)| {
        let post = methods.get("post")?;
        let fits = post.get("x-kubernetes-group-version-kind") == Some(gvk) && !path.contains("{name}");
        fits.then(|| path.contains("{namespace}"))
    };
    let paths = description.get("paths").and_then(Value::as_object);
    let Some(namespaced) = paths.and_then(|paths| paths.iter().find_map(created)) else { return Vec::new() };
    let version = text("version");
    let unstable = version.contains("alpha") || version.contains("beta");
    let typed = name.starts_with("io.k8s.");
    vec![Facts {
        group: text("group"),
        kind: text("kind"),
        namespaced,
        typed,
        status_ignored: typed,
        deprecated: false,
        off_by_default: typed && unstable,
        version,
    }]
}

struct Reader<'a> {
    definitions: &'a Map<String, Value>,
    enums: &'a Value,
    additions: &'a Value,
}

impl Reader<'_> {
    fn document(&self, name: &str, facts: &Facts, source: &Source) -> Value {
        let mut used = BTreeSet::new();
        let mut root = self.definition(name, &mut used);
        root.insert("type".to_owned(), json!("object"));
        let mut definitions = Map::new();
        while let Some(next) = used.iter().find(|used| !definitions.contains_key(*used)).cloned() {
            let definition = self.definition(&next, &mut used);
            definitions.insert(next, Value::Object(definition));
        }
        facts.document(source, root, definitions)
    }

    fn definition(&self, name: &str, used: &mut BTreeSet<String>) -> Map<String, Value> {
        let object = |value: Value| if let Value::Object(map) = value { map } else { Map::new() };
        match name {
            QUANTITY => return object(json!({"type": ["string", "number", "null"], "format": "quantity"})),
            INT_OR_STRING => {
                return object(json!({"type": ["integer", "string", "null"], "x-kubernetes-int-or-string": true}));
            }
            open if OPEN.contains(&open) => {
                return object(json!({"x-kubernetes-preserve-unknown-fields": true}));
            }
            _ => {}
        }
        let Some(Value::Object(definition)) = self.definitions.get(name) else { return Map::new() };
        let mut out = self.schema(name, "", definition, used);
        let optional = self.additions.get("optional").and_then(|all| all.get(name)).and_then(Value::as_array);
        if let (Some(optional), Some(Value::Array(required))) = (optional, out.get_mut("required")) {
            required.retain(|field| !optional.contains(field));
        }
        if out.get("required").and_then(Value::as_array).is_some_and(Vec::is_empty) {
            out.remove("required");
        }
        out
    }

    /// The schema at `path` of definition `name`.
    fn schema(
        &self,
        name: &str,
        path: &str,
        from: &Map<String, Value>,
        used: &mut BTreeSet<String>,
    ) -> Map<String, Value> {
        let mut out = Map::new();
        if let Some(target) = from.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/definitions/")) {
            used.insert(target.to_owned());
            out.insert("$ref".to_owned(), json!(format!("#/$defs/{target}")));
            return out;
        }
        for (key, value) in from {
            match (key.as_str(), value) {
                ("description" | "x-kubernetes-group-version-kind", _) => {}
                ("type", Value::String(known)) => {
                    out.insert(key.clone(), json!([known, "null"]));
                }
                ("properties", Value::Object(properties)) => {
                    let read = |(field, value): (&String, &Value)| {
                        let path = format!("{path}/properties/{field}");
                        (field.clone(), self.child(name, &path, value, used))
                    };
                    let properties = properties.iter().map(read).collect();
                    out.insert(key.clone(), Value::Object(properties));
                }
                ("items" | "additionalProperties", Value::Object(_)) => {
                    out.insert(key.clone(), self.child(name, &format!("{path}/{key}"), value, used));
                }
                _ => {
                    out.insert(key.clone(), value.clone());
                }
            }
        }
        if out.get("type") == Some(&json!(["object", "null"])) && !out.contains_key("additionalProperties") {
            out.insert("additionalProperties".to_owned(), json!(false));
        }
        self.add_what_is_left_out(name, path, &mut out);
        out
    }

    fn child(&self, name: &str, path: &str, value: &Value, used: &mut BTreeSet<String>) -> Value {
        match value {
            Value::Object(map) => Value::Object(self.schema(name, path, map, used)),
            other => other.clone(),
        }
    }

    fn add_what_is_left_out(&self, name: &str, path: &str, out: &mut Map<String, Value>) {
        let key = format!("{name}{path}");
        if let Some(Value::Array(values)) = self.enums.get(&key) {
            out.insert("enum".to_owned(), Value::Array(values.clone()));
        }
        let is_item = path.ends_with("/items");
        let pointers = self.additions.get("pointers").and_then(Value::as_array);
        let is_pointer = pointers.is_some_and(|all| all.iter().any(|known| known == &key));
        if let Some(Value::Array(values)) = out.get_mut("enum") {
            if !is_item && !is_pointer && !values.contains(&json!("")) {
                values.push(json!(""));
            }
            values.push(Value::Null);
        }
        if let Some(default) = self.additions.get("defaults").and_then(|all| all.get(&key)) {
            out.insert("default".to_owned(), default.clone());
        }
    }
}
