//! What a YAML document means, as Go's reader sees it, with the place of every node.

use serde_json::Number;

use crate::diagnostics::Span;

/// A value and the text that wrote it. A transformer that writes a value gives it its own span,
/// so a node always knows who wrote it last.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Who wrote it.
    pub span: Span,
}

/// The values that `sigs.k8s.io/yaml` knows: JSON's.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, and YAML 1.1's `yes` and `on`
    Bool(bool),
    /// A 64-bit integer or a double, as in Go
    Number(Number),
    /// Text
    String(String),
    /// A list
    Seq(Vec<Node>),
    /// A mapping with keys in bytewise order
    Map(Map),
}

/// One `key: value` pair.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key as text.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

/// A mapping. Keys are unique and kept in bytewise order, as Go's JSON writer prints them,
/// so that equal mappings give equal bytes whatever order they were written in.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Vec<Entry>,
}

impl Map {
    /// An empty mapping.
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// A mapping of `entries` in any order; the first pair of equal keys (earlier, later) is the error.
    pub fn from_entries(mut entries: Vec<Entry>) -> Result<Self, Box<(Entry, Entry)>> {
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        match entries.windows(2).position(|pair| pair[0].key == pair[1].key) {
            None => Ok(Self { entries }),
            Some(i) => {
                let later = entries.swap_remove(i + 1);
                Err(Box::new((entries.swap_remove(i), later)))
            }
        }
    }

    /// A mapping of entries that are in order already, each key once.
    pub(super) fn from_sorted(entries: Vec<Entry>) -> Self {
        debug_assert!(entries.is_sorted_by(|a, b| a.key < b.key), "keys in order, each once");
        Self { entries }
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| entry.key.as_str().cmp(key))
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value of `key`, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let i = self.find(key).ok()?;
        Some(&mut self.entries[i].value)
    }

    /// The pair of `key`.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.find(key).ok().map(|i| &self.entries[i])
    }

    /// Whether `key` is there.
    pub fn contains_key(&self, key: &str) -> bool {
        self.find(key).is_ok()
    }

    /// Sets `key`; a key that is already there keeps its own place. Returns the old value.
    pub fn insert(&mut self, key: impl Into<String>, key_span: Span, value: Node) -> Option<Node> {
        let key = key.into();
        match self.find(&key) {
            Ok(i) => Some(std::mem::replace(&mut self.entries[i].value, value)),
            Err(i) => {
                self.entries.insert(i, Entry { key, key_span, value });
                None
            }
        }
    }

    /// The value of `key`, made by `default` when it is not there yet.
    pub fn get_or_insert_with(&mut self, key: &str, key_span: Span, default: impl FnOnce() -> Node) -> &mut Node {
        let i = self.find(key).unwrap_or_else(|i| {
            self.entries.insert(i, Entry { key: key.to_owned(), key_span, value: default() });
            i
        });
        &mut self.entries[i].value
    }

    /// Takes `key` out.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        self.find(key).ok().map(|i| self.entries.remove(i))
    }

    /// The pairs in bytewise order of their keys.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// The pairs with changeable values; keys stay as they are.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Node)> {
        self.entries.iter_mut().map(|entry| (entry.key.as_str(), &mut entry.value))
    }

    /// Keeps the pairs that `keep` approves.
    pub fn retain(&mut self, keep: impl FnMut(&Entry) -> bool) {
        self.entries.retain(keep);
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Map {
    type Item = Entry;
    type IntoIter = std::vec::IntoIter<Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl Node {
    /// A node of `value` written by `span`.
    pub const fn new(value: Value, span: Span) -> Self {
        Self { value, span }
    }

    /// A text node.
    pub fn string(text: impl Into<String>, span: Span) -> Self {
        Self::new(Value::String(text.into()), span)
    }

    /// An empty mapping.
    pub const fn map(span: Span) -> Self {
        Self::new(Value::Map(Map::new()), span)
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = &self.value { Some(text) } else { None }
    }

    /// The mapping, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        if let Value::Map(map) = &self.value { Some(map) } else { None }
    }

    /// The mapping, if it is one, to change it.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        if let Value::Map(map) = &mut self.value { Some(map) } else { None }
    }

    /// The list, if it is one.
    pub fn as_seq(&self) -> Option<&[Node]> {
        if let Value::Seq(items) = &self.value { Some(items) } else { None }
    }

    /// The list, if it is one, to change it.
    pub fn as_seq_mut(&mut self) -> Option<&mut Vec<Node>> {
        if let Value::Seq(items) = &mut self.value { Some(items) } else { None }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The value of `key`, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.get(key)
    }

    /// The value behind a chain of keys.
    pub fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Seq(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

/// Equal values; places do not count.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Seq(a), Self::Seq(b)) => a == b,
            (Self::Map(a), Self::Map(b)) => a == b,
            _ => false,
        }
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(a, b)| a.key == b.key && a.value == b.value)
    }
}

/// Written as the JSON value it stands for.
impl serde::Serialize for Node {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(b) => serializer.serialize_bool(*b),
            Value::Number(n) => n.serialize(serializer),
            Value::String(s) => serializer.serialize_str(s),
            Value::Seq(items) => serializer.collect_seq(items),
            Value::Map(map) => serializer.collect_map(map.iter().map(|entry| (&entry.key, &entry.value))),
        }
    }
}

impl From<&Node> for serde_json::Value {
    fn from(node: &Node) -> Self {
        match &node.value {
            Value::Null => Self::Null,
            Value::Bool(b) => Self::Bool(*b),
            Value::Number(n) => Self::Number(n.clone()),
            Value::String(s) => Self::String(s.clone()),
            Value::Seq(items) => Self::Array(items.iter().map(Self::from).collect()),
            Value::Map(map) => Self::Object(map.iter().map(|e| (e.key.clone(), Self::from(&e.value))).collect()),
        }
    }
}

impl Node {
    /// The node of a JSON value, every part of it written by `span`.
    pub fn from_json(value: serde_json::Value, span: Span) -> Self {
        let value = match value {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(b) => Value::Bool(b),
            serde_json::Value::Number(n) => Value::Number(n),
            serde_json::Value::String(s) => Value::String(s),
            serde_json::Value::Array(items) => {
                Value::Seq(items.into_iter().map(|item| Self::from_json(item, span)).collect())
            }
            serde_json::Value::Object(fields) => {
                let mut map = Map::new();
                for (key, value) in fields {
                    map.insert(key, span, Self::from_json(value, span));
                }
                Value::Map(map)
            }
        };
        Self::new(value, span)
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Map, Node, Value};
    use crate::diagnostics::Span;

    fn entry(key: &str, value: Value) -> Entry {
        Entry { key: key.to_owned(), key_span: Span::NONE, value: Node::new(value, Span::NONE) }
    }

    #[test]
    fn the_first_of_two_equal_keys_is_named_first() {
        let entries = vec![entry("a", Value::Null), entry("b", Value::Null), entry("a", Value::Bool(true))];
        let (first, second) = *Map::from_entries(entries).expect_err("a twice");
        assert_eq!((first.key.as_str(), first.value.value), ("a", Value::Null));
        assert_eq!((second.key.as_str(), second.value.value), ("a", Value::Bool(true)));
    }
}
