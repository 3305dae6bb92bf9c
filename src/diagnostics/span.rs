//! Places in source text: a span is three numbers, lines and columns are worked out when somebody asks.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// A text that was read during this run; index into [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(u32);

/// Bytes `start..end` of one source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// For what no text of the user's wrote: a value that `cmp` itself adds.
    pub const NONE: Self = Self { source: SourceId(u32::MAX), start: 0, end: 0 };

    /// The span of the bytes `start..end` of `source`.
    pub const fn new(source: SourceId, start: u32, end: u32) -> Self {
        Self { source, start, end }
    }

    /// Whether this is [`Span::NONE`].
    pub fn is_none(self) -> bool {
        self.source == Self::NONE.source
    }

    /// From the start of this span to the end of `other` in the same source.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        debug_assert_eq!(self.source, other.source, "a span lies in one source");
        Self { end: other.end, ..self }
    }
}

/// A line and a column as editors show them: both count from 1, columns in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

/// One text with the path by which people know it.
#[derive(Clone, Debug)]
pub struct SourceText {
    /// Path relative to the tree's root, with `/`.
    pub path: String,
    /// The whole text, UTF-8.
    pub text: Arc<str>,
    /// Where each line starts; made when the first place in this text is shown.
    lines: OnceLock<Vec<usize>>,
}

impl SourceText {
    /// The line, from 0, that holds byte `offset`, and the byte it starts at.
    fn line_at(&self, offset: usize) -> (usize, usize) {
        let breaks = || self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(i, _)| i + 1);
        let lines = self.lines.get_or_init(|| std::iter::once(0).chain(breaks()).collect());
        let line = lines.partition_point(|start| *start <= offset) - 1;
        (line, lines[line])
    }
}

/// Every text read so far, so that any [`Span`] can be shown.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    texts: Vec<SourceText>,
    /// The last text of each path, so that overlays that share a base share its places too.
    by_path: HashMap<String, SourceId>,
}

impl Sources {
    /// Registers a text and returns the id that its spans carry. The same text of the same path keeps its id.
    ///
    /// # Panics
    /// After four thousand million texts.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        let (path, text) = (path.into(), text.into());
        if let Some(&known) = self.by_path.get(&path)
            && self.texts[known.0 as usize].text == text
        {
            return known;
        }
        let id = SourceId(u32::try_from(self.texts.len()).expect("fewer than 2^32 texts"));
        self.by_path.insert(path.clone(), id);
        self.texts.push(SourceText { path, text, lines: OnceLock::new() });
        id
    }

    /// Gives every text the path that `rename` makes of its own: how people see it from where they stand.
    pub fn rename(&mut self, rename: impl Fn(&str) -> String) {
        for source in &mut self.texts {
            source.path = rename(&source.path);
        }
    }

    /// Every text with its id, in the order in which they were read.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &SourceText)> {
        (0..).map(SourceId).zip(&self.texts)
    }

    /// The text behind an id; `None` for [`Span::NONE`]'s.
    pub fn get(&self, id: SourceId) -> Option<&SourceText> {
        self.texts.get(id.0 as usize)
    }

    /// Line and column where a span starts.
    pub fn position(&self, span: Span) -> Option<Position> {
        let source = self.get(span.source)?;
        let (line, start) = source.line_at(span.start as usize);
        let column = source.text.get(start..span.start as usize)?.chars().count() + 1;
        Some(Position { line: line + 1, column })
    }

    /// `path:line:column` of a span, for messages.
    pub fn place(&self, span: Span) -> Option<String> {
        let Position { line, column } = self.position(span)?;
        Some(format!("{}:{line}:{column}", self.get(span.source)?.path))
    }
}
