//! The failure table: broken inputs, each with its exact message, position and exit status, and nothing on stdout.
//!
//! A case is a file in `tests/cases/failures/`; `support::case` describes its sections.
//! `UPDATE_GOLDENS=1 cargo test --test failures` writes outputs anew.
#![expect(clippy::disallowed_methods, reason = "a test writes its cases to a folder and starts the program")]

mod support;

use std::fs;

#[test]
fn broken_inputs_are_refused_with_the_right_words() {
    support::case::run_all("failures", 40);
}

#[test]
fn nothing_is_printed_by_halves() {
    for case in fs::read_dir(support::repository().join("tests/cases/failures")).expect("cases") {
        let text = fs::read_to_string(case.expect("a case").path()).expect("a case");
        assert!(!text.contains("-- stdout --"), "{text}");
    }
}
