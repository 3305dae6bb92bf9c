//! `cmp plan --from REV`: the overlay as a revision has it, read without running anything of the repository.
#![expect(clippy::disallowed_methods, reason = "a test makes a repository and starts the program")]

mod support;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};

use support::archive::Archive;
use tempfile::TempDir;

const BEFORE: &str = "\
-- base/kustomization.yaml --
resources: [all.yaml]
-- base/all.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: kept}
data: {a: before}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: gone}
-- o/kustomization.yaml --
resources: [../linked]
";

const AFTER: &str = "\
-- base/all.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: kept}
data: {a: after}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: new}
";

/// A repository whose work tree is a commit ahead of `before`; `linked` is a link to `base`.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    git(at, &["init", "--quiet", "--initial-branch=main"]);
    Archive::parse(BEFORE).write_to(at);
    symlink("base", at.join("linked")).expect("a link");
    git(at, &["add", "."]);
    git(at, &["commit", "--quiet", "--message=before"]);
    git(at, &["tag", "before"]);
    Archive::parse(AFTER).write_to(at);
    folder
}

fn git(at: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(at).args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(arguments);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().expect("running git");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn plan_from(at: &Path, revision: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cmp"));
    command.current_dir(at).args(["plan", "o", "--from", revision]).env("NO_COLOR", "1");
    command.output().expect("running cmp")
}

#[test]
fn a_revision_is_the_set_before() {
    let folder = repository();
    for revision in ["before", "main", "HEAD"] {
        let output = plan_from(folder.path(), revision);
        let plan = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let actions: Vec<Vec<&str>> = plan
            .lines()
            .filter(|line| line.contains("ConfigMap/"))
            .map(|line| line.split_whitespace().skip(3).take(2).collect())
            .collect();
        let expected = [["prune", "ConfigMap/gone"], ["update", "ConfigMap/kept"], ["create", "ConfigMap/new"]];
        assert_eq!(actions, expected, "{plan}");
    }
}

#[test]
fn an_unknown_revision_is_refused() {
    let folder = repository();
    for revision in ["nowhere", "--upload-pack=x", "HEAD:o"] {
        let output = plan_from(folder.path(), revision);
        assert_eq!(output.status.code(), Some(2), "{revision}");
        assert!(output.stdout.is_empty(), "{revision}");
    }
    let output = plan_from(folder.path(), "nowhere");
    let expected = "error: `--from nowhere` names neither a file nor a revision: git rev-parse does not know it\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
}

/// What git may be told to run: filters, text converters, hooks, a file system monitor, an editor of pages.
#[test]
fn nothing_that_the_repository_names_is_run() {
    let folder = repository();
    let at = folder.path();
    let trap = at.join("trap");
    fs::write(&trap, "#!/bin/sh\ntouch \"$(dirname \"$0\")/sprung\"\ncat\n").expect("a trap");
    fs::set_permissions(&trap, fs::Permissions::from_mode(0o755)).expect("a program");
    let run = trap.to_str().expect("text");
    for (name, value) in [
        ("filter.trap.smudge", run),
        ("filter.trap.clean", run),
        ("filter.trap.process", run),
        ("filter.trap.required", "true"),
        ("diff.trap.textconv", run),
        ("core.fsmonitor", run),
        ("core.pager", run),
        ("pager.ls-tree", run),
        ("core.sshCommand", run),
        ("core.hooksPath", at.to_str().expect("text")),
    ] {
        git(at, &["config", name, value]);
    }
    fs::write(at.join(".git/info/attributes"), "* filter=trap diff=trap\n").expect("attributes");
    assert!(plan_from(at, "before").status.success());
    assert!(!at.join("sprung").exists(), "something of the repository was run");
    // The trap works: git itself goes into it.
    Command::new("git").current_dir(at).arg("status").output().expect("running git");
    assert!(at.join("sprung").exists(), "the trap does not work");
}
