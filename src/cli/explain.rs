//! `cmp explain`: what a rule finds, why that is bad, and what to write instead.

use std::fmt::Write;

use anyhow::anyhow;
use clap::Args;

use super::{Status, output};
use crate::rules::{self, Group, RULES, Rule};
use crate::yaml::decode::nearest;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The rule, as findings name it in brackets; without it all rules are listed
    #[arg(value_name = "RULE")]
    rule: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let text = match &arguments.rule {
        None => list(),
        Some(id) => page(rules::find(id).ok_or_else(|| unknown(id))?),
    };
    output::print(&text)?;
    Ok(Status::Complete)
}

/// Every rule with its summary, by group.
fn list() -> String {
    let width = RULES.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    let mut out = String::new();
    for group in Group::ALL {
        let mut rules = RULES.iter().filter(|rule| rule.group == group).peekable();
        if rules.peek().is_none() {
            continue;
        }
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{}: {}", group.name(), group.about());
        for Rule { id, summary, .. } in rules {
            let _ = writeln!(out, "  {id:width$}  {summary}");
        }
        out.push('\n');
    }
    out.push_str("cmp explain RULE says more about one of them.\n");
    out
}

fn page(rule: &Rule) -> String {
    let Rule { id, severity, group, summary, docs, suppressible } = rule;
    let allow = if *suppressible {
        format!("To allow it on one line: # cmp: allow {id} REASON")
    } else {
        "It cannot be allowed.".to_owned()
    };
    format!("{id} ({}, {})\n{summary}\n\n{docs}\n{allow}\n", severity.word(), group.name())
}

fn unknown(id: &str) -> anyhow::Error {
    match nearest(id, RULES.iter().map(|rule| rule.id)) {
        Some(near) => anyhow!("no rule is called `{id}`; did you mean `{near}`?"),
        None => anyhow!("no rule is called `{id}`; `cmp explain` lists them"),
    }
}
