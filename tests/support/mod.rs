//! What the integration tests share. Each of them uses a part of it.
#![allow(dead_code, reason = "every test crate compiles this module and uses some of it")]

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
