//! One case: a small tree of files in one text.

use std::fs;
use std::path::Path;

/// A tree, the folder to build, and whether the two engines are meant to differ.
#[derive(Debug)]
pub(crate) struct Case {
    /// The file's name without its ending.
    pub(crate) name: String,
    /// Path and text of each file.
    pub(crate) files: Vec<(String, String)>,
    /// Symbolic links: where from, where to.
    pub(crate) links: Vec<(String, String)>,
    /// The folder to build.
    pub(crate) build: String,
    /// Whether the case shows a deliberate difference.
    pub(crate) differs: bool,
    /// Whether nobody wrote the case.
    pub(crate) is_random: bool,
}

impl Case {
    /// Reads a case file.
    pub(crate) fn read(file: &Path) -> Self {
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        Self::parse(name, &fs::read_to_string(file).expect("UTF-8"))
    }

    /// Splits a text at its `-- path --` lines.
    pub(crate) fn parse(name: String, text: &str) -> Self {
        let mut header = Vec::new();
        let mut files: Vec<(String, String)> = Vec::new();
        for line in text.split_inclusive('\n') {
            match (line.strip_prefix("-- ").and_then(|rest| rest.trim_end().strip_suffix(" --")), files.last_mut()) {
                (Some(path), _) => files.push((path.to_owned(), String::new())),
                (None, Some((_, text))) => text.push_str(line),
                (None, None) => header.push(line.trim_end()),
            }
        }
        let note =
            |key: &str| header.iter().filter_map(|line| line.strip_prefix(key)).map(str::trim).collect::<Vec<_>>();
        let overlay = files.iter().any(|(path, _)| path.starts_with("overlay/"));
        let links =
            note("# link:").into_iter().filter_map(|link| link.split_once(" -> ")).map(|(a, b)| (a.into(), b.into()));
        let default = if overlay { "overlay" } else { "." };
        Self {
            name,
            links: links.collect(),
            build: note("# build:").first().copied().unwrap_or(default).to_owned(),
            differs: !note("# differs:").is_empty(),
            is_random: false,
            files,
        }
    }

    /// Writes the tree below `folder`. A text `base64:…` is written as the bytes it stands for.
    pub(crate) fn write(&self, folder: &Path) {
        use base64::Engine;
        for (path, text) in &self.files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("created");
            let bytes = match text.strip_prefix("base64:") {
                Some(code) => base64::engine::general_purpose::STANDARD.decode(code.trim()).expect("base64"),
                None => text.clone().into_bytes(),
            };
            fs::write(path, bytes).expect("written");
        }
        for (from, to) in &self.links {
            std::os::unix::fs::symlink(to, folder.join(from)).expect("linked");
        }
    }
}
