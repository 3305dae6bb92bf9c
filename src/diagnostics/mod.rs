//! Findings: what is wrong in the user's files, where, and what to write instead.
//!
//! A finding is a value, made far from any printing. Whatever is wrong *in a text* is a [`Diagnostic`];
//! whatever keeps us from working at all (a missing folder, a read error) is a module's own error type.

pub mod report;
mod span;

pub use span::{Position, SourceId, SourceText, Sources, Span};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Notice,
    /// Probably not what was meant.
    Warning,
    /// Nothing may leave the process.
    Error,
}

impl Severity {
    /// The word for it, in texts and in most formats.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// A second place that explains the first, with what it has to say.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Related {
    /// The place.
    pub span: Span,
    /// For example `first written here`.
    pub message: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// The rule's id, such as `duplicate-key`: reads well after "allow".
    pub rule: &'static str,
    /// Its weight.
    pub severity: Severity,
    /// One sentence without a full stop; never the value of a Secret.
    pub message: String,
    /// The text a person has to change.
    pub primary: Option<Span>,
    /// Other places that help.
    pub related: Vec<Related>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error of `rule`.
    pub fn error(rule: &'static str, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: Severity::Error,
            message: message.into(),
            primary: None,
            related: Vec::new(),
            help: None,
        }
    }

    /// A warning of `rule`.
    pub fn warning(rule: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(rule, message) }
    }

    /// A notice of `rule`.
    pub fn notice(rule: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Notice, ..Self::error(rule, message) }
    }

    /// Sets the text a person has to change; [`Span::NONE`] leaves it open.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.primary = (!span.is_none()).then_some(span);
        self
    }

    /// Adds a second place; [`Span::NONE`] adds nothing.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        if !span.is_none() {
            self.related.push(Related { span, message: message.into() });
        }
        self
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Findings that end the work, at least one of them an error. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findings(Vec<Diagnostic>);

impl Findings {
    /// `Ok` when `list` holds no error, else all of it.
    pub fn check(list: Vec<Diagnostic>) -> Result<Vec<Diagnostic>, Self> {
        if list.iter().any(|d| d.severity == Severity::Error) { Err(Self(list)) } else { Ok(list) }
    }

    /// The findings in the order in which they were made.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// Takes the list out.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }
}

impl From<Diagnostic> for Findings {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

/// The result of a step over the user's files.
pub type Outcome<T> = Result<T, Findings>;
