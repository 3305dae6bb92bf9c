//! `x-kubernetes-validations`: CEL rules of custom resources, run by `kube-cel` (docs/decisions/0011-cel.md).
//!
//! The server drops nulls and fills defaults in before a rule sees the object, and converts values by their schema.
//! So each value with rules goes to the library together with the part of its schema that the value leads to.
//! Rules about a change (`oldSelf`) say nothing when an object is made.

use kube_cel::{ErrorKind, Validator};
use serde_json::{Map, Value as Json, json};

use super::compile::flag;
use super::place::Place;
use super::registry::Kind;
use super::table::Schema;
use crate::diagnostics::Diagnostic;
use crate::yaml::{Node, Value};

/// Longer rules than the server takes are not tried.
const MAX_RULE: usize = 10 << 10;

/// Runs every rule along the values of `object`.
pub(super) fn check(kind: &Kind<'_>, object: &Place<'_>, findings: &mut Vec<Diagnostic>) {
    if kind.schema().is(flag::HAS_RULES) {
        Rules { validator: None, findings }.visit(kind.schema(), object);
    }
}

struct Rules<'f> {
    /// Made when the first rule is met.
    validator: Option<Validator>,
    findings: &'f mut Vec<Diagnostic>,
}

impl Rules<'_> {
    fn visit(&mut self, schema: Schema<'_>, place: &Place<'_>) {
        if !schema.is(flag::HAS_RULES) || place.node.is_null() {
            return;
        }
        for (key, child) in place.entries() {
            if let Some(property) = schema.property(key).or_else(|| schema.additional()) {
                self.visit(property, &child);
            }
        }
        if let Some(items) = schema.items() {
            place.items().for_each(|item| self.visit(items, &item));
        }
        self.run(schema, place);
    }

    fn run(&mut self, schema: Schema<'_>, place: &Place<'_>) {
        let rules: Vec<Json> = schema
            .rules()
            .filter(|rule| rule.rule.len() <= MAX_RULE)
            .map(|rule| match (rule.message, rule.message_expression) {
                ("", "") => json!({"rule": rule.rule}),
                (message, "") => json!({"rule": rule.rule, "message": message}),
                ("", expression) => json!({"rule": rule.rule, "messageExpression": expression}),
                (message, expression) => {
                    json!({"rule": rule.rule, "message": message, "messageExpression": expression})
                }
            })
            .collect();
        if rules.is_empty() {
            return;
        }
        let mut guide = guide(schema, place.node);
        guide.insert("x-kubernetes-validations".to_owned(), Json::Array(rules));
        let value = value(Some(schema), place.node);
        let validator = self.validator.get_or_insert_with(Validator::new);
        let Err(errors) = validator.validate(&Json::Object(guide), &value, None) else { return };
        self.findings.extend(errors.into_vec().into_iter().map(|error| {
            let path = place.to_string();
            let path = if path.is_empty() { "this object".to_owned() } else { format!("`{path}`") };
            let finding = match error.kind {
                ErrorKind::ValidationFailure => {
                    Diagnostic::error("failed-rule", format!("{path} breaks a rule of its CRD: {}", error.message))
                }
                _ => {
                    Diagnostic::warning("unchecked-rule", format!("a rule of {path} cannot be run: {}", error.message))
                }
            };
            finding.at(place.key_span).help(format!("the rule is {}", error.rule))
        }));
    }
}

/// The part of a schema that says how the values of `node` are converted and what is filled in. Rules below are left
/// out: they run at their own places.
fn guide(schema: Schema<'_>, node: &Node) -> Map<String, Json> {
    let mut out = Map::new();
    let mut say = |key: &str, value: Json| out.insert(key.to_owned(), value);
    if let Some(format) = schema.format() {
        say("format", json!(format.name()));
    }
    if schema.is_int_or_string() {
        say("x-kubernetes-int-or-string", json!(true));
    }
    if let Some(default) = schema.default().and_then(|text| serde_json::from_str(text).ok()) {
        say("default", default);
    }
    match &node.value {
        Value::Map(map) => {
            let mut properties = Map::new();
            for (name, property) in schema.properties() {
                let child = map.get(name).filter(|child| !child.is_null());
                if let Some(child) = child {
                    properties.insert(name.to_owned(), Json::Object(guide(property, child)));
                } else if let Some(default) =
                    property.default().and_then(|text| serde_json::from_str::<Json>(text).ok())
                {
                    properties.insert(name.to_owned(), json!({"default": default}));
                }
            }
            say("type", json!("object"));
            say("properties", Json::Object(properties));
            if let (Some(additional), Some(first)) = (schema.additional(), map.iter().next()) {
                say("additionalProperties", Json::Object(guide(additional, &first.value)));
            }
        }
        Value::Seq(items) => {
            say("type", json!("array"));
            if let (Some(schema), Some(first)) = (schema.items(), items.first()) {
                say("items", Json::Object(guide(schema, first)));
            }
        }
        _ => {}
    }
    out
}

/// The value without the nulls that the server drops.
fn value(schema: Option<Schema<'_>>, node: &Node) -> Json {
    match &node.value {
        Value::Map(map) => {
            let pairs = map.iter().filter_map(|entry| {
                let property = schema.and_then(|schema| schema.property(&entry.key).or_else(|| schema.additional()));
                let dropped = entry.value.is_null() && property.is_some_and(|property| !property.is(flag::NULLABLE));
                (!dropped).then(|| (entry.key.clone(), value(property, &entry.value)))
            });
            Json::Object(pairs.collect())
        }
        Value::Seq(items) => {
            let schema = schema.and_then(Schema::items);
            Json::Array(items.iter().map(|item| value(schema, item)).collect())
        }
        _ => Json::from(node),
    }
}
