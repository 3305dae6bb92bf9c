//! What a path means: an overlay to build, a stack to read, or files of manifests.

use std::collections::HashSet;

use crate::diagnostics::Sources;
use crate::source::{Entry, FileTree, TreePath};
use crate::stack::{self, OVERLAY_FILES, STACK_FILE};
use crate::yaml::{self, Limits, Node};

use super::documents::Kept;

/// One thing to validate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The folder of a `kustomization.yaml`.
    Overlay(TreePath),
    /// A `stack.yaml` that no overlay leads to.
    Stack(TreePath),
    /// A file of manifests.
    Manifests(TreePath, Kept),
}

/// What `path` means; `None` if nothing stands there.
///
/// In a folder that is no overlay itself, the overlays below it are built, unless another one builds on them: a base may
/// be incomplete by itself. What lies in the folder of an overlay belongs to it (patches, values) and is not looked at
/// by itself. Everywhere else each YAML and JSON file is a set of manifests of its own: nobody knows which files of a
/// folder are deployed together and which are alternatives. Hidden files and folders are left out.
pub(super) fn of(tree: &dyn FileTree, path: &TreePath) -> Option<Vec<Target>> {
    match tree.entry(path)? {
        Entry::File if OVERLAY_FILES.contains(&path.name()) => Some(vec![Target::Overlay(path.parent())]),
        Entry::File if path.name() == STACK_FILE => Some(vec![Target::Stack(path.clone())]),
        Entry::File => Some(vec![Target::Manifests(path.clone(), Kept::Objects)]),
        Entry::Folder if stack::is_overlay(tree, path) => Some(vec![Target::Overlay(path.clone())]),
        Entry::Folder => Some(below(tree, path)),
    }
}

fn below(tree: &dyn FileTree, folder: &TreePath) -> Vec<Target> {
    let mut walk = Walk { tree, targets: Vec::new(), used: HashSet::new() };
    walk.folder(folder, false);
    let Walk { mut targets, used, .. } = walk;
    targets.retain(|target| !matches!(target, Target::Overlay(folder) if used.contains(folder)));
    targets
}

struct Walk<'a> {
    tree: &'a dyn FileTree,
    targets: Vec<Target>,
    /// Folders that another overlay builds on, and components.
    used: HashSet<TreePath>,
}

impl Walk<'_> {
    /// `owned`: the folder belongs to an overlay above it.
    fn folder(&mut self, folder: &TreePath, owned: bool) {
        let overlay = stack::is_overlay(self.tree, folder);
        if overlay {
            self.targets.push(Target::Overlay(folder.clone()));
            self.note_bases(folder);
        }
        let mut folders = Vec::new();
        for name in self.tree.list(folder).iter().filter(|name| !name.starts_with('.')) {
            let Some(path) = folder.join(name) else { continue };
            match self.tree.entry(&path) {
                Some(Entry::Folder) => folders.push(path),
                Some(Entry::File) if owned || overlay => {}
                Some(Entry::File) if name == STACK_FILE => self.targets.push(Target::Stack(path)),
                Some(Entry::File) if is_manifest(name) => {
                    self.targets.push(Target::Manifests(path, Kept::ObjectsAmongOthers));
                }
                _ => {}
            }
        }
        for path in &folders {
            self.folder(path, owned || overlay);
        }
    }

    /// Remembers what the overlay in `folder` builds on. A file that cannot be read is a finding of its own build.
    fn note_bases(&mut self, folder: &TreePath) {
        let Some(node) = self.kustomization(folder) else { return };
        if node.get("kind").and_then(Node::as_str) == Some("Component") {
            self.used.insert(folder.clone());
        }
        for key in ["resources", "bases", "components"] {
            let entries = node.get(key).and_then(Node::as_seq).unwrap_or_default();
            self.used.extend(entries.iter().filter_map(|entry| folder.join(entry.as_str()?)));
        }
    }

    fn kustomization(&self, folder: &TreePath) -> Option<Node> {
        let mut paths = OVERLAY_FILES.iter().filter_map(|name| folder.join(name));
        let bytes = paths.find_map(|path| self.tree.read(&path).ok())?;
        let text = yaml::decode_text(&bytes).ok()?;
        let source = Sources::default().add(folder.as_str(), text.as_ref());
        yaml::parse(source, &text, Limits::default()).ok()?.into_iter().next()
    }
}

fn is_manifest(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| matches!(extension, "yaml" | "yml" | "json"))
}

#[cfg(test)]
mod tests {
    use super::{Target, of};
    use crate::ops::validate::documents::Kept;
    use crate::source::{MemoryTree, TreePath};

    fn path(text: &str) -> TreePath {
        TreePath::parse(text).expect("inside")
    }

    #[test]
    fn overlays_are_built_unless_another_one_builds_on_them() {
        let tree: MemoryTree = [
            ("o/base/kustomization.yaml", "resources: [a.yaml]"),
            ("o/base/a.yaml", ""),
            ("o/main/kustomization.yaml", "resources: [../base]\ncomponents: [../debug]"),
            ("o/main/patches/a.yaml", ""),
            ("o/debug/kustomization.yaml", "kind: Component"),
        ]
        .into_iter()
        .collect();
        assert_eq!(of(&tree, &path("o")), Some(vec![Target::Overlay(path("o/main"))]));
        assert_eq!(of(&tree, &path("o/base")), Some(vec![Target::Overlay(path("o/base"))]));
        assert_eq!(of(&tree, &path("o/main/kustomization.yaml")), Some(vec![Target::Overlay(path("o/main"))]));
    }

    #[test]
    fn elsewhere_every_file_of_manifests_counts() {
        let tree: MemoryTree =
            [("m/a.yaml", ""), ("m/b.json", ""), ("m/README.md", ""), ("m/.x.yaml", ""), ("m/a/c.yml", "")]
                .into_iter()
                .collect();
        let found = ["m/a.yaml", "m/b.json", "m/a/c.yml"];
        let expected = found.map(|file| Target::Manifests(path(file), Kept::ObjectsAmongOthers));
        assert_eq!(of(&tree, &path("m")), Some(expected.to_vec()));
        assert_eq!(of(&tree, &path("m/a.yaml")), Some(vec![Target::Manifests(path("m/a.yaml"), Kept::Objects)]));
        assert_eq!(of(&tree, &path("nowhere")), None);
    }
}
