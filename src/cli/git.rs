//! A revision of a repository as a tree: `docs/decisions/0006-reading-revisions.md`.
//!
//! Three commands of `git` that only read objects: no checkout, no filters, no hooks, no index, no network. Nothing
//! that the repository or its configuration names is run.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, bail};

use crate::source::{Entry, FileTree, MAX_FILE_SIZE, ReadError, TreePath};

/// Links that lead to links are followed so far.
const LINKS: usize = 16;

/// The files of one commit. Their contents are read when somebody asks.
#[derive(Debug)]
pub(super) struct GitTree {
    files: BTreeMap<TreePath, Blob>,
    folders: BTreeSet<TreePath>,
    reader: RefCell<Reader>,
}

#[derive(Clone, Debug)]
struct Blob {
    id: String,
    is_link: bool,
}

/// A `git cat-file --batch` that answers as long as we ask.
#[derive(Debug)]
struct Reader {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl GitTree {
    /// The tree of `revision` in the repository whose work tree is `root`.
    pub(super) fn open(root: &Path, revision: &str) -> anyhow::Result<Self> {
        if !root.join(".git").exists() {
            bail!("`--from {revision}` names no file, and there is no git repository to look for a revision in");
        }
        let commit =
            run(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")])
                .with_context(|| format!("`--from {revision}` names neither a file nor a revision"))?;
        let listing = run(root, &["ls-tree", "-r", "-z", "--full-tree", commit.trim()])?;
        let files: BTreeMap<TreePath, Blob> = listing.split('\0').filter_map(entry).collect();
        let mut folders = BTreeSet::from([TreePath::root()]);
        for file in files.keys() {
            let mut folder = file.parent();
            while folders.insert(folder.clone()) {
                folder = folder.parent();
            }
        }
        Ok(Self { files, folders, reader: RefCell::new(Reader::start(root)?) })
    }

    /// Where a path leads once links are followed, in its folders too; `None` when it leads out or round.
    fn resolve(&self, path: &TreePath) -> Result<TreePath, ReadError> {
        let mut path = path.clone();
        for _ in 0..LINKS {
            let Some((link, rest)) = self.first_link(&path) else { return Ok(path) };
            let target = self.blob(&link)?;
            let target = String::from_utf8_lossy(&target).into_owned();
            let next = link.parent().join(&target).and_then(|target| target.join(&rest));
            path = next.ok_or_else(|| ReadError::Escapes(path.clone()))?;
        }
        Err(ReadError::Escapes(path))
    }

    /// The first component of `path` that is a link, and what comes after it.
    fn first_link(&self, path: &TreePath) -> Option<(TreePath, String)> {
        let parts: Vec<&str> = path.components().collect();
        (1..=parts.len()).find_map(|i| {
            let above = TreePath::parse(&parts[..i].join("/"))?;
            self.files.get(&above).filter(|blob| blob.is_link)?;
            Some((above, parts[i..].join("/")))
        })
    }

    fn blob(&self, path: &TreePath) -> Result<Vec<u8>, ReadError> {
        let blob = self.files.get(path).ok_or_else(|| ReadError::Missing(path.clone()))?;
        self.reader.borrow_mut().read(&blob.id, path)
    }
}

impl FileTree for GitTree {
    fn read(&self, path: &TreePath) -> Result<Cow<'_, [u8]>, ReadError> {
        let resolved = self.resolve(path)?;
        if self.folders.contains(&resolved) {
            return Err(ReadError::NotAFile(path.clone()));
        }
        self.blob(&resolved).map(Cow::Owned)
    }

    fn entry(&self, path: &TreePath) -> Option<Entry> {
        let path = self.resolve(path).ok()?;
        if self.files.contains_key(&path) {
            return Some(Entry::File);
        }
        self.folders.contains(&path).then_some(Entry::Folder)
    }

    fn list(&self, folder: &TreePath) -> Vec<String> {
        let Ok(folder) = self.resolve(folder) else { return Vec::new() };
        let depth = folder.components().count();
        let below = self.files.keys().filter(|file| file.is_within(&folder));
        let names: BTreeSet<&str> = below.filter_map(|file| file.components().nth(depth)).collect();
        names.into_iter().map(str::to_owned).collect()
    }
}

/// `100644 blob <id>\t<path>`; submodules are no files of this repository.
fn entry(line: &str) -> Option<(TreePath, Blob)> {
    let (meta, path) = line.split_once('\t')?;
    let mut words = meta.split(' ');
    let (mode, kind, id) = (words.next()?, words.next()?, words.next()?);
    let blob = Blob { id: id.to_owned(), is_link: mode == "120000" };
    (kind == "blob").then_some((TreePath::parse(path)?, blob))
}

impl Reader {
    fn start(root: &Path) -> anyhow::Result<Self> {
        let mut process = git(root)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot run git")?;
        let questions = process.stdin.take();
        let answers = process.stdout.take().context("git gives no answers")?;
        Ok(Self { process, questions, answers: BufReader::new(answers) })
    }

    /// `<id> blob <size>\n<bytes>\n`
    fn read(&mut self, id: &str, path: &TreePath) -> Result<Vec<u8>, ReadError> {
        let io = |error| ReadError::Io { path: path.clone(), error };
        let broken = || io(std::io::Error::other("git does not answer"));
        let questions = self.questions.as_mut().ok_or_else(broken)?;
        questions.write_all(format!("{id}\n").as_bytes()).and_then(|()| questions.flush()).map_err(io)?;
        let mut head = String::new();
        self.answers.read_line(&mut head).map_err(io)?;
        let size: u64 = head.trim().rsplit(' ').next().and_then(|size| size.parse().ok()).ok_or_else(broken)?;
        if size > MAX_FILE_SIZE {
            // What it goes on to write is never read: no further question makes sense.
            self.questions = None;
            return Err(ReadError::TooLarge { path: path.clone(), size, limit: MAX_FILE_SIZE });
        }
        let mut bytes = Vec::new();
        (&mut self.answers).take(size + 1).read_to_end(&mut bytes).map_err(io)?;
        if bytes.pop() != Some(b'\n') || bytes.len() as u64 != size {
            return Err(broken());
        }
        Ok(bytes)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // It ends by itself when nobody asks any more; whoever stopped half-way in an answer does not wait for that.
        self.questions = None;
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `git` with nothing to run: no configuration of the user or the machine, no file system monitor, no fetching of what
/// a partial clone lacks, no questions.
fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(root);
    command.args(["--no-pager", "--no-replace-objects", "--literal-pathspecs"]);
    command.args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never"]);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_EXTERNAL_DIFF", "GIT_TRACE", "GIT_SSH_COMMAND"] {
        command.env_remove(name);
    }
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
    command
}

fn run(root: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = git(root).args(arguments).stdin(Stdio::null()).output().context("cannot run git")?;
    if !output.status.success() {
        match String::from_utf8_lossy(&output.stderr).trim() {
            "" => bail!("git {} does not know it", arguments[0]),
            reason => bail!("git {}: {reason}", arguments[0]),
        }
    }
    String::from_utf8(output.stdout).context("git names a file whose name is no UTF-8 text")
}
