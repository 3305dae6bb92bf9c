//! Applies JSON patches to nodes, with the rules of the library that kustomize uses (Go, `evanphx/json-patch` v4).
//!
//! Where it departs from RFC 6902, and so from the crate `json-patch`, it is followed, because people's patches rely on it:
//!
//! - `replace` of a field that a mapping does not have adds it;
//! - `test` for `null` passes on a field that is not there;
//! - an index may be negative (`-1` is the last element; for `add`, the place behind it) and may have a sign or zeros;
//! - only `replace` and `test` take the empty pointer, which means the whole object.
//!
//! What it does without a word and nobody can mean is refused: `copy` of a field that is not there (it would write
//! `null`), and whole numbers anywhere in the object that a double cannot hold (it would round them).

use json_patch::jsonptr::Pointer;

use crate::diagnostics::{Diagnostic, Outcome, Span};
use crate::yaml::{Map, Node, Value};

use super::json_failure::{Failure, Missing};
use super::json6902::{Action, JsonPatch, Operation};

type Result<T> = std::result::Result<T, Failure>;

impl JsonPatch {
    /// Applies the operations in order. After an error the target must not be used.
    pub fn apply(&self, target: &mut Node) -> Outcome<()> {
        for operation in &self.operations {
            operation.apply(target)?;
        }
        settle(target, target.span)
    }
}

impl Operation {
    fn apply(&self, root: &mut Node) -> Outcome<()> {
        let (path, span) = (&self.path.pointer, self.path.span);
        let at_path = |failure: Failure| failure.report(self.action.name(), &self.path);
        let done = match &self.action {
            Action::Add(value) => add(root, path, span, value.clone()),
            Action::Remove => remove(root, path).map(drop),
            Action::Replace(value) => replace(root, path, span, value.clone()),
            Action::Test(value) => test(root, path, value),
            Action::Move(from) => {
                let moved = remove(root, &from.pointer).map_err(|failure| failure.report(self.action.name(), from))?;
                add(root, path, span, moved)
            }
            Action::Copy(from) => {
                let copied = copy(root, &from.pointer).map_err(|failure| failure.report(self.action.name(), from))?;
                add(root, path, span, copied)
            }
        };
        done.map_err(|failure| at_path(failure).into())
    }
}

fn add(root: &mut Node, pointer: &Pointer, span: Span, value: Node) -> Result<()> {
    let (parent, key) = parent_mut(root, pointer)?;
    match &mut parent.value {
        Value::Map(map) => put(map, &key, span, value),
        Value::Seq(items) if index_to_add(items.len(), &key).is_some() => {
            let index = index_to_add(items.len(), &key).unwrap_or(items.len());
            items.insert(index, value);
        }
        _ => return Err(Missing::new(pointer, parent).into()),
    }
    Ok(())
}

fn remove(root: &mut Node, pointer: &Pointer) -> Result<Node> {
    let (parent, key) = parent_mut(root, pointer)?;
    let removed = match &mut parent.value {
        Value::Map(map) => map.remove(&key).map(|entry| entry.value),
        Value::Seq(items) => index(items.len(), &key).map(|index| items.remove(index)),
        _ => None,
    };
    removed.ok_or_else(|| Missing::new(pointer, parent).into())
}

fn replace(root: &mut Node, pointer: &Pointer, span: Span, value: Node) -> Result<()> {
    if pointer.is_root() {
        if value.as_map().is_none() {
            return Err(Failure::WholeObject);
        }
        *root = value;
        return Ok(());
    }
    let (parent, key) = parent_mut(root, pointer)?;
    match &mut parent.value {
        Value::Map(map) => put(map, &key, span, value),
        Value::Seq(items) => match index(items.len(), &key) {
            Some(index) => items[index] = value,
            None => return Err(Missing::new(pointer, parent).into()),
        },
        _ => return Err(Missing::new(pointer, parent).into()),
    }
    Ok(())
}

fn test(root: &Node, pointer: &Pointer, value: &Node) -> Result<()> {
    let found = match pointer.split_back() {
        None => Some(root),
        Some((parent, last)) => {
            let parent = find(root, parent)?;
            let found = step(parent, &last.decoded());
            if found.is_none() && parent.as_map().is_none() {
                return Err(Missing::new(pointer, parent).into());
            }
            found
        }
    };
    match found {
        Some(found) if is_equal(found, value) => Ok(()),
        None if value.is_null() => Ok(()),
        _ => Err(Failure::Different(found.map_or(Span::NONE, |found| found.span))),
    }
}

fn copy(root: &Node, pointer: &Pointer) -> Result<Node> {
    if pointer.is_root() { Err(Failure::WholeObject) } else { find(root, pointer).cloned() }
}

/// Sets a key; the patch wrote it, even if it was there before.
fn put(map: &mut Map, key: &str, span: Span, value: Node) {
    map.remove(key);
    map.insert(key, span, value);
}

/// Equal as JSON values; numbers by what they are worth, for kustomize writes both sides in one way.
fn is_equal(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Seq(a), Value::Seq(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_equal(a, b)),
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key && is_equal(&a.value, &b.value))
        }
        (a, b) => a == b,
    }
}

/// The node that a pointer leads to.
fn find<'n>(root: &'n Node, pointer: &Pointer) -> Result<&'n Node> {
    let mut node = root;
    for (depth, token) in pointer.tokens().enumerate() {
        node = step(node, &token.decoded()).ok_or_else(|| Missing::at(pointer, depth, node))?;
    }
    Ok(node)
}

fn step<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    match &node.value {
        Value::Map(map) => map.get(key),
        Value::Seq(items) => items.get(index(items.len(), key)?),
        _ => None,
    }
}

fn step_mut<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    match &mut node.value {
        Value::Map(map) => map.get_mut(key),
        Value::Seq(items) => {
            let index = index(items.len(), key)?;
            items.get_mut(index)
        }
        _ => None,
    }
}

/// The container that a pointer leads into, and the key there.
fn parent_mut<'n>(root: &'n mut Node, pointer: &Pointer) -> Result<(&'n mut Node, String)> {
    let Some((parent, last)) = pointer.split_back() else { return Err(Failure::WholeObject) };
    find(root, parent)?;
    let found = parent.tokens().try_fold(root, |node, token| step_mut(node, &token.decoded()));
    found.map(|node| (node, last.decoded().into_owned())).ok_or(Failure::WholeObject)
}

/// The position that `key` names in a list of this length, as Go reads it: a sign and zeros may stand in front.
fn index(length: usize, key: &str) -> Option<usize> {
    let number = key.parse::<i64>().ok()?;
    let index = if number < 0 {
        length.checked_sub(usize::try_from(number.unsigned_abs()).ok()?)?
    } else {
        usize::try_from(number).ok()?
    };
    (index < length).then_some(index)
}

/// The position for a new element: one more is possible than for those that are there.
fn index_to_add(length: usize, key: &str) -> Option<usize> {
    if key == "-" { Some(length) } else { index(length + 1, key) }
}

/// Leaves the object as the way through JSON leaves it: fields left empty are written nulls, numbers are doubles.
fn settle(node: &mut Node, key_span: Span) -> Outcome<()> {
    match &mut node.value {
        Value::Null if node.span.start == node.span.end => node.span = key_span,
        Value::Number(number) if number.as_i128().is_some_and(|whole| !fits_a_double(whole)) => {
            return Err(Diagnostic::error("invalid-patch", "kustomize would round this number in a JSON patch")
                .at(node.span)
                .help("change this object with a strategic merge patch, or write the number as text")
                .into());
        }
        Value::Seq(items) => {
            for item in items {
                settle(item, item.span)?;
            }
        }
        Value::Map(map) => {
            let spans: Vec<_> = map.iter().map(|entry| entry.key_span).collect();
            for ((_, value), span) in map.iter_mut().zip(spans) {
                settle(value, span)?;
            }
        }
        _ => {}
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "the loss is what is asked for")]
fn fits_a_double(whole: i128) -> bool {
    whole as f64 as i128 == whole
}
