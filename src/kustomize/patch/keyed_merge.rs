//! Merges two lists of mappings by their merge keys, step by step as kustomize does, over numbers of elements
//! instead of copies.
//!
//! kustomize first makes every element anew, the patch's first, and then sets what is left of the target's
//! list on top, each element in the place of its twin. With keys that are unique and complete that is what anybody would
//! expect. Otherwise elements can get lost; those of the target go as they go in kustomize, one of the patch is an error.

use std::rc::Rc;

use crate::diagnostics::{Diagnostic, Outcome};
use crate::yaml::{Node, Value};

use super::keyed_list::{KeyedList, Keys, Wanted, distinct};
use super::merge_schema::ListMerge;
use super::path::Path;
use super::scalar::text_of;
use super::strategic_merge::{Merger, Parent};

/// The lists that take part.
pub(super) enum Sources {
    /// The target's and the patch's.
    Both(Vec<Node>, Vec<Node>),
    /// The target's alone.
    Kept(Vec<Node>),
    /// The patch's alone.
    Added(Vec<Node>),
}

impl Sources {
    /// The elements that the target has, and those that the patch has.
    pub(super) fn split(self) -> (Vec<Node>, Vec<Node>) {
        match self {
            Self::Both(dest, patch) => (dest, patch),
            Self::Kept(dest) => (dest, Vec::new()),
            Self::Added(patch) => (Vec::new(), patch),
        }
    }
}

/// The merged list. Every key of `rule` must tell something of each element.
pub(super) fn merge(merger: &Merger<'_>, sources: Sources, rule: &ListMerge, at: &Path<'_>) -> Outcome<Vec<Node>> {
    let mut merge = KeyedMerge::new(merger, sources, rule, at)?;
    for keys in std::mem::take(&mut merge.wanted) {
        merge.make(&Wanted::new(&merge.present, &keys))?;
    }
    merge.finish()
}

struct Element {
    node: Node,
    keys: Keys,
    fate: Fate,
}

/// What became of an element of the patch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Nothing: no one asked for it.
    Unused,
    /// It is (part of) the element with this number.
    In(usize),
    /// It said that something has to go.
    Deleted,
}

/// The state of one merge.
struct KeyedMerge<'m> {
    merger: &'m Merger<'m>,
    rule: &'m ListMerge,
    at: &'m Path<'m>,
    /// The target's elements, then the patch's.
    pool: Vec<Element>,
    from_dest: usize,
    dest: KeyedList,
    /// `None` when the patch's list became the target's, because the target had none.
    patch: Option<KeyedList>,
    made: KeyedList,
    /// The positions of the keys that any element has.
    present: Vec<usize>,
    /// The keys of the elements to make, in order.
    wanted: Vec<Vec<Rc<str>>>,
    /// Whether the same keys can be wanted twice.
    repeats: bool,
}

impl<'m> KeyedMerge<'m> {
    fn new(merger: &'m Merger<'m>, sources: Sources, rule: &'m ListMerge, at: &'m Path<'m>) -> Outcome<Self> {
        let shared = matches!(sources, Sources::Added(_));
        let (dest, patch) = sources.split();
        let from_dest = dest.len();
        let elements = dest.into_iter().chain(patch);
        let pool: Outcome<Vec<_>> = elements.map(|node| element(node, rule, at)).collect();
        let pool = pool?;
        let (wanted, repeats) =
            distinct(pool[from_dest..].iter().chain(&pool[..from_dest]).map(|element| &element.keys));
        let present = (0..rule.keys.len()).filter(|&key| wanted.iter().any(|texts| !texts[key].is_empty())).collect();
        let (mut first, mut second) = (KeyedList::default(), KeyedList::default());
        for (number, element) in pool.iter().enumerate() {
            if number < from_dest || shared { &mut first } else { &mut second }.push(number, &element.keys);
        }
        let patch = (!shared).then_some(second);
        let made = KeyedList::default();
        Ok(Self { merger, rule, at, pool, from_dest, dest: first, patch, made, present, wanted, repeats })
    }

    /// Makes the element that is wanted out of the target's and the patch's.
    fn make(&mut self, wanted: &Wanted) -> Outcome<()> {
        let keys = |number: usize| &self.pool[number].keys;
        let old = self.dest.find(wanted, keys);
        let new = self.patch.as_ref().and_then(|patch| patch.find(wanted, keys));
        let at = self.at.element(wanted.first());
        let made = match (old, new) {
            (Some(old), None) => self.make_from_one(old, &at)?,
            (None, Some(new)) => self.make_new(new, &at)?,
            (Some(old), Some(new)) => self.make_from_both(old, new, &at)?,
            (None, None) => None,
        };
        let keys = |number: usize| &self.pool[number].keys;
        match made {
            Some(number) => self.made.set(wanted, number, keys),
            None => self.dest.remove(wanted, keys),
        }
        Ok(())
    }

    /// From an element of the target's list alone; that list may be the patch's.
    fn make_from_one(&mut self, old: usize, at: &Path<'_>) -> Outcome<Option<usize>> {
        let node = &mut self.pool[old].node;
        let schema = self.rule.item;
        let kept = match self.patch {
            Some(_) => self.merger.keep(node, schema, at)?,
            None => self.merger.add(node, Parent::New, schema, at)?,
        };
        Ok(kept.then_some(old))
    }

    fn make_new(&mut self, new: usize, at: &Path<'_>) -> Outcome<Option<usize>> {
        let element = &mut self.pool[new];
        let kept = self.merger.add(&mut element.node, Parent::Old, self.rule.item, at)?;
        element.fate = if kept { Fate::In(new) } else { Fate::Deleted };
        Ok(kept.then_some(new))
    }

    fn make_from_both(&mut self, old: usize, new: usize, at: &Path<'_>) -> Outcome<Option<usize>> {
        refuse_replacement(&self.pool[new].node)?;
        let patch = self.take(new);
        let kept = self.merger.both(&mut self.pool[old].node, patch, self.rule.item, at)?;
        self.pool[new].fate = if kept { Fate::In(old) } else { Fate::Deleted };
        Ok(kept.then_some(old))
    }

    /// Takes an element of the patch. When its keys can come up again it stays behind, without its directive.
    fn take(&mut self, number: usize) -> Node {
        let node = &mut self.pool[number].node;
        let mut left = if self.repeats { node.clone() } else { Node::new(Value::Null, node.span) };
        if let Some(map) = left.as_map_mut() {
            map.remove("$patch");
        }
        std::mem::replace(node, left)
    }

    /// Sets what is left of the target's list on top of what was made.
    fn finish(mut self) -> Outcome<Vec<Node>> {
        self.refuse_gaps()?;
        let keys = |number: usize| &self.pool[number].keys;
        for number in self.dest.numbers() {
            let wanted = Wanted::prefix(&self.present, keys(number));
            if self.present.len() > 1 {
                self.made.remove(&wanted, keys);
            }
            self.made.set(&wanted, number, keys);
        }
        let numbers = self.made.numbers();
        self.refuse_lost(&numbers)?;
        let mut nodes: Vec<_> = self.pool.into_iter().map(|element| Some(element.node)).collect();
        Ok(numbers.into_iter().filter_map(|number| nodes[number].take()).collect())
    }

    /// Refuses an element that lacks a key and has one behind it: kustomize takes that for the one that is missing.
    fn refuse_gaps(&self) -> Outcome<()> {
        for element in &self.pool {
            let mut missing = self.present.iter().skip_while(|&&key| element.keys[key].is_some());
            if let Some(&first) = missing.next()
                && missing.any(|&key| element.keys[key].is_some())
            {
                return Err(without_key(&element.node, &self.rule.keys[first], self.at).into());
            }
        }
        Ok(())
    }

    /// Refuses elements of the patch that are not in the result and would have changed it.
    fn refuse_lost(&self, numbers: &[usize]) -> Outcome<()> {
        if self.patch.is_none() {
            return Ok(());
        }
        let mut there = vec![false; self.pool.len()];
        for &number in numbers {
            there[number] = true;
        }
        for (number, element) in self.pool.iter().enumerate().skip(self.from_dest) {
            let lost = match element.fate {
                Fate::Deleted => false,
                Fate::In(other) if there[other] => false,
                // Merged into an element that another one of the same key replaced.
                Fate::In(other) if other != number => true,
                Fate::Unused | Fate::In(_) => !self.is_said_anyway(element),
            };
            if lost {
                return Err(self.lost(element).into());
            }
        }
        Ok(())
    }

    /// Whether an element of the result already has all that `element` says.
    fn is_said_anyway(&self, element: &Element) -> bool {
        let first = Wanted::prefix(&[0], &element.keys);
        let Some(kept) = self.made.find(&first, |number| &self.pool[number].keys) else { return false };
        let kept = &self.pool[kept].node;
        element.node.as_map().is_some_and(|map| map.iter().all(|entry| kept.get(&entry.key) == Some(&entry.value)))
    }

    fn lost(&self, element: &Element) -> Diagnostic {
        let first = Wanted::prefix(&[0], &element.keys);
        let same = |other: &&Element| Wanted::prefix(&[0], &other.keys).first() == first.first();
        let other = self.pool.iter().filter(same).find(|other| !std::ptr::eq(*other, element));
        let message = format!("this element has no effect: another one of `{}` has its key", self.at);
        let keys: Vec<_> = self.rule.keys.iter().map(|key| format!("`{key}`")).collect();
        Diagnostic::error("invalid-patch", message)
            .at(element.node.span)
            .related(other.map_or(element.node.span, |other| other.node.span), "the other element")
            .help(format!("elements are the same when {} are, written or left out on both sides", keys.join(" and ")))
    }
}

fn element(node: Node, rule: &ListMerge, at: &Path<'_>) -> Outcome<Element> {
    let Some(map) = node.as_map() else {
        let message = format!("`{at}` is a list of mappings, but this element is {}", node.kind());
        return Err(Diagnostic::error("invalid-patch", message).at(node.span).into());
    };
    let mut keys = Keys::with_capacity(rule.keys.len());
    for (position, key) in rule.keys.iter().enumerate() {
        match map.get(key) {
            None if position > 0 => keys.push(None),
            value => match value.and_then(text_of).filter(|text| !text.is_empty()) {
                Some(text) => keys.push(Some(text.into())),
                None => return Err(without_key(value.unwrap_or(&node), key, at).into()),
            },
        }
    }
    Ok(Element { node, keys, fate: Fate::Unused })
}

fn without_key(node: &Node, key: &str, at: &Path<'_>) -> Diagnostic {
    Diagnostic::error("missing-merge-key", format!("an element of `{at}` has no `{key}`"))
        .at(node.span)
        .help(format!("elements of this list are told apart by `{key}`; without it kustomize loses some of them"))
}

fn refuse_replacement(patch: &Node) -> Outcome<()> {
    match patch.as_map().and_then(|map| map.entry("$patch")) {
        Some(entry) if entry.value.as_str() == Some("replace") => {
            Err(Diagnostic::error("invalid-patch", "`$patch: replace` of a list's element has no effect in kustomize")
                .at(entry.key_span)
                .help("replace the whole list, set unwanted fields to null, or use a JSON patch")
                .into())
        }
        _ => Ok(()),
    }
}
