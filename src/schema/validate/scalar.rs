//! Texts and numbers: enums, patterns, limits.

use super::Walk;
use crate::schema::compile::{Format, Limit};
use crate::schema::number;
use crate::schema::table::Schema;
use crate::yaml::{Node, Value};

/// `resource.Quantity` in a CRD; by far the most frequent pattern, and dear as a regular expression.
const QUANTITY: &str = r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";

impl<'a> Walk<'a> {
    /// An integer within the range of its format.
    pub(super) fn integer(&mut self, schema: Schema<'a>, node: &Node) {
        match number::as_i64(node) {
            Some(value) if schema.format() == Some(Format::Int32) && i32::try_from(value).is_err() => {
                self.out_of_range(node, "it must fit into 32 bits");
            }
            Some(_) => {}
            None if number::is_whole(node) => self.out_of_range(node, "it must fit into 64 bits"),
            None => self.wrong_type(node, "an integer"),
        }
    }

    pub(super) fn out_of_range(&mut self, node: &Node, must: &str) {
        let message = format!("`{}` is {}; {must}", self.here(), self.shown(node));
        self.report("out-of-range", node.span, message);
    }

    pub(super) fn invalid_format(&mut self, node: &Node, must: &str) {
        let message = format!("`{}`: {} is not {must}", self.here(), self.shown(node));
        self.report("invalid-format", node.span, message);
    }

    /// Whether an enum has the value; without an enum it does.
    pub(super) fn in_enum(schema: Schema<'a>, node: &Node) -> bool {
        let values = schema.values();
        if values.len() == 0 {
            return true;
        }
        if let Value::String(text) = &node.value {
            // The usual case without making JSON of it.
            return values.clone().any(|value| {
                value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).is_some_and(|plain| {
                    plain == text
                        || (plain.contains('\\') && serde_json::from_str::<String>(value).is_ok_and(|v| v == *text))
                })
            });
        }
        let json = serde_json::Value::from(node);
        values.clone().any(|value| serde_json::from_str::<serde_json::Value>(value).is_ok_and(|v| v == json))
    }

    /// `enum`, `pattern` and the limits, for a value of the right type.
    pub(super) fn constraints(&mut self, schema: Schema<'a>, node: &'a Node) {
        if !Self::in_enum(schema, node) {
            let allowed: Vec<&str> = schema.values().collect();
            self.not_in_enum(node, &allowed);
        }
        if let (Some(pattern), Some(text)) = (schema.pattern(), node.as_str())
            && !self.matches(pattern, text)
        {
            self.pattern(node, pattern);
        }
        for (limit, bound) in schema.limits() {
            self.limit(node, limit, bound);
        }
    }

    fn matches(&self, pattern: &str, text: &str) -> bool {
        if pattern == QUANTITY && is_plain_quantity(text) {
            return true;
        }
        self.registry.matches(pattern, text)
    }

    fn pattern(&mut self, node: &Node, pattern: &str) {
        if pattern == QUANTITY {
            return self.invalid_format(node, "a quantity such as 500m or 1Gi");
        }
        let message = format!("`{}`: {} does not match the pattern {pattern}", self.here(), self.shown(node));
        self.report("invalid-pattern", node.span, message);
    }

    #[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^52")]
    fn limit(&mut self, node: &'a Node, limit: Limit, bound: f64) {
        let value = number::as_f64(node);
        let length = node.as_str().map(|text| text.chars().count() as f64);
        let items = node.as_seq().map(|items| items.len() as f64);
        let fields = node.as_map().map(|map| map.len() as f64);
        let (broken, must) = match limit {
            Limit::Minimum => (value.is_some_and(|v| v < bound), format!("must be at least {bound}")),
            Limit::Maximum => (value.is_some_and(|v| v > bound), format!("must be at most {bound}")),
            Limit::ExclusiveMinimum => (value.is_some_and(|v| v <= bound), format!("must be more than {bound}")),
            Limit::ExclusiveMaximum => (value.is_some_and(|v| v >= bound), format!("must be less than {bound}")),
            Limit::MultipleOf => (
                value.is_some_and(|v| bound > 0.0 && (v / bound).fract() != 0.0),
                format!("must be a multiple of {bound}"),
            ),
            Limit::MinLength => (length.is_some_and(|v| v < bound), format!("must have at least {bound} characters")),
            Limit::MaxLength => (length.is_some_and(|v| v > bound), format!("must have at most {bound} characters")),
            Limit::MinItems => (items.is_some_and(|v| v < bound), format!("must have at least {bound} items")),
            Limit::MaxItems => (items.is_some_and(|v| v > bound), format!("must have at most {bound} items")),
            Limit::MinProperties => (fields.is_some_and(|v| v < bound), format!("must have at least {bound} fields")),
            Limit::MaxProperties => (fields.is_some_and(|v| v > bound), format!("must have at most {bound} fields")),
        };
        if broken {
            let rule = if value.is_some() { "out-of-range" } else { "invalid-length" };
            let message = format!("`{}` {must}", self.here());
            self.report(rule, node.span, message);
        }
    }
}

/// The quantities that people write: digits, perhaps a fraction, perhaps a suffix.
fn is_plain_quantity(text: &str) -> bool {
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    number.len() < text.len()
        && matches!(number, "" | "m" | "k" | "M" | "G" | "T" | "Ki" | "Mi" | "Gi" | "Ti" | "Pi" | "Ei" | "n" | "u")
}
