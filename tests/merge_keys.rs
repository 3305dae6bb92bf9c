//! The table of merge keys is what kustomize knows.

use std::path::Path;
use std::process::Command;

#[test]
fn the_table_is_what_kustomize_knows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = root.join("target/peers/bin/mergekeys");
    assert!(program.exists(), "{} is missing: run scripts/peers", program.display());
    let output = Command::new(program).output().expect("mergekeys runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let current = std::fs::read(root.join("src/kustomize/patch/merge_keys.txt")).expect("the table");
    assert!(
        output.stdout == current,
        "the table is old: go run -C tests/peers/mergekeys . > src/kustomize/patch/merge_keys.txt"
    );
}
