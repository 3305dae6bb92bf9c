//! YAML inside YAML: a patch written as a block in `kustomization.yaml`. Its nodes get places in that very file.

use crate::diagnostics::{Diagnostic, Outcome, SourceId, Sources, Span};
use crate::yaml::decode::Spanned;
use crate::yaml::{self, Limits, Map, Node, Value};

/// Parses the text of a scalar; every span lies in the file that holds the scalar.
pub(super) fn parse(scalar: &Spanned<String>, sources: &Sources) -> Outcome<Vec<Node>> {
    let places = Places::of(scalar, sources);
    match yaml::parse(scalar.span.source, &scalar.value, Limits::default()) {
        Ok(mut documents) => {
            for node in &mut documents {
                places.move_node(node);
            }
            Ok(documents)
        }
        Err(findings) => {
            let mut list = findings.into_vec();
            for finding in &mut list {
                places.move_finding(finding);
            }
            crate::diagnostics::Findings::check(list).map(|_| Vec::new())
        }
    }
}

/// Whether the text of an entry that can be a path is YAML itself.
pub(super) fn is_object(text: &str) -> bool {
    text.contains('\n') || text.contains(": ") || text.starts_with('{')
}

/// From offsets in the scalar's value to offsets in the file.
#[derive(Debug)]
enum Places {
    /// Start of each line in the value and in the file.
    Lines(SourceId, Vec<(usize, usize)>),
    /// Escapes or folding lie between them: everything stands where the scalar stands.
    Whole(Span),
}

impl Places {
    fn of(scalar: &Spanned<String>, sources: &Sources) -> Self {
        let Spanned { value, span } = scalar;
        let text = sources.get(span.source).map(|source| &*source.text).unwrap_or_default();
        let raw = text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let lines = if raw.starts_with('|') { block_lines(value, raw) } else { flow_line(value, raw) };
        match lines {
            Some(lines) => {
                let start = span.start as usize;
                Self::Lines(span.source, lines.into_iter().map(|(to, from)| (to, from + start)).collect())
            }
            None => Self::Whole(*span),
        }
    }

    fn at(lines: &[(usize, usize)], offset: usize) -> usize {
        let line = lines.partition_point(|&(start, _)| start <= offset).saturating_sub(1);
        lines.get(line).map_or(offset, |&(start, place)| place + (offset - start))
    }

    fn move_span(&self, span: &mut Span) {
        match self {
            Self::Whole(whole) => *span = *whole,
            Self::Lines(source, lines) if span.source == *source => {
                let start = Self::at(lines, span.start as usize);
                // The end belongs to the line of the last byte.
                let last = (span.end as usize).max(span.start as usize + 1) - 1;
                let end = Self::at(lines, last) + usize::from(span.end > span.start);
                let short = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
                *span = Span::new(*source, short(start), short(end));
            }
            Self::Lines(..) => {}
        }
    }

    fn move_node(&self, node: &mut Node) {
        self.move_span(&mut node.span);
        match &mut node.value {
            Value::Seq(items) => items.iter_mut().for_each(|item| self.move_node(item)),
            Value::Map(map) => {
                let mut entries: Vec<_> = std::mem::replace(map, Map::new()).into_iter().collect();
                for entry in &mut entries {
                    self.move_span(&mut entry.key_span);
                    self.move_node(&mut entry.value);
                }
                *map = Map::from_entries(entries).unwrap_or_default();
            }
            _ => {}
        }
    }

    fn move_finding(&self, finding: &mut Diagnostic) {
        finding.primary.iter_mut().for_each(|span| self.move_span(span));
        finding.related.iter_mut().for_each(|related| self.move_span(&mut related.span));
    }
}

/// A block scalar `|`: the lines of the value are the lines of the block without their indentation.
fn block_lines(value: &str, raw: &str) -> Option<Vec<(usize, usize)>> {
    let mut place = raw.find('\n')? + 1;
    let body = &raw[place..];
    let indent = body.lines().find(|line| !line.trim().is_empty()).map(|line| line.len() - line.trim_start().len())?;
    let mut lines = Vec::new();
    let mut start = 0;
    let mut wanted = value.split_inclusive('\n');
    for line in body.split_inclusive('\n') {
        let Some(text) = wanted.next() else { break };
        let inner = line.get(indent..).unwrap_or("\n");
        if inner.trim_end() != text.trim_end() {
            return None;
        }
        lines.push((start, place + indent.min(line.trim_end().len())));
        start += text.len();
        place += line.len();
    }
    wanted.next().is_none().then_some(lines)
}

/// A plain or quoted scalar on one line without escapes.
fn flow_line(value: &str, raw: &str) -> Option<Vec<(usize, usize)>> {
    let inner = raw.trim_start_matches(['"', '\'']);
    let skipped = raw.len() - inner.len();
    (inner.starts_with(value) && !value.contains('\n')).then(|| vec![(0, skipped)])
}

#[cfg(test)]
mod tests {
    use super::{block_lines, flow_line};

    #[test]
    fn lines_of_a_block_are_found_behind_their_indentation() {
        let raw = "|-\n    a: 1\n\n      b: 2\n";
        assert_eq!(block_lines("a: 1\n\n  b: 2", raw), Some(vec![(0, 7), (5, 12), (6, 17)]));
        assert_eq!(block_lines("other", raw), None);
    }

    #[test]
    fn quotes_are_skipped() {
        assert_eq!(flow_line("[]", "\"[]\""), Some(vec![(0, 1)]));
        assert_eq!(flow_line("a\nb", "\"a\\nb\""), None);
    }
}
