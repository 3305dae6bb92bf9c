//! Every rule that a finding can carry: its weight, its group and its page of documentation.
//!
//! One list, so that `cmp explain`, `docs/rules.md`, SARIF's rule descriptors and suppressions can never disagree.
//! `tests/rules.rs` holds it against the ids in the sources, in both directions. `CONTRIBUTING.md` says how to add one.

mod group;
mod table;

use crate::diagnostics::Severity;
use crate::diagnostics::report::RuleText;

pub use group::Group;
pub use table::RULES;

/// What is known about one rule, besides the code that finds its violations.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Kebab-case; reads well after "allow".
    pub id: &'static str,
    /// The weight of its findings, unless a flag changes it.
    pub severity: Severity,
    /// What it is about.
    pub group: Group,
    /// Whether `# cmp: allow <id> <reason>` may silence it.
    ///
    /// Never where the work cannot go on (a text that is not YAML, a file that is not there), and never where going on
    /// could delete what is deployed (an empty set, an object without a name).
    pub suppressible: bool,
    /// One line, without a full stop.
    pub summary: &'static str,
    /// Its page, in Markdown: [`HEADINGS`] with text below each.
    pub docs: &'static str,
}

/// The headings of every page, in this order.
pub const HEADINGS: [&str; 4] = ["What it does", "Why is this bad?", "Example", "Use instead"];

/// The rule of this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    let i = RULES.binary_search_by(|rule| rule.id.cmp(id)).ok()?;
    RULES.get(i)
}

/// What reports say about a rule besides its findings.
pub fn describe(id: &str) -> Option<RuleText> {
    find(id).map(|rule| RuleText { severity: rule.severity, summary: rule.summary, markdown: rule.docs })
}

#[cfg(test)]
mod tests {
    use super::{HEADINGS, RULES, Rule, find};

    #[test]
    fn the_list_is_sorted_and_has_each_id_once() {
        assert!(RULES.windows(2).all(|pair| pair[0].id < pair[1].id), "sort src/rules/table.rs by id");
        assert!(RULES.iter().all(|rule| find(rule.id).is_some_and(|found| found.id == rule.id)));
    }

    #[test]
    fn ids_are_kebab_case_and_summaries_one_sentence() {
        for Rule { id, summary, .. } in RULES {
            assert!(id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{id}");
            assert!(!summary.is_empty() && summary.len() < 100 && !summary.ends_with('.'), "{id}: {summary}");
        }
    }

    #[test]
    fn every_page_has_the_headings_in_order_with_text_below_each() {
        for Rule { id, docs, .. } in RULES {
            let found: Vec<&str> = docs.lines().filter_map(|line| line.strip_prefix("## ")).collect();
            assert_eq!(found, HEADINGS, "src/rules/docs/{id}.md");
            assert!(docs.starts_with("## "), "src/rules/docs/{id}.md starts with a heading");
            assert!(docs.split("## ").skip(1).all(|section| section.lines().count() > 2), "{id}: an empty section");
        }
    }
}
