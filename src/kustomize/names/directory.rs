//! Who had which name, and who can see whom.

use std::collections::{HashMap, HashSet};
use std::fmt;

use crate::diagnostics::Span;
use crate::kustomize::config::Selects;
use crate::kustomize::resource::{PastId, Resource};
use crate::kustomize::scope;
use crate::kustomize::set::ResourceSet;
use crate::model::{Gvk, ObjectId};
use crate::yaml::Node;

/// An object that had another id earlier, as it is now.
#[derive(Debug)]
pub(super) struct Renamed {
    position: usize,
    gvk: Gvk,
    pub(super) name: String,
    pub(super) name_span: Span,
    /// As written; empty without one.
    pub(super) namespace: String,
    pub(super) namespace_span: Span,
    effective: String,
    past: Vec<PastId>,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
}

impl Renamed {
    fn of(position: usize, resource: &Resource) -> Self {
        let span = |key: &str| resource.node.at(&["metadata", key]).map_or(resource.span, |node| node.span);
        Self {
            position,
            gvk: resource.gvk(),
            name: resource.name().to_owned(),
            name_span: span("name"),
            namespace: resource.namespace().to_owned(),
            namespace_span: span("namespace"),
            effective: resource.effective_namespace().to_owned(),
            past: resource.past.clone(),
            prefixes: resource.prefixes.clone(),
            suffixes: resource.suffixes.clone(),
        }
    }

    /// Whether it was of a selected kind at some time before now.
    pub(super) fn was_selected_by(&self, target: &Selects) -> bool {
        self.past.iter().any(|past| target.selects_parts(&self.gvk.group, &self.gvk.version, &past.kind))
    }
}

impl fmt::Display for Renamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (namespace, name) = (self.namespace.clone(), self.name.clone());
        ObjectId { gvk: self.gvk.clone(), namespace, name }.fmt(f)
    }
}

/// All objects with a past, by the names they had.
#[derive(Debug, Default)]
pub(super) struct Directory {
    all: Vec<Renamed>,
    by_name: HashMap<String, Vec<usize>>,
    /// Past name and present effective namespace.
    by_place: HashMap<(String, String), Vec<usize>>,
    /// Original and present effective namespace, and the present one as written, of every object.
    moves: HashSet<(String, String)>,
    written_moves: HashSet<(String, String)>,
    origins: HashSet<String>,
    presents: HashSet<String>,
}

impl Directory {
    pub(super) fn of(set: &ResourceSet) -> Self {
        let mut directory = Self::default();
        for (i, resource) in set.iter().enumerate() {
            directory.note_namespaces(resource);
            if !resource.past.is_empty() {
                directory.add(Renamed::of(i, resource));
            }
        }
        directory
    }

    fn note_namespaces(&mut self, resource: &Resource) {
        let origin = resource.original().2.to_owned();
        let present = resource.effective_namespace().to_owned();
        if !scope::is_nowhere(&origin) {
            self.moves.insert((origin.clone(), present.clone()));
            self.written_moves.insert((origin.clone(), resource.namespace().to_owned()));
            self.origins.insert(origin);
        }
        if !scope::is_nowhere(&present) {
            self.presents.insert(present);
        }
    }

    fn add(&mut self, renamed: Renamed) {
        let i = self.all.len();
        for (k, past) in renamed.past.iter().enumerate() {
            if renamed.past[..k].iter().any(|earlier| earlier.name == past.name) {
                continue;
            }
            self.by_name.entry(past.name.clone()).or_default().push(i);
            self.by_place.entry((past.name.clone(), renamed.effective.clone())).or_default().push(i);
        }
        self.all.push(renamed);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The objects that had `name` and that `viewer` can see, in order: everything for a cluster-scoped one,
    /// else its own namespace, cluster-scoped objects, and where a role binding's service accounts live.
    pub(super) fn visible(&self, viewer: &Viewer, name: &str) -> Vec<&Renamed> {
        if viewer.sees_all() {
            return self.by_name.get(name).map(|list| list.iter().map(|&i| &self.all[i]).collect()).unwrap_or_default();
        }
        let nowhere = scope::NO_NAMESPACE;
        let mut places: Vec<&str> = vec![&viewer.effective, nowhere];
        places.extend(viewer.account_namespaces.iter().map(String::as_str));
        places.sort_unstable();
        places.dedup();
        let mut found: Vec<&Renamed> = Vec::new();
        for place in places {
            // The key is borrowed piecewise nowhere else, so it is built here.
            let key = (name.to_owned(), place.to_owned());
            found.extend(self.by_place.get(&key).into_iter().flatten().map(|&i| &self.all[i]));
        }
        found.retain(|renamed| viewer.sees(renamed));
        found.sort_unstable_by_key(|renamed| renamed.position);
        found
    }

    /// Those of [`Directory::visible`] that were in `namespace` at first; if nothing visible was, those that are now.
    pub(super) fn visible_in(&self, viewer: &Viewer, name: &str, namespace: &str) -> Vec<&Renamed> {
        let mut found = self.visible(viewer, name);
        if self.anything_from(viewer, namespace) {
            found.retain(|renamed| renamed.past.first().is_some_and(|past| past.namespace == namespace));
        } else {
            found.retain(|renamed| renamed.effective == namespace && !scope::is_nowhere(&renamed.effective));
        }
        found
    }

    fn anything_from(&self, viewer: &Viewer, namespace: &str) -> bool {
        if viewer.sees_all() {
            return self.origins.contains(namespace);
        }
        let from =
            |set: &HashSet<(String, String)>, place: &str| set.contains(&(namespace.to_owned(), place.to_owned()));
        from(&self.moves, &viewer.effective)
            || viewer.account_namespaces.iter().any(|place| from(&self.written_moves, place))
    }
}

/// The object whose references are being fixed.
#[derive(Debug)]
pub(super) struct Viewer {
    effective: String,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
    /// Namespaces of the service accounts that a `RoleBinding` names.
    account_namespaces: Vec<String>,
}

impl Viewer {
    pub(super) fn of(resource: &Resource) -> Self {
        Self {
            effective: resource.effective_namespace().to_owned(),
            prefixes: resource.prefixes.clone(),
            suffixes: resource.suffixes.clone(),
            account_namespaces: account_namespaces(resource),
        }
    }

    fn sees_all(&self) -> bool {
        scope::is_nowhere(&self.effective)
    }

    fn sees(&self, other: &Renamed) -> bool {
        scope::is_nowhere(&other.effective)
            || other.effective == self.effective
            || self.account_namespaces.contains(&other.namespace)
    }

    /// Of what it sees, only service accounts may be in another namespace.
    pub(super) fn may_name(&self, other: &Renamed) -> bool {
        self.sees_all()
            || scope::is_nowhere(&other.effective)
            || other.gvk.kind == "ServiceAccount"
            || other.effective == self.effective
    }

    /// Whether prefixes and suffixes end alike; `lenient` takes none at all for a match.
    pub(super) fn has_affixes_like(&self, other: &Renamed, lenient: bool) -> bool {
        let alike = |a: &[String], b: &[String]| (lenient && (a.is_empty() || b.is_empty())) || end_alike(a, b);
        alike(&self.prefixes, &other.prefixes) && alike(&self.suffixes, &other.suffixes)
    }
}

fn account_namespaces(resource: &Resource) -> Vec<String> {
    if resource.kind() != "RoleBinding" {
        return Vec::new();
    }
    let subjects = resource.node.get("subjects").and_then(Node::as_seq).unwrap_or_default();
    let text = |subject: &Node, key: &str| subject.get(key).and_then(Node::as_str).map(str::to_owned);
    let accounts = subjects.iter().filter(|subject| text(subject, "kind").as_deref() == Some("ServiceAccount"));
    accounts.filter_map(|subject| text(subject, "namespace")).collect()
}

/// Whether the shorter list is the end of the longer one; an empty list ends only like an empty one.
fn end_alike(a: &[String], b: &[String]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.is_empty() { long.is_empty() } else { long.ends_with(short) }
}

#[cfg(test)]
mod tests {
    use super::end_alike;

    #[test]
    fn nothing_ends_only_like_nothing() {
        let list = |items: &[&str]| items.iter().map(|&item| item.to_owned()).collect::<Vec<_>>();
        assert!(end_alike(&list(&["a", "b", "c"]), &list(&["b", "c"])));
        assert!(!end_alike(&list(&["a", "b", "c"]), &list(&["a", "b"])));
        assert!(!end_alike(&list(&["a"]), &list(&[])));
        assert!(end_alike(&[], &[]));
    }
}
