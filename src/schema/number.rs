//! Numbers as Go reads them after YAML became JSON.

use crate::yaml::{Node, Value};

/// From here on Go's JSON writer uses an exponent, which no integer field takes.
const EXPONENT_FROM: f64 = 1e21;

/// The whole number that Go would read into an integer field; `1.0` is one, since JSON has it as `1`.
pub(crate) fn as_i64(node: &Node) -> Option<i64> {
    let Value::Number(number) = &node.value else { return None };
    if let Some(whole) = number.as_i64() {
        return Some(whole);
    }
    let float = number.as_f64()?;
    // 2^63 is the first double that an i64 cannot hold.
    #[expect(clippy::cast_possible_truncation, reason = "whole, and within the range of i64")]
    (float.fract() == 0.0 && float.abs() < 9_223_372_036_854_775_808.0).then_some(float as i64)
}

/// Whether a number has no fraction: JSON Schema's idea of an integer.
pub(crate) fn is_whole(node: &Node) -> bool {
    let Value::Number(number) = &node.value else { return false };
    number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|n| n.fract() == 0.0 && n.abs() < EXPONENT_FROM)
}

/// The number as a double.
pub(crate) fn as_f64(node: &Node) -> Option<f64> {
    if let Value::Number(number) = &node.value { number.as_f64() } else { None }
}
