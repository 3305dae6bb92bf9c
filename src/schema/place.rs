//! Where a value stands in its object: for messages, and for findings about what is not there.

use std::fmt::{self, Write};
use std::rc::Rc;

use crate::diagnostics::Span;
use crate::yaml::Node;

/// One step from a value to one inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    /// Into a mapping.
    Key(&'a str),
    /// Into a list.
    Index(usize),
}

/// Prints steps as `spec.containers[0].image`; a key with dots or slashes as `[app.kubernetes.io/name]`.
pub(crate) fn print(steps: &[Step<'_>]) -> String {
    let mut out = String::new();
    for step in steps {
        // Writing to a string cannot fail.
        let _ = match step {
            Step::Index(index) => write!(out, "[{index}]"),
            Step::Key(key) if key.is_empty() || key.contains(['.', '/', '[', ' ']) => write!(out, "[{key}]"),
            Step::Key(key) if out.is_empty() => write!(out, "{key}"),
            Step::Key(key) => write!(out, ".{key}"),
        };
    }
    out
}

/// A value and the way that leads to it.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    /// The value.
    pub node: &'a Node,
    /// Where its key stands; for an item its own place.
    pub key_span: Span,
    way: Option<Rc<Way<'a>>>,
}

#[derive(Debug)]
struct Way<'a> {
    parent: Option<Rc<Way<'a>>>,
    step: Step<'a>,
}

impl<'a> Place<'a> {
    /// A whole object, `span` being its document.
    pub const fn root(node: &'a Node, span: Span) -> Self {
        Self { node, key_span: span, way: None }
    }

    fn child(&self, step: Step<'a>, node: &'a Node, key_span: Span) -> Self {
        Self { node, key_span, way: Some(Rc::new(Way { parent: self.way.clone(), step })) }
    }

    /// The value of `key`; `None` when it is absent or null, which are one to Go.
    pub fn get(&self, key: &str) -> Option<Self> {
        let entry = self.node.as_map()?.entry(key).filter(|entry| !entry.value.is_null())?;
        Some(self.child(Step::Key(&entry.key), &entry.value, entry.key_span))
    }

    /// The value behind a chain of keys.
    pub fn at(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self.clone(), |place, key| place.get(key))
    }

    /// The items, if this is a list.
    pub fn items(&self) -> impl Iterator<Item = Self> {
        let items = self.node.as_seq().unwrap_or_default();
        items.iter().enumerate().map(|(index, node)| self.child(Step::Index(index), node, node.span))
    }

    /// The items of the list under `key`; none when there is no such list.
    pub fn list(&self, key: &str) -> Vec<Self> {
        self.get(key).map_or_else(Vec::new, |list| list.items().collect())
    }

    /// The pairs, if this is a mapping.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, Self)> {
        let map = self.node.as_map();
        let entries = map.into_iter().flatten();
        entries.map(|entry| (entry.key.as_str(), self.child(Step::Key(&entry.key), &entry.value, entry.key_span)))
    }

    /// The pairs of the mapping under `key`.
    pub fn map(&self, key: &str) -> Vec<(&'a str, Self)> {
        self.get(key).map_or_else(Vec::new, |map| map.entries().collect())
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&'a str> {
        self.node.as_str()
    }

    /// The text under `key`; empty when there is none, which are one to Go.
    pub fn text(&self, key: &str) -> &'a str {
        self.node.get(key).and_then(Node::as_str).unwrap_or_default()
    }

    /// The whole number, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        super::number::as_i64(self.node)
    }

    /// The whole number under `key`.
    pub fn int(&self, key: &str) -> Option<i64> {
        super::number::as_i64(self.node.get(key)?)
    }

    /// Whether `key` holds `true`.
    pub fn is_true(&self, key: &str) -> bool {
        matches!(self.node.get(key).map(|node| &node.value), Some(crate::yaml::Value::Bool(true)))
    }

    /// Whether `key` holds something: not absent, not null.
    pub fn has(&self, key: &str) -> bool {
        self.node.get(key).is_some_and(|node| !node.is_null())
    }

    /// The last key on the way here.
    pub fn name(&self) -> &'a str {
        let mut way = self.way.as_deref();
        while let Some(here) = way {
            if let Step::Key(key) = here.step {
                return key;
            }
            way = here.parent.as_deref();
        }
        ""
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut steps = Vec::new();
        let mut way = self.way.as_deref();
        while let Some(here) = way {
            steps.push(here.step);
            way = here.parent.as_deref();
        }
        steps.reverse();
        f.write_str(&print(&steps))
    }
}

#[cfg(test)]
mod tests {
    use super::Place;
    use crate::diagnostics::Span;
    use crate::yaml::Node;

    #[test]
    fn a_place_reads_like_the_field_path_of_the_server() {
        let node = serde_json::json!({"spec": {"ports": [{"port": 1}]}, "metadata": {"labels": {"a.b/c": "d"}}});
        let node = Node::from_json(node, Span::NONE);
        let root = Place::root(&node, Span::NONE);
        let ports = root.at(&["spec", "ports"]).expect("there").items().next().expect("one");
        assert_eq!(ports.get("port").expect("there").to_string(), "spec.ports[0].port");
        assert_eq!(root.at(&["metadata", "labels", "a.b/c"]).expect("there").to_string(), "metadata.labels[a.b/c]");
    }
}
