//! `cmp validate` and `cmp explain` as they are typed: what goes in, and all that comes out.
//!
//! A case is a file in `tests/cases/validate/` or `tests/cases/explain/`; `support::case` describes its sections.

mod support;

#[test]
fn findings_are_reported_as_written_down() {
    support::case::run_all("validate", 25);
}

#[test]
fn rules_are_explained_as_written_down() {
    support::case::run_all("explain", 5);
}
