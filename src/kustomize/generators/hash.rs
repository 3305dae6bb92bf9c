//! The hash at the end of a generated object's name.

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::kustomize::resource::Resource;
use crate::kustomize::set::ResourceSet;
use crate::yaml::Node;

/// Adds the hash of its content to the name of each object that asks for it.
pub(in crate::kustomize) fn add_hashes(set: &mut ResourceSet) {
    if set.iter().all(|resource| !resource.needs_hash) {
        return;
    }
    for resource in set.all_mut().iter_mut().filter(|resource| resource.needs_hash) {
        let name = format!("{}-{}", resource.name(), hash(resource));
        let span = resource.node.at(&["metadata", "name"]).map_or(resource.span, |name| name.span);
        resource.remember();
        resource.set_name(name, span);
    }
}

/// kustomize's hash: ten characters of the SHA-256 of the content as Go writes it in JSON.
fn hash(resource: &Resource) -> String {
    let json = match resource.kind() {
        "ConfigMap" => content(resource, &["binaryData", "data"], "ConfigMap", None),
        "Secret" => {
            let kind = resource.node.get("type").and_then(Node::as_str).unwrap_or_default();
            content(resource, &["data", "stringData"], "Secret", Some(kind))
        }
        _ => go_json(&Json::from(&resource.node)),
    };
    let digest = Sha256::digest(json.as_bytes());
    digest.iter().flat_map(|byte| [byte >> 4, byte & 15]).take(10).map(letter).collect()
}

/// Hexadecimal without the digits that make words or look like letters.
fn letter(digit: u8) -> char {
    match char::from_digit(u32::from(digit), 16).unwrap_or_default() {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    }
}

/// The fields that count, in bytewise order. The name never counts: kustomize looks it up under a key that
/// does not exist and gets the empty text.
fn content(resource: &Resource, fields: &[&str], kind: &str, secret_type: Option<&str>) -> String {
    let mut object = serde_json::Map::new();
    for &field in fields {
        match resource.node.get(field).map(Json::from) {
            Some(value @ Json::Object(_)) => object.insert(field.to_owned(), value),
            _ if field == "data" => object.insert(field.to_owned(), Json::String(String::new())),
            _ => None,
        };
    }
    object.insert("kind".to_owned(), Json::String(kind.to_owned()));
    object.insert("name".to_owned(), Json::String(String::new()));
    if let Some(text) = secret_type {
        object.insert("type".to_owned(), Json::String(text.to_owned()));
    }
    go_json(&Json::Object(object))
}

/// JSON as Go's `encoding/json` writes it: sorted keys, no spaces, and characters escaped that matter in HTML.
fn go_json(value: &Json) -> String {
    let text = value.to_string();
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            other => out.push(other),
        }
    }
    out
}
