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
    pub(crate) mod random;
}

use std::fs;
use std::path::PathBuf;

use kustomize::case::Case;
use kustomize::peer::{Verdict, differences, ours, theirs};

/// Whether both engines built a case, and what is wrong with it, if anything.
fn judge(case: &Case) -> (bool, Option<String>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    case.write(folder.path());
    let (ours, theirs) = (ours(folder.path(), &case.build), theirs(folder.path(), &case.build));
    // Random patches can miss; written cases show this difference once.
    if case.is_random && ours.is_about_nothing_only() {
        return (false, None);
    }
    let lines = differences(&ours, &theirs);
    let built = matches!((&ours, &theirs), (Verdict::Objects(_), Verdict::Objects(_)));
    let wrong = match (lines.is_empty(), case.differs) {
        (true, false) | (false, true) => None,
        (true, true) => Some(format!("is marked as different, but both say the same: {ours}")),
        (false, false) => Some(lines.join("\n  ")),
    };
    (built, wrong)
}

/// Judges all cases on two threads and fails with every disagreement. Returns how many both engines built.
fn judge_all(cases: &[Case]) -> usize {
    assert!(!cases.is_empty(), "no cases");
    let (left, right) = cases.split_at(cases.len() / 2);
    let judged = |cases: &[Case]| {
        let (mut built, mut wrong) = (0, Vec::new());
        for case in cases {
            let (both, disagreement) = judge(case);
            built += usize::from(both);
            wrong.extend(disagreement.map(|lines| format!("=== {}: {lines}", case.name)));
        }
        (built, wrong)
    };
    let ((left, mut wrong), (right, more)) = std::thread::scope(|scope| {
        let other = scope.spawn(|| judged(right));
        (judged(left), other.join().expect("no panic"))
    });
    wrong.extend(more);
    assert!(wrong.is_empty(), "{} of {} cases disagree\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    left + right
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

#[test]
fn random_cases_agree() {
    let count = std::env::var("RANDOM_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(250);
    let cases = kustomize::random::cases(count);
    let built = judge_all(&cases);
    assert!(built * 4 > cases.len(), "only {built} of {} cases build: they test refusals only", cases.len());
}
