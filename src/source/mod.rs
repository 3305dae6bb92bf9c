//! Where files come from: a folder on disk, or a tree in memory. Past here nobody knows which.

mod archive;
#[expect(clippy::disallowed_methods, reason = "the one module of the engine that reads the disk")]
mod dir;
mod memory;
mod path;
mod repository;

use std::borrow::Cow;
use std::io;

pub use archive::{ArchiveBuilder, ArchiveTree};
pub use dir::DirTree;
pub use memory::MemoryTree;
pub use path::TreePath;
pub use repository::RepositoryRoot;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A regular file.
    File,
    /// A folder.
    Folder,
}

/// A file could not be had.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Nothing stands there.
    #[error("{0} does not exist")]
    Missing(TreePath),
    /// A folder, a socket, a device …
    #[error("{0} is not a regular file")]
    NotAFile(TreePath),
    /// A link that leads out of the tree.
    #[error("{0} is a link that leads out of the tree")]
    Escapes(TreePath),
    /// More than the limit for one file.
    #[error("{path} has {size} bytes; the limit is {limit}")]
    TooLarge {
        /// The file.
        path: TreePath,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The operating system's word.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: TreePath,
        /// The cause.
        error: io::Error,
    },
}

/// A read-only tree of files. Links are followed only inside the tree.
pub trait FileTree {
    /// The bytes of a regular file.
    fn read(&self, path: &TreePath) -> Result<Cow<'_, [u8]>, ReadError>;

    /// What stands at `path`, or `None`.
    fn entry(&self, path: &TreePath) -> Option<Entry>;

    /// The path behind links; the path itself where there are none or nothing stands there.
    fn resolve(&self, path: &TreePath) -> TreePath {
        path.clone()
    }

    /// The names in a folder, sorted bytewise; empty when it is none.
    fn list(&self, folder: &TreePath) -> Vec<String>;
}

/// The largest file that is read, in bytes.
pub const MAX_FILE_SIZE: u64 = 64 << 20;
