//! A span as machines want it: file, first and last line and column.

use serde::Serialize;

use crate::diagnostics::{Diagnostic, Sources, Span};

/// Lines and columns from 1; the end column is the one after the last character.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
}

impl Place {
    pub(super) fn of(span: Span, sources: &Sources) -> Option<Self> {
        let start = sources.position(span)?;
        let end = sources.position(Span { start: span.end.max(span.start), ..span })?;
        let file = sources.get(span.source)?.path.clone();
        Some(Self { file, line: start.line, column: start.column, end_line: end.line, end_column: end.column })
    }

    pub(super) fn primary(finding: &Diagnostic, sources: &Sources) -> Option<Self> {
        Self::of(finding.primary?, sources)
    }
}
