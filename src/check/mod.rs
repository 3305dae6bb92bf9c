//! Nothing unchecked leaves: only this module makes a [`Checked`], and never from an empty or a failing set.

mod comment;
mod schema;
mod structure;
mod suppress;

use std::collections::HashSet;

use crate::diagnostics::{Diagnostic, Findings, Outcome, Severity, Sources};
use crate::model::Manifest;
use crate::source::FileTree;

pub use suppress::{Suppressed, Suppressions};

/// What a check may look at besides the manifests.
#[derive(Clone, Copy)]
pub struct CheckContext<'a> {
    /// The repository: a user's own schemas lie there.
    pub tree: &'a dyn FileTree,
    /// Every text that was read, for checks that look into texts inside texts.
    pub sources: &'a Sources,
}

/// Findings about a whole set. A check that is about single objects goes through them itself.
pub type Check = fn(&CheckContext<'_>, &[Manifest]) -> Vec<Diagnostic>;

/// The checks beyond the structure of objects, in the order in which their findings are reported.
const CHECKS: &[Check] = &[schema::check];

/// What the findings of [`CHECKS`] weigh. The structure of objects and the guard against an empty set are not among
/// them: nothing makes those less than errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Level {
    /// As each rule says.
    #[default]
    Error,
    /// Errors are warnings, for the time of a migration.
    Warn,
}

/// A complete set of manifests that may leave the process.
#[derive(Debug)]
pub struct Checked(Vec<Manifest>);

impl Checked {
    /// The manifests, in no particular order.
    pub fn manifests(&self) -> &[Manifest] {
        &self.0
    }
}

/// The findings of every check about every object.
pub fn findings(context: &CheckContext<'_>, manifests: &[Manifest], level: Level) -> Vec<Diagnostic> {
    run(CHECKS, context, manifests, level)
}

fn run(checks: &[Check], context: &CheckContext<'_>, manifests: &[Manifest], level: Level) -> Vec<Diagnostic> {
    let mut findings = structure::check(manifests);
    let mut more: Vec<Diagnostic> = checks.iter().flat_map(|check| check(context, manifests)).collect();
    if level == Level::Warn {
        for finding in &mut more {
            finding.severity = finding.severity.min(Severity::Warning);
        }
    }
    // What the structure lacks, a schema misses too: once is enough.
    let reported: HashSet<_> = findings.iter().map(|finding| (finding.rule, finding.primary)).collect();
    more.retain(|finding| !reported.contains(&(finding.rule, finding.primary)));
    findings.append(&mut more);
    findings
}

/// The finding that `what` yields no object.
///
/// Argo CD prunes what is missing, so printing nothing would delete the stack.
pub fn empty_set(what: &str) -> Diagnostic {
    let finding = Diagnostic::error("empty-set", format!("{what} produces no object at all"));
    finding.help("Argo CD would delete everything it deployed before; list resources in the overlay")
}

/// Checks the set as a whole; every finding of every object is reported, with `warnings` from the steps before.
pub fn check(
    context: &CheckContext<'_>,
    manifests: Vec<Manifest>,
    warnings: Vec<Diagnostic>,
    level: Level,
) -> Outcome<(Checked, Vec<Diagnostic>)> {
    let mut list = warnings;
    list.extend(findings(context, &manifests, level));
    if manifests.is_empty() {
        list.push(empty_set("the overlay"));
    }
    let suppressions = Suppressions::read(context.sources);
    let warnings = Findings::check(suppressions.apply(list, context.sources).findings)?;
    Ok((Checked(manifests), warnings))
}

#[cfg(test)]
mod tests {
    use super::{Check, CheckContext, Level, run};
    use crate::diagnostics::{Diagnostic, Severity, Sources, Span};
    use crate::model::Manifest;
    use crate::source::{MemoryTree, TreePath};
    use crate::yaml::Node;

    #[test]
    fn a_migration_lowers_the_checks_and_never_the_structure() {
        let (tree, sources) = (MemoryTree::default(), Sources::default());
        let context = CheckContext { tree: &tree, sources: &sources };
        let nameless = Node::from_json(serde_json::json!({"apiVersion": "v1", "kind": "Secret"}), Span::NONE);
        let manifests = [Manifest::new(nameless, TreePath::root(), Span::NONE)];
        let schema: Check = |_, _| vec![Diagnostic::error("schema", "no"), Diagnostic::notice("old", "soon")];
        let severities = |level| -> Vec<Severity> {
            run(&[schema], &context, &manifests, level).iter().map(|finding| finding.severity).collect()
        };
        assert_eq!(severities(Level::Error), [Severity::Error, Severity::Error, Severity::Notice]);
        assert_eq!(severities(Level::Warn), [Severity::Error, Severity::Warning, Severity::Notice]);
    }
}
