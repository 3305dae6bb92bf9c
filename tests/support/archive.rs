//! Several small files in one text, so that a test case is one file that can be read from top to bottom:
//!
//! ```text
//! What is odd about it, in a sentence or two.
//! -- overlays/main/kustomization.yaml --
//! resources: [missing.yaml]
//! -- overlays/main/other.yaml --
//! …
//! ```

use std::fmt::Write;
use std::fs;
use std::path::Path;

/// The files of one text, in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Archive {
    /// What stands above the first file.
    pub(crate) comment: String,
    /// Name and text.
    pub(crate) files: Vec<(String, String)>,
}

impl Archive {
    /// Reads a text. A line `-- name --` starts a file; everything else belongs to the one before it.
    pub(crate) fn parse(text: &str) -> Self {
        let mut archive = Self::default();
        for line in text.split_inclusive('\n') {
            let name = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
            match (name, archive.files.last_mut()) {
                (Some(name), _) => archive.files.push((name.to_owned(), String::new())),
                (None, Some((_, text))) => text.push_str(line),
                (None, None) => archive.comment.push_str(line),
            }
        }
        archive
    }

    /// Takes the file `name` out.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        let i = self.files.iter().position(|(other, _)| other == name)?;
        Some(self.files.remove(i).1)
    }

    /// Writes the files below `folder`. `\x41` in a text is the byte 0x41, so that a case can hold any.
    pub(crate) fn write_to(&self, folder: &Path) {
        for (name, text) in &self.files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for a case");
            fs::write(path, unescape(text)).expect("a file of a case");
        }
    }

    /// The text that [`Archive::parse`] reads back.
    pub(crate) fn to_text(&self) -> String {
        let mut out = self.comment.clone();
        for (name, text) in &self.files {
            write!(out, "-- {name} --\n{text}").expect("a string takes everything");
        }
        out
    }
}

fn unescape(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut out = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        match part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                out.extend_from_slice(&part.as_bytes()[2..]);
            }
            None => out.extend_from_slice(format!("\\x{part}").as_bytes()),
        }
    }
    out
}
