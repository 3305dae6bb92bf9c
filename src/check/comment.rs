//! `# cmp: …` comments, and the line that each of them is about.

use std::collections::BTreeSet;

use crate::diagnostics::{SourceId, Span};
use crate::yaml::{self, Limits};

/// A comment that speaks to us.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Comment<'a> {
    /// From its `#` to the end of its line.
    pub(super) span: Span,
    /// What stands behind `cmp:`.
    pub(super) body: &'a str,
    /// A byte of the line that it is about.
    pub(super) about: usize,
}

/// The comments of `text` that speak to us.
///
/// A comment behind a value is about its line, a comment on a line of its own about the next line that holds something.
/// Lines of their own count inside of block texts too: a collector's configuration is a text in the eyes of YAML, and its
/// comments are where a person would write this.
pub(super) fn comments(source: SourceId, text: &str) -> Vec<Comment<'_>> {
    if !text.contains("cmp:") {
        return Vec::new();
    }
    let mut starts: BTreeSet<usize> = own_lines(text).collect();
    // A text that is no YAML has a finding of its own.
    if let Ok((_, comments)) = yaml::parse_with_comments(source, text, Limits::default()) {
        starts.extend(comments.iter().map(|span| span.start as usize));
    }
    starts.into_iter().filter_map(|start| comment(source, text, start)).collect()
}

fn own_lines(text: &str) -> impl Iterator<Item = usize> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        line.trim_start().starts_with('#').then_some(start)
    })
}

fn comment(source: SourceId, text: &str, start: usize) -> Option<Comment<'_>> {
    let rest = text.get(start..)?;
    let line = rest.lines().next()?;
    let body = line.strip_prefix('#')?.trim_start().strip_prefix("cmp:")?.trim();
    let before = text[..start].rfind('\n').map_or(0, |i| i + 1);
    let alone = text[before..start].trim().is_empty();
    let about = if alone { next_line(text, start) } else { before };
    let offset = |at: usize| u32::try_from(at).ok();
    Some(Comment { span: Span::new(source, offset(start)?, offset(start + line.len())?), body, about })
}

/// The start of the first line behind `start` that is neither blank nor a comment; `start` itself if there is none.
fn next_line(text: &str, start: usize) -> usize {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let plain = line.trim();
        if !plain.is_empty() && !plain.starts_with('#') {
            return at;
        }
        at += line.len();
    }
    start
}

#[cfg(test)]
mod tests {
    use super::comments;
    use crate::diagnostics::Sources;

    /// The body of each comment with the text of the line that it is about.
    fn found(text: &str) -> Vec<(&str, &str)> {
        let source = Sources::default().add("a.yaml", text);
        comments(source, text).iter().map(|c| (c.body, text[c.about..].lines().next().unwrap_or_default())).collect()
    }

    #[test]
    fn a_comment_behind_a_value_is_about_its_line() {
        assert_eq!(found("a: 1 # cmp: allow x y\nb: 2\n"), [("allow x y", "a: 1 # cmp: allow x y")]);
    }

    #[test]
    fn comments_on_lines_of_their_own_are_about_the_next_line_that_holds_something() {
        let text = "# cmp: allow x y\n\n  # cmp: allow z y\na: 1\n";
        assert_eq!(found(text), [("allow x y", "a: 1"), ("allow z y", "a: 1")]);
    }

    #[test]
    fn texts_in_quotes_are_no_comments() {
        assert_eq!(found("a: \"b # cmp: allow x y\"\n"), []);
    }

    #[test]
    fn lines_inside_of_block_texts_count() {
        let text = "config: |\n  # cmp: allow x y\n  key: value\n";
        assert_eq!(found(text), [("allow x y", "  key: value")]);
    }
}
