//! Lists whose elements are found by the texts of their merge keys.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The texts of an element's merge keys, in the order of the keys; `None` for one that the element does not have.
/// The first is always there.
pub(super) type Keys = Vec<Option<Rc<str>>>;

/// The keys of an element to look for; an empty text stands for any.
#[derive(Clone, Debug)]
pub(super) struct Wanted(Vec<(usize, Rc<str>)>);

impl Wanted {
    /// At each of `positions` the text of that position.
    pub(super) fn new(positions: &[usize], texts: &[Rc<str>]) -> Self {
        Self(positions.iter().map(|&position| (position, Rc::clone(&texts[position]))).collect())
    }

    /// The texts of `keys` at `positions`, up to the first that is missing.
    pub(super) fn prefix(positions: &[usize], keys: &Keys) -> Self {
        let texts = positions.iter().map_while(|&position| Some((position, keys[position].clone()?)));
        Self(texts.collect())
    }

    /// The text of the first key.
    pub(super) fn first(&self) -> &str {
        self.0.first().map_or("", |(_, text)| text)
    }

    /// Whether `keys` has every text that is wanted.
    fn is_found_in(&self, keys: &Keys) -> bool {
        self.0.iter().all(|(position, text)| text.is_empty() || keys[*position].as_ref() == Some(text))
    }

    /// The same, but the element must have a key of which any text will do.
    fn is_set_in(&self, keys: &Keys) -> bool {
        self.is_found_in(keys) && self.0.iter().all(|(position, _)| keys[*position].is_some())
    }
}

/// Numbers of elements in order, with an index of their first keys.
#[derive(Debug, Default)]
pub(super) struct KeyedList {
    slots: Vec<Option<usize>>,
    by_first: HashMap<Rc<str>, Vec<usize>>,
}

impl KeyedList {
    pub(super) fn push(&mut self, number: usize, keys: &Keys) {
        if let Some(first) = &keys[0] {
            self.by_first.entry(Rc::clone(first)).or_default().push(self.slots.len());
            self.slots.push(Some(number));
        }
    }

    /// The first element that has the keys.
    pub(super) fn find<'a>(&self, wanted: &Wanted, keys: impl Fn(usize) -> &'a Keys) -> Option<usize> {
        let slots = self.by_first.get(wanted.first())?;
        slots.iter().filter_map(|&slot| self.slots[slot]).find(|&number| wanted.is_found_in(keys(number)))
    }

    /// Takes out every element that has the keys.
    pub(super) fn remove<'a>(&mut self, wanted: &Wanted, keys: impl Fn(usize) -> &'a Keys) {
        let Some(places) = self.by_first.get_mut(wanted.first()) else { return };
        let slots = &mut self.slots;
        places.retain(|&place| {
            let gone = slots[place].is_none_or(|number| wanted.is_set_in(keys(number)));
            if gone {
                slots[place] = None;
            }
            !gone
        });
    }

    /// Puts an element in the place of every one that has the keys, or at the end.
    pub(super) fn set<'a>(&mut self, wanted: &Wanted, number: usize, keys: impl Fn(usize) -> &'a Keys) {
        let mut found = false;
        for &place in self.by_first.get(wanted.first()).into_iter().flatten() {
            if self.slots[place].is_some_and(|other| wanted.is_set_in(keys(other))) {
                self.slots[place] = Some(number);
                found = true;
            }
        }
        if !found {
            self.push(number, keys(number));
        }
    }

    /// What is left, in order.
    pub(super) fn numbers(&self) -> Vec<usize> {
        self.slots.iter().copied().flatten().collect()
    }
}

/// The distinct keys of `elements` in order, an empty text for a key that is missing. Of two that differ only in
/// what one of them lacks, both become the fuller one: a port without a protocol is the port with one.
/// Also says whether some came out equal by that.
pub(super) fn distinct<'a>(elements: impl Iterator<Item = &'a Keys>) -> (Vec<Vec<Rc<str>>>, bool) {
    let empty: Rc<str> = "".into();
    let mut seen = HashSet::new();
    let texts = elements.map(|keys| keys.iter().map(|key| key.clone().unwrap_or_else(|| Rc::clone(&empty))).collect());
    let mut wanted: Vec<Vec<Rc<str>>> = texts.filter(|texts: &Vec<_>| seen.insert(texts.clone())).collect();
    if wanted.first().is_none_or(|texts| texts.len() < 2) {
        return (wanted, false);
    }
    let mut changed = false;
    for group in groups(&wanted) {
        changed |= complete(&mut wanted, &group);
    }
    (wanted, changed)
}

/// The positions of those with the same first key, where there are several.
fn groups(wanted: &[Vec<Rc<str>>]) -> Vec<Vec<usize>> {
    let mut numbers = HashMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (place, texts) in wanted.iter().enumerate() {
        let next = groups.len();
        let number = *numbers.entry(Rc::clone(&texts[0])).or_insert(next);
        if number == next {
            groups.push(Vec::new());
        }
        groups[number].push(place);
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// Fills in what one of a group lacks and another has, pair by pair in kustomize's order.
fn complete(wanted: &mut [Vec<Rc<str>>], group: &[usize]) -> bool {
    let mut changed = false;
    for &one in group {
        let texts = wanted[one].clone();
        for &other in group {
            if other != one
                && let Some(full) = union(&texts, &wanted[other])
            {
                wanted[one].clone_from(&full);
                wanted[other] = full;
                changed = true;
            }
        }
    }
    changed
}

/// Both sets of texts in one, if neither contradicts the other.
fn union(one: &[Rc<str>], other: &[Rc<str>]) -> Option<Vec<Rc<str>>> {
    let pairs = one.iter().zip(other);
    pairs
        .map(|(a, b)| if b.is_empty() || a == b { Some(a) } else { a.is_empty().then_some(b) })
        .map(Option::<&_>::cloned)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::{Keys, distinct};

    fn keys(texts: [&str; 2]) -> Keys {
        texts.iter().map(|text| (!text.is_empty()).then(|| Rc::from(*text))).collect()
    }

    fn completed(elements: &[[&str; 2]]) -> Vec<String> {
        let elements: Vec<_> = elements.iter().copied().map(keys).collect();
        distinct(elements.iter()).0.iter().map(|texts| texts.join("/")).collect()
    }

    #[test]
    fn a_missing_key_is_taken_from_another_element() {
        assert_eq!(completed(&[["80", ""], ["443", "TCP"]]), ["80/", "443/TCP"]);
        assert_eq!(completed(&[["80", "UDP"], ["80", ""], ["80", "TCP"]]), ["80/UDP", "80/UDP", "80/TCP"]);
        assert_eq!(completed(&[["80", ""], ["80", "UDP"], ["80", "TCP"]]), ["80/TCP", "80/UDP", "80/TCP"]);
    }
}
