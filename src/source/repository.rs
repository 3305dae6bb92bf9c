//! Where the repository's root lies, seen from a tree: paths of an Application's source start there.

use super::{FileTree, TreePath};

/// The repository's root, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum RepositoryRoot {
    /// The tree is the repository.
    #[default]
    Tree,
    /// The tree is this folder of the repository: Argo CD sends the common folder of what an Application needs.
    Above(TreePath),
    /// There is no sign of it; the tree is the whole file system.
    Unknown,
}

impl RepositoryRoot {
    /// What `source_path`, an Application's path in its repository, tells about the folder that the Application has
    /// here: repo-server sends the common folder of what an Application needs, so the two have a common tail.
    ///
    /// Gives how many folders of `folder` belong to that tail, and where the folder above them lies in the repository.
    pub fn of_source<'a>(folder: impl DoubleEndedIterator<Item = &'a str>, source_path: &str) -> (usize, Self) {
        let parts: Vec<&str> = source_path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        let common = parts.iter().rev().zip(folder.rev()).take_while(|(part, name)| *part == name).count();
        let above = TreePath::parse(&parts[..parts.len() - common].join("/")).unwrap_or_default();
        (common, if above == TreePath::root() { Self::Tree } else { Self::Above(above) })
    }

    /// The folder of the tree that a source's `path` means, for an overlay in `from`; `None` when it is not there.
    ///
    /// Without a known root it is the nearest folder above the overlay in which `path` exists.
    pub fn locate(&self, tree: &dyn FileTree, from: &TreePath, path: &str) -> Option<TreePath> {
        let exists = |found: &TreePath| tree.entry(found).is_some();
        let wanted = TreePath::parse(path)?;
        match self {
            Self::Tree => Some(wanted).filter(exists),
            Self::Above(folder) => {
                let rest = wanted.is_within(folder).then(|| &wanted.as_str()[folder.as_str().len()..])?;
                TreePath::parse(rest.trim_start_matches('/')).filter(exists)
            }
            Self::Unknown => {
                let above =
                    std::iter::successors(Some(from.clone()), |at| (*at != TreePath::root()).then(|| at.parent()));
                above.filter_map(|at| at.join(path)).find(exists)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RepositoryRoot;
    use crate::source::{MemoryTree, TreePath};

    fn located(root: &RepositoryRoot, file: &str, from: &str, path: &str) -> Option<String> {
        let tree: MemoryTree = [(file, "")].into_iter().collect();
        let found = root.locate(&tree, &TreePath::parse(from).expect("inside"), path);
        found.map(|found| found.as_str().to_owned())
    }

    #[test]
    fn a_path_starts_at_the_repository_root_wherever_the_tree_starts() {
        let folder = Some("main/beyla".to_owned());
        let above = RepositoryRoot::Above(TreePath::parse("overlays").expect("inside"));
        assert_eq!(located(&above, "main/beyla/x", "main", "overlays/main/beyla"), folder);
        assert_eq!(located(&above, "main/beyla/x", "main", "charts/main/beyla"), None);
        assert_eq!(located(&RepositoryRoot::Tree, "main/beyla/x", "main", "main/beyla"), folder);
    }

    #[test]
    fn the_common_tail_of_two_paths_tells_where_an_archive_starts() {
        let above = |text: &str| RepositoryRoot::Above(TreePath::parse(text).expect("inside"));
        for (folder, source_path, common, root) in [
            ("cmp/id/overlays/main", "overlays/main", 2, RepositoryRoot::Tree),
            ("cmp/id/main", "overlays/main", 1, above("overlays")),
            ("", "overlays/main", 0, above("overlays/main")),
            ("cmp/id", ".", 0, RepositoryRoot::Tree),
        ] {
            let parts = folder.split('/').filter(|part| !part.is_empty());
            assert_eq!(RepositoryRoot::of_source(parts, source_path), (common, root), "{folder}");
        }
    }

    #[test]
    fn without_a_known_root_the_nearest_folder_above_counts() {
        let found = located(&RepositoryRoot::Unknown, "tmp/r/o/main/beyla/x", "tmp/r/o/main", "o/main/beyla");
        assert_eq!(found.as_deref(), Some("tmp/r/o/main/beyla"));
    }
}
