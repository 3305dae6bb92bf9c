//! Fields of `plugin.yaml` by the rules of Go's `encoding/json`: keys match whatever their case and a later one wins,
//! `null` is the zero value, and a value of another type is an error.

use std::collections::HashMap;

use super::config::{CONFIG_FILE, ConfigError};
use super::proto::ParameterAnnouncement;
use crate::yaml::{Map, Node, Value};

/// One mapping of the file.
pub(super) struct Fields<'a> {
    map: Option<&'a Map>,
    /// Its path in the file, for messages; empty at the top.
    path: String,
    seen: Vec<&'static str>,
    warnings: &'a mut Vec<String>,
}

impl<'a> Fields<'a> {
    /// The fields of `node`; none when it is absent or `null`.
    pub(super) fn of(node: Option<&'a Node>, path: String, warnings: &'a mut Vec<String>) -> Result<Self, ConfigError> {
        let map = match node.map(|node| &node.value) {
            None | Some(Value::Null) => None,
            Some(Value::Map(map)) => Some(map),
            Some(other) => return Err(wrong_type(&path, "a mapping", other)),
        };
        Ok(Self { map, path, seen: Vec::new(), warnings })
    }

    pub(super) fn fields(&mut self, key: &'static str) -> Result<Fields<'_>, ConfigError> {
        let path = self.path_of(key);
        let node = self.find(key);
        Fields::of(node, path, self.warnings)
    }

    pub(super) fn string(&mut self, key: &'static str) -> Result<String, ConfigError> {
        match self.find(key).map(|node| &node.value) {
            None | Some(Value::Null) => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(other) => Err(wrong_type(&self.path_of(key), "a string", other)),
        }
    }

    pub(super) fn boolean(&mut self, key: &'static str) -> Result<bool, ConfigError> {
        match self.find(key).map(|node| &node.value) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(value)) => Ok(*value),
            Some(other) => Err(wrong_type(&self.path_of(key), "`true` or `false`", other)),
        }
    }

    pub(super) fn strings(&mut self, key: &'static str) -> Result<Vec<String>, ConfigError> {
        let path = self.path_of(key);
        let items = match self.find(key).map(|node| &node.value) {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Seq(items)) => items,
            Some(other) => return Err(wrong_type(&path, "a list of strings", other)),
        };
        let text = |item: &Node| match &item.value {
            Value::String(text) => Ok(text.clone()),
            Value::Null => Ok(String::new()),
            other => Err(wrong_type(&path, "a list of strings", other)),
        };
        items.iter().map(text).collect()
    }

    /// `command` and `args` of a command, joined as the stock server joins them.
    pub(super) fn command(&mut self, key: &'static str) -> Result<Vec<String>, ConfigError> {
        let mut fields = self.fields(key)?;
        let program = fields.strings("command")?;
        let arguments = fields.strings("args")?;
        fields.finish();
        // `len(command) == 0` is how the stock server asks whether there is one.
        Ok(if program.is_empty() { program } else { [program, arguments].concat() })
    }

    pub(super) fn announcements(&mut self, key: &'static str) -> Result<Vec<ParameterAnnouncement>, ConfigError> {
        let path = self.path_of(key);
        let items = match self.find(key).map(|node| &node.value) {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Seq(items)) => items,
            Some(other) => return Err(wrong_type(&path, "a list", other)),
        };
        let items: Vec<&Node> = items.iter().collect();
        items.into_iter().map(|item| announcement(Fields::of(Some(item), path.clone(), self.warnings)?)).collect()
    }

    fn texts(&mut self, key: &'static str) -> Result<HashMap<String, String>, ConfigError> {
        let fields = self.fields(key)?;
        let (path, entries) = (fields.path.clone(), fields.map.map(Map::iter));
        let text = |entry: &crate::yaml::Entry| match &entry.value.value {
            Value::String(text) => Ok((entry.key.clone(), text.clone())),
            other => Err(wrong_type(&path, "a mapping of strings", other)),
        };
        entries.into_iter().flatten().map(text).collect()
    }

    /// Keys that are known and mean nothing here.
    pub(super) fn ignore(&mut self, keys: &[&'static str]) {
        self.seen.extend(keys);
    }

    /// Warns of every key that nobody asked for.
    pub(super) fn finish(self) {
        for entry in self.map.into_iter().flat_map(Map::iter) {
            if !self.seen.iter().any(|known| known.eq_ignore_ascii_case(&entry.key)) {
                let path =
                    if self.path.is_empty() { entry.key.clone() } else { format!("{}.{}", self.path, entry.key) };
                self.warnings.push(format!("{CONFIG_FILE}: `{path}` means nothing to a plugin server and is ignored"));
            }
        }
    }

    fn find(&mut self, key: &'static str) -> Option<&'a Node> {
        self.seen.push(key);
        let mut entries = self.map?.iter().rev();
        entries.find(|entry| entry.key.eq_ignore_ascii_case(key)).map(|entry| &entry.value)
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

fn announcement(mut fields: Fields<'_>) -> Result<ParameterAnnouncement, ConfigError> {
    let announcement = ParameterAnnouncement {
        name: fields.string("name")?,
        title: fields.string("title")?,
        tooltip: fields.string("tooltip")?,
        required: fields.boolean("required")?,
        item_type: fields.string("itemType")?,
        collection_type: fields.string("collectionType")?,
        string: fields.string("string")?,
        array: fields.strings("array")?,
        map: fields.texts("map")?,
    };
    fields.finish();
    Ok(announcement)
}

fn wrong_type(path: &str, wanted: &str, found: &Value) -> ConfigError {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Seq(_) => "a list",
        Value::Map(_) => "a mapping",
    };
    let quotes = if wanted == "a string" { "; write it in quotes" } else { "" };
    ConfigError::Invalid(format!("{path} must be {wanted}, found {found}{quotes}"))
}
