//! The objects gathered so far: in order, each id once.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::resource::Resource;
use crate::diagnostics::Diagnostic;
use crate::model::ObjectId;

/// Objects in the order in which they were added.
///
/// The index is built when somebody asks and dropped when many objects change at once, so that both adding
/// n objects and looking up n ids is linear. Entries that have become stale are harmless: every hit is verified.
#[derive(Debug, Default)]
pub(super) struct ResourceSet {
    list: Vec<Resource>,
    index: Option<Index>,
}

#[derive(Debug, Default)]
struct Index {
    hasher: RandomState,
    /// Kind, name and effective namespace of each present and past id.
    by_id: HashMap<u64, Vec<usize>>,
    by_name: HashMap<u64, Vec<usize>>,
}

impl Index {
    fn of(list: &[Resource]) -> Self {
        let mut index = Self::default();
        for (i, resource) in list.iter().enumerate() {
            index.add(i, resource);
        }
        index
    }

    fn add(&mut self, i: usize, resource: &Resource) {
        for (kind, name, namespace) in resource.identities() {
            let id = self.hasher.hash_one((kind, name, namespace));
            push_once(self.by_id.entry(id).or_default(), i);
            push_once(self.by_name.entry(self.hasher.hash_one(name)).or_default(), i);
        }
    }

    fn by_id(&self, id: &ObjectId) -> &[usize] {
        let key = self.hasher.hash_one((id.gvk.kind.as_str(), id.name.as_str(), id.namespace.as_str()));
        self.by_id.get(&key).map_or(&[], Vec::as_slice)
    }

    fn by_name(&self, name: &str) -> &[usize] {
        self.by_name.get(&self.hasher.hash_one(name)).map_or(&[], Vec::as_slice)
    }
}

fn push_once(list: &mut Vec<usize>, i: usize) {
    if list.last() != Some(&i) && !list.contains(&i) {
        list.push(i);
    }
}

impl ResourceSet {
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Resource> {
        self.list.iter()
    }

    /// All objects, to change any of them.
    pub(super) fn all_mut(&mut self) -> &mut Vec<Resource> {
        self.index = None;
        &mut self.list
    }

    pub(super) fn get(&self, i: usize) -> &Resource {
        &self.list[i]
    }

    /// One object, to change it; call [`ResourceSet::renamed`] if its id changed.
    pub(super) fn get_mut(&mut self, i: usize) -> &mut Resource {
        &mut self.list[i]
    }

    /// Makes the object at `i` findable by the ids that it has now.
    pub(super) fn renamed(&mut self, i: usize) {
        if let Some(index) = &mut self.index {
            index.add(i, &self.list[i]);
        }
    }

    /// Adds an object whose id must be new.
    pub(super) fn append(&mut self, resource: Resource) -> Result<(), Box<Diagnostic>> {
        let id = resource.id();
        let index = self.index.get_or_insert_with(|| Index::of(&self.list));
        let twin = index.by_id(&id).iter().map(|&i| &self.list[i]).find(|twin| twin.is(&id));
        if let Some(twin) = twin {
            return Err(Box::new(duplicate(twin, &resource)));
        }
        index.add(self.list.len(), &resource);
        self.list.push(resource);
        Ok(())
    }

    fn index(&mut self) -> &Index {
        self.index.get_or_insert_with(|| Index::of(&self.list))
    }

    /// Adds the objects of `other`; returns a finding for each id that is there already.
    pub(super) fn append_all(&mut self, other: Self) -> Vec<Diagnostic> {
        if self.list.is_empty() {
            *self = other;
            return Vec::new();
        }
        other.list.into_iter().filter_map(|resource| self.append(resource).err().map(|finding| *finding)).collect()
    }

    /// The objects that have or had `id` (with an effective namespace), in order.
    pub(super) fn answering_to(&mut self, id: &ObjectId) -> Vec<usize> {
        let mut found = self.index().by_id(id).to_vec();
        found.retain(|&i| !self.list[i].is_deleted() && self.list[i].answers_to(id));
        found.sort_unstable();
        found
    }

    /// The objects that have or had `name`, in order.
    pub(super) fn named(&mut self, name: &str) -> Vec<usize> {
        let mut found = self.index().by_name(name).to_vec();
        found.retain(|&i| !self.list[i].is_deleted() && self.list[i].identities().any(|(_, own, _)| own == name));
        found.sort_unstable();
        found
    }

    /// Drops what patches deleted.
    pub(super) fn drop_deleted(&mut self) {
        if self.list.iter().any(Resource::is_deleted) {
            self.all_mut().retain(|resource| !resource.is_deleted());
        }
    }

    /// A finding for each object whose id another one has already.
    pub(super) fn duplicates(&self) -> Vec<Diagnostic> {
        let mut seen: HashMap<ObjectId, &Resource> = HashMap::with_capacity(self.list.len());
        let mut findings = Vec::new();
        for resource in &self.list {
            if let Some(first) = seen.insert(resource.id(), resource) {
                findings.push(duplicate(first, resource));
            }
        }
        findings
    }

    pub(super) fn into_vec(self) -> Vec<Resource> {
        self.list
    }
}

fn duplicate(first: &Resource, second: &Resource) -> Diagnostic {
    Diagnostic::error("duplicate-object", format!("{} is defined twice", second.shown()))
        .at(second.span)
        .related(first.span, "first defined here")
        .help("remove one of them, or make the second one a patch")
}
