//! SARIF as its schema has it: code scanning pages drop a whole report for one wrong field.
#![expect(clippy::disallowed_methods, reason = "a test reads a schema and what the program wrote")]

mod support;

use std::fs;
use std::process::Command;

use serde_json::Value;
use support::archive::Archive;

fn schema() -> jsonschema::Validator {
    let path = support::repository().join("tests/schemas/sarif-schema-2.1.0.json");
    let mut schema: Value = serde_json::from_str(&fs::read_to_string(path).expect("a schema")).expect("JSON");
    // A pattern with a bracket too many, which strict engines do not take; we write no `language`.
    for holder in ["run", "toolComponent"] {
        let language = schema["definitions"][holder]["properties"]["language"].as_object_mut().expect("a property");
        language.remove("pattern").expect("the pattern");
    }
    jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema")
}

fn assert_valid(schema: &jsonschema::Validator, name: &str, log: &Value) {
    let errors: Vec<String> = schema.iter_errors(log).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{name}:\n{}", errors.join("\n"));
}

/// Runs the arguments of a case with `--format sarif`.
fn sarif_of(case: &str) -> Value {
    let mut case = Archive::parse(case);
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join(".git")).expect("a folder");
    let arguments = case.take("cmd").expect("a case has a section `cmd`");
    case.write_to(folder.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_cmp"));
    command.current_dir(folder.path()).env("CMP_FORMAT", "sarif").args(arguments.split_whitespace());
    let output = command.output().expect("a run");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn reports_validate_against_the_schema() {
    let schema = schema();
    let mut results = 0;
    for case in fs::read_dir(support::repository().join("tests/cases/validate")).expect("cases") {
        let path = case.expect("a case").path();
        let text = fs::read_to_string(&path).expect("a case");
        if text.contains("--format") || text.contains("-- stdin --") {
            continue;
        }
        let log = sarif_of(&text);
        assert_valid(&schema, &path.display().to_string(), &log);
        results += log["runs"][0]["results"].as_array().map_or(0, Vec::len);
    }
    assert!(results > 20, "only {results} results: are the cases still read?");
}

#[test]
fn every_rule_with_findings_is_described() {
    let log = sarif_of("-- cmd --\nvalidate a.yaml\n-- a.yaml --\napiVersion: v1\nkind: ConfigMap\n");
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(!rules.is_empty());
    for rule in rules {
        let markdown = rule["help"]["markdown"].as_str().expect("a page");
        assert!(markdown.starts_with("## What it does\n"), "{rule}");
        assert!(rule["fullDescription"]["text"].as_str().is_some_and(|text| text.starts_with("Finds ")), "{rule}");
    }
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let mut log = sarif_of("-- cmd --\nvalidate a.yaml\n-- a.yaml --\nkind: ConfigMap\n");
    log["runs"][0]["results"][0]["level"] = Value::from("fatal");
    assert!(!schema().is_valid(&log));
}
