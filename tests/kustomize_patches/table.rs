//! The cases written down in the YAML files beside this one.

use std::path::Path;

use cmp_plugin::diagnostics::Findings;
use serde::Deserialize;

use crate::case::{Case, theirs, theirs_all};

/// A case as its file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    /// What wraps base and patch.
    #[serde(rename = "in")]
    within: Option<String>,
    base: String,
    patch: String,
    target: Option<String>,
    /// Whether the name prefix by which cases are told apart in one build would change more than the name.
    #[serde(default)]
    alone: bool,
    /// What our refusal must say.
    why: Option<String>,
}

fn rows(file: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kustomize_patches").join(file);
    let text = std::fs::read_to_string(path).expect("the table");
    serde_yaml::from_str(&text).expect("a list of cases")
}

impl Row {
    fn case(&self, within: Option<&str>) -> Case {
        let (base, patch, target) = (self.base.clone(), self.patch.clone(), self.target.clone());
        let (base, patch, target) = match self.within.as_deref().or(within) {
            Some("pod") => (pod(&base), pod(&patch), target),
            Some("json") => (
                format!(
                    "apiVersion: example.com/v1\nkind: Widget\nmetadata: {{name: x}}\nspec: {}\n",
                    base.replace('\n', "\n  ")
                ),
                patch,
                Some("{kind: Widget}".to_owned()),
            ),
            _ => (base, patch, target),
        };
        Case { name: self.name.clone(), base, patch, target }
    }
}

fn pod(spec: &str) -> String {
    format!("apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: x}}\nspec: {{template: {{spec: {spec}}}}}\n")
}

fn same_result(file: &str, within: Option<&str>) {
    let (alone, together): (Vec<_>, Vec<_>) = rows(file).into_iter().partition(|row| row.alone);
    let together: Vec<_> = together.iter().map(|row| row.case(within)).collect();
    let built = theirs_all(&together).unwrap_or_else(|_| {
        let refused = together.iter().filter_map(|case| Some((&case.name, theirs(case).err()?)));
        panic!("kustomize refuses {:#?}", refused.collect::<Vec<_>>())
    });
    let alone = alone.iter().map(|row| row.case(within)).map(|case| {
        let theirs = theirs(&case).expect("kustomize takes it");
        (case, theirs)
    });
    let compared: Vec<_> = together.into_iter().zip(built).chain(alone).collect();
    let mut wrong = Vec::new();
    for (case, theirs) in &compared {
        match case.ours() {
            Ok(ours) if ours == *theirs => {}
            Ok(ours) => wrong.push(format!(
                "{}\n  ours:   {}\n  theirs: {}",
                case.name,
                show(ours.as_ref()),
                show(theirs.as_ref())
            )),
            Err(findings) => wrong.push(format!("{}\n  refused: {}", case.name, messages(&findings))),
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases of {file}:\n{}", wrong.len(), compared.len(), wrong.join("\n"));
}

fn show(value: Option<&serde_json::Value>) -> String {
    value.map_or_else(|| "deleted".to_owned(), ToString::to_string)
}

fn messages(findings: &Findings) -> String {
    findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; ")
}

#[test]
fn strategic_merge_patches_give_what_kustomize_gives() {
    same_result("strategic.yaml", None);
}

#[test]
fn json_patches_give_what_kustomize_gives() {
    same_result("json.yaml", Some("json"));
}

#[test]
fn what_kustomize_refuses_is_refused() {
    for row in rows("refused.yaml") {
        let case = row.case(None);
        assert!(case.ours().is_err(), "{}: we take it", case.name);
        assert!(theirs(&case).is_err(), "{}: kustomize takes it", case.name);
    }
}

#[test]
fn what_kustomize_turns_into_nonsense_is_refused() {
    for row in rows("stricter.yaml") {
        let case = row.case(None);
        let why = row.why.as_deref().expect("a stricter case says why");
        let findings = case.ours().expect_err(&case.name);
        assert!(messages(&findings).contains(why), "{}: {}", case.name, messages(&findings));
        assert!(theirs(&case).is_ok(), "{}: kustomize refuses it too: {:?}", case.name, theirs(&case));
    }
}
