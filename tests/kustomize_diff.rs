//! The overlay engine against the real `kustomize`: same objects in the same order, or both refuse.
//!
//! A case is one file in `tests/cases/kustomize`: lines before the first `-- path --` say what it is about,
//! each section is a file of the tree. `# differs: REASON` marks a deliberate difference (`docs/kustomize.md`):
//! exactly one of the two must refuse, so that the note goes when the difference goes.
//! `# build: FOLDER` names the folder to build, `overlay` or the root without it.

#![expect(clippy::disallowed_methods, reason = "a test writes trees and starts programs")]

mod support;

mod kustomize {
    pub(crate) mod case;
    pub(crate) mod peer;
}

use std::fs;
use std::path::PathBuf;

use kustomize::case::Case;
use kustomize::peer::{differences, ours, theirs};

/// What is wrong with a case, if anything.
fn judge(case: &Case) -> Option<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    case.write(folder.path());
    let (ours, theirs) = (ours(folder.path(), &case.build), theirs(folder.path(), &case.build));
    let lines = differences(&ours, &theirs);
    match (lines.is_empty(), case.differs) {
        (true, false) | (false, true) => None,
        (true, true) => Some(format!("is marked as different, but both say the same: {ours}")),
        (false, false) => Some(lines.join("\n  ")),
    }
}

/// Judges all cases on two threads and fails with every disagreement.
fn judge_all(cases: &[Case]) {
    assert!(!cases.is_empty(), "no cases");
    let (left, right) = cases.split_at(cases.len() / 2);
    let judged = |cases: &[Case]| -> Vec<String> {
        cases.iter().filter_map(|case| Some(format!("=== {}: {}", case.name, judge(case)?))).collect()
    };
    let wrong = std::thread::scope(|scope| {
        let other = scope.spawn(|| judged(right));
        let mut wrong = judged(left);
        wrong.extend(other.join().expect("no panic"));
        wrong
    });
    assert!(wrong.is_empty(), "{} of {} cases disagree\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn written_cases_agree() {
    let folder = support::repository().join("tests/cases/kustomize");
    let mut files: Vec<_> = fs::read_dir(folder).expect("cases").map(|entry| entry.expect("entry").path()).collect();
    files.sort();
    let only = std::env::var("CASE").ok();
    let read = |file: &PathBuf| Case::read(file);
    let cases: Vec<_> = files.iter().map(read).filter(|c| only.as_ref().is_none_or(|o| c.name.contains(o))).collect();
    judge_all(&cases);
}
