//! All of the output, or none and a failure: pipes that break, disks that are full, folders, formats.
#![expect(clippy::disallowed_methods, reason = "a test starts the program and reads what it wrote")]

mod support;

use std::fs::{self, File};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

fn cmp(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cmp"));
    command.current_dir(support::repository()).env("NO_COLOR", "1").args(arguments).stdin(Stdio::null());
    command
}

fn stdout(arguments: &[&str]) -> String {
    let output = cmp(arguments).output().expect("a run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn documents(text: &str) -> Vec<Value> {
    serde_yaml::Deserializer::from_str(text).map(|document| Value::deserialize(document).expect("YAML")).collect()
}

#[test]
fn full_disk_is_a_failure() {
    let full = File::options().write(true).open("/dev/full").expect("a device that is always full");
    let output = cmp(&["generate", "overlays/main"]).stdout(full).stderr(Stdio::piped()).output().expect("a run");
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.starts_with("error: the output is incomplete: No space left on device"), "{message}");
}

#[test]
fn broken_pipe_is_a_failure() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = cmp(&["generate", "overlays/main"]).stdout(writer).stderr(Stdio::piped()).output().expect("a run");
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.starts_with("error: the output is incomplete: Broken pipe"), "{message}");
}

#[test]
fn json_is_a_list_of_the_same_objects_in_the_same_order() {
    let list: Value = serde_json::from_str(&stdout(&["generate", "overlays/main", "-o", "json"])).expect("JSON");
    assert_eq!((&list["apiVersion"], &list["kind"]), (&Value::from("v1"), &Value::from("List")));
    assert_eq!(list["items"], Value::Array(documents(&stdout(&["generate", "overlays/main"]))));
}

#[test]
fn folder_has_a_file_an_object_whose_names_sort_by_wave() {
    let parent = TempDir::new().expect("a folder");
    let folder = parent.path().join("made/out");
    assert_eq!(stdout(&["generate", "overlays/main", "--output-dir", &folder.to_string_lossy()]), "");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    let expected = documents(&stdout(&["generate", "overlays/main"]));
    assert_eq!(names.len(), expected.len());
    assert_eq!(names[0], "000-namespace-observability.yaml");
    for name in &names {
        let document = documents(&fs::read_to_string(folder.join(name)).expect("a file"));
        assert!(expected.contains(&document[0]), "{name}");
    }
    assert_eq!(fs::read_dir(parent.path().join("made")).expect("a folder").count(), 1, "nothing else is left behind");
}

#[test]
fn components_are_a_part_of_the_whole_and_never_say_complete() {
    let all = documents(&stdout(&["generate", "overlays/main"]));
    let some = documents(&stdout(&["generate", "overlays/main", "--component", "tempo", "--component", "grafana"]));
    assert!(some.len() > 2 && some.len() < all.len());
    assert!(some.iter().all(|object| all.contains(object)));
    assert!(some.iter().all(|object| object["metadata"]["name"] != "observability-rollout"), "a part is no rollout");
}

#[test]
fn both_names_are_one_program() {
    let run = |program: &str| {
        let output =
            Command::new(program).args(["generate", "overlays/main"]).current_dir(support::repository()).output();
        output.expect("a run").stdout
    };
    let (one, other) = (run(env!("CARGO_BIN_EXE_cmp")), run(env!("CARGO_BIN_EXE_argocd-cmp")));
    assert!(!one.is_empty());
    assert_eq!(one, other);
}
