//! A tree that came as an archive: an index of paths over a few large blocks, so that twenty thousand files cost
//! twenty thousand records and not as many allocations. Nothing of it ever touches the disk.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Entry, FileTree, ReadError, TreePath};

/// Links that are followed on the way to one file; Linux gives up after as many.
const MAX_LINKS: usize = 40;

/// Files larger than this get a block of their own, so that little of a shared block is ever left empty.
const LARGE: usize = 32 << 10;

/// How much is asked of the allocator at a time for small files.
const BLOCK: usize = 256 << 10;

/// What stands at a path of the archive.
#[derive(Clone, Debug)]
enum Stored {
    Folder,
    /// A link, with its target relative to the folder it lies in.
    Link(Box<str>),
    File {
        block: u32,
        start: u32,
        len: u32,
    },
    /// A file whose content was not kept, because it is larger than the limit.
    Left {
        size: u64,
        limit: u64,
    },
}

#[derive(Clone, Debug)]
struct Record {
    /// Range of the path in [`ArchiveTree::names`].
    name: (u32, u32),
    stored: Stored,
}

/// A read-only tree in memory.
#[derive(Debug, Default)]
pub struct ArchiveTree {
    names: String,
    /// Sorted by path, bytewise, each path once.
    records: Vec<Record>,
    blocks: Vec<Vec<u8>>,
    has_links: bool,
}

impl ArchiveTree {
    /// Bytes that the tree occupies.
    pub fn memory(&self) -> usize {
        memory(&self.names, &self.records, &self.blocks)
    }

    /// How many paths the archive named.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether the archive named no path at all.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Every path that the archive named, in bytewise order, folders included.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.records.iter().map(|record| self.name(record))
    }

    fn name(&self, record: &Record) -> &str {
        &self.names[record.name.0 as usize..record.name.1 as usize]
    }

    fn get(&self, path: &str) -> Option<&Stored> {
        let found = self.records.binary_search_by(|record| self.name(record).cmp(path));
        found.ok().map(|i| &self.records[i].stored)
    }

    /// The records below `folder`, which is not one of them.
    fn below<'a>(&'a self, folder: &'a TreePath) -> impl Iterator<Item = &'a str> {
        let prefix = if folder.as_str().is_empty() { String::new() } else { format!("{folder}/") };
        let from = self.records.partition_point(|record| self.name(record) < prefix.as_str());
        let names = self.records[from..].iter().map(|record| self.name(record));
        names.map_while(move |name| name.strip_prefix(prefix.as_str()))
    }

    /// What stands at a path after links are followed. A folder may stand there only because files lie in it.
    fn stored(&self, path: &TreePath) -> Option<&Stored> {
        match self.get(path.as_str()) {
            None if path.as_str().is_empty() || self.below(path).next().is_some() => Some(&Stored::Folder),
            found => found,
        }
    }

    /// The path with every link on its way followed.
    fn real<'a>(&self, path: &'a TreePath) -> Result<Cow<'a, TreePath>, ReadError> {
        if !self.has_links {
            return Ok(Cow::Borrowed(path));
        }
        let mut links = 0;
        let mut done = TreePath::root();
        let mut left: Vec<String> = path.as_str().rsplit('/').map(str::to_owned).collect();
        while let Some(part) = left.pop() {
            let next = done.join(&part).ok_or_else(|| ReadError::Escapes(path.clone()))?;
            match self.get(next.as_str()) {
                Some(Stored::Link(target)) => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(ReadError::Missing(path.clone()));
                    }
                    left.extend(target.rsplit('/').map(str::to_owned));
                }
                _ => done = next,
            }
        }
        Ok(Cow::Owned(done))
    }
}

impl FileTree for ArchiveTree {
    fn read(&self, path: &TreePath) -> Result<Cow<'_, [u8]>, ReadError> {
        let resolved = self.real(path)?;
        match self.stored(&resolved) {
            Some(Stored::File { block, start, len }) => {
                let (start, len) = (*start as usize, *len as usize);
                Ok(Cow::Borrowed(&self.blocks[*block as usize][start..start + len]))
            }
            Some(Stored::Left { size, limit }) => {
                Err(ReadError::TooLarge { path: path.clone(), size: *size, limit: *limit })
            }
            Some(Stored::Folder | Stored::Link(_)) => Err(ReadError::NotAFile(path.clone())),
            None => Err(ReadError::Missing(path.clone())),
        }
    }

    fn entry(&self, path: &TreePath) -> Option<Entry> {
        match self.stored(&*self.real(path).ok()?)? {
            Stored::File { .. } | Stored::Left { .. } => Some(Entry::File),
            Stored::Folder => Some(Entry::Folder),
            Stored::Link(_) => None,
        }
    }

    fn resolve(&self, path: &TreePath) -> TreePath {
        let real = self.real(path).ok().filter(|real| self.stored(real).is_some());
        real.map_or_else(|| path.clone(), Cow::into_owned)
    }

    fn list(&self, folder: &TreePath) -> Vec<String> {
        let Ok(folder) = self.real(folder) else { return Vec::new() };
        // `a.b` stands between `a` and `a/b`, so equal names need not be neighbours.
        let names: BTreeSet<&str> = self.below(&folder).filter_map(|rest| rest.split('/').next()).collect();
        names.into_iter().filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }
}

/// An [`ArchiveTree`] in the making. Of two entries with one path the later one counts, as in an unpacked folder.
#[derive(Debug, Default)]
pub struct ArchiveBuilder {
    names: String,
    records: Vec<Record>,
    blocks: Vec<Vec<u8>>,
    links: BTreeSet<TreePath>,
}

impl ArchiveBuilder {
    /// Adds a folder.
    pub fn folder(&mut self, path: &TreePath) {
        self.push(path, Stored::Folder);
    }

    /// Adds a link; `target` is relative to the folder that it lies in.
    pub fn link(&mut self, path: &TreePath, target: &str) {
        self.links.insert(path.clone());
        self.push(path, Stored::Link(target.into()));
    }

    /// Adds a file of which only the size is remembered.
    pub fn left(&mut self, path: &TreePath, size: u64, limit: u64) {
        self.push(path, Stored::Left { size, limit });
    }

    /// Starts a file of `size` bytes, which [`ArchiveBuilder::append`] then brings.
    pub fn file(&mut self, path: &TreePath, size: u32) {
        let wanted = size as usize;
        let has_room = |block: &Vec<u8>| block.capacity() - block.len() >= wanted;
        if wanted > LARGE || !self.blocks.last().is_some_and(has_room) {
            self.blocks.push(Vec::with_capacity(if wanted > LARGE { wanted } else { BLOCK }));
        }
        let block = self.blocks.len() - 1;
        // A block is at most as long as the larger of BLOCK and a file, both of which 32 bits can tell.
        let (block, start) = (to_u32(block), to_u32(self.blocks[block].len()));
        self.push(path, Stored::File { block, start, len: 0 });
    }

    /// Brings the next bytes of the file that was started last.
    pub fn append(&mut self, bytes: &[u8]) {
        if let (Some(block), Some(Record { stored: Stored::File { len, .. }, .. })) =
            (self.blocks.last_mut(), self.records.last_mut())
        {
            block.extend_from_slice(bytes);
            *len += to_u32(bytes.len());
        }
    }

    /// Whether the path, or a folder above it, was added as a link.
    pub fn passes_link(&self, path: &TreePath) -> bool {
        if self.links.is_empty() {
            return false;
        }
        let above = std::iter::successors(Some(path.clone()), |at| Some(at.parent()));
        above.take_while(|at| *at != TreePath::root()).any(|at| self.links.contains(&at))
    }

    /// Bytes that the tree occupies so far.
    pub fn memory(&self) -> usize {
        memory(&self.names, &self.records, &self.blocks)
    }

    /// Entries added so far.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether nothing was added so far.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The tree.
    pub fn finish(mut self) -> ArchiveTree {
        let names = std::mem::take(&mut self.names);
        let name = |record: &Record| &names[record.name.0 as usize..record.name.1 as usize];
        // Stable, and from the last to the first: of equal paths the later one is kept.
        self.records.reverse();
        self.records.sort_by(|a, b| name(a).cmp(name(b)));
        self.records.dedup_by(|later, first| name(later) == name(first));
        self.records.shrink_to_fit();
        ArchiveTree { records: self.records, blocks: self.blocks, has_links: !self.links.is_empty(), names }
    }

    fn push(&mut self, path: &TreePath, stored: Stored) {
        let start = to_u32(self.names.len());
        self.names.push_str(path.as_str());
        self.records.push(Record { name: (start, to_u32(self.names.len())), stored });
    }
}

fn memory(names: &String, records: &Vec<Record>, blocks: &[Vec<u8>]) -> usize {
    let blocks: usize = blocks.iter().map(Vec::capacity).sum();
    names.capacity() + records.capacity() * size_of::<Record>() + blocks
}

/// Positions in names and blocks; whoever fills a tree stops long before 4 GiB of either.
fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{ArchiveBuilder, ArchiveTree};
    use crate::source::{Entry, FileTree, ReadError, TreePath};

    fn path(text: &str) -> TreePath {
        TreePath::parse(text).expect("inside")
    }

    fn tree() -> ArchiveTree {
        let mut builder = ArchiveBuilder::default();
        builder.folder(&path("a"));
        for (name, text) in [("a/b", "1"), ("a.b", "dot"), ("c/d/e", "deep"), ("a/b", "again")] {
            builder.file(&path(name), u32::try_from(text.len()).expect("short"));
            builder.append(text.as_bytes());
        }
        builder.link(&path("to/folder"), "../c/d");
        builder.link(&path("to/out"), "../../etc/passwd");
        builder.link(&path("round"), "round");
        builder.left(&path("big.png"), 2_000_000, 1_000_000);
        builder.finish()
    }

    #[test]
    fn files_folders_and_lists() {
        let tree = tree();
        assert_eq!(tree.read(&path("a/b")).expect("there").as_ref(), b"again");
        assert_eq!(tree.entry(&path("c/d")), Some(Entry::Folder));
        assert_eq!(tree.entry(&TreePath::root()), Some(Entry::Folder));
        assert_eq!(tree.entry(&path("c/x")), None);
        assert_eq!(tree.list(&TreePath::root()), ["a", "a.b", "big.png", "c", "round", "to"]);
        assert_eq!(tree.list(&path("a")), ["b"]);
        assert!(matches!(tree.read(&path("a")), Err(ReadError::NotAFile(_))));
    }

    #[test]
    fn links_are_followed_inside_and_nowhere_else() {
        let tree = tree();
        assert_eq!(tree.read(&path("to/folder/e")).expect("there").as_ref(), b"deep");
        assert_eq!(tree.list(&path("to/folder")), ["e"]);
        assert!(matches!(tree.read(&path("to/out")), Err(ReadError::Escapes(_))));
        assert!(matches!(tree.read(&path("round")), Err(ReadError::Missing(_))));
        assert_eq!(tree.resolve(&path("to/folder/e")), path("c/d/e"));
        assert_eq!(tree.resolve(&path("to/out")), path("to/out"));
    }

    #[test]
    fn a_file_that_was_left_out_says_so() {
        let tree = tree();
        assert_eq!(tree.entry(&path("big.png")), Some(Entry::File));
        assert!(matches!(tree.read(&path("big.png")), Err(ReadError::TooLarge { size: 2_000_000, .. })));
    }
}
