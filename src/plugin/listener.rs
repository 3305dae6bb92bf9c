//! The socket that repo-server looks for: `<folder>/<name>[-<version>].sock` (`PluginConfig.Address` of
//! `cmpserver/plugin/config.go`).
//!
//! A socket file outlives a server that was killed. Unlike the stock server, which deletes whatever is there, we ask first
//! whether somebody still listens; and we remove the file at the end only if it is still ours, so that an old server that
//! is slow to end does not take the new one's socket with it.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use tokio::net::UnixListener;

/// The socket cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Another server listens on it.
    #[error("another server listens on {0}; give this one another name or stop the other")]
    Taken(PathBuf),
    /// Something that is no socket lies there.
    #[error("{0} is not a socket and is left alone")]
    NotASocket(PathBuf),
    /// The operating system's word.
    #[error("cannot listen on {path}: {error}")]
    Io {
        /// The socket.
        path: PathBuf,
        /// The cause.
        error: io::Error,
    },
}

/// A socket that is ours.
#[derive(Debug)]
pub(super) struct Socket {
    path: PathBuf,
    /// Device and inode: whether the file is still the one we made.
    identity: (u64, u64),
}

impl Socket {
    /// Listens on `path`, in place of a server that is gone.
    pub(super) fn bind(path: &Path) -> Result<(Self, UnixListener), ListenError> {
        let io = |error| ListenError::Io { path: path.to_owned(), error };
        clear(path)?;
        let listener = UnixListener::bind(path).map_err(io)?;
        let metadata = fs::symlink_metadata(path).map_err(io)?;
        Ok((Self { path: path.to_owned(), identity: (metadata.dev(), metadata.ino()) }, listener))
    }

    /// Removes the file if it is still ours.
    pub(super) fn remove(&self) -> io::Result<()> {
        match fs::symlink_metadata(&self.path) {
            Ok(metadata) if (metadata.dev(), metadata.ino()) == self.identity => fs::remove_file(&self.path),
            _ => Ok(()),
        }
    }
}

fn clear(path: &Path) -> Result<(), ListenError> {
    let io = |error| ListenError::Io { path: path.to_owned(), error };
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io(error)),
    };
    if !metadata.file_type().is_socket() {
        return Err(ListenError::NotASocket(path.to_owned()));
    }
    match UnixStream::connect(path) {
        Ok(_) => Err(ListenError::Taken(path.to_owned())),
        Err(_) => fs::remove_file(path).map_err(io),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::net::UnixListener as StdListener;

    use super::{ListenError, Socket};

    #[tokio::test]
    async fn a_stale_socket_is_replaced_and_a_live_one_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("cmp.sock");
        drop(StdListener::bind(&path).expect("a socket that nobody listens on"));
        let (socket, _listener) = Socket::bind(&path).expect("a stale socket is replaced");
        assert!(matches!(Socket::bind(&path), Err(ListenError::Taken(_))));
        socket.remove().expect("ours");
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn only_our_own_socket_is_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("cmp.sock");
        let (old, listener) = Socket::bind(&path).expect("free");
        drop(listener);
        // The file system may give the inode to the next file, so the old one is kept under another name.
        fs::rename(&path, folder.path().join("old")).expect("renamed");
        let (_new, _listener) = Socket::bind(&path).expect("free again");
        old.remove().expect("nothing to do");
        assert!(path.exists(), "the new server's socket is gone");
    }

    #[tokio::test]
    async fn a_file_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("cmp.sock");
        fs::write(&path, "precious").expect("a file");
        assert!(matches!(Socket::bind(&path), Err(ListenError::NotASocket(_))));
    }
}
