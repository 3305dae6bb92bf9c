//! Lists that are sets or maps: `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype`.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::Walk;
use crate::diagnostics::{Diagnostic, Severity, Span};
use crate::schema::table::Schema;
use crate::yaml::Node;

impl<'a> Walk<'a> {
    /// No item twice. Says nothing about lists without a type.
    pub(super) fn unique(&mut self, schema: Schema<'a>, items: &'a [Node], severity: Severity) {
        use crate::schema::compile::flag::{LIST_MAP, LIST_SET};
        if schema.is(LIST_MAP) {
            let keys: Vec<&str> = schema.list_keys().collect();
            let of = |item: &Node| key_of(schema, &keys, item);
            self.unique_by(items, severity, of, &format!("the same {}", keys.join(" and ")));
        } else if schema.is(LIST_SET) {
            let of = |item: &Node| serde_json::to_string(item).ok();
            self.unique_by(items, severity, of, "the same value");
        }
    }

    fn unique_by(
        &mut self,
        items: &'a [Node],
        severity: Severity,
        key_of: impl Fn(&Node) -> Option<String>,
        same: &str,
    ) {
        let mut seen: HashMap<String, Span> = HashMap::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let Some(key) = key_of(item) else { continue };
            let Some(first) = seen.insert(key, item.span) else { continue };
            let message = format!("`{}[{index}]` has {same} as an item before it", self.here());
            let finding = Diagnostic { severity, ..Diagnostic::error("duplicate-item", message) };
            self.findings.push(finding.at(item.span).related(first, "the item before"));
        }
    }
}

/// The values of an item's keys, defaults filled in; `None` when one has no value at all.
fn key_of(schema: Schema<'_>, keys: &[&str], item: &Node) -> Option<String> {
    let mut parts = Vec::with_capacity(keys.len());
    for key in keys {
        let value = match item.get(key).filter(|node| !node.is_null()) {
            Some(node) => Json::from(node),
            None => default_of(schema, key)?,
        };
        parts.push(value);
    }
    serde_json::to_string(&parts).ok()
}

fn default_of(schema: Schema<'_>, key: &str) -> Option<Json> {
    serde_json::from_str(schema.items()?.property(key)?.default()?).ok()
}
