//! The tasks of a sync: gitops-engine `pkg/sync/sync_context.go` (`getSyncTasks`, `autoCreateNamespace`) and
//! `pkg/sync/reconcile.go`. They are made anew each time the controller comes around.

use std::collections::BTreeSet;

use crate::model::Manifest;

use super::application::Application;
use super::cluster::{Cluster, Key, is_cluster_scoped};
use super::hook::{self, Phase};
use super::task::{Task, wave};
use super::{order, prune};

/// What a sync is about.
#[derive(Clone, Copy, Debug)]
pub struct Desired<'a> {
    /// The set that is wanted; where nothing else orders two objects, this does.
    pub manifests: &'a [&'a Manifest],
    /// The Application that syncs it.
    pub application: &'a Application,
    /// The namespace of the destination as `CreateNamespace` makes it.
    pub namespace: &'a Manifest,
}

/// The tasks in the order in which Argo CD would work on them now. Where their keys are equal they stand in the order
/// of the manifests.
pub fn tasks<'a>(desired: Desired<'a>, cluster: &Cluster<'a>) -> Vec<Task<'a>> {
    let mut tasks = to_apply(desired, cluster);
    tasks.extend(to_prune(desired, cluster));
    prune::swap_waves(&mut tasks);
    prune::postpone(&mut tasks, desired.application.prune_last);
    order::sort(&mut tasks);
    tasks
}

/// A task for each object and each of its phases, and the destination's namespace.
fn to_apply<'a>(desired: Desired<'a>, cluster: &Cluster<'a>) -> Vec<Task<'a>> {
    let destination = &desired.application.namespace;
    let mut tasks = Vec::new();
    for (i, manifest) in desired.manifests.iter().enumerate() {
        for phase in hook::phases(manifest) {
            let mut key = Key::of(manifest, destination);
            if key.name.is_empty() && hook::is_hook(manifest) {
                key.name = generated_name(manifest, phase);
            }
            let task = Task::apply(manifest, phase, key, cluster, destination);
            tasks.push(Task { index: Some(i), ..task });
        }
    }
    if keeps_namespace(desired, cluster) {
        let key = Key::of(desired.namespace, "");
        tasks.push(Task::apply(desired.namespace, Phase::Sync, key, cluster, destination));
    }
    if creates_namespace(desired, cluster) {
        tasks.push(namespace_task(desired, cluster));
    }
    tasks
}

/// A task for each object that is there and not wanted. Hooks do not count, on neither side: one that is not wanted any
/// more stays, and an object that has become a hook is pruned.
fn to_prune<'a>(desired: Desired<'a>, cluster: &Cluster<'a>) -> Vec<Task<'a>> {
    let resources = desired.manifests.iter().copied().filter(|manifest| !hook::is_hook(manifest));
    let mut wanted: BTreeSet<Key> =
        resources.map(|manifest| Key::of(manifest, &desired.application.namespace)).collect();
    if keeps_namespace(desired, cluster) {
        wanted.insert(Key::of(desired.namespace, ""));
    }
    let gone = cluster.iter().filter(|(key, live)| !hook::is_hook(live) && !wanted.contains(key));
    gone.flat_map(|(key, live)| hook::phases(live).into_iter().map(|phase| Task::prune(live, phase, key.clone())))
        .collect()
}

/// Argo CD appends seven digits of the revision, the phase and the time at which the sync starts.
fn generated_name(manifest: &Manifest, phase: Phase) -> String {
    let prefix = manifest.node.at(&["metadata", "generateName"]).and_then(|node| node.as_str()).unwrap_or_default();
    format!("{prefix}0000000-{}-0", phase.as_str().to_lowercase())
}

/// Whether a task makes the destination's namespace ahead of the set: nobody else does, and it is missing or its
/// metadata is managed. A hook that makes it does not count, because gitops-engine copies the hooks into a slice of
/// no length.
fn creates_namespace(desired: Desired, cluster: &Cluster) -> bool {
    let Application { namespace, create_namespace, manage_namespace, .. } = desired.application;
    *create_namespace
        && !namespace.is_empty()
        && !has_namespace(desired)
        && !keeps_namespace(desired, cluster)
        && (*manage_namespace || !cluster.contains(&Key::of(desired.namespace, "")))
}

/// Whether the namespace was in the set before and stays for its managed metadata alone: Argo CD then takes a bare one
/// as wanted (`controller/state.go`, `CompareAppState`).
fn keeps_namespace(desired: Desired, cluster: &Cluster) -> bool {
    desired.application.manage_namespace
        && !has_namespace(desired)
        && cluster.get(&Key::of(desired.namespace, "")).is_some()
}

fn has_namespace(desired: Desired) -> bool {
    let makes_it = |manifest: &&Manifest| is_namespace(manifest) && manifest.id.name == desired.application.namespace;
    desired.manifests.iter().copied().filter(|manifest| !hook::is_hook(manifest)).any(|manifest| makes_it(&manifest))
}

fn namespace_task<'a>(desired: Desired<'a>, cluster: &Cluster<'a>) -> Task<'a> {
    let key = Key::of(desired.namespace, "");
    let live = cluster.contains(&key).then_some(desired.namespace);
    Task { namespace: String::new(), live, ..Task::apply(desired.namespace, Phase::PreSync, key, cluster, "") }
}

/// Whether this is a namespace of the core group.
pub(super) fn is_namespace(manifest: &Manifest) -> bool {
    manifest.id.gvk.group.is_empty() && manifest.id.gvk.kind == "Namespace"
}

impl<'a> Task<'a> {
    /// Every target has a namespace while it is sorted: its own, or the destination's, objects of the cluster too.
    fn apply(target: &'a Manifest, phase: Phase, key: Key, cluster: &Cluster<'a>, destination: &str) -> Self {
        let own = &target.id.namespace;
        let own = if own.is_empty() || is_cluster_scoped(&target.id.gvk) { destination } else { own };
        Self {
            phase,
            wave: wave(target),
            object: target,
            target: Some(target),
            live: cluster.get(&key),
            index: None,
            namespace: own.to_owned(),
            name: key.name.clone(),
            key,
            tie: None,
            pulled_from: None,
        }
    }

    fn prune(live: &'a Manifest, phase: Phase, key: Key) -> Self {
        Self {
            phase,
            wave: wave(live),
            object: live,
            target: None,
            live: Some(live),
            index: None,
            namespace: key.namespace.clone(),
            name: key.name.clone(),
            key,
            tie: None,
            pulled_from: None,
        }
    }
}
