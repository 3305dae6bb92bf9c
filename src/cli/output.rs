//! All of it, or none and a failure.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};

use crate::render::OutputFile;

/// Writes `text` to standard output. A broken pipe and a full disk are errors: half a set with exit status 0 would make
/// Argo CD prune the other half.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).context("the output is incomplete")
}

/// Writes a report to standard output, with its colours where a person sees them (`NO_COLOR` and pipes have none).
pub(super) fn print_report(text: &str) -> anyhow::Result<()> {
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).context("the report is incomplete")
}

/// Writes the files into `folder`, which must be new or empty. They are written beside it first, so that the folder
/// has all of them or does not change.
pub(super) fn write_folder(folder: &Path, files: &[OutputFile]) -> anyhow::Result<()> {
    let taken = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if taken || folder.is_file() {
        bail!("{} is not empty; name a new folder, or empty it first", folder.display());
    }
    let name = folder.file_name().with_context(|| format!("{} names no folder", folder.display()))?;
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
    let staging = parent.join(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id()));
    let write = || -> io::Result<()> {
        fs::create_dir(&staging)?;
        for file in files {
            fs::write(staging.join(&file.name), &file.text)?;
        }
        // Renaming replaces an empty folder and nothing else.
        fs::rename(&staging, folder)
    };
    write().with_context(|| {
        // What was staged is of no use to anybody; the cause is the error worth telling.
        drop(fs::remove_dir_all(&staging));
        format!("cannot write {}", folder.display())
    })
}
