//! What `cmp plan` prints: small overlays, each with all of standard output and standard error.
//!
//! A case is a file in `tests/cases/plan/`. Its sections:
//!
//! | section | meaning |
//! |---|---|
//! | `cmd` | the arguments of `cmp`, one line |
//! | `stdin` | standard input, if any |
//! | `status` | the exit status |
//! | `stdout`, `stderr` | all of it |
//! | any other | a file |
//!
//! `UPDATE_GOLDENS=1 cargo test --test plan` writes the last three anew; read the difference before you believe it.
#![expect(clippy::disallowed_methods, reason = "a test writes its cases to a folder and starts the program")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use support::archive::Archive;

/// Fewer cases than this mean that the folder was not read.
const AT_LEAST: usize = 12;
const RESULTS: [&str; 3] = ["status", "stdout", "stderr"];

#[test]
fn plans_are_printed_as_expected() {
    let folder = support::repository().join("tests/cases/plan");
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder).expect("cases").map(|e| e.expect("a case").path()).collect();
    cases.sort();
    let failed: Vec<String> = cases.iter().filter_map(|path| run(path).err()).collect();
    assert!(failed.is_empty(), "{} of {} cases differ:\n{}", failed.len(), cases.len(), failed.join("\n"));
    assert!(cases.len() >= AT_LEAST, "only {} cases", cases.len());
}

#[test]
fn the_shipped_environments_are_planned_without_warnings() {
    for environment in ["main", "add-otel"] {
        let mut command = Command::cargo_bin("cmp").expect("the binary");
        command.current_dir(support::repository()).env_clear().args(["plan", "--expand", "--application"]);
        command.arg(format!("install/applications/{environment}.yaml")).arg(format!("overlays/{environment}"));
        let output = command.output().expect("a run");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{environment}");
        let plan = String::from_utf8(output.stdout).expect("text");
        // The children's own plans are nested, and the marker comes last, by itself.
        assert!(plan.contains("OpenTelemetryCollector/otel") && plan.contains("DaemonSet/beyla"), "{plan}");
        let last = plan.lines().rfind(|line| line.contains(" Sync ")).expect("a step");
        assert!(last.contains("ConfigMap/observability-rollout"), "{plan}");
    }
}

fn run(path: &Path) -> Result<(), String> {
    let original = Archive::parse(&fs::read_to_string(path).expect("a case"));
    let mut case = original.clone();
    let arguments = case.take("cmd").unwrap_or_else(|| panic!("{} has no cmd", path.display()));
    let input = case.take("stdin").unwrap_or_default();
    let expected = RESULTS.map(|section| case.take(section).unwrap_or_default());
    let folder = tempfile::tempdir().expect("a folder");
    // The root of the tree: paths in messages start here.
    fs::create_dir(folder.path().join(".git")).expect("a folder");
    case.write_to(folder.path());

    let mut command = Command::cargo_bin("cmp").expect("the binary");
    command.current_dir(folder.path()).env_clear().env("NO_COLOR", "1");
    let output = command.args(arguments.split_whitespace()).write_stdin(input).output().expect("a run");
    let status = output.status.code().map_or("killed".to_owned(), |code| code.to_string());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let actual = [format!("{status}\n"), text(&output.stdout), text(&output.stderr)];
    if actual == expected {
        return Ok(());
    }
    if std::env::var_os("UPDATE_GOLDENS").is_some() && std::env::var_os("CI").is_none() {
        let mut updated = original;
        for (section, actual) in RESULTS.into_iter().zip(actual) {
            updated.take(section);
            updated.files.push((section.to_owned(), actual));
        }
        fs::write(path, updated.to_text()).expect("writing a case");
        return Ok(());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Err(format!("{name}\nexpected:\n{}\nactual:\n{}", expected.concat(), actual.concat()))
}
