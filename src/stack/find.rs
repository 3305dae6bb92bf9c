//! Where the stack of an overlay lies.

use std::collections::BTreeSet;

use crate::diagnostics::Diagnostic;
use crate::source::{Entry, FileTree, TreePath};

/// The file that describes a stack. kustomize never sees it: no `resources` list names it.
pub const STACK_FILE: &str = "stack.yaml";

/// The stack that the given folders belong to: the nearest `stack.yaml` in or above any of them.
///
/// `None` when there is none: people bring the overlays they have. Two different ones are an error.
pub fn find<'a>(
    tree: &dyn FileTree,
    folders: impl IntoIterator<Item = &'a TreePath>,
) -> Result<Option<TreePath>, Box<Diagnostic>> {
    let mut seen = BTreeSet::new();
    let mut found = BTreeSet::new();
    for folder in folders {
        let mut at = folder.clone();
        // A folder that was looked at before has brought its stack already.
        while seen.insert(at.clone()) {
            let file = at.join(STACK_FILE).unwrap_or_default();
            if tree.entry(&file) == Some(Entry::File) {
                found.insert(file);
                break;
            }
            at = at.parent();
        }
    }
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (first, None) => Ok(first),
        (Some(first), Some(second)) => {
            let message = format!("the overlay belongs to two stacks, {first} and {second}");
            Err(Box::new(
                Diagnostic::error("several-stacks", message).help("an overlay has one stack: keep one of the files"),
            ))
        }
        (None, Some(_)) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::source::{MemoryTree, TreePath};

    fn path(text: &str) -> TreePath {
        TreePath::parse(text).expect("inside")
    }

    #[test]
    fn the_nearest_file_above_any_folder_counts() {
        let tree: MemoryTree = [("o/base/stack.yaml", ""), ("o/main/kustomization.yaml", "")].into_iter().collect();
        let folders = [path("o/main"), path("o/base/beyla")];
        assert_eq!(find(&tree, &folders).expect("one"), Some(path("o/base/stack.yaml")));
        assert_eq!(find(&tree, &[path("o/main")]).expect("none"), None);
    }

    #[test]
    fn two_stacks_are_an_error() {
        let tree: MemoryTree = [("a/stack.yaml", ""), ("b/stack.yaml", "")].into_iter().collect();
        let finding = find(&tree, &[path("a"), path("b")]).expect_err("two");
        assert_eq!(finding.message, "the overlay belongs to two stacks, a/stack.yaml and b/stack.yaml");
    }
}
