//! Literal blocks, for text over several lines.

use super::plain::is_visible;
use super::spaces;

/// Whether a literal block gives exactly `text` back.
pub(super) fn fits(text: &str) -> bool {
    let printable = |c| matches!(c, '\n' | '\t' | ' '..='~') || is_visible(c);
    !text.trim_matches(['\n', ' ', '\t']).is_empty() && !text.ends_with([' ', '\t']) && text.chars().all(printable)
}

/// Whether the first line does not show how far the block is indented.
pub(super) fn needs_indicator(text: &str) -> bool {
    text.starts_with([' ', '\t', '\n'])
}

/// Writes `|` with its indicators and the lines of `text` at column `indent`, two deeper than what it belongs to.
pub(super) fn write(text: &str, indent: usize, indicator: bool, out: &mut String) {
    out.push('|');
    if indicator {
        out.push('2');
    }
    let body = text.strip_suffix('\n');
    match body {
        None => out.push('-'),
        Some(body) if body.ends_with('\n') => out.push('+'),
        Some(_) => {}
    }
    out.push('\n');
    for line in body.unwrap_or(text).split('\n') {
        if !line.is_empty() {
            spaces(indent, out);
            out.push_str(line);
        }
        out.push('\n');
    }
}
