//! The dry run of all waves: gitops-engine `pkg/sync/sync_context.go` (`Sync`, `getSyncTasks`, `runTasks`).
//!
//! It comes before the first wave and covers the last, so an object of a kind that the cluster does not know stops
//! everything. It always runs on the client's side: what only the API server finds (schemas of CRDs, CEL, webhooks)
//! strikes half-way through.

use std::collections::BTreeSet;

use crate::model::{Gvk, is_always_there};

use super::cluster::Cluster;
use super::order::defined_kind;
use super::run::prune_option;
use super::step::DryRun;
use super::task::Task;
use super::tasks::{Desired, is_namespace};

const SKIP: &str = "SkipDryRunOnMissingResource=true";

/// The kinds that the cluster has, as far as the previous set shows, and those whose definition the set brings.
pub(super) struct Kinds<'a> {
    known: BTreeSet<(&'a str, &'a str)>,
    defined: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Kinds<'a> {
    pub(super) fn new(desired: Desired<'a>, cluster: &'a Cluster<'a>) -> Self {
        let live = cluster.iter().map(|(key, _)| (key.group.as_str(), key.kind.as_str()));
        let brought = cluster.iter().filter_map(|(_, live)| defined_kind(live));
        let defined = desired.manifests.iter().filter_map(|manifest| defined_kind(manifest));
        Self { known: live.chain(brought).collect(), defined: defined.collect() }
    }

    /// Whether the cluster has the kind.
    pub(super) fn is_known(&self, gvk: &Gvk) -> bool {
        is_always_there(gvk) || self.known.contains(&(gvk.group.as_str(), gvk.kind.as_str()))
    }

    /// Whether the set brings the definition of the kind.
    pub(super) fn is_defined(&self, gvk: &Gvk) -> bool {
        self.defined.contains(&(gvk.group.as_str(), gvk.kind.as_str()))
    }
}

/// What the dry run covers. `tasks` are those of the first turn.
pub(super) fn dry_run(desired: Desired, tasks: &[Task], kinds: &Kinds) -> DryRun {
    let waits = |task: &Task| task.is_prune() && prune_option(task, desired) == Some("confirm");
    if tasks.iter().any(waits) {
        return DryRun { is_cut_short: true, ..DryRun::default() };
    }
    let made_before = |task: &Task| task.live.is_none() && task.name == desired.application.namespace;
    let mut dry_run = DryRun::default();
    let is_left_alone = |task: &&Task| desired.application.only_out_of_sync && task.is_in_sync();
    for task in tasks.iter().filter(|task| !is_left_alone(task)) {
        let Some(target) = task.target.filter(|target| !(is_namespace(target) && made_before(task))) else { continue };
        let gvk = &target.id.gvk;
        if !kinds.is_known(gvk) && (kinds.is_defined(gvk) || may_be_missing(task, desired)) {
            dry_run.skipped.push(target.id.clone());
        } else {
            dry_run.checked += 1;
        }
    }
    dry_run
}

/// Whether the object, or its Application, says that its kind may be missing at first.
pub(super) fn may_be_missing(task: &Task, desired: Desired) -> bool {
    desired.application.skip_dry_run || task.has_option(SKIP)
}

#[cfg(test)]
mod tests {
    use crate::plan::plan;
    use crate::plan::testing::{application, crd, object, pod};

    #[test]
    fn an_unknown_kind_is_skipped_only_with_its_definition_or_the_option() {
        let option = ("argocd.argoproj.io/sync-options", "SkipDryRunOnMissingResource=true");
        let set = [
            crd("x.io", "Foo", &[]),
            object("x.io/v1", "Foo", "defined", "", &[]),
            object("y.io/v1", "Bar", "optional", "", &[option]),
            object("z.io/v1", "Baz", "unknown", "", &[]),
            pod("known", &[]),
        ];
        let plan = plan(&set, None, &application());
        let skipped: Vec<&str> = plan.dry_run.skipped.iter().map(|id| id.name.as_str()).collect();
        assert_eq!((skipped, plan.dry_run.checked), (vec!["defined", "optional"], 3));
    }

    #[test]
    fn a_kind_of_the_previous_set_is_known() {
        let set = [object("x.io/v1", "Foo", "new", "", &[])];
        let live = [object("x.io/v1", "Foo", "old", "", &[])];
        let plan = plan(&set, Some(&live), &application());
        assert!(plan.dry_run.skipped.is_empty());
        assert!(plan.warnings.iter().all(|warning| warning.rule != "kind-without-definition"));
    }

    #[test]
    fn a_prune_to_be_confirmed_cuts_the_dry_run_short() {
        let live = [pod("old", &[("argocd.argoproj.io/sync-options", "Prune=confirm")])];
        assert!(plan(&[pod("new", &[])], Some(&live), &application()).dry_run.is_cut_short);
    }
}
