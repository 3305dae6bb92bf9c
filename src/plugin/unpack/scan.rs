//! The tar format as a state machine that is fed: headers, what they announce, and the padding behind it.

use std::io::{self, Write};

use tar::{EntryType, Header};

use super::UnpackError;
use super::entry::{self, Names, Place};
use crate::plugin::limits::Limits;
use crate::source::{ArchiveBuilder, ArchiveTree, MAX_FILE_SIZE};

const BLOCK: usize = 512;

/// What the bytes after a header are for.
#[derive(Debug, Default)]
enum Body {
    /// Nobody: a file that is not kept.
    #[default]
    Skip,
    /// The file that was started last.
    Keep,
    /// A header that names the next entry: GNU's long name or link, or PAX records.
    Names(EntryType, Vec<u8>),
}

#[derive(Debug)]
enum State {
    /// Gathering a header block.
    Header,
    /// Bytes left of what a header announced.
    Body(u64),
    /// Bytes left up to the next block.
    Padding(u64),
    /// Two blocks of zeros, or an error: nothing more is read.
    Complete,
}

/// A tar archive on its way in.
#[derive(Debug)]
pub(super) struct Scan {
    limits: Limits,
    builder: ArchiveBuilder,
    state: State,
    block: Vec<u8>,
    zeros: bool,
    body: Body,
    padding: u64,
    names: Names,
    entries: usize,
    compressed: u64,
    unpacked: u64,
    error: Option<UnpackError>,
}

impl Default for Scan {
    fn default() -> Self {
        Self::new(&Limits::default())
    }
}

impl Scan {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            limits: limits.clone(),
            builder: ArchiveBuilder::default(),
            state: State::Header,
            block: Vec::with_capacity(BLOCK),
            zeros: false,
            body: Body::Skip,
            padding: 0,
            names: Names::default(),
            entries: 0,
            compressed: 0,
            unpacked: 0,
            error: None,
        }
    }

    /// Says how many compressed bytes have come in, for the ratio.
    pub(super) fn compressed(&mut self, bytes: u64) {
        self.compressed = bytes;
    }

    pub(super) fn is_complete(&self) -> bool {
        matches!(self.state, State::Complete)
    }

    pub(super) fn memory(&self) -> usize {
        self.builder.memory()
    }

    pub(super) fn unpacked(&self) -> u64 {
        self.unpacked
    }

    pub(super) fn take_error(&mut self) -> Option<UnpackError> {
        self.error.take()
    }

    /// An archive may end without the two blocks of zeros, but not within an entry: as Go's `archive/tar`.
    pub(super) fn finish(self) -> Result<ArchiveTree, UnpackError> {
        let ended = match self.state {
            State::Complete | State::Padding(_) => true,
            State::Header => self.block.is_empty() && self.names.is_empty(),
            State::Body(_) => false,
        };
        if ended { Ok(self.builder.finish()) } else { Err(UnpackError::Tar("unexpected EOF".to_owned())) }
    }

    fn scan(&mut self, mut bytes: &[u8]) -> Result<(), UnpackError> {
        self.unpacked += bytes.len() as u64;
        self.check_growth()?;
        while !bytes.is_empty() {
            bytes = match self.state {
                State::Complete => return Ok(()),
                State::Header => self.gather(bytes)?,
                State::Body(left) => self.take_body(bytes, left)?,
                State::Padding(left) => {
                    let (used, rest) = split(bytes, left);
                    let left = left - used.len() as u64;
                    self.state = if left == 0 { State::Header } else { State::Padding(left) };
                    rest
                }
            };
        }
        Ok(())
    }

    fn check_growth(&self) -> Result<(), UnpackError> {
        let limit = |what, limit, flag| Err(UnpackError::Limit { what, limit, flag });
        if self.unpacked > self.limits.unpacked_bytes {
            return limit("unpacked bytes", self.limits.unpacked_bytes, "--max-unpacked-bytes");
        }
        let allowed = self.compressed.saturating_mul(self.limits.ratio).max(Limits::RATIO_FREE);
        if self.unpacked > allowed {
            return limit("unpacked bytes for each compressed one", self.limits.ratio, "--max-ratio");
        }
        if self.builder.memory() as u64 > self.limits.tree_bytes {
            return limit("bytes that an overlay could need", self.limits.tree_bytes, "--max-tree-bytes");
        }
        Ok(())
    }

    fn gather<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], UnpackError> {
        let (used, rest) = split(bytes, (BLOCK - self.block.len()) as u64);
        if self.block.is_empty() && used.len() == BLOCK {
            self.header(used)?;
            return Ok(rest);
        }
        self.block.extend_from_slice(used);
        if self.block.len() == BLOCK {
            let block = std::mem::take(&mut self.block);
            self.header(&block)?;
            self.block = block;
            self.block.clear();
        }
        Ok(rest)
    }

    fn header(&mut self, block: &[u8]) -> Result<(), UnpackError> {
        if block.iter().all(|byte| *byte == 0) {
            if self.zeros {
                self.state = State::Complete;
            }
            self.zeros = true;
            return Ok(());
        }
        if self.zeros {
            return Err(UnpackError::Tar("archive/tar: invalid tar header".to_owned()));
        }
        let header = Header::from_byte_slice(block);
        entry::verify(header, block)?;
        let kind = header.entry_type();
        let size = entry::body_size(header, &self.names)?;
        self.padding = size.next_multiple_of(BLOCK as u64) - size;
        self.body = match kind {
            EntryType::GNULongName | EntryType::GNULongLink | EntryType::XHeader => {
                if size > entry::MAX_NAMES {
                    return Err(UnpackError::Tar("archive/tar: header field too long".to_owned()));
                }
                Body::Names(kind, Vec::new())
            }
            EntryType::XGlobalHeader => Body::Skip,
            _ => self.entry(header, size)?,
        };
        if size == 0 {
            self.end_body()?;
        } else {
            self.state = State::Body(size);
        }
        Ok(())
    }

    fn entry(&mut self, header: &Header, size: u64) -> Result<Body, UnpackError> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            let limit = self.limits.entries as u64;
            return Err(UnpackError::Limit { what: "entries", limit, flag: "--max-entries" });
        }
        let names = std::mem::take(&mut self.names);
        match entry::place(header, &names)? {
            Place::Nowhere => {}
            Place::Folder(path) => {
                self.check_links(&path)?;
                self.builder.folder(&path);
            }
            Place::Link(path, target) => {
                self.check_links(&path)?;
                self.builder.link(&path, &target);
            }
            Place::File(path) => {
                self.check_links(&path)?;
                let limit = if entry::is_data(path.name()) { MAX_FILE_SIZE } else { self.limits.other_file_bytes };
                match u32::try_from(size).ok().filter(|_| size <= limit) {
                    Some(size) => {
                        self.builder.file(&path, size);
                        return Ok(Body::Keep);
                    }
                    None => self.builder.left(&path, size, limit),
                }
            }
        }
        Ok(Body::Skip)
    }

    /// Argo CD's client walks folders without following links, so no honest archive has an entry behind one.
    fn check_links(&self, path: &crate::source::TreePath) -> Result<(), UnpackError> {
        if self.builder.passes_link(path) { Err(UnpackError::BehindLink(path.to_string())) } else { Ok(()) }
    }

    fn take_body<'a>(&mut self, bytes: &'a [u8], left: u64) -> Result<&'a [u8], UnpackError> {
        let (used, rest) = split(bytes, left);
        match &mut self.body {
            Body::Skip => {}
            Body::Keep => self.builder.append(used),
            Body::Names(_, text) => text.extend_from_slice(used),
        }
        let left = left - used.len() as u64;
        if left == 0 {
            self.end_body()?;
        } else {
            self.state = State::Body(left);
        }
        Ok(rest)
    }

    fn end_body(&mut self) -> Result<(), UnpackError> {
        if let Body::Names(kind, text) = std::mem::take(&mut self.body) {
            self.names.add(kind, &text)?;
        }
        self.state = if self.padding == 0 { State::Header } else { State::Padding(self.padding) };
        Ok(())
    }
}

impl Write for Scan {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.scan(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(error) => {
                self.state = State::Complete;
                self.error = Some(error);
                Err(io::Error::other("the archive is refused"))
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// At most `count` bytes, and the rest.
fn split(bytes: &[u8], count: u64) -> (&[u8], &[u8]) {
    let at = usize::try_from(count).map_or(bytes.len(), |count| count.min(bytes.len()));
    bytes.split_at(at)
}
