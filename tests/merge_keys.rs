//! The table of merge keys is what kustomize knows.
#![expect(clippy::disallowed_methods, reason = "a test starts the peer")]

mod support;

use std::process::Command;

#[test]
fn the_table_is_what_kustomize_knows() {
    let output = Command::new(support::peer("mergekeys")).output().expect("mergekeys runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table = support::repository().join("src/kustomize/patch/merge_keys.txt");
    assert!(
        output.stdout == std::fs::read(table).expect("the table"),
        "the table is old: go run -C tests/peers/mergekeys . > src/kustomize/patch/merge_keys.txt"
    );
}
