//! Paths with dots, as replacements and vars write them: `spec.template.spec.containers.[name=web].image`.

use regex::Regex;

use crate::diagnostics::Span;
use crate::yaml::{Map, Node, Value};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A key of a mapping.
    Field(String),
    /// An element by its place.
    Index(usize),
    /// The last element.
    Last,
    /// Elements whose field (or which themselves, if it is empty) have a value.
    Match { field: String, value: String },
    /// Every element.
    All,
}

/// Splits at dots. A dot is kept by `\.` or inside `[…]`; `[a.b]` without `=` is a key.
pub(super) fn split(path: &str) -> Result<Vec<Step>, String> {
    let parts = unescaped(path, '.');
    let mut steps = Vec::with_capacity(parts.len());
    let mut parts = parts.into_iter();
    while let Some(part) = parts.next() {
        let mut whole = part;
        if whole.starts_with('[') && !whole.ends_with(']') {
            for more in parts.by_ref() {
                whole.push('.');
                whole.push_str(&more);
                if more.ends_with(']') {
                    break;
                }
            }
            if !whole.contains('=') {
                steps.push(Step::Field(whole.trim_matches(['[', ']']).to_owned()));
                continue;
            }
        }
        steps.push(step(&whole)?);
    }
    Ok(steps)
}

/// Splits at slashes; a slash is kept by `\/`.
pub(super) fn split_slashes(path: &str) -> Result<Vec<Step>, String> {
    let parts = unescaped(path, '/');
    parts.iter().filter(|part| !part.trim().is_empty()).map(|part| step(part)).collect()
}

fn unescaped(path: &str, delimiter: char) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.strip_prefix(delimiter).filter(|rest| !rest.is_empty()).unwrap_or(path).split(delimiter) {
        match parts.last_mut() {
            Some(last) if last.ends_with('\\') => {
                last.pop();
                last.push(delimiter);
                last.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
    }
    parts
}

fn step(part: &str) -> Result<Step, String> {
    if let Some(inner) = part.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let (field, value) = inner.split_once('=').ok_or_else(|| format!("`{part}` needs `field=value`"))?;
        return Ok(Step::Match { field: field.to_owned(), value: value.to_owned() });
    }
    Ok(match part {
        "*" => Step::All,
        "-" => Step::Last,
        _ => part.parse().map_or_else(|_| Step::Field(part.to_owned()), Step::Index),
    })
}

/// The one value at a path, compared literally; `Ok(None)` when it is not there.
pub(super) fn lookup<'a>(node: &'a Node, path: &[Step]) -> Result<Option<&'a Node>, String> {
    let mut node = node;
    for step in path {
        if node.is_null() {
            return Ok(None);
        }
        let next = match step {
            Step::Field(name) => mapping(node)?.get(name),
            Step::Index(i) => list(node)?.get(*i),
            Step::Last => list(node)?.last(),
            Step::Match { field, value } => list(node)?.iter().find(|item| has(item, field, value)),
            Step::All => return Err("`*` can stand in the paths of targets only".to_owned()),
        };
        let Some(next) = next else { return Ok(None) };
        node = next;
    }
    Ok(Some(node))
}

fn mapping(node: &Node) -> Result<&Map, String> {
    node.as_map().ok_or_else(|| format!("here is {} where a mapping is needed", node.kind()))
}

fn list(node: &Node) -> Result<&[Node], String> {
    node.as_seq().ok_or_else(|| format!("here is {} where a list is needed", node.kind()))
}

fn has(item: &Node, field: &str, value: &str) -> bool {
    let found = if field.is_empty() { Some(item) } else { item.get(field) };
    found.and_then(plain_text).is_some_and(|text| text == value)
}

/// The text of a scalar.
pub(super) fn plain_text(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null => Some(String::new()),
        Value::Seq(_) | Value::Map(_) => None,
    }
}

/// What is made when a path does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Create {
    Nothing,
    Scalar,
    List,
    Mapping,
}

/// Calls `set` on every value at a path; elements are matched by regular expressions.
/// Its second argument says whether the value was made just now. Returns how many there were.
pub(super) fn visit(
    node: &mut Node,
    path: &[Step],
    create: Create,
    writer: Span,
    set: &mut dyn FnMut(&mut Node, bool) -> Result<(), String>,
) -> Result<usize, String> {
    Visit { create, writer, set }.node(node, path, false)
}

struct Visit<'a> {
    create: Create,
    writer: Span,
    set: &'a mut dyn FnMut(&mut Node, bool) -> Result<(), String>,
}

impl Visit<'_> {
    fn node(&mut self, node: &mut Node, path: &[Step], made: bool) -> Result<usize, String> {
        let Some((head, rest)) = path.split_first() else {
            (self.set)(node, made)?;
            return Ok(1);
        };
        match head {
            Step::Field(name) => self.field(node, name, rest),
            Step::Index(i) => self.index(node, *i, rest),
            Step::Match { field, value } => self.matching(node, field, value, rest),
            Step::All => {
                let items = elements(node)?;
                items.iter_mut().try_fold(0, |sum, item| Ok(sum + self.node(item, rest, false)?))
            }
            Step::Last => Err("`-` can stand in the paths of sources only".to_owned()),
        }
    }

    fn field(&mut self, node: &mut Node, name: &str, rest: &[Step]) -> Result<usize, String> {
        let creates = self.create != Create::Nothing;
        if node.is_null() && !creates {
            return Ok(0);
        }
        let kind = node.kind();
        let Value::Map(map) = &mut node.value else {
            return Err(format!("here is {kind} where a mapping is needed"));
        };
        let made = !map.contains_key(name);
        if made {
            if !creates {
                return Ok(0);
            }
            map.insert(name, self.writer, self.blank(rest));
        }
        map.get_mut(name).map_or(Ok(0), |child| self.node(child, rest, made))
    }

    /// A new value in front of the steps `rest`.
    fn blank(&self, rest: &[Step]) -> Node {
        let value = match (rest.first(), self.create) {
            (Some(Step::Index(_) | Step::Match { .. }), _) | (None, Create::List) => Value::Seq(Vec::new()),
            (Some(_), _) | (None, Create::Mapping) => Value::Map(Map::new()),
            (None, _) => Value::Null,
        };
        Node::new(value, self.writer)
    }

    fn index(&mut self, node: &mut Node, i: usize, rest: &[Step]) -> Result<usize, String> {
        let blank = self.blank(rest);
        let creates = self.create != Create::Nothing;
        let items = elements(node)?;
        let made = creates && items.len() == i;
        if made {
            items.push(blank);
        }
        let len = items.len();
        let item = items.get_mut(i).ok_or_else(|| format!("there is no element {i} among {len}"))?;
        self.node(item, rest, made)
    }

    fn matching(&mut self, node: &mut Node, field: &str, value: &str, rest: &[Step]) -> Result<usize, String> {
        let pattern = Regex::new(value).map_err(|_| format!("`{value}` is no regular expression"))?;
        let fits = |item: &Node| {
            let found = if field.is_empty() { Some(item) } else { item.get(field) };
            found.and_then(plain_text).is_some_and(|text| pattern.is_match(text.trim()))
        };
        let (writer, creates) = (self.writer, self.create != Create::Nothing);
        let mut count = 0;
        // An element that itself is matched is the end of the way, whatever steps follow.
        let rest = if field.is_empty() { &[] } else { rest };
        for item in elements(node)?.iter_mut().filter(|item| fits(item)) {
            count += self.node(item, rest, false)?;
        }
        if count > 0 || !creates {
            return Ok(count);
        }
        let text = Node::string(value, writer);
        let mut item = text.clone();
        if !field.is_empty() {
            item = Node::map(writer);
            item.as_map_mut().and_then(|map| map.insert(field, writer, text));
        }
        let items = elements(node)?;
        items.push(item);
        items.last_mut().map_or(Ok(0), |item| self.node(item, rest, false))
    }
}

fn elements(node: &mut Node) -> Result<&mut Vec<Node>, String> {
    let kind = node.kind();
    node.as_seq_mut().ok_or_else(|| format!("here is {kind} where a list is needed"))
}

#[cfg(test)]
mod tests {
    use super::{Step, split};

    fn field(name: &str) -> Step {
        Step::Field(name.to_owned())
    }

    #[test]
    fn dots_in_brackets_and_behind_a_backslash_stay() {
        assert_eq!(
            split(r"metadata.annotations.a\.b").expect("a path"),
            [field("metadata"), field("annotations"), field("a.b")]
        );
        assert_eq!(split("metadata.[a.b/c]").expect("a path"), [field("metadata"), field("a.b/c")]);
        let name = Step::Match { field: "name".to_owned(), value: "a.b".to_owned() };
        assert_eq!(split("x.[name=a.b].0.*").expect("a path"), [field("x"), name, Step::Index(0), Step::All]);
        assert!(split("x.[y]").is_err());
    }
}
