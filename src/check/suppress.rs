//! `# cmp: allow <rule> <reason>`: a finding that somebody has looked at and decided to keep.
//!
//! The reason is required: a silence that nobody can explain in a year is a fault of its own. So are a comment that
//! names no rule, and one that silences nothing any more.

use std::collections::HashSet;

use super::comment::{Comment, comments};
use crate::diagnostics::{Diagnostic, SourceId, Sources, Span};
use crate::rules::{self, RULES};
use crate::yaml::decode::nearest;

/// Words that people know from other tools.
const OTHER_WORDS: [&str; 7] = ["disable", "disable-line", "disable-next-line", "ignore", "noqa", "skip", "suppress"];

/// One comment that allows something.
#[derive(Debug)]
struct Suppression {
    rule: &'static str,
    span: Span,
    source: SourceId,
    line: usize,
}

/// All comments of the texts that were read.
#[derive(Debug, Default)]
pub struct Suppressions {
    list: Vec<Suppression>,
    broken: Vec<Diagnostic>,
}

/// What is left.
#[derive(Debug)]
pub struct Suppressed {
    /// The findings that nothing allows, with those about comments that allow nothing at all.
    pub findings: Vec<Diagnostic>,
    /// A finding for each comment that had nothing to allow. Only whoever has looked at everything may report them.
    pub unused: Vec<Diagnostic>,
}

impl Suppressions {
    /// Reads the comments of every text in `sources` that is YAML by its name.
    pub fn read(sources: &Sources) -> Self {
        let mut found = Self::default();
        for (id, source) in sources.iter().filter(|(_, source)| may_have_comments(&source.path)) {
            for comment in comments(id, &source.text) {
                found.add(id, &comment, sources);
            }
        }
        found
    }

    fn add(&mut self, source: SourceId, comment: &Comment<'_>, sources: &Sources) {
        let Some(rule) = allowed(comment) else { return };
        let about = u32::try_from(comment.about).unwrap_or(u32::MAX);
        match (rule, sources.position(Span::new(source, about, about))) {
            (Ok(rule), Some(position)) => {
                self.list.push(Suppression { rule, span: comment.span, source, line: position.line });
            }
            (Ok(_), None) => {}
            (Err(finding), _) => self.broken.push(*finding),
        }
    }

    /// Takes out of `findings` what the comments allow.
    pub fn apply(&self, mut findings: Vec<Diagnostic>, sources: &Sources) -> Suppressed {
        let mut used = HashSet::new();
        if !self.list.is_empty() {
            findings.retain(|finding| {
                let by = self.find(finding, sources);
                used.extend(by);
                by.is_none()
            });
        }
        findings.extend(self.broken.iter().cloned());
        let unused = self.list.iter().enumerate().filter(|(i, _)| !used.contains(i)).map(|(_, it)| it.unused());
        Suppressed { findings, unused: unused.collect() }
    }

    fn find(&self, finding: &Diagnostic, sources: &Sources) -> Option<usize> {
        let span = finding.primary?;
        let fits = |it: &Suppression| it.rule == finding.rule && it.source == span.source;
        let candidates = self.list.iter().enumerate().filter(|(_, it)| fits(it));
        let line = sources.position(span)?.line;
        candidates.filter(|(_, it)| it.line == line).map(|(i, _)| i).next()
    }
}

impl Suppression {
    fn unused(&self) -> Diagnostic {
        let message = format!("`{}` finds nothing on this line", self.rule);
        let finding = Diagnostic::warning("unused-suppression", message).at(self.span);
        finding.help("remove the comment, or move it to the line of the finding or right above it")
    }
}

/// JSON has no comments, and a `#` in a script or a page is none of ours.
fn may_have_comments(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').is_none_or(|(_, extension)| matches!(extension, "yaml" | "yml"))
}

/// The rule that a comment allows; `None` for a comment that only mentions us.
fn allowed(comment: &Comment<'_>) -> Option<Result<&'static str, Box<Diagnostic>>> {
    let mut words = comment.body.split_whitespace();
    let verb = words.next()?;
    let refuse = |message: String, help: String| {
        Some(Err(Box::new(Diagnostic::error("invalid-suppression", message).at(comment.span).help(help))))
    };
    if verb != "allow" {
        let meant = OTHER_WORDS.contains(&verb) || nearest(verb, ["allow"]).is_some();
        return if meant { refuse(format!("`{verb}` allows nothing"), form("<rule>")) } else { None };
    }
    let Some(id) = words.next() else { return refuse("this comment names no rule".to_owned(), form("<rule>")) };
    let Some(rule) = rules::find(id) else {
        let near = nearest(id, RULES.iter().map(|rule| rule.id));
        let help =
            near.map_or_else(|| "`cmp explain` lists the rules".to_owned(), |id| format!("did you mean `{id}`?"));
        return refuse(format!("no rule is called `{id}`"), help);
    };
    if !rule.suppressible {
        return refuse(format!("`{id}` cannot be allowed"), format!("`cmp explain {id}` says what to write instead"));
    }
    if words.next().is_none() {
        return refuse("this comment gives no reason".to_owned(), form(id));
    }
    Some(Ok(rule.id))
}

fn form(rule: &str) -> String {
    format!("write `# cmp: allow {rule} <why it is right here>`")
}
