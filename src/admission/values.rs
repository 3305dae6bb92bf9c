//! Values that appear all over: quantities, ports, percentages, enums without an entry in the schema.

use std::ops::RangeInclusive;

use crate::schema::Place;
use crate::schema::format::name;
use crate::schema::format::quantity::Quantity;
use crate::yaml::Value;

use super::report::Report;

/// All numbers of ports.
pub(super) const PORTS: RangeInclusive<i64> = 1..=65535;

/// The amount at `place`, whether it is written as text or as a number.
pub(super) fn quantity(place: &Place<'_>) -> Option<Quantity> {
    match &place.node.value {
        Value::String(text) => Quantity::parse(text.trim()),
        Value::Number(number) => Quantity::parse(&number.to_string()),
        _ => None,
    }
}

/// Reports an amount below zero.
pub(super) fn non_negative_quantity(place: &Place<'_>, report: &mut Report) {
    if quantity(place).is_some_and(Quantity::is_negative) {
        report.must("invalid-quantity", place, "at least 0");
    }
}

/// A number or the name of a port, `ValidatePortNumOrName`.
pub(super) fn port(place: &Place<'_>, report: &mut Report) {
    if let Some(text) = place.as_str() {
        if let Err(must) = name::port_name(text) {
            report.must("invalid-port", place, must);
        }
    } else if place.as_int().is_some_and(|number| !PORTS.contains(&number)) {
        report.must("invalid-port", place, "a port, 1 to 65535");
    }
}

/// The number of a port under `key`.
pub(super) fn port_number(place: &Place<'_>, key: &str, report: &mut Report) {
    if let Some(port) = place.get(key)
        && port.as_int().is_some_and(|number| !PORTS.contains(&number))
    {
        report.must("invalid-port", &port, "a port, 1 to 65535");
    }
}

/// A count at least 0, or a percentage: `ValidatePositiveIntOrPercent`. Says whether the value is zero.
pub(super) fn count_or_percent(place: &Place<'_>, report: &mut Report) -> bool {
    if let Some(text) = place.as_str() {
        let digits = text.strip_suffix('%').filter(|digits| !digits.is_empty());
        let number = digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        if number.is_none() {
            report.must("invalid-percentage", place, "a whole number or a percentage such as \"25%\"");
        }
        return number.is_some_and(|digits| digits.bytes().all(|b| b == b'0'));
    }
    if place.as_int().is_some_and(|number| number < 0) {
        report.must("out-of-range", place, "at least 0");
    }
    place.as_int() == Some(0)
}

/// A percentage of more than 100 %: `IsNotMoreThan100Percent`.
pub(super) fn at_most_100_percent(place: &Place<'_>, report: &mut Report) {
    let percent = place.as_str().and_then(|text| text.strip_suffix('%')?.parse::<i64>().ok());
    if percent.is_some_and(|percent| percent > 100) {
        report.must("out-of-range", place, "at most 100%");
    }
}

/// A text under `key` that must be one of `allowed`; empty counts as absent.
pub(super) fn one_of(place: &Place<'_>, key: &str, allowed: &[&str], report: &mut Report) {
    if let Some(value) = place.get(key)
        && let Some(text) = value.as_str().filter(|text| !text.is_empty())
        && !allowed.contains(&text)
    {
        report.must("invalid-enum", &value, &format!("one of {}", allowed.join(", ")));
    }
}

/// A path inside a volume: relative, without `..`.
pub(super) fn inner_path(place: &Place<'_>, key: &str, report: &mut Report) {
    if let Some(value) = place.get(key)
        && let Some(path) = value.as_str()
        && (path.starts_with('/') || path.split('/').any(|part| part == ".."))
    {
        report.must("invalid-path", &value, "a relative path without `..`");
    }
}
