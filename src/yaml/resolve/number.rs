//! Numbers, with the grammar of Go's `strconv` less the underscores, which may stand anywhere.

use std::borrow::Cow;

use super::Meaning;

/// The number that a scalar starting with a digit or a sign is, or text.
pub(super) fn parse(text: &str) -> Meaning {
    let digits = if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) };
    integer(&digits)
        .or_else(|| is_decimal_float(&digits).then(|| finite(&digits)).flatten().map(Meaning::Float))
        .or_else(|| signed_binary(&digits))
        .unwrap_or(Meaning::Text)
}

/// The float that a scalar starting with a dot is. Here underscores may stand between digits only.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let is_digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let misplaced = |i: usize| bytes[i] == b'_' && !(i > 0 && is_digit(i - 1) && is_digit(i + 1));
    if (0..bytes.len()).any(misplaced) {
        return None;
    }
    let digits = text.replace('_', "");
    if is_decimal_float(&digits) { finite(&digits) } else { None }
}

fn integer(text: &str) -> Option<Meaning> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (Some('-'), &text[1..]),
        b'+' => (Some('+'), &text[1..]),
        _ => (None, text),
    };
    let magnitude = magnitude(digits)?;
    if sign == Some('-') {
        return 0_i64.checked_sub_unsigned(magnitude).map(Meaning::Int);
    }
    match i64::try_from(magnitude) {
        Ok(value) => Some(Meaning::Int(value)),
        Err(_) if sign.is_none() => Some(Meaning::Uint(magnitude)),
        Err(_) => None,
    }
}

fn magnitude(digits: &str) -> Option<u64> {
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    // `from_str_radix` would take a sign.
    if digits.starts_with(['+', '-']) { None } else { u64::from_str_radix(digits, radix).ok() }
}

/// `0b+1`: an accident of Go's reader, which hands what follows `0b` to a parser that takes a sign.
fn signed_binary(text: &str) -> Option<Meaning> {
    i64::from_str_radix(text.strip_prefix("0b")?, 2).ok().map(Meaning::Int)
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
pub(in crate::yaml) fn is_decimal_float(text: &str) -> bool {
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, rest) = digits(rest);
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => digits(rest),
        None => (0, rest),
    };
    if whole == 0 && fraction == 0 {
        return false;
    }
    match rest.strip_prefix(['e', 'E']) {
        Some(exponent) => {
            let (count, rest) = digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent));
            count > 0 && rest.is_empty()
        }
        None => rest.is_empty(),
    }
}

/// How many digits `text` starts with, and what follows them.
fn digits(text: &str) -> (usize, &str) {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    (text.len() - rest.len(), rest)
}
