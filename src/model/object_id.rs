//! What names an object: group, version and kind, namespace, name.

use std::fmt;

use crate::yaml::Node;

/// Group, version and kind. The core group is the empty string.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Gvk {
    /// Such as `apps`; empty for the core group.
    pub group: String,
    /// Such as `v1`.
    pub version: String,
    /// Such as `Deployment`.
    pub kind: String,
}

impl Gvk {
    /// From the two fields of an object.
    pub fn new(api_version: &str, kind: &str) -> Self {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Self { group: group.to_owned(), version: version.to_owned(), kind: kind.to_owned() }
    }

    /// `apps/v1` or `v1`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }
}

impl fmt::Display for Gvk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.api_version(), self.kind)
    }
}

/// Names one object in a set.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ObjectId {
    /// Its kind.
    pub gvk: Gvk,
    /// Its namespace; empty when none is written.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl ObjectId {
    /// The id of an object; parts that are missing or no strings are empty.
    pub fn of(node: &Node) -> Self {
        let text = |keys: &[&str]| node.at(keys).and_then(Node::as_str).unwrap_or_default();
        Self {
            gvk: Gvk::new(text(&["apiVersion"]), text(&["kind"])),
            namespace: text(&["metadata", "namespace"]).to_owned(),
            name: text(&["metadata", "name"]).to_owned(),
        }
    }
}

impl fmt::Display for ObjectId {
    /// `Deployment/web in shop`, as messages name objects.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.gvk.kind, self.name)?;
        if self.namespace.is_empty() { Ok(()) } else { write!(f, " in {}", self.namespace) }
    }
}
