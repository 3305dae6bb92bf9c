//! Custom resources: the structural schema of the CRD after nulls were dropped and defaults filled in,
//! `k8s.io/apiextensions-apiserver/pkg/apiserver/{schema,validation}`.

use super::Walk;
use super::message::wanted;
use crate::diagnostics::Severity;
use crate::schema::compile::{Format, Type, flag};
use crate::schema::number;
use crate::schema::table::Schema;
use crate::schema::{format, registry::Registry};
use crate::yaml::{Map, Node, Value};

impl<'a> Walk<'a> {
    pub(super) fn custom(&mut self, schema: Schema<'a>, node: &'a Node) {
        if !self.custom_type(schema, node) {
            return;
        }
        if !self.decode_only {
            self.constraints(schema, node);
            self.custom_format(schema, node);
            self.combinations(schema, node);
        }
        match &node.value {
            Value::Seq(items) => self.custom_list(schema, items),
            Value::Map(map) => self.custom_map(schema, node, map),
            _ => {}
        }
    }

    /// Whether the type is right; reports it when not.
    fn custom_type(&mut self, schema: Schema<'a>, node: &'a Node) -> bool {
        let types = schema.types();
        let fits = match &node.value {
            Value::Null => types == 0 || schema.is(flag::NULLABLE) || (types & 0x7f == Type::Null as u8),
            Value::Bool(_) => types == 0 || schema.takes(Type::Boolean),
            Value::Number(_) => {
                types == 0 || schema.takes(Type::Number) || (schema.takes(Type::Integer) && number::is_whole(node))
            }
            Value::String(_) => types == 0 || schema.takes(Type::String),
            Value::Seq(_) => types == 0 || schema.takes(Type::Array),
            Value::Map(_) => types == 0 || schema.takes(Type::Object),
        };
        if !fits && !self.decode_only {
            self.wrong_type(node, &wanted(types));
        }
        fits
    }

    fn custom_format(&mut self, schema: Schema<'a>, node: &'a Node) {
        match (schema.format(), &node.value) {
            (Some(Format::Int32), Value::Number(_))
                if number::as_i64(node).is_none_or(|n| i32::try_from(n).is_err()) =>
            {
                self.out_of_range(node, "it must fit into 32 bits");
            }
            (Some(wanted), Value::String(text)) if !format::holds(wanted, text) => {
                self.invalid_format(node, &format!("a valid {}", wanted.name()));
            }
            _ => {}
        }
    }

    fn combinations(&mut self, schema: Schema<'a>, node: &'a Node) {
        for each in schema.all_of() {
            self.custom(each, node);
        }
        let failed = |walk: &mut Self, what: &str| {
            let message = format!("`{}` {what}", walk.here());
            walk.report("no-schema-match", node.span, message);
        };
        if schema.any_of().len() > 0 && !schema.any_of().any(|each| self.accepts(each, node)) {
            failed(self, "fits none of the forms that its schema allows");
        }
        if schema.one_of().len() > 0 && schema.one_of().filter(|each| self.accepts(*each, node)).count() != 1 {
            failed(self, "must fit exactly one of the forms that its schema allows");
        }
        if schema.not().is_some_and(|not| self.accepts(not, node)) {
            failed(self, "has a form that its schema forbids");
        }
    }

    fn custom_list(&mut self, schema: Schema<'a>, items: &'a [Node]) {
        if let Some(schema) = schema.items() {
            for (index, item) in items.iter().enumerate() {
                // A null gets the default of the items, where there is one.
                if !(item.is_null() && schema.default().is_some()) {
                    self.enter_item(index, item, |walk, node| walk.custom(schema, node));
                }
            }
        }
        if !self.decode_only {
            self.unique(schema, items, Severity::Error);
        }
    }

    fn custom_map(&mut self, schema: Schema<'a>, node: &'a Node, map: &'a Map) {
        let embedded = schema.is(flag::EMBEDDED);
        for entry in map {
            if embedded && matches!(entry.key.as_str(), "apiVersion" | "kind" | "metadata") {
                continue;
            }
            let named = schema.property(&entry.key);
            if let Some(property) = named.or_else(|| schema.additional()) {
                // A null for a field that is not nullable is dropped, or replaced by the default.
                let dropped = entry.value.is_null() && !property.is(flag::NULLABLE) && named.is_some();
                if !dropped {
                    self.enter(entry, |walk, node| walk.custom(property, node));
                }
            } else if !schema.is(flag::PRESERVE) {
                self.unknown_field(schema, entry);
            }
        }
        if embedded {
            self.embedded(map);
        }
        if !self.decode_only {
            self.custom_required(schema, node);
        }
    }

    /// `x-kubernetes-embedded-resource`: a whole object inside another.
    fn embedded(&mut self, map: &'a Map) {
        for key in ["apiVersion", "kind"] {
            match map.get(key).map(|node| &node.value) {
                Some(Value::String(text)) if !text.is_empty() => {}
                Some(Value::String(_) | Value::Null) | None => self.missing(key),
                Some(_) => {
                    if let Some(entry) = map.entry(key) {
                        self.enter(entry, |walk, node| walk.wrong_type(node, "a string"));
                    }
                }
            }
        }
        if let (Some(metadata), Some(entry)) = (Registry::metadata(self.registry), map.entry("metadata")) {
            self.enter(entry, |walk, node| walk.typed(metadata, node));
        }
    }

    pub(super) fn custom_required(&mut self, schema: Schema<'a>, node: &Node) {
        for name in schema.required() {
            let property = schema.property(name);
            let nullable = property.is_some_and(|property| property.is(flag::NULLABLE));
            let present = node.get(name).is_some_and(|value| nullable || !value.is_null());
            if !present && property.is_none_or(|property| property.default().is_none()) {
                self.missing(name);
            }
        }
    }
}
