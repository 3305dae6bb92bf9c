//! The tree that a command works in, and where in it the user stands.

use std::io;
use std::path::{Component, Path, PathBuf};

use crate::diagnostics::Sources;
use crate::source::{DirTree, RepositoryRoot, TreePath};

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
            Some(source_path) => archive_root(&absolute, source_path),
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

    /// Names the files as the user sees them. In a repository that is from its root; where the tree is the whole file
    /// system, from the working folder.
    pub(super) fn name_files(&self, sources: &mut Sources) {
        if self.tree.root() != Path::new("/") {
            return;
        }
        sources.rename(|path| {
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

/// Repo-server sends the common folder of what the Application needs, so the plugin stands at the end of the
/// Application's path, but perhaps not at the end of all of it: the longest common tail tells where the archive starts,
/// and what is left of the path where that lies in the repository.
fn archive_root<'a>(folder: &'a Path, source_path: &str) -> (&'a Path, RepositoryRoot) {
    let mut root = folder;
    let parts: Vec<&str> = source_path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let mut left = parts.len();
    for part in parts.iter().rev() {
        if root.file_name().is_none_or(|name| name != *part) {
            break;
        }
        root = root.parent().unwrap_or(root);
        left -= 1;
    }
    match TreePath::parse(&parts[..left].join("/")) {
        Some(above) if left > 0 => (root, RepositoryRoot::Above(above)),
        _ => (root, RepositoryRoot::Tree),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::archive_root;
    use crate::source::{RepositoryRoot, TreePath};

    #[test]
    fn the_root_of_an_archive_lies_above_the_common_tail() {
        let whole = Path::new("/cmp/id/overlays/main");
        assert_eq!(archive_root(whole, "overlays/main"), (Path::new("/cmp/id"), RepositoryRoot::Tree));
        assert_eq!(archive_root(Path::new("/cmp/id"), "."), (Path::new("/cmp/id"), RepositoryRoot::Tree));
        let above = RepositoryRoot::Above(TreePath::parse("overlays").expect("inside"));
        assert_eq!(archive_root(Path::new("/cmp/id/main"), "overlays/main"), (Path::new("/cmp/id"), above));
    }
}
