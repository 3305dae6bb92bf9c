//! Every field of kustomize's own types is known: taken, or refused by name. None can be forgotten.
#![expect(clippy::disallowed_methods, reason = "a test starts programs")]

mod support;

use std::collections::BTreeSet;
use std::process::Command;

use cmp_plugin::diagnostics::{Diagnostic, Sources};
use cmp_plugin::kustomize::{BuildError, build};
use cmp_plugin::source::{MemoryTree, TreePath};
use serde_json::{Value, json};

/// What is refused by name; `docs/kustomize.md` says why.
const REFUSED: [&str; 5] = ["encoding", "helmChartInflationGenerator", "helmCharts", "helmGlobals", "validators"];

#[test]
fn every_field_of_kustomize_is_known() {
    let output = Command::new(support::peer("kustomizefields")).output().expect("it runs");
    let types: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let file = everything("", &types).to_string();
    let tree: MemoryTree = [("kustomization.yaml", file.as_str())].into_iter().collect();
    let Err(BuildError::Findings(findings)) = build(&tree, &mut Sources::default(), &TreePath::root()) else {
        panic!("nonsense was built");
    };
    let of_rule = |rule: &str| -> Vec<&Diagnostic> { findings.iter().filter(|finding| finding.rule == rule).collect() };
    assert_eq!(of_rule("unknown-field"), Vec::<&Diagnostic>::new());
    let name = |finding: &&Diagnostic| finding.message.split('`').nth(1).map(str::to_owned);
    let refused: BTreeSet<_> = of_rule("unsupported-field").iter().filter_map(name).collect();
    assert_eq!(refused, REFUSED.map(str::to_owned).into(), "the list of what is refused");
}

/// A value of every field of a type.
fn everything(key: &str, described: &Value) -> Value {
    match described {
        Value::Object(fields) => match fields.get("*") {
            // The only mapping of texts with known keys.
            Some(_) if key == "openapi" => json!({"path": "x"}),
            Some(value) => json!({"some-key": everything("", value)}),
            None => fields.iter().map(|(key, value)| (key.clone(), of_field(key, value, fields))).collect(),
        },
        Value::Array(items) => items.iter().map(|item| everything("", item)).collect(),
        Value::String(kind) if kind == "bool" => json!(true),
        Value::String(kind) if kind.starts_with("int") => json!(1),
        _ => json!("x"),
    }
}

fn of_field(key: &str, described: &Value, siblings: &serde_json::Map<String, Value>) -> Value {
    // Where a path takes the place of all the rest, it stays empty so that the rest is read.
    if key == "path" && siblings.contains_key("source") {
        return json!("");
    }
    match key {
        "kind" if siblings.contains_key("resources") => json!("Kustomization"),
        "apiVersion" if siblings.contains_key("resources") => json!("kustomize.config.k8s.io/v1beta1"),
        _ => everything(key, described),
    }
}
