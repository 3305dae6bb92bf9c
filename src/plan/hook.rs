//! What is a hook, and in which phases it runs: gitops-engine `pkg/sync/hook/*.go`, `pkg/sync/sync_phase.go`; the two
//! kinds that run outside syncs: Argo CD `controller/hook.go`.

use std::fmt;

use crate::model::Manifest;

use super::annotations;

/// The annotation that makes an object a hook of Argo CD.
pub(super) const HOOK: &str = "argocd.argoproj.io/hook";
/// Helm's, which counts where Argo CD's names no hook.
pub(super) const HELM_HOOK: &str = "helm.sh/hook";
const DELETE_POLICY: &str = "argocd.argoproj.io/hook-delete-policy";
const HELM_DELETE_POLICY: &str = "helm.sh/hook-delete-policy";

/// A part of a sync, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Before anything of the set itself.
    PreSync,
    /// The set itself.
    Sync,
    /// After the set is healthy.
    PostSync,
    /// Only when the sync has failed.
    SyncFail,
}

impl Phase {
    /// As Argo CD writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PreSync => "PreSync",
            Self::Sync => "Sync",
            Self::PostSync => "PostSync",
            Self::SyncFail => "SyncFail",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// When a hook's object is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DeletePolicy {
    /// Before a new one is made; what counts where nothing is said.
    BeforeHookCreation,
    /// Once the whole sync has succeeded.
    HookSucceeded,
    /// Once the sync has failed.
    HookFailed,
}

/// What a hook annotation names: phases, and `Skip`.
#[derive(Default)]
struct Types {
    phases: Vec<Phase>,
    skip: bool,
}

impl Types {
    fn of(manifest: &Manifest) -> Self {
        let mut types = Self::default();
        for text in annotations::list(manifest, HOOK) {
            match text {
                "PreSync" => types.phases.push(Phase::PreSync),
                "Sync" => types.phases.push(Phase::Sync),
                "PostSync" => types.phases.push(Phase::PostSync),
                "SyncFail" => types.phases.push(Phase::SyncFail),
                "Skip" => types.skip = true,
                _ => {}
            }
        }
        if types.count() == 0 {
            types.phases.extend(annotations::list(manifest, HELM_HOOK).into_iter().filter_map(helm_phase));
        }
        types
    }

    fn count(&self) -> usize {
        self.phases.len() + usize::from(self.skip)
    }
}

/// Rollback and test hooks have no counterpart; the two of deletion run outside syncs.
fn helm_phase(text: &str) -> Option<Phase> {
    match text {
        "pre-install" | "pre-upgrade" => Some(Phase::PreSync),
        "post-install" | "post-upgrade" => Some(Phase::PostSync),
        _ => None,
    }
}

/// Whether Argo CD treats the object as a hook. A word it does not know makes a hook that never runs.
pub(super) fn is_hook(manifest: &Manifest) -> bool {
    if annotations::text(manifest, HOOK).is_some() {
        return !is_skipped(manifest);
    }
    // Helm 2 called a CRD a hook, and it is none.
    annotations::text(manifest, HELM_HOOK).is_some_and(|text| text != "crd-install")
}

/// Whether the object is left alone: `Skip`, and no phase beside it.
pub(super) fn is_skipped(manifest: &Manifest) -> bool {
    let types = Types::of(manifest);
    types.skip && types.count() == 1
}

/// The phases in which the object has a task, each once and in order.
pub(super) fn phases(manifest: &Manifest) -> Vec<Phase> {
    if is_skipped(manifest) {
        return Vec::new();
    }
    if !is_hook(manifest) {
        return vec![Phase::Sync];
    }
    let mut phases = Types::of(manifest).phases;
    phases.sort_unstable();
    phases.dedup();
    phases
}

/// Whether the object is made when the Application is deleted (`PreDelete` or `PostDelete`), and when.
pub(super) fn deletion_hook(manifest: &Manifest) -> Option<&'static str> {
    let names = |argo: &str, helm: &str| {
        annotations::list(manifest, HOOK).contains(&argo) || annotations::list(manifest, HELM_HOOK).contains(&helm)
    };
    if names("PreDelete", "pre-delete") {
        return Some("PreDelete");
    }
    names("PostDelete", "post-delete").then_some("PostDelete")
}

/// When a hook's object is deleted; Argo CD's policies and Helm's count together.
pub(super) fn delete_policies(manifest: &Manifest) -> Vec<DeletePolicy> {
    let argo = annotations::list(manifest, DELETE_POLICY).into_iter().filter_map(|text| match text {
        "BeforeHookCreation" => Some(DeletePolicy::BeforeHookCreation),
        "HookSucceeded" => Some(DeletePolicy::HookSucceeded),
        "HookFailed" => Some(DeletePolicy::HookFailed),
        _ => None,
    });
    let helm = annotations::list(manifest, HELM_DELETE_POLICY).into_iter().filter_map(|text| match text {
        "before-hook-creation" => Some(DeletePolicy::BeforeHookCreation),
        "hook-succeeded" => Some(DeletePolicy::HookSucceeded),
        "hook-failed" => Some(DeletePolicy::HookFailed),
        _ => None,
    });
    let policies: Vec<DeletePolicy> = argo.chain(helm).collect();
    if policies.is_empty() { vec![DeletePolicy::BeforeHookCreation] } else { policies }
}

#[cfg(test)]
mod tests {
    use super::Phase::{self, PostSync, PreSync, Sync, SyncFail};
    use super::{DeletePolicy, delete_policies, deletion_hook, is_hook, is_skipped, phases};
    use crate::plan::testing::pod;

    /// gitops-engine's `hook_test.go` and `sync_phase_test.go`.
    #[test]
    fn hooks_are_those_of_gitops_engine() {
        type Case = (&'static [(&'static str, &'static str)], bool, bool, &'static [Phase]);
        let cases: [Case; 16] = [
            (&[], false, false, &[Sync]),
            (&[("argocd.argoproj.io/hook", "PreSync")], true, false, &[PreSync]),
            (&[("argocd.argoproj.io/hook", "Sync")], true, false, &[Sync]),
            (&[("argocd.argoproj.io/hook", "PostSync")], true, false, &[PostSync]),
            (&[("argocd.argoproj.io/hook", "SyncFail")], true, false, &[SyncFail]),
            (&[("argocd.argoproj.io/hook", "Skip")], false, true, &[]),
            (&[("argocd.argoproj.io/hook", "Garbage")], true, false, &[]),
            (&[("argocd.argoproj.io/hook", "PreSync,PostSync")], true, false, &[PreSync, PostSync]),
            (&[("argocd.argoproj.io/hook", "Sync,Sync")], true, false, &[Sync]),
            (&[("argocd.argoproj.io/hook", "Skip,PreSync,PostSync")], true, false, &[PreSync, PostSync]),
            (&[("argocd.argoproj.io/hook", "Sync,Garbage")], true, false, &[Sync]),
            (&[("helm.sh/hook", "pre-install")], true, false, &[PreSync]),
            (&[("helm.sh/hook", "garbage")], true, false, &[]),
            (&[("helm.sh/hook", "crd-install")], false, false, &[Sync]),
            (&[("argocd.argoproj.io/hook", "Sync"), ("helm.sh/hook", "pre-install")], true, false, &[Sync]),
            (&[("helm.sh/hook", "pre-install, post-upgrade,test")], true, false, &[PreSync, PostSync]),
        ];
        for (annotations, hook, skipped, expected) in cases {
            let pod = pod("a", annotations);
            assert_eq!(is_hook(&pod), hook, "{annotations:?}");
            assert_eq!(is_skipped(&pod), skipped, "{annotations:?}");
            assert_eq!(phases(&pod), expected, "{annotations:?}");
        }
    }

    /// gitops-engine's `delete_policy_test.go`.
    #[test]
    fn a_hook_without_a_policy_is_deleted_before_it_is_made_again() {
        use DeletePolicy::{BeforeHookCreation, HookFailed, HookSucceeded};
        let argo = "argocd.argoproj.io/hook-delete-policy";
        for (annotations, expected) in [
            (vec![], vec![BeforeHookCreation]),
            (vec![(argo, "garbage")], vec![BeforeHookCreation]),
            (vec![(argo, "HookSucceeded")], vec![HookSucceeded]),
            (vec![(argo, "HookFailed")], vec![HookFailed]),
            (vec![("helm.sh/hook-delete-policy", "hook-succeeded")], vec![HookSucceeded]),
            (
                vec![(argo, "HookFailed"), ("helm.sh/hook-delete-policy", "hook-succeeded")],
                vec![HookFailed, HookSucceeded],
            ),
        ] {
            assert_eq!(delete_policies(&pod("a", &annotations)), expected, "{annotations:?}");
        }
    }

    #[test]
    fn hooks_of_deletion_run_outside_syncs() {
        assert_eq!(deletion_hook(&pod("a", &[("argocd.argoproj.io/hook", "PostDelete")])), Some("PostDelete"));
        assert_eq!(deletion_hook(&pod("a", &[("helm.sh/hook", "pre-delete")])), Some("PreDelete"));
        assert!(phases(&pod("a", &[("argocd.argoproj.io/hook", "PreDelete")])).is_empty());
    }
}
