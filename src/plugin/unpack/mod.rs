//! A compressed archive becomes a tree while it arrives: bytes go in, nothing waits for the end, nothing is written to
//! disk. The stock server's counterpart is `Untgz` in Argo CD's `util/io/files/tar.go`.

mod entry;
mod scan;

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;

use super::limits::Limits;
use crate::source::ArchiveTree;
use scan::Scan;

/// An archive that is not taken. The texts follow the stock server's where it has one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnpackError {
    /// Not gzip, or broken on the way.
    #[error("error reading file: gzip: {0}")]
    Gzip(String),
    /// Not a tar archive, or one that ends in the middle.
    #[error("error while iterating on tar reader: {0}")]
    Tar(String),
    /// A path that leads out of the archive.
    #[error("illegal filepath in archive: {0}: path escapes from parent")]
    Path(String),
    /// A link that leads out of the archive.
    #[error("illegal filepath in symlink: error checking symlink {0:?} target: path escapes from parent")]
    Link(String),
    /// An entry that lies behind a link, or replaces one.
    #[error("illegal filepath in archive: {0}: is or lies behind a symlink")]
    BehindLink(String),
    /// More than a limit allows.
    #[error("the archive has more than {limit} {what}; see {flag} of `cmp serve`")]
    Limit {
        /// Of what.
        what: &'static str,
        /// How much is allowed.
        limit: u64,
        /// The flag that changes it.
        flag: &'static str,
    },
}

/// An archive on its way in.
#[derive(Debug)]
pub struct Unpacker {
    decoder: MultiGzDecoder<Scan>,
    fed: u64,
    limit: u64,
}

impl Unpacker {
    /// An empty archive with these bounds.
    pub fn new(limits: &Limits) -> Self {
        Self { decoder: MultiGzDecoder::new(Scan::new(limits)), fed: 0, limit: limits.archive_bytes }
    }

    /// Takes the next compressed bytes.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), UnpackError> {
        self.fed += bytes.len() as u64;
        if self.fed > self.limit {
            return Err(UnpackError::Limit {
                what: "compressed bytes",
                limit: self.limit,
                flag: "--max-archive-bytes",
            });
        }
        self.decoder.get_mut().compressed(self.fed);
        if self.decoder.get_ref().is_complete() {
            // As archive/tar: what follows the end of the archive is nobody's business.
            return Ok(());
        }
        self.decoder.write_all(bytes).map_err(|error| self.explain(&error))
    }

    /// Bytes kept so far.
    pub fn memory(&self) -> usize {
        self.decoder.get_ref().memory()
    }

    /// Bytes so far once inflated.
    pub fn unpacked(&self) -> u64 {
        self.decoder.get_ref().unpacked()
    }

    /// The tree, once every byte was fed.
    pub fn finish(mut self) -> Result<ArchiveTree, UnpackError> {
        if self.fed == 0 {
            return Err(UnpackError::Gzip("EOF".to_owned()));
        }
        if !self.decoder.get_ref().is_complete() {
            self.decoder.try_finish().map_err(|error| self.explain(&error))?;
        }
        std::mem::take(self.decoder.get_mut()).finish()
    }

    /// The scan's own word, if it was the scan that stopped.
    fn explain(&mut self, error: &io::Error) -> UnpackError {
        let own = self.decoder.get_mut().take_error();
        own.unwrap_or_else(|| match error.kind() {
            io::ErrorKind::UnexpectedEof => UnpackError::Tar("unexpected EOF".to_owned()),
            io::ErrorKind::InvalidInput => UnpackError::Gzip(format!("invalid header or data ({error})")),
            _ => UnpackError::Gzip(error.to_string()),
        })
    }
}
