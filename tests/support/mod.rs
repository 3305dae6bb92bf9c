//! What the integration tests share. Each of them uses a part of it.
#![allow(clippy::disallowed_methods, reason = "tests read and write their cases and start programs")]
#![allow(dead_code, reason = "every test crate compiles this module and uses some of it")]

pub(crate) mod archive;
pub(crate) mod case;
pub(crate) mod sets;

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The repository that these tests belong to.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A program that `scripts/peers` builds. A test that needs one never passes without it.
pub(crate) fn peer(name: &str) -> PathBuf {
    let path = repository().join("target/peers/bin").join(name);
    assert!(path.exists(), "{} is missing: run scripts/peers first", path.display());
    path
}

/// Compares with an expected output that lies in a file, or writes that file anew if `UPDATE_GOLDENS` is set.
pub(crate) fn assert_golden(golden: &Path, actual: &str) {
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        assert!(std::env::var_os("CI").is_none(), "goldens are not written in CI");
        fs::write(golden, actual).expect("writing a golden");
        return;
    }
    let expected = fs::read_to_string(golden)
        .unwrap_or_else(|error| panic!("{}: {error}; UPDATE_GOLDENS=1 writes it", golden.display()));
    let lines = expected.lines().zip(actual.lines());
    let line = 1 + lines.take_while(|(expected, actual)| expected == actual).count();
    assert!(
        expected == actual,
        "{}:{line}: not what is expected, which UPDATE_GOLDENS=1 would write anew\nexpected: {:?}\nactual:   {:?}",
        golden.display(),
        expected.lines().nth(line - 1),
        actual.lines().nth(line - 1),
    );
}

/// Copies a folder with everything below it; links stay links.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path())?, target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
