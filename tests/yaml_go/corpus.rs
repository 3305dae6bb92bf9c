//! Real files: what the repository ships, and what upstream projects do.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

use crate::{goyaml, reading, support};

/// Path and text of every YAML and JSON file in the repository and in `shared`, which lies beside it (`CMP_SHARED`
/// names another place).
pub(crate) fn files() -> Vec<(PathBuf, String)> {
    let shared = env::var_os("CMP_SHARED").map_or_else(|| support::repository().join("../shared"), PathBuf::from);
    let there = shared.is_dir();
    assert!(there, "{} is missing: it holds the upstream files to compare with", shared.display());
    let mut files = Vec::new();
    visit(support::repository(), &mut files);
    let own = files.len();
    visit(&shared, &mut files);
    assert!(own > 0 && files.len() > own + 20, "{own} files here, {} in all", files.len());
    files
}

fn visit(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    let mut entries: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                visit(&path, files);
            }
        } else if [".yaml", ".yml", ".json", ".tpl"].iter().any(|end| name.ends_with(end))
            && let Ok(text) = fs::read_to_string(&path)
        {
            files.push((path, text));
        }
    }
}

/// The documents of a text as Argo CD cuts it: at lines that start with `---`.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut documents = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if line.starts_with("---") && documents.last().is_some_and(|last| !last.is_empty()) {
            documents.push(String::new());
        } else if let Some(last) = documents.last_mut() {
            last.push_str(line);
        }
    }
    documents
}

/// Each whole file gives us the documents that Argo CD makes of it.
pub(crate) fn compare_whole_files(files: &[(PathBuf, String)]) {
    let mut compared = 0;
    for (path, text) in files {
        let answers = goyaml::ask(&split(text), true);
        let go: Result<Vec<Value>, String> = answers.into_iter().collect();
        let go = go.map(|documents| documents.into_iter().filter(|value| !value.is_null()).collect::<Vec<_>>());
        match (reading::documents(text), go) {
            (Ok(ours), Ok(go)) => {
                assert!(ours == go, "{}: not the documents that Argo CD reads", path.display());
                compared += ours.len();
            }
            (Err(_), Err(_)) => {}
            (Ok(_), Err(error)) => panic!("{}: Go refuses it: {error}", path.display()),
            (Err(findings), Ok(_)) => panic!("{}: we refuse it: {findings:?}", path.display()),
        }
    }
    println!("whole files: {compared} documents of {} files", files.len());
    assert!(compared >= 60, "only {compared} documents");
}
