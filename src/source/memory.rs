//! A tree in memory: tests, and archives that never touch the disk.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, FileTree, ReadError, TreePath};

/// Files by path; folders exist because files lie in them.
#[derive(Clone, Debug, Default)]
pub struct MemoryTree {
    files: BTreeMap<TreePath, Vec<u8>>,
}

impl MemoryTree {
    /// Adds or replaces a file.
    pub fn insert(&mut self, path: TreePath, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path, bytes.into());
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for MemoryTree {
    /// For tests: paths that lead out of the tree are left out.
    fn from_iter<T: IntoIterator<Item = (&'a str, &'a str)>>(files: T) -> Self {
        let files = files.into_iter();
        Self { files: files.filter_map(|(p, t)| Some((TreePath::parse(p)?, t.into()))).collect() }
    }
}

impl FileTree for MemoryTree {
    fn read(&self, path: &TreePath) -> Result<Cow<'_, [u8]>, ReadError> {
        match (self.files.get(path), self.entry(path)) {
            (Some(bytes), _) => Ok(Cow::Borrowed(bytes)),
            (None, Some(_)) => Err(ReadError::NotAFile(path.clone())),
            (None, None) => Err(ReadError::Missing(path.clone())),
        }
    }

    fn entry(&self, path: &TreePath) -> Option<Entry> {
        if self.files.contains_key(path) {
            return Some(Entry::File);
        }
        // Not the file right behind `path`: `a.b` sorts between `a` and `a/b`.
        self.files.keys().any(|file| file.is_within(path)).then_some(Entry::Folder)
    }

    fn list(&self, folder: &TreePath) -> Vec<String> {
        let depth = folder.components().count();
        let below = self.files.keys().filter(|file| file.is_within(folder));
        let names: BTreeSet<_> = below.filter_map(|file| file.components().nth(depth)).collect();
        names.into_iter().map(str::to_owned).collect()
    }
}
