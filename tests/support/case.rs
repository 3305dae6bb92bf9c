//! Runs of `cmp` written down in one file each: what goes in, and all that comes out.
//!
//! | section | meaning |
//! |---|---|
//! | `cmd` | the arguments of `cmp`, one line |
//! | `env` | `NAME=value` lines; none: outside Argo CD |
//! | `cwd` | the folder it runs in; default: the root of the case |
//! | `stdin` | what it is given; default: nothing |
//! | `status` | the exit status |
//! | `stdout` | all of standard output; without the section it must be empty |
//! | `stderr` | all of standard error |
//! | any other | a file; `{1000*x}` in it stands for a thousand times x |
//!
//! With `UPDATE_GOLDENS=1` the outputs are written anew; read the difference before you believe it.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

use super::archive::Archive;

/// What a run leaves behind, as the sections of a case.
const OUTPUTS: [&str; 3] = ["status", "stdout", "stderr"];

/// Runs every case of `tests/cases/<folder>`; fewer than `at_least` mean that the folder was not read.
pub(crate) fn run_all(folder: &str, at_least: usize) {
    let folder = super::repository().join("tests/cases").join(folder);
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder).expect("cases").map(|e| e.expect("a case").path()).collect();
    cases.sort();
    let failed: Vec<String> = cases.iter().filter_map(|path| run(path).err()).collect();
    assert!(failed.is_empty(), "{} of {} cases differ:\n{}", failed.len(), cases.len(), failed.join("\n"));
    assert!(cases.len() >= at_least, "only {} cases", cases.len());
}

fn run(path: &Path) -> Result<(), String> {
    let mut original = Archive::parse(&fs::read_to_string(path).expect("a case"));
    let expected = OUTPUTS.map(|name| original.take(name).unwrap_or_default());
    let actual = outputs(&original);
    if actual == expected {
        return Ok(());
    }
    if std::env::var_os("UPDATE_GOLDENS").is_some() && std::env::var_os("CI").is_none() {
        let named = OUTPUTS.iter().zip(actual).filter(|(name, text)| *name != &"stdout" || !text.is_empty());
        original.files.extend(named.map(|(name, text)| ((*name).to_owned(), text)));
        fs::write(path, original.to_text()).expect("writing a case");
        return Ok(());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let differ = OUTPUTS.iter().zip(expected.iter().zip(&actual)).filter(|(_, (expected, actual))| expected != actual);
    let shown = differ.map(|(what, (expected, actual))| format!("{what} expected:\n{expected}actual:\n{actual}"));
    Err(format!("{name}: {}", shown.collect::<Vec<_>>().join("\n")))
}

/// Status, standard output and standard error of a case's run.
fn outputs(case: &Archive) -> [String; 3] {
    let mut case = case.clone();
    let arguments = case.take("cmd").expect("a case has a section `cmd`");
    let environment = case.take("env").unwrap_or_default();
    let working_folder = case.take("cwd").unwrap_or_default();
    let input = case.take("stdin").unwrap_or_default();
    for (_, text) in &mut case.files {
        *text = repeat(text);
    }
    let folder = tempfile::tempdir().expect("a folder");
    // The root of the tree: paths in messages start here.
    fs::create_dir(folder.path().join(".git")).expect("a folder");
    case.write_to(folder.path());

    let mut command = Command::cargo_bin("cmp").expect("the binary");
    command.current_dir(folder.path().join(working_folder.trim())).env_clear().env("NO_COLOR", "1");
    command.args(arguments.split_whitespace()).write_stdin(input);
    command.envs(environment.lines().filter_map(|line| line.split_once('=')));
    let output = command.output().expect("a run");
    let status = output.status.code().map_or("killed".to_owned(), |code| code.to_string());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    [format!("{status}\n"), text(&output.stdout), text(&output.stderr)]
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
