//! Both engines over one folder.

use std::fmt;
use std::path::Path;
use std::process::Command;

use cmp_plugin::diagnostics::{Diagnostic, Sources};
use cmp_plugin::kustomize::{BuildError, build};
use cmp_plugin::source::{DirTree, TreePath};
use cmp_plugin::yaml::{self, Limits};
use serde_json::Value;

use crate::support;

/// What an engine says.
#[derive(Debug)]
pub(crate) enum Verdict {
    Objects(Vec<Value>),
    Refused(String),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Objects(objects) => {
                let text = serde_json::to_string_pretty(objects).map_err(|_| fmt::Error)?;
                f.write_str(&text)
            }
            Self::Refused(why) => write!(f, "refused: {why}"),
        }
    }
}

/// `kustomize build`.
pub(crate) fn theirs(folder: &Path, build: &str) -> Verdict {
    let output =
        Command::new(support::peer("kustomize")).arg("build").arg(build).current_dir(folder).output().expect("it runs");
    if !output.status.success() {
        return Verdict::Refused(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let source = Sources::default().add("output", text.as_str());
    let documents = yaml::parse(source, &text, Limits::default()).expect("kustomize writes YAML");
    Verdict::Objects(documents.iter().map(|node| normal(node.into())).collect())
}

/// Our own build of the same folder.
pub(crate) fn ours(folder: &Path, target: &str) -> Verdict {
    let tree = DirTree::open(folder).expect("a folder");
    let mut sources = Sources::default();
    match build(&tree, &mut sources, &TreePath::parse(target).expect("inside")) {
        Ok(build) => Verdict::Objects(build.objects.iter().map(|object| normal((&object.node).into())).collect()),
        Err(BuildError::Findings(findings)) => {
            let lines: Vec<_> = findings.iter().map(|finding| line(finding, &sources)).collect();
            Verdict::Refused(lines.join("\n"))
        }
        Err(error) => Verdict::Refused(error.to_string()),
    }
}

fn line(finding: &Diagnostic, sources: &Sources) -> String {
    let place = finding.primary.and_then(|span| sources.place(span)).unwrap_or_default();
    format!("{place}: {} [{}]", finding.message, finding.rule)
}

/// Numbers of equal value in one form: `1.0` and `1` are the same to every reader.
fn normal(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => (float as i64).into(),
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(normal).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, normal(value))).collect(),
        other => other,
    }
}
