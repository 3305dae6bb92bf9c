//! One entry of an archive: what its header says, and where it belongs. Follows `untar` in Argo CD's
//! `util/io/files/tar.go`, and Go's `archive/tar` below it.

use tar::{EntryType, Header, PaxExtensions};

use super::UnpackError;
use crate::plugin::limits::Limits;
use crate::source::TreePath;

/// Bytes of a header that brings names; `maxSpecialFileSize` of Go's `archive/tar`.
pub(super) const MAX_NAMES: u64 = 1 << 20;

/// Names and sizes that headers before the entry's own brought for it.
#[derive(Debug, Default)]
pub(super) struct Names {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
}

impl Names {
    pub(super) fn is_empty(&self) -> bool {
        self.path.is_none() && self.link.is_none() && self.size.is_none()
    }

    pub(super) fn add(&mut self, kind: EntryType, text: &[u8]) -> Result<(), UnpackError> {
        match kind {
            EntryType::GNULongName => self.path = Some(until_nul(text)),
            EntryType::GNULongLink => self.link = Some(until_nul(text)),
            _ => self.add_pax(text)?,
        }
        Ok(())
    }

    fn add_pax(&mut self, text: &[u8]) -> Result<(), UnpackError> {
        for record in PaxExtensions::new(text) {
            let record = record.map_err(|error| invalid(&error.to_string()))?;
            let value = record.value_bytes();
            match record.key_bytes() {
                b"path" => self.path = Some(value.to_vec()),
                b"linkpath" => self.link = Some(value.to_vec()),
                b"size" => self.size = Some(number(value)?),
                key if key.starts_with(b"GNU.sparse.") => return Err(sparse()),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Where an entry belongs.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nowhere: the root itself, a device, a hard link, Git's own files, a name that is no text.
    Nowhere,
    Folder(TreePath),
    File(TreePath),
    /// A link with its target, relative to the folder it lies in.
    Link(TreePath, String),
}

/// Whether the header's own checksum holds. Old archivers summed signed bytes; Go takes either.
pub(super) fn verify(header: &Header, block: &[u8]) -> Result<(), UnpackError> {
    let wanted = header.cksum().map_err(|error| invalid(&error.to_string()))?;
    let bytes = || block[..148].iter().chain(&[b' '; 8]).chain(&block[156..]);
    let unsigned: u32 = bytes().map(|byte| u32::from(*byte)).sum();
    let signed: i32 = bytes().map(|byte| i32::from(byte.cast_signed())).sum();
    if wanted == unsigned || i64::from(wanted) == i64::from(signed) { Ok(()) } else { Err(invalid("checksum")) }
}

/// Bytes behind the header. Links, folders and devices have none, whatever the field says: `isHeaderOnlyType` of Go.
pub(super) fn body_size(header: &Header, names: &Names) -> Result<u64, UnpackError> {
    let kind = header.entry_type();
    if kind == EntryType::GNUSparse {
        return Err(sparse());
    }
    let header_only = kind.is_hard_link()
        || kind.is_symlink()
        || kind.is_character_special()
        || kind.is_block_special()
        || kind.is_dir()
        || kind.is_fifo();
    let size = header.entry_size().map_err(|error| invalid(&error.to_string()))?;
    let brings_names = kind.is_gnu_longname() || kind.is_gnu_longlink() || kind.is_pax_local_extensions();
    Ok(match names.size {
        _ if header_only => 0,
        Some(size) if !brings_names => size,
        _ => size,
    })
}

/// Where the entry belongs in the tree.
pub(super) fn place(header: &Header, names: &Names) -> Result<Place, UnpackError> {
    let raw = names.path.clone().unwrap_or_else(|| header.path_bytes().into_owned());
    // No overlay can name a path that is no UTF-8.
    let Ok(name) = String::from_utf8(raw) else { return Ok(Place::Nowhere) };
    if name.len() > Limits::PATH_BYTES || name.contains('\0') {
        return Err(UnpackError::Path(name.chars().take(200).collect()));
    }
    let path = clean(&name).ok_or(UnpackError::Path(name.clone()))?;
    if path == TreePath::root() || path.components().any(|part| part == ".git") {
        return Ok(Place::Nowhere);
    }
    match header.entry_type() {
        EntryType::Directory => Ok(Place::Folder(path)),
        // Archives from before POSIX mark a folder by its name alone.
        EntryType::Regular if name.ends_with('/') && header.as_bytes()[156] == 0 => Ok(Place::Folder(path)),
        EntryType::Regular => Ok(Place::File(path)),
        EntryType::Symlink => link(path, header, names),
        // As `untar`: hard links and devices are left out. Argo CD's client never sends one.
        _ => Ok(Place::Nowhere),
    }
}

/// A link's target is seen from the folder that the link lies in, also when it is absolute (`filepath.Join` of the two).
fn link(path: TreePath, header: &Header, names: &Names) -> Result<Place, UnpackError> {
    let own = || header.link_name_bytes().map(std::borrow::Cow::into_owned).unwrap_or_default();
    let raw = names.link.clone().unwrap_or_else(own);
    let Ok(target) = String::from_utf8(raw) else { return Ok(Place::Nowhere) };
    if target.len() > Limits::PATH_BYTES {
        return Err(UnpackError::Link(path.to_string()));
    }
    let folder = path.parent();
    let leads_to = clean_from(&folder, &target).ok_or_else(|| UnpackError::Link(path.to_string()))?;
    let up = "../".repeat(folder.components().count());
    Ok(Place::Link(path, format!("{up}{}", leads_to.as_str())))
}

/// `filepath.Clean` without the leading `/`; `None` when it leads out.
fn clean(name: &str) -> Option<TreePath> {
    if let Some(absolute) = name.strip_prefix('/') {
        // Clean resolves `/../x` to `/x`: above the root there is nothing.
        let mut path = TreePath::root();
        for part in absolute.split('/') {
            path = if part == ".." { path.parent() } else { path.join(part)? };
        }
        return Some(path);
    }
    TreePath::parse(name)
}

fn clean_from(folder: &TreePath, target: &str) -> Option<TreePath> {
    match target.strip_prefix('/') {
        Some(_) => folder.join(clean(target)?.as_str()),
        None => folder.join(target),
    }
}

/// Whether a file of this name holds data that an overlay reads as such, so that it is kept whatever its size.
pub(super) fn is_data(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    matches!(extension.as_deref(), Some("yaml" | "yml" | "json")) || name == "Kustomization"
}

fn until_nul(text: &[u8]) -> Vec<u8> {
    text.split(|byte| *byte == 0).next().unwrap_or_default().to_vec()
}

fn number(text: &[u8]) -> Result<u64, UnpackError> {
    let text = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
    text.ok_or_else(|| invalid("size"))
}

fn invalid(what: &str) -> UnpackError {
    UnpackError::Tar(format!("archive/tar: invalid tar header: {what}"))
}

fn sparse() -> UnpackError {
    UnpackError::Tar("sparse files are not supported".to_owned())
}
