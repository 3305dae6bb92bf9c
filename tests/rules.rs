//! The registry of rules, the sources and `docs/rules.md` cannot disagree.
//!
//! `UPDATE_GOLDENS=1 cargo test --test rules` writes `docs/rules.md` anew.
#![expect(clippy::disallowed_methods, reason = "a test reads the sources")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use cmp_plugin::diagnostics::Severity;
use cmp_plugin::rules::{Group, RULES, Rule};
use regex::Regex;

/// What makes a finding: a call whose first argument is the rule's id.
const MAKERS: &str = r"(?:Diagnostic::(error|warning|notice)|Problem::of)\(\s*";

/// Where the id is handed on, so that no literal stands in the call.
const FORWARDERS: [&str; 1] = ["src/yaml/error.rs"];

/// The sources without their test modules, which stand at the end of a file and use ids of their own.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    visit(&support::repository().join("src"), &mut |path| {
        let text = fs::read_to_string(path).expect("a source file");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code: String =
            code.lines().filter(|line| !line.trim_start().starts_with("//")).fold(String::new(), |mut code, line| {
                code.push_str(line);
                code.push('\n');
                code
            });
        let name = path.strip_prefix(support::repository()).expect("inside").to_string_lossy().into_owned();
        found.push((name, code));
    });
    found
}

fn visit(path: &Path, each: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(path).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            visit(&path, each);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            each(&path);
        }
    }
}

#[test]
fn findings_carry_ids_of_the_registry() {
    let literal = Regex::new(&format!(r#"{MAKERS}"([^"]+)""#)).expect("a pattern");
    let known: BTreeMap<&str, Severity> = RULES.iter().map(|rule| (rule.id, rule.severity)).collect();
    let mut unknown = BTreeSet::new();
    let mut used: BTreeMap<String, BTreeSet<Severity>> = BTreeMap::new();
    for (file, code) in sources() {
        for hit in literal.captures_iter(&code) {
            let severity = match hit.get(1).map(|word| word.as_str()) {
                Some("warning") => Severity::Warning,
                Some("notice") => Severity::Notice,
                _ => Severity::Error,
            };
            let id = hit[2].to_owned();
            if !known.contains_key(id.as_str()) {
                unknown.insert(format!("{file}: {id}"));
            }
            used.entry(id).or_default().insert(severity);
        }
    }
    assert!(unknown.is_empty(), "ids that src/rules/table.rs does not have: {unknown:#?}");
    for (id, severities) in &used {
        assert!(severities.contains(&known[id.as_str()]), "{id} is never as severe as the registry says");
    }
    assert!(used.len() > 40, "only {} ids were found: does the test still read the sources?", used.len());
}

#[test]
fn every_rule_of_the_registry_is_used() {
    let sources = sources();
    for Rule { id, .. } in RULES {
        let quoted = format!("\"{id}\"");
        let used = sources.iter().any(|(file, code)| !file.starts_with("src/rules/") && code.contains(&quoted));
        assert!(used, "no source makes a finding of `{id}`: remove the rule");
    }
}

#[test]
fn ids_stand_as_literals_in_the_calls() {
    let call = Regex::new(&format!("{MAKERS}([^\"\\s])")).expect("a pattern");
    for (file, code) in sources() {
        let indirect = call.is_match(&code) && !FORWARDERS.contains(&file.as_str());
        assert!(!indirect, "{file}: write the rule's id as a literal, so that it can be found");
    }
}

#[test]
fn every_page_belongs_to_a_rule() {
    let folder = support::repository().join("src/rules/docs");
    let pages: BTreeSet<String> = fs::read_dir(folder)
        .expect("pages")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    let rules: BTreeSet<String> = RULES.iter().map(|rule| format!("{}.md", rule.id)).collect();
    assert_eq!(pages, rules);
}

#[test]
fn the_list_of_rules_is_current() {
    support::assert_golden(&support::repository().join("docs/rules.md"), &page());
}

/// `docs/rules.md`: a table a group, then the page of each rule.
fn page() -> String {
    let mut out = String::from(
        "# Rules\n\nEvery finding names its rule. `cmp explain RULE` prints what stands here, and \
         [validate.md](validate.md#suppressions) says how to allow one.\n\nThis page is made from \
         `src/rules` by `UPDATE_GOLDENS=1 cargo test --test rules`.\n",
    );
    for group in Group::ALL {
        let rules: Vec<&Rule> = RULES.iter().filter(|rule| rule.group == group).collect();
        if rules.is_empty() {
            continue;
        }
        write!(out, "\n## {}\n\n| rule | severity | may be allowed | finds |\n|---|---|---|---|\n", group.about())
            .expect("a String");
        for Rule { id, summary, suppressible, severity, .. } in &rules {
            let allowed = if *suppressible { "yes" } else { "no" };
            writeln!(out, "| [{id}](#{id}) | {} | {allowed} | {summary} |", severity.word()).expect("a String");
        }
        for Rule { id, docs, .. } in rules {
            write!(out, "\n### {id}\n\n{}", docs.replace("## ", "#### ")).expect("a String");
        }
    }
    out
}
