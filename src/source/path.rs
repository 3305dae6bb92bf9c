//! Paths inside a tree: relative to its root, with `/`, without `.` and `..`.

use std::fmt;

/// A normalized path inside a [`FileTree`](super::FileTree); the empty path is the root.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct TreePath(String);

impl TreePath {
    /// The tree's root.
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// Reads `text` relative to the root; `None` when it is absolute or leads out of the tree.
    pub fn parse(text: &str) -> Option<Self> {
        Self::root().join(text)
    }

    /// Follows `relative` from this folder; `None` when it is absolute or leads out of the tree.
    pub fn join(&self, relative: &str) -> Option<Self> {
        if relative.starts_with('/') {
            return None;
        }
        let mut parts: Vec<&str> = self.components().collect();
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                name => parts.push(name),
            }
        }
        Some(Self(parts.join("/")))
    }

    /// The folder this entry lies in; the root's is the root.
    #[must_use]
    pub fn parent(&self) -> Self {
        self.0.rfind('/').map_or_else(Self::root, |i| Self(self.0[..i].to_owned()))
    }

    /// The last component; empty for the root.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// Its components from the root down.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// Whether this is `folder` itself or lies below it.
    pub fn is_within(&self, folder: &Self) -> bool {
        folder.0.is_empty()
            || self.0 == folder.0
            || self.0.strip_prefix(&folder.0).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The path as text; empty for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TreePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "." } else { &self.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::TreePath;

    #[test]
    fn joins_and_normalizes() {
        let base = TreePath::parse("overlays/main").expect("inside");
        assert_eq!(base.join("../base/./x.yaml").expect("inside").as_str(), "overlays/base/x.yaml");
        assert_eq!(base.join("../..").expect("inside"), TreePath::root());
    }

    #[test]
    fn refuses_what_leads_out() {
        assert_eq!(TreePath::parse("../x"), None);
        assert_eq!(TreePath::parse("a/../../x"), None);
        assert_eq!(TreePath::parse("/etc/passwd"), None);
    }

    #[test]
    fn within_is_by_component() {
        let folder = TreePath::parse("a/b").expect("inside");
        assert!(TreePath::parse("a/b/c").expect("inside").is_within(&folder));
        assert!(!TreePath::parse("a/bc").expect("inside").is_within(&folder));
    }
}
