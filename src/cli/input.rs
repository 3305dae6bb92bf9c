//! What is read besides the tree: files that a flag names, and standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, bail};

use crate::source::MAX_FILE_SIZE;

/// Whether a flag's value names something to read: a file, or a pipe of the shell's.
pub(super) fn is_file(name: &str) -> bool {
    Path::new(name).exists() && !Path::new(name).is_dir()
}

/// The text of a file.
pub(super) fn read_file(path: &Path) -> anyhow::Result<String> {
    let name = path.display();
    let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
    read(file).with_context(|| format!("cannot read {name}"))
}

/// All of standard input.
pub(super) fn read_stdin() -> anyhow::Result<String> {
    read(io::stdin().lock()).context("cannot read standard input")
}

fn read(from: impl Read) -> anyhow::Result<String> {
    let mut text = String::new();
    from.take(MAX_FILE_SIZE + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_FILE_SIZE {
        bail!("more than {} MiB", MAX_FILE_SIZE >> 20);
    }
    Ok(text)
}
