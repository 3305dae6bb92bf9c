//! The tree that a command works in, and where in it the user stands.

use std::io;
use std::path::{Component, Path, PathBuf};

use crate::diagnostics::Sources;
use crate::source::{DirTree, RepositoryRoot, TreePath};

/// What findings call standard input.
pub(super) const STDIN: &str = "<stdin>";

/// A repository on disk and the folder that was named.
#[derive(Debug)]
pub(super) struct Repository {
    pub(super) tree: DirTree,
    /// The named folder, relative to the tree's root.
    pub(super) folder: TreePath,
    /// Where the repository's root lies.
    pub(super) root: RepositoryRoot,
    /// Where the user stands.
    current: PathBuf,
}

impl Repository {
    /// The repository around `folder`: the nearest folder above it with a `.git`, else the whole file system, as
    /// kustomize has it. Inside Argo CD, where there is no `.git`, `source_path` (the Application's path) tells how deep
    /// in the repository the folder lies.
    ///
    /// A folder that does not exist is no error here: the operation says what it looked for.
    pub(super) fn around(folder: &Path, source_path: Option<&str>) -> io::Result<Self> {
        let current = std::env::current_dir()?;
        let absolute = resolve(&current, folder);
        let (start, root) = match source_path {
            Some(source_path) => {
                let parts = absolute.components().filter_map(|part| part.as_os_str().to_str());
                let (common, root) = RepositoryRoot::of_source(parts, source_path);
                (absolute.ancestors().nth(common).unwrap_or(&absolute), root)
            }
            None => match git_root(&absolute) {
                Some(start) => (start, RepositoryRoot::Tree),
                None => (Path::new("/"), RepositoryRoot::Unknown),
            },
        };
        let relative = absolute.strip_prefix(start).unwrap_or(&absolute);
        let tree = DirTree::open(start)?;
        let folder = relative
            .to_str()
            .and_then(TreePath::parse)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path is no UTF-8 text"))?;
        Ok(Self { tree, folder, root, current })
    }

    /// The repository around the first of `paths` that lies in one, else the whole file system.
    ///
    /// Paths that do not exist are no error here either.
    pub(super) fn of(paths: &[PathBuf]) -> io::Result<Self> {
        let current = std::env::current_dir()?;
        let found = paths.iter().find_map(|path| git_root(&resolve(&current, path)).map(Path::to_owned));
        let root = if found.is_some() { RepositoryRoot::Tree } else { RepositoryRoot::Unknown };
        let tree = DirTree::open(&found.unwrap_or_else(|| PathBuf::from("/")))?;
        Ok(Self { tree, folder: TreePath::root(), root, current })
    }

    /// Where in the repository `path` lies; `None` outside of it.
    pub(super) fn place(&self, path: &Path) -> Option<TreePath> {
        let absolute = resolve(&self.current, path);
        TreePath::parse(absolute.strip_prefix(self.tree.root()).ok()?.to_str()?)
    }

    /// Names the files as the user sees them. In a repository that is from its root; where the tree is the whole file
    /// system, from the working folder.
    pub(super) fn name_files(&self, sources: &mut Sources) {
        if self.tree.root() != Path::new("/") {
            return;
        }
        sources.rename(|path| {
            if path == STDIN {
                return path.to_owned();
            }
            let absolute = Path::new("/").join(path);
            absolute.strip_prefix(&self.current).unwrap_or(&absolute).display().to_string()
        });
    }
}

/// `folder` seen from `current`. Links are resolved as far as it exists, so that `..` means what the shell shows.
fn resolve(current: &Path, folder: &Path) -> PathBuf {
    let joined = current.join(folder);
    if let Ok(real) = joined.canonicalize() {
        return real;
    }
    let mut out = PathBuf::new();
    for component in joined.components() {
        match component {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}

fn git_root(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|ancestor| ancestor.join(".git").exists())
}
