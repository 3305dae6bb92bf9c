//! The order of the result: kustomize's legacy order unless `sortOptions` says otherwise.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::kustomize::config::{ORDER_FIRST, ORDER_LAST, kind_sort_key};
use crate::kustomize::file::SortOptions;
use crate::kustomize::resource::Resource;
use crate::kustomize::set::ResourceSet;
use crate::model::Gvk;

/// Sorts the set.
pub(in crate::kustomize) fn apply(options: Option<&SortOptions>, set: &mut ResourceSet) {
    let ranks = match options {
        Some(SortOptions { fifo: true, .. }) => return,
        Some(SortOptions { order: Some((first, last)), .. }) => ranks(first, last),
        _ => ranks(&ORDER_FIRST, &ORDER_LAST),
    };
    set.all_mut().sort_by_cached_key(|resource| Key::of(resource, &ranks));
}

/// Kinds that come first have negative ranks, those that come last positive ones, all others share 0.
fn ranks<S: AsRef<str>>(first: &[S], last: &[S]) -> HashMap<String, i64> {
    let rank = |i: usize| i64::try_from(i).unwrap_or(i64::MAX);
    let first = first.iter().enumerate().map(|(i, kind)| (kind.as_ref().to_owned(), rank(i) - rank(first.len())));
    let last = last.iter().enumerate().map(|(i, kind)| (kind.as_ref().to_owned(), rank(i) + 1));
    first.chain(last).collect()
}

#[derive(PartialEq, Eq)]
struct Key {
    rank: i64,
    gvk: Gvk,
    kind: String,
    id: String,
}

impl Key {
    fn of(resource: &Resource, ranks: &HashMap<String, i64>) -> Self {
        let gvk = resource.gvk();
        let or = |text: &str, missing: &'static str| if text.is_empty() { missing.to_owned() } else { text.to_owned() };
        let (namespace, name) = (or(resource.namespace(), "~X"), or(resource.name(), "~N"));
        Self {
            rank: ranks.get(resource.kind()).copied().unwrap_or(0),
            kind: kind_sort_key(&gvk),
            id: format!("{namespace}|{name}"),
            gvk,
        }
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.gvk == other.gvk {
            return self.id.cmp(&other.id);
        }
        // Namespaces of the core group come before those of other groups.
        let namespaces = self.gvk.kind == "Namespace" && other.gvk.kind == "Namespace";
        let core = self.gvk.group.is_empty() || other.gvk.group.is_empty();
        let by_kind = if namespaces && core { other.kind.cmp(&self.kind) } else { self.kind.cmp(&other.kind) };
        self.rank.cmp(&other.rank).then(by_kind)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
