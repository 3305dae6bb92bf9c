//! One task of a sync: an object to apply in a phase, or to prune. gitops-engine `pkg/sync/sync_task.go`.

use crate::model::{Manifest, SYNC_OPTIONS, SYNC_WAVE, parse_wave};

use super::annotations;
use super::cluster::Key;
use super::hook::{self, DeletePolicy, Phase};

const HELM_WEIGHT: &str = "helm.sh/hook-weight";

/// The wave of an object: the annotation, else Helm's hook weight, else 0. What is no integer counts as not written:
/// gitops-engine `pkg/sync/syncwaves/waves.go`, `pkg/sync/hook/helm/weight.go`.
pub(super) fn wave(manifest: &Manifest) -> i64 {
    let number = |name| annotations::text(manifest, name).and_then(parse_wave);
    number(SYNC_WAVE).or_else(|| number(HELM_WEIGHT)).unwrap_or(0)
}

/// A task before it is run.
#[derive(Clone, Debug)]
pub struct Task<'a> {
    /// The phase it runs in; a dependency takes that of the object that needs it.
    pub phase: Phase,
    /// The wave it runs in, after all adjustments.
    pub wave: i64,
    /// The object it is about: the target, else what is live.
    pub object: &'a Manifest,
    /// What is to be applied; nothing where the live object is to be pruned.
    pub target: Option<&'a Manifest>,
    /// What is in the cluster.
    pub live: Option<&'a Manifest>,
    /// The target's place among the manifests.
    pub index: Option<usize>,
    /// What names it in the cluster.
    pub key: Key,
    /// The namespace that references are looked up by: every target has one, those of the cluster too.
    pub namespace: String,
    /// The name, also where it is generated.
    pub name: String,
    /// Tasks of one number have equal keys, and so no defined order.
    pub tie: Option<usize>,
    /// Phase and wave as written, where a dependency was pulled in front of what needs it.
    pub pulled_from: Option<(Phase, i64)>,
}

impl Task<'_> {
    /// Whether the object is to be deleted because the set does not have it any more.
    pub fn is_prune(&self) -> bool {
        self.target.is_none()
    }

    /// Whether the cluster has the object as it should be. `ApplyOutOfSyncOnly` leaves it alone then; a namespace that
    /// is no part of the set is never compared.
    pub fn is_in_sync(&self) -> bool {
        let equal = |target: &Manifest| self.live.is_some_and(|live| live.node == target.node);
        self.index.is_some() && !self.is_hook() && self.target.is_some_and(equal)
    }

    /// Whether it is a hook's.
    pub fn is_hook(&self) -> bool {
        hook::is_hook(self.object)
    }

    /// Whether an old object of this hook has to go first.
    pub fn deletes_before_creation(&self) -> bool {
        self.live.is_some() && self.has_policy(DeletePolicy::BeforeHookCreation)
    }

    /// Whether the hook's object is deleted by this policy.
    pub(super) fn has_policy(&self, policy: DeletePolicy) -> bool {
        self.is_hook() && hook::delete_policies(self.object).contains(&policy)
    }

    /// Whether the target says `option` in its sync options.
    pub fn has_option(&self, option: &str) -> bool {
        self.target.is_some_and(|target| annotations::list(target, SYNC_OPTIONS).contains(&option))
    }
}

#[cfg(test)]
mod tests {
    use super::wave;
    use crate::plan::testing::pod;

    /// What Go's `strconv.Atoi` does not take falls through to Helm's weight.
    #[test]
    fn a_wave_is_an_integer_or_not_written() {
        let sync_wave = "argocd.argoproj.io/sync-wave";
        for (annotations, expected) in [
            (vec![], 0),
            (vec![(sync_wave, "5")], 5),
            (vec![(sync_wave, "+5")], 5),
            (vec![(sync_wave, "-07")], -7),
            (vec![(sync_wave, "1.5")], 0),
            (vec![(sync_wave, " 1")], 0),
            (vec![(sync_wave, "1_0")], 0),
            (vec![(sync_wave, "0x1")], 0),
            (vec![(sync_wave, "9223372036854775808")], 0),
            (vec![(sync_wave, ""), ("helm.sh/hook-weight", "3")], 3),
            (vec![(sync_wave, "1"), ("helm.sh/hook-weight", "3")], 1),
            (vec![("helm.sh/hook-weight", "-3")], -3),
        ] {
            assert_eq!(wave(&pod("a", &annotations)), expected, "{annotations:?}");
        }
    }
}
