//! The failure table: broken inputs, each with its exact message, position and exit status, and nothing on stdout.
//!
//! A case is a file in `tests/cases/failures/`. Its sections:
//!
//! | section | meaning |
//! |---|---|
//! | `cmd` | the arguments of `cmp`, one line |
//! | `env` | `NAME=value` lines; none: outside Argo CD |
//! | `cwd` | the folder it runs in; default: the root of the case |
//! | `status` | the exit status |
//! | `stderr` | all of standard error |
//! | any other | a file; `{1000*x}` in it stands for a thousand times x |
//!
//! `UPDATE_GOLDENS=1 cargo test --test failures` writes `stderr` and `status` anew; read the difference before you
//! believe it.
#![expect(clippy::disallowed_methods, reason = "a test writes its cases to a folder and starts the program")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use support::archive::Archive;

/// Fewer cases than this mean that the folder was not read.
const AT_LEAST: usize = 40;

#[test]
fn broken_inputs_are_refused_with_the_right_words() {
    let folder = support::repository().join("tests/cases/failures");
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder).expect("cases").map(|e| e.expect("a case").path()).collect();
    cases.sort();
    let failed: Vec<String> = cases.iter().filter_map(|path| run(path).err()).collect();
    assert!(failed.is_empty(), "{} of {} cases differ:\n{}", failed.len(), cases.len(), failed.join("\n"));
    assert!(cases.len() >= AT_LEAST, "only {} cases", cases.len());
}

fn run(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path).expect("a case");
    let original = Archive::parse(&text);
    let mut case = original.clone();
    let arguments = case.take("cmd").unwrap_or_else(|| panic!("{} has no cmd", path.display()));
    let environment = case.take("env").unwrap_or_default();
    let working_folder = case.take("cwd").unwrap_or_default();
    let expected = (case.take("status").unwrap_or_default(), case.take("stderr").unwrap_or_default());
    for (_, text) in &mut case.files {
        *text = repeat(text);
    }
    let folder = tempfile::tempdir().expect("a folder");
    // The root of the tree: paths in messages start here.
    fs::create_dir(folder.path().join(".git")).expect("a folder");
    case.write_to(folder.path());

    let mut command = Command::cargo_bin("cmp").expect("the binary");
    command.current_dir(folder.path().join(working_folder.trim())).env_clear().env("NO_COLOR", "1");
    command.args(arguments.split_whitespace());
    command.envs(environment.lines().filter_map(|line| line.split_once('=')));
    let output = command.output().expect("a run");

    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if !output.stdout.is_empty() {
        return Err(format!("{name}: stdout is not empty:\n{}", String::from_utf8_lossy(&output.stdout)));
    }
    let status = output.status.code().map_or("killed".to_owned(), |code| code.to_string());
    let actual = (format!("{status}\n"), String::from_utf8_lossy(&output.stderr).into_owned());
    if actual == expected {
        return Ok(());
    }
    if std::env::var_os("UPDATE_GOLDENS").is_some() && std::env::var_os("CI").is_none() {
        let mut updated = original;
        updated.take("status");
        updated.take("stderr");
        updated.files.push(("status".to_owned(), actual.0));
        updated.files.push(("stderr".to_owned(), actual.1));
        fs::write(path, updated.to_text()).expect("writing a case");
        return Ok(());
    }
    Err(format!("{name}\nexpected {}{}\nactual   {}{}", expected.0, expected.1, actual.0, actual.1))
}

/// Replaces `{N*text}` by N times the text.
fn repeat(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let body = rest[start + 1..].split('}').next().unwrap_or_default();
        let times = body.split_once('*').and_then(|(n, unit)| Some((n.parse::<usize>().ok()?, unit)));
        out.push_str(&rest[..start]);
        if let Some((n, unit)) = times {
            out.push_str(&unit.replace("\\n", "\n").repeat(n));
            rest = &rest[start + body.len() + 2..];
        } else {
            out.push('{');
            rest = &rest[start + 1..];
        }
    }
    out + rest
}
