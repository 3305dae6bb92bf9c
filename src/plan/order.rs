//! The order of tasks: phase, wave, kind, name; then namespaces and CRDs are pulled in front of what needs them.
//! gitops-engine `pkg/sync/sync_tasks.go` (`Less`, `Sort`, `adjustDeps`).

use std::collections::HashMap;

use crate::model::{Manifest, kind_order};

use super::hook::Phase;
use super::task::Task;
use super::tasks::is_namespace;

/// What the engine compares. Group and namespace are not in it, and its sort is not stable, so tasks of equal keys
/// have no defined order.
fn key<'t>(task: &'t Task) -> (Phase, i64, usize, &'t str) {
    (task.phase, task.wave, kind_order(&task.object.id.gvk.kind), &task.name)
}

/// Sorts the tasks; equal keys keep their order and are marked as ties.
pub(super) fn sort(tasks: &mut [Task]) {
    tasks.sort_by(|a, b| key(a).cmp(&key(b)));
    mark_ties(tasks);
    pull_forward(
        tasks,
        |target| is_namespace(target).then(|| target.id.name.clone()),
        |task, _| (!task.namespace.is_empty()).then(|| task.namespace.clone()),
    );
    pull_forward(
        tasks,
        |target| defined_kind(target).map(|(group, kind)| format!("{group}/{kind}")),
        |_, target| Some(format!("{}/{}", target.id.gvk.group, target.id.gvk.kind)),
    );
}

fn mark_ties(tasks: &mut [Task]) {
    let mut number = 0;
    let mut start = 0;
    for end in 1..=tasks.len() {
        if tasks.get(end).is_some_and(|task| key(task) == key(&tasks[start])) {
            continue;
        }
        if end - start > 1 {
            number += 1;
            for task in &mut tasks[start..end] {
                task.tie = Some(number);
            }
        }
        start = end;
    }
}

/// Group and kind that a CRD defines.
pub(super) fn defined_kind(manifest: &Manifest) -> Option<(&str, &str)> {
    let gvk = &manifest.id.gvk;
    if gvk.kind != "CustomResourceDefinition" || gvk.group != "apiextensions.k8s.io" {
        return None;
    }
    let text = |keys: &[&str]| manifest.node.at(keys)?.as_str();
    Some((text(&["spec", "group"])?, text(&["spec", "names", "kind"])?))
}

/// Moves each dependency that comes after the first task that needs it right in front of that task, into its phase and
/// wave. What is pruned neither moves nor needs.
fn pull_forward(
    tasks: &mut [Task],
    provides: impl Fn(&Manifest) -> Option<String>,
    needs: impl Fn(&Task, &Manifest) -> Option<String>,
) {
    let mut first_need: HashMap<String, usize> = HashMap::new();
    for i in 0..tasks.len() {
        let Some(target) = tasks[i].target else { continue };
        let Some(dependency) = provides(target) else {
            if let Some(needed) = needs(&tasks[i], target) {
                first_need.entry(needed).or_insert(i);
            }
            continue;
        };
        let Some(&to) = first_need.get(&dependency) else { continue };
        let (phase, wave) = (tasks[to].phase, tasks[to].wave);
        let task = &mut tasks[i];
        task.pulled_from.get_or_insert((task.phase, task.wave));
        (task.phase, task.wave, task.tie) = (phase, wave, None);
        tasks[to..=i].rotate_right(1);
        for first in first_need.values_mut().filter(|first| **first >= to) {
            *first += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{crd, job, object, order};

    /// `TestSortSyncTask`: phases, waves, kinds, names.
    #[test]
    fn phase_then_wave_then_kind_then_name() {
        let wave = "argocd.argoproj.io/sync-wave";
        let hook = "argocd.argoproj.io/hook";
        let set = vec![
            object("v1", "Pod", "p", "", &[]),
            object("v1", "Service", "s", "", &[]),
            object("v1", "PersistentVolume", "v", "", &[]),
            object("v1", "Pod", "fail", "", &[(hook, "SyncFail")]),
            object("x/v1", "Other", "late", "", &[(wave, "1")]),
            object("x/v1", "Other", "b", "", &[]),
            object("x/v1", "Other", "a", "", &[]),
            object("x/v1", "Other", "early", "", &[(wave, "-1")]),
            object("v1", "Pod", "pre", "", &[(hook, "PreSync")]),
            object("v1", "Pod", "post", "", &[(hook, "PostSync")]),
            object("v1", "ConfigMap", "c", "", &[]),
        ];
        assert_eq!(order(&set), ["pre", "early", "c", "v", "s", "p", "a", "b", "late", "post", "fail"]);
    }

    /// `TestSyncNamespaceAgainstCRD`.
    #[test]
    fn a_namespace_comes_before_a_custom_resource() {
        let set = [object("argoproj.io/v1", "Workflow", "", "", &[]), object("v1", "Namespace", "", "", &[])];
        assert_eq!(crate::plan::testing::kinds(&set), ["Namespace", "Workflow"]);
    }

    /// `TestSyncTasksSort_NamespaceAndObjectInNamespace`.
    #[test]
    fn a_namespace_goes_into_the_phase_and_wave_of_what_needs_it() {
        let wave = "argocd.argoproj.io/sync-wave";
        let set = [
            job("hook1", "ns1", "PreSync"),
            job("hook2", "ns2", "PreSync"),
            object("v1", "Namespace", "ns1", "", &[(wave, "1")]),
            object("v1", "Namespace", "ns2", "", &[(wave, "2")]),
        ];
        assert_eq!(order(&set), ["ns1", "hook1", "ns2", "hook2"]);
        let placed = crate::plan::testing::placed(&set);
        assert!(placed.iter().all(|(_, phase, wave)| (*phase, *wave) == (super::Phase::PreSync, 0)), "{placed:?}");
    }

    /// `TestSyncTasksSort_CRDAndCR`.
    #[test]
    fn a_definition_goes_before_its_custom_resource() {
        let hook = ("argocd.argoproj.io/hook", "PreSync");
        let set = [object("argoproj.io/v1", "Workflow", "cr", "", &[hook]), crd("argoproj.io", "Workflow", &[])];
        assert_eq!(order(&set), ["workflow.argoproj.io", "cr"]);
    }

    /// A Role of the cluster has no namespace, and yet it needs the destination's.
    #[test]
    fn an_object_of_the_cluster_pulls_the_destination() {
        let wave = "argocd.argoproj.io/sync-wave";
        let set = [
            object("rbac.authorization.k8s.io/v1", "ClusterRole", "role", "", &[(wave, "-5")]),
            object("v1", "Namespace", "dest", "", &[]),
        ];
        assert_eq!(order(&set), ["dest", "role"]);
    }
}
