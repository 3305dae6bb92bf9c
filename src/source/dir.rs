//! A tree on disk. The only engine module that touches the file system.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Entry, FileTree, MAX_FILE_SIZE, ReadError, TreePath};

/// A folder on disk as a tree. Links may point anywhere inside it and nowhere else.
#[derive(Clone, Debug)]
pub struct DirTree {
    root: PathBuf,
}

impl DirTree {
    /// The tree below `root`.
    ///
    /// Fails when `root` does not exist or cannot be resolved.
    pub fn open(root: &Path) -> io::Result<Self> {
        Ok(Self { root: root.canonicalize()? })
    }

    /// The folder behind the tree, resolved.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn real(&self, path: &TreePath) -> Result<PathBuf, ReadError> {
        let resolved = self.root.join(path.as_str()).canonicalize().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::Missing(path.clone()),
            _ => ReadError::Io { path: path.clone(), error },
        })?;
        if resolved.starts_with(&self.root) { Ok(resolved) } else { Err(ReadError::Escapes(path.clone())) }
    }
}

impl FileTree for DirTree {
    fn read(&self, path: &TreePath) -> Result<Cow<'_, [u8]>, ReadError> {
        let io = |error| ReadError::Io { path: path.clone(), error };
        let resolved = self.real(path)?;
        let metadata = fs::metadata(&resolved).map_err(io)?;
        if !metadata.is_file() {
            return Err(ReadError::NotAFile(path.clone()));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(MAX_FILE_SIZE)).unwrap_or(0));
        // One byte more than allowed, so that a file growing under us is noticed too.
        File::open(&resolved).map_err(io)?.take(MAX_FILE_SIZE + 1).read_to_end(&mut bytes).map_err(io)?;
        if bytes.len() as u64 > MAX_FILE_SIZE {
            let size = metadata.len().max(bytes.len() as u64);
            return Err(ReadError::TooLarge { path: path.clone(), size, limit: MAX_FILE_SIZE });
        }
        Ok(Cow::Owned(bytes))
    }

    fn entry(&self, path: &TreePath) -> Option<Entry> {
        let metadata = fs::metadata(self.real(path).ok()?).ok()?;
        match (metadata.is_file(), metadata.is_dir()) {
            (true, _) => Some(Entry::File),
            (_, true) => Some(Entry::Folder),
            _ => None,
        }
    }

    fn resolve(&self, path: &TreePath) -> TreePath {
        let real = self.real(path).ok();
        let inside = real.as_deref().and_then(|real| real.strip_prefix(&self.root).ok()?.to_str());
        inside.and_then(TreePath::parse).unwrap_or_else(|| path.clone())
    }

    fn list(&self, folder: &TreePath) -> Vec<String> {
        let entries = self.real(folder).ok().and_then(|path| fs::read_dir(path).ok());
        let names = entries.into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<_> = names.collect();
        names.sort_unstable();
        names
    }
}
