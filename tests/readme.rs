//! What the README tells a reader to type works as it stands there.
#![expect(clippy::disallowed_methods, reason = "a test starts the program")]

mod support;

use std::fs;
use std::process::Command;

/// The commands of the README's console blocks.
fn commands() -> Vec<String> {
    let readme = fs::read_to_string(support::repository().join("README.md")).expect("README.md");
    let mut commands = Vec::new();
    let mut in_console = false;
    for line in readme.lines() {
        match line {
            "```console" => in_console = true,
            "```" => in_console = false,
            _ if in_console => commands.extend(line.strip_prefix("$ ").map(str::to_owned)),
            _ => {}
        }
    }
    commands
}

#[test]
fn every_generate_command_works() {
    let folder = tempfile::tempdir().expect("a folder");
    support::copy_folder(&support::repository().join("overlays"), &folder.path().join("overlays")).expect("a copy");
    let mut run = 0;
    for command in commands() {
        let words = command.split('#').next().unwrap_or_default();
        let words = words.replace("cargo run --release --quiet --", "cmp").replace("cargo run --release --", "cmp");
        let Some(arguments) = words.strip_prefix("cmp ") else { continue };
        let mut cmp = Command::new(env!("CARGO_BIN_EXE_cmp"));
        let output = cmp.args(arguments.split_whitespace()).current_dir(folder.path()).output().expect("a run");
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        run += 1;
    }
    assert!(run >= 6, "only {run} commands were found");
}

#[test]
fn the_two_commands_of_the_start_exist() {
    let commands = commands();
    assert!(commands.contains(&"cargo run --release -- generate overlays/main".to_owned()));
    assert!(commands.contains(&"scripts/test".to_owned()));
    assert!(support::repository().join("scripts/test").is_file());
}

#[test]
fn every_relative_link_leads_somewhere() {
    for page in ["README.md", "CONTRIBUTING.md", "overlays/base/README.md", "docs/plan.md", "docs/stack.md"] {
        let path = support::repository().join(page);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{page}: {error}"));
        for part in text.split("](").skip(1) {
            let target = part.split([')', '#']).next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            assert!(path.parent().expect("a folder").join(target).exists(), "{page} links to {target}");
        }
    }
}
