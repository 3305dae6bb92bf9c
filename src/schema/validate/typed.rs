//! Kubernetes' own types, as Go decodes them: `sigs.k8s.io/json` into structs, unknown and doubled fields refused.
//!
//! A null is the zero value wherever it stands. A text that is empty counts as absent. What the type cannot hold is
//! an error of decoding; `required` and enums are checked by the server's code afterwards, and so not in what it drops.

use super::Walk;
use super::message::wanted;
use crate::diagnostics::Severity;
use crate::schema::compile::{Format, Type, flag};
use crate::schema::format;
use crate::schema::table::Schema;
use crate::yaml::{Map, Node, Value};

impl<'a> Walk<'a> {
    pub(super) fn typed(&mut self, schema: Schema<'a>, node: &'a Node) {
        match &node.value {
            Value::Null => {}
            Value::Bool(_) if fits(schema, Type::Boolean) => {}
            Value::Number(_) => self.typed_number(schema, node),
            Value::String(text) if schema.types() == 0 || schema.takes(Type::String) => {
                self.typed_text(schema, node, text);
            }
            Value::Seq(items) if fits(schema, Type::Array) => self.typed_list(schema, items),
            Value::Map(map) if fits(schema, Type::Object) => self.typed_map(schema, node, map),
            _ => self.wrong_type(node, &wanted(schema.types())),
        }
    }

    fn typed_number(&mut self, schema: Schema<'a>, node: &'a Node) {
        if schema.is_int_or_string() || schema.takes(Type::Integer) {
            self.integer(schema, node);
        } else if !fits(schema, Type::Number) {
            self.wrong_type(node, &wanted(schema.types()));
        }
    }

    fn typed_text(&mut self, schema: Schema<'a>, node: &'a Node, text: &str) {
        match schema.format() {
            Some(Format::Quantity) if !format::quantity::is_quantity(text.trim()) => {
                self.invalid_format(node, "a quantity such as 500m or 1Gi");
            }
            Some(Format::Byte) if !format::is_base64(text) => {
                self.invalid_format(node, "base64");
            }
            Some(Format::DateTime) if !format::time::is_rfc3339(text) => {
                self.invalid_format(node, "a time such as 2006-01-02T15:04:05Z");
            }
            _ => {}
        }
        if !self.decode_only && !Self::in_enum(schema, node) {
            let allowed: Vec<&str> = schema.values().filter(|value| *value != "\"\"" && *value != "null").collect();
            self.not_in_enum(node, &allowed);
        }
    }

    fn typed_list(&mut self, schema: Schema<'a>, items: &'a [Node]) {
        if let Some(schema) = schema.items() {
            for (index, item) in items.iter().enumerate() {
                self.enter_item(index, item, |walk, node| walk.typed(schema, node));
            }
        }
        if !self.decode_only {
            // The server takes most of these; server-side apply, which Argo CD can use, refuses them.
            self.unique(schema, items, Severity::Warning);
        }
    }

    fn typed_map(&mut self, schema: Schema<'a>, node: &'a Node, map: &'a Map) {
        for entry in map {
            if let Some(property) = schema.property(&entry.key) {
                self.enter(entry, |walk, node| walk.typed(property, node));
            } else if let Some(additional) = schema.additional() {
                self.enter(entry, |walk, node| walk.typed(additional, node));
            } else if !schema.is(flag::PRESERVE) {
                self.unknown_field(schema, entry);
            }
        }
        self.typed_required(schema, node);
    }

    pub(super) fn typed_required(&mut self, schema: Schema<'a>, node: &Node) {
        if self.decode_only {
            return;
        }
        for name in schema.required() {
            if node.get(name).is_none_or(is_zero) {
                self.missing(name);
            }
        }
    }
}

fn fits(schema: Schema<'_>, wanted: Type) -> bool {
    schema.types() == 0 || schema.takes(wanted)
}

/// What Go cannot tell from absent.
fn is_zero(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Seq(items) => items.is_empty(),
        _ => false,
    }
}
