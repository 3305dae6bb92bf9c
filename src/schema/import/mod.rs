//! Makes strict JSON Schema documents, one a kind and version, of what upstream publishes: the OpenAPI of a server and
//! CRDs. The documents are what `schemas/` holds and what `--schemas` takes.
//!
//! A document is plain JSON Schema (2020-12) that an editor or another validator can use, closed against unknown
//! fields. What only the API server knows stands beside it: its own `x-kubernetes-*` words, and `x-cmp` with the source,
//! its version and licence, the scope of the kind, and which way of reading applies.

mod crd;
mod openapi;
mod share;

use serde_json::{Map, Value, json};

pub use crd::crd;
pub use openapi::openapi;

/// Where a description comes from; recorded in each document.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The project and perhaps the file.
    pub name: String,
    /// Its version.
    pub version: String,
    /// An SPDX expression; empty when nobody said.
    pub licence: String,
}

/// What was given is nothing that can be imported.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ImportError(pub String);

/// What is known of a kind besides its schema.
struct Facts {
    group: String,
    version: String,
    kind: String,
    namespaced: bool,
    typed: bool,
    status_ignored: bool,
    deprecated: bool,
    off_by_default: bool,
}

impl Facts {
    /// The document of this kind around `schema`.
    fn document(&self, source: &Source, schema: Map<String, Value>, definitions: Map<String, Value>) -> Value {
        let mut own = Map::new();
        let mut say = |key: &str, value: Value| own.insert(key.to_owned(), value);
        for (key, text) in [("licence", &source.licence), ("source", &source.name), ("version", &source.version)] {
            if !text.is_empty() {
                say(key, json!(text));
            }
        }
        say("scope", json!(if self.namespaced { "Namespaced" } else { "Cluster" }));
        for (key, on) in [
            ("typed", self.typed),
            ("statusIgnored", self.status_ignored),
            ("deprecated", self.deprecated),
            ("offByDefault", self.off_by_default),
        ] {
            if on {
                say(key, json!(true));
            }
        }
        let api_version =
            if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) };
        let mut document = schema;
        let named = [
            ("$schema", json!("https://json-schema.org/draft/2020-12/schema")),
            ("title", json!(format!("{api_version} {}", self.kind))),
            ("x-cmp", Value::Object(own)),
            (
                "x-kubernetes-group-version-kind",
                json!([{"group": self.group, "kind": self.kind, "version": self.version}]),
            ),
        ];
        document.extend(named.map(|(key, value)| (key.to_owned(), value)));
        if let Some(Value::Object(properties)) = document.get_mut("properties") {
            properties.insert("apiVersion".to_owned(), json!({"const": api_version}));
            properties.insert("kind".to_owned(), json!({"const": self.kind}));
        }
        if !definitions.is_empty() {
            document.insert("$defs".to_owned(), Value::Object(definitions));
        }
        sorted(&Value::Object(document))
    }
}

/// The path of a document below `schemas/`: `apps/deployment_v1.json`.
pub fn file_name(document: &Value) -> Option<String> {
    let gvk = document.get("x-kubernetes-group-version-kind")?.get(0)?;
    let text = |key: &str| gvk.get(key).and_then(Value::as_str);
    let group = text("group").filter(|group| !group.is_empty()).unwrap_or("core");
    let safe =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    let (kind, version) = (text("kind")?.to_lowercase(), text("version")?);
    let plain = safe(group) && safe(&kind) && safe(version) && !group.starts_with('.');
    plain.then(|| format!("{group}/{kind}_{version}.json"))
}

/// A document as the text of its file.
pub fn to_text(document: &Value) -> String {
    let mut text = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let mut writer = serde_json::Serializer::with_formatter(&mut text, formatter);
    // Writing a JSON value into memory cannot fail.
    let _ = serde::Serialize::serialize(document, &mut writer);
    text.push(b'\n');
    String::from_utf8_lossy(&text).into_owned()
}

/// The same value with its keys in order, whichever map `serde_json` was built with.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Object(fields) => {
            let mut pairs: Vec<_> = fields.iter().collect();
            pairs.sort_unstable_by_key(|(key, _)| *key);
            Value::Object(pairs.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect())
        }
        other => other.clone(),
    }
}
