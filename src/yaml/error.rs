//! What is wrong with a text, on the way from the scanner to a finding.
//!
//! Every problem says what to write instead; the first one ends the reading, because after it nobody knows
//! what the rest was meant to be.

use std::borrow::Cow;

use crate::diagnostics::{Diagnostic, SourceId, Span};

/// Bytes `start..end` of the text that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Place {
    /// The bytes `start..end`; texts of 4 GiB and more are refused before anything is scanned.
    pub(super) fn new(start: usize, end: usize) -> Self {
        let narrow = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end) }
    }

    /// The empty place before the first byte.
    pub(super) fn before(self) -> Self {
        Self { end: self.start, ..self }
    }

    /// The empty place after the last byte.
    pub(super) fn after(self) -> Self {
        Self { start: self.end, ..self }
    }

    pub(super) fn span(self, source: SourceId) -> Span {
        Span::new(source, self.start, self.end)
    }
}

/// One thing that is wrong, with the places that explain it. Boxed: the good path should not carry the size of the
/// bad one.
#[derive(Debug)]
pub(super) struct Problem(Box<Details>);

#[derive(Debug)]
struct Details {
    rule: &'static str,
    message: Cow<'static, str>,
    place: Place,
    related: Option<(Place, &'static str)>,
    help: Cow<'static, str>,
}

/// The result of a step of reading.
pub(super) type Step<T> = Result<T, Problem>;

impl Problem {
    /// A text that is not YAML, or that the reader of Kubernetes does not take.
    #[cold]
    pub(super) fn invalid(place: Place, message: impl Into<Cow<'static, str>>) -> Self {
        Self::of("invalid-yaml", place, message)
    }

    /// A problem of another rule.
    #[cold]
    pub(super) fn of(rule: &'static str, place: Place, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Details { rule, message: message.into(), place, related: None, help: Cow::Borrowed("") }))
    }

    /// What to write instead.
    pub(super) fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.0.help = help.into();
        self
    }

    /// A second place.
    pub(super) fn related(mut self, place: Place, message: &'static str) -> Self {
        self.0.related = Some((place, message));
        self
    }

    pub(super) fn into_diagnostic(self, source: SourceId) -> Diagnostic {
        let Details { rule, message, place, related, help } = *self.0;
        let mut diagnostic = Diagnostic::error(rule, message).at(place.span(source)).help(help);
        if let Some((place, message)) = related {
            diagnostic = diagnostic.related(place.span(source), message);
        }
        diagnostic
    }
}
