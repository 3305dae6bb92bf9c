//! The waves in which objects are pruned: gitops-engine `pkg/sync/sync_context.go`, at the end of `getSyncTasks`.

use std::collections::BTreeSet;

use crate::model::SYNC_OPTIONS;

use super::annotations;
use super::hook::Phase;
use super::task::Task;

/// Mirrors the waves that have something to prune, so that what was made last goes first.
pub(super) fn swap_waves(tasks: &mut [Task]) {
    let waves: BTreeSet<i64> = tasks.iter().filter(|task| task.is_prune()).map(|task| task.wave).collect();
    let waves: Vec<i64> = waves.into_iter().collect();
    for task in tasks.iter_mut().filter(|task| task.is_prune()) {
        if let Ok(i) = waves.binary_search(&task.wave) {
            task.wave = waves[waves.len() - 1 - i];
        }
    }
}

/// `PruneLast`, of the Application or of the object: after the last wave of the phase Sync, swapped prunes included.
pub(super) fn postpone(tasks: &mut [Task], all: bool) {
    let of_sync = tasks.iter().filter(|task| task.phase == Phase::Sync).map(|task| task.wave);
    let after = of_sync.max().unwrap_or(0).max(0).saturating_add(1);
    for task in tasks.iter_mut().filter(|task| task.is_prune()) {
        let says_so = |live| annotations::list(live, SYNC_OPTIONS).contains(&"PruneLast=true");
        if all || task.live.is_some_and(says_so) {
            task.wave = after;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{object, pod, waves};

    /// `TestWaveReorderingOfPruneTasks` of gitops-engine: the namespace and some pods stay, the others are pruned.
    #[test]
    fn prunes_run_in_reverse_of_their_waves() {
        let all = [("pod-1", 1), ("pod-2", 2), ("pod-3", 3), ("pod-4", 4)];
        for (case, live, kept, expected) in [
            (
                "sameWave_mixedTasks",
                vec![("pod-1", 0), ("pod-3", 0), ("pod-4", 0)],
                vec![("pod-2", 0)],
                vec![("pod-1", 0), ("pod-2", 0), ("pod-3", 0), ("pod-4", 0)],
            ),
            (
                "differentWave_noPruneTasks",
                vec![],
                all.to_vec(),
                vec![("pod-1", 1), ("pod-2", 2), ("pod-3", 3), ("pod-4", 4)],
            ),
            (
                "differentWave_allPruneTasks",
                vec![("ns", 0), ("pod-1", 1), ("pod-2", 2), ("pod-3", 3), ("pod-4", 4)],
                vec![],
                vec![("ns", 4), ("pod-1", 3), ("pod-2", 2), ("pod-3", 1), ("pod-4", 0)],
            ),
            (
                "differentWave_mixedTasks",
                vec![("pod-1", 1), ("pod-3", 3), ("pod-4", 4)],
                vec![("ns", 0), ("pod-2", 2)],
                vec![("ns", 0), ("pod-1", 4), ("pod-2", 2), ("pod-3", 3), ("pod-4", 1)],
            ),
            (
                "mixedTasks",
                vec![("pod-1", 1), ("pod-3", 3), ("pod-4", 3), ("pod-5", 4), ("pod-7", 5)],
                vec![("ns", -1), ("pod-2", 3), ("pod-6", 5)],
                vec![
                    ("ns", -1),
                    ("pod-1", 5),
                    ("pod-2", 3),
                    ("pod-3", 4),
                    ("pod-4", 4),
                    ("pod-5", 3),
                    ("pod-6", 5),
                    ("pod-7", 1),
                ],
            ),
        ] {
            let set =
                |names: &[(&str, i64)]| -> Vec<_> { names.iter().map(|(name, wave)| at_wave(name, *wave)).collect() };
            assert_eq!(waves(&set(&kept), &set(&live), false), expected, "{case}");
        }
    }

    fn at_wave(name: &str, wave: i64) -> crate::model::Manifest {
        let wave = wave.to_string();
        let annotations = [("argocd.argoproj.io/sync-wave", wave.as_str())];
        if name == "ns" { object("v1", "Namespace", name, "", &annotations) } else { pod(name, &annotations) }
    }

    #[test]
    fn prune_last_comes_after_every_wave_of_the_sync() {
        let live = || vec![at_wave("pod-1", 1), at_wave("pod-2", 2), at_wave("pod-3", 3), at_wave("pod-4", 4)];
        let ns = || vec![at_wave("ns", 0)];
        let expected = [("ns", 0), ("pod-1", 5), ("pod-2", 5), ("pod-3", 5), ("pod-4", 5)];
        assert_eq!(waves(&ns(), &live(), true), expected.to_vec());
        let mut marked = live();
        let annotations =
            [("argocd.argoproj.io/sync-wave", "2"), ("argocd.argoproj.io/sync-options", "PruneLast=true")];
        marked[1] = pod("pod-2", &annotations);
        let expected = [("ns", 0), ("pod-1", 4), ("pod-2", 5), ("pod-3", 2), ("pod-4", 1)];
        assert_eq!(waves(&ns(), &marked, false), expected.to_vec());
    }
}
