//! What a report can say about a rule; the registry, which lies above this layer, hands it in.

use crate::diagnostics::Severity;

/// The documentation of one rule.
#[derive(Clone, Copy, Debug)]
pub struct RuleText {
    /// Its weight, unless a flag changes it.
    pub severity: Severity,
    /// One line.
    pub summary: &'static str,
    /// Its page, in Markdown.
    pub markdown: &'static str,
}

/// The registry as reports see it.
pub type Describe = fn(&str) -> Option<RuleText>;
