//! The corpus of manifests, each held against what a real API server said to it (`scripts/record-verdicts`) and
//! against the rule that its first comment expects.
#![expect(clippy::disallowed_methods, reason = "a test reads its cases and runs the program to compare with")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use cmp_plugin::check::{self, CheckContext, Level};
use cmp_plugin::diagnostics::{Diagnostic, Severity, Sources};
use cmp_plugin::model::Manifest;
use cmp_plugin::source::{MemoryTree, TreePath};
use cmp_plugin::yaml::{self, Limits};

fn cases() -> PathBuf {
    support::repository().join("tests/cases/manifests")
}

/// Name of each case and its text, in order.
fn corpus() -> Vec<(String, String)> {
    let mut cases_found = Vec::new();
    for folder in ["invalid", "policy", "valid"] {
        for entry in fs::read_dir(cases().join(folder)).expect(folder) {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
            cases_found.push((format!("{folder}/{name}"), fs::read_to_string(&path).expect("a case")));
        }
    }
    cases_found.sort();
    cases_found
}

/// Every error that we find in a text.
fn errors(text: &str) -> (Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let id = sources.add("case.yaml", text);
    let nodes = match yaml::parse(id, text, Limits::default()) {
        Ok(nodes) => nodes,
        Err(findings) => return (findings.into_vec(), sources),
    };
    let manifests: Vec<Manifest> = nodes
        .into_iter()
        .map(|node| {
            let span = node.span;
            Manifest::new(node, TreePath::root(), span)
        })
        .collect();
    let mut found = Vec::new();
    let tree = MemoryTree::default();
    let context = CheckContext { tree: &tree, sources: &sources };
    found.extend(check::findings(&context, &manifests, Level::Error));
    found.retain(|finding| finding.severity == Severity::Error);
    (found, sources)
}

/// What the server said, by the name of the case.
fn verdicts() -> BTreeMap<String, bool> {
    let text = fs::read_to_string(cases().join("verdicts.txt")).expect("scripts/record-verdicts writes it");
    let line = |line: &str| {
        let mut parts = line.split('\t');
        (parts.next().unwrap_or_default().to_owned(), parts.next() == Some("accepted"))
    };
    text.lines().map(line).collect()
}

fn rules(findings: &[Diagnostic]) -> Vec<&'static str> {
    let mut rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

#[test]
fn the_corpus_is_large_enough_and_recorded() {
    let corpus = corpus();
    let of = |folder: &str| corpus.iter().filter(|(name, _)| name.starts_with(folder)).count();
    assert!(of("invalid/") >= 150, "{} invalid", of("invalid/"));
    assert!(of("valid/") >= 60, "{} valid", of("valid/"));
    let recorded: Vec<_> = verdicts().into_keys().collect();
    let names: Vec<_> = corpus.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, recorded, "scripts/record-verdicts was not run after a case was added or removed");
}

#[test]
fn what_the_server_says_is_what_we_say() {
    let verdicts = verdicts();
    let mut wrong = Vec::new();
    for (name, text) in corpus() {
        let found = errors(&text).0;
        let accepted = verdicts[&name];
        // What only Argo CD minds is no business of the server.
        let ours = found.is_empty() || name.starts_with("policy/");
        if ours != accepted {
            wrong.push(format!("{name}: the server says {accepted}, we find {:?}", rules(&found)));
        }
    }
    assert!(wrong.is_empty(), "{} cases differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_case_is_found_by_the_rule_it_names() {
    let mut wrong = Vec::new();
    for (name, text) in corpus() {
        let first = text.lines().next().unwrap_or_default();
        let found = rules(&errors(&text).0);
        let fits = match first.split_once(": ") {
            Some((_, rule)) => found.contains(&rule.trim()),
            None => first == "# accepted" && found.is_empty(),
        };
        if !fits {
            wrong.push(format!("{name}: {first}; found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_finding_has_a_place_and_a_sentence() {
    for (name, text) in corpus() {
        let (found, sources) = errors(&text);
        for finding in found {
            let place = finding.primary.and_then(|span| sources.position(span));
            assert!(place.is_some(), "{name}: {} has no place", finding.message);
            assert!(!finding.message.ends_with('.') && !finding.message.is_empty(), "{name}: {}", finding.message);
        }
    }
}

#[test]
fn the_values_of_secrets_are_never_shown() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: Opaque\ndata: {a: hunter2-plain}\n\
                stringData: {b: [hunter2], 'c d': hunter2}\n";
    let (found, _) = errors(text);
    assert!(found.len() >= 3, "{found:?}");
    for finding in found {
        assert!(!format!("{finding:?}").contains("hunter2"), "{}", finding.message);
    }
}
