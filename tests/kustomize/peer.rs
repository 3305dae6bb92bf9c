//! Both engines over one folder.

use std::fmt;
use std::path::Path;
use std::process::Command;

use cmp_plugin::diagnostics::{Diagnostic, Severity, Sources};
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
    /// Refused for the rules, all of them of our own strictness.
    Stricter(String),
}

impl Verdict {
    /// Whether all that is wrong is that patches or replacements change nothing.
    pub(crate) fn is_about_nothing_only(&self) -> bool {
        matches!(self, Self::Stricter(_))
    }
}

/// Rules by which `cmp` refuses what kustomize passes over.
const STRICTER: [&str; 2] = ["patch-matches-nothing", "replacement-matches-nothing"];

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Objects(objects) => write!(f, "{} objects", objects.len()),
            Self::Refused(why) | Self::Stricter(why) => write!(f, "refused: {}", why.trim_end()),
        }
    }
}

/// Where two verdicts differ, a line each; nothing where they say the same.
pub(crate) fn differences(ours: &Verdict, theirs: &Verdict) -> Vec<String> {
    let mut lines = Vec::new();
    match (ours, theirs) {
        (Verdict::Refused(_) | Verdict::Stricter(_), Verdict::Refused(_)) => {}
        (Verdict::Objects(a), Verdict::Objects(b)) => {
            let (names_a, names_b) = (a.iter().map(name).collect::<Vec<_>>(), b.iter().map(name).collect::<Vec<_>>());
            if names_a == names_b {
                a.iter().zip(b).for_each(|(a, b)| compare(&name(a), a, b, &mut lines));
            } else {
                lines.push(format!("cmp       has {}", names_a.join(", ")));
                lines.push(format!("kustomize has {}", names_b.join(", ")));
            }
        }
        _ => lines.extend([format!("cmp: {ours}"), format!("kustomize: {theirs}")]),
    }
    lines
}

fn name(object: &Value) -> String {
    let text = |pointer| object.pointer(pointer).map(ToString::to_string).unwrap_or_default().replace('"', "");
    format!("{}/{}/{}", text("/kind"), text("/metadata/namespace"), text("/metadata/name"))
}

fn compare(at: &str, a: &Value, b: &Value, lines: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let keys: std::collections::BTreeSet<_> = x.keys().chain(y.keys()).collect();
            for key in keys {
                compare(&format!("{at} {key}"), x.get(key).unwrap_or(&ABSENT), y.get(key).unwrap_or(&ABSENT), lines);
            }
        }
        (Value::Array(x), Value::Array(y)) => {
            for i in 0..x.len().max(y.len()) {
                compare(&format!("{at} {i}"), x.get(i).unwrap_or(&ABSENT), y.get(i).unwrap_or(&ABSENT), lines);
            }
        }
        // An absent value and a written `null` are different things.
        _ if std::ptr::eq(a, &raw const ABSENT) != std::ptr::eq(b, &raw const ABSENT) || a != b => {
            lines.push(format!("{at}: cmp {} kustomize {}", show(a), show(b)));
        }
        _ => {}
    }
}

static ABSENT: Value = Value::Null;

fn show(value: &Value) -> String {
    if std::ptr::eq(value, &raw const ABSENT) { "nothing".to_owned() } else { value.to_string() }
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
            let mut errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
            let stricter = errors.all(|finding| STRICTER.contains(&finding.rule));
            if stricter { Verdict::Stricter(lines.join("\n")) } else { Verdict::Refused(lines.join("\n")) }
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
