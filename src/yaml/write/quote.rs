//! Quoted text.

use std::fmt::Write;

use super::plain::is_visible;

/// Whether single quotes, which have no escapes, can hold `text` on one line.
pub(super) fn fits_single(text: &str) -> bool {
    text.chars().all(|c| matches!(c, ' '..='~') || is_visible(c))
}

pub(super) fn single(text: &str, out: &mut String) {
    out.push('\'');
    for (i, part) in text.split('\'').enumerate() {
        if i > 0 {
            out.push_str("''");
        }
        out.push_str(part);
    }
    out.push('\'');
}

pub(super) fn double(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            ' '..='~' => out.push(c),
            '\0' => out.push_str("\\0"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{B}' => out.push_str("\\v"),
            '\u{C}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\u{1B}' => out.push_str("\\e"),
            '\u{85}' => out.push_str("\\N"),
            '\u{2028}' => out.push_str("\\L"),
            '\u{2029}' => out.push_str("\\P"),
            _ if is_visible(c) => out.push(c),
            // Writing to a string cannot fail.
            _ if u32::from(c) <= 0xFF => drop(write!(out, "\\x{:02X}", u32::from(c))),
            _ => drop(write!(out, "\\u{:04X}", u32::from(c))),
        }
    }
    out.push('"');
}
