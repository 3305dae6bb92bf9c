//! The steps of a sync, by going through it as the controller does when nothing fails: gitops-engine
//! `pkg/sync/sync_context.go` (`Sync`, `runTasks`).
//!
//! Going through it is not the same as listing the sorted tasks. Each time the controller comes around it makes the
//! tasks anew, and what has been pruned is gone by then, so the waves of the remaining prunes are mirrored again: an
//! object whose prune stood in wave 3 may be pruned in wave 1. Whether a wave is waited for also depends on what is left.

use std::collections::{BTreeSet, HashMap};

use crate::model::{Manifest, ObjectId, SYNC_OPTIONS};

use super::annotations;
use super::cluster::{Cluster, Key};
use super::health::has_health;
use super::hook::{DeletePolicy, Phase};
use super::step::{Action, Item, Step, StepKind, Wait};
use super::task::Task;
use super::tasks::{Desired, is_namespace, tasks};

/// How far a task has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Running(Place),
    Done,
}

/// Where a running task's item stands: step, group, item.
type Place = (usize, usize, usize);

/// A sync on its way.
#[derive(Debug)]
pub(super) struct Run<'a> {
    desired: Desired<'a>,
    cluster: Cluster<'a>,
    states: HashMap<(Key, Phase), State>,
    is_confirmed: bool,
    pub(super) steps: Vec<Step>,
    pub(super) deleted_at_end: Vec<ObjectId>,
}

impl<'a> Run<'a> {
    /// Goes through the whole sync. It ends: each turn finishes, deletes or applies something.
    pub(super) fn through(desired: Desired<'a>, cluster: Cluster<'a>) -> Self {
        let (states, steps, deleted_at_end) = (HashMap::new(), Vec::new(), Vec::new());
        let mut run = Self { desired, cluster, states, is_confirmed: false, steps, deleted_at_end };
        while run.turn() {}
        run
    }

    /// One call of `Sync`; whether there is another.
    fn turn(&mut self) -> bool {
        let tasks = tasks(self.desired, &self.cluster);
        if self.steps.is_empty() {
            self.make_namespace(&tasks);
        }
        if self.wait(&tasks) {
            return true;
        }
        let pending: Vec<&Task> = tasks.iter().filter(|task| self.is_pending(task)).collect();
        let Some(first) = pending.first() else {
            self.end(&tasks);
            return false;
        };
        let at = |task: &Task| (task.phase, task.wave);
        let now: Vec<&Task> = pending.iter().copied().filter(|task| at(task) == at(first)).collect();
        let mut step = Step::new(first.phase, first.wave, StepKind::Wave);
        step.is_final = pending.last().is_some_and(|last| at(last) == at(first));
        let is_last = now.len() == pending.len() && !now.iter().any(|task| task.is_hook());
        let ended: Vec<ObjectId> = self.successful_hooks(&tasks);
        if !self.work(&now, step) {
            return true;
        }
        if is_last {
            self.deleted_at_end = ended;
            self.last_is_not_waited_for();
        }
        !is_last
    }

    /// The destination's namespace comes before the dry run, in whatever phase and wave it is.
    fn make_namespace(&mut self, tasks: &[Task<'a>]) {
        let destination = &self.desired.application.namespace;
        let makes_it = |target: &Manifest| is_namespace(target) && target.id.name == *destination;
        if let Some(task) = tasks.iter().find(|task| task.live.is_none() && task.target.is_some_and(makes_it)) {
            let step = Step::new(task.phase, task.wave, StepKind::Namespace);
            self.apply(&[task], step);
        }
    }

    /// Whether something has to be waited for. Everything that runs is taken to be done after that.
    fn wait(&mut self, tasks: &[Task]) -> bool {
        for task in tasks {
            let without_health = task.live.is_some() && !has_health(&task.object.id.gvk);
            if without_health && self.running(task).is_some() {
                self.states.insert(state_key(task), State::Done);
            }
        }
        let (first, last) = (tasks.first(), tasks.last());
        let several = first.map(|task| (task.phase, task.wave)) != last.map(|task| (task.phase, task.wave));
        let waits = |task: &&Task| (several || task.is_hook()) && self.running(task).is_some();
        let waited: Vec<&Task> = tasks.iter().filter(waits).collect();
        let places: Vec<(Place, Wait)> = waited
            .iter()
            .filter(|task| has_health(&task.object.id.gvk))
            .filter_map(|task| {
                Some((self.running(task)?, if task.is_hook() { Wait::Completed } else { Wait::Healthy }))
            })
            .collect();
        let is_waiting = !waited.is_empty();
        if is_waiting {
            #[expect(clippy::iter_over_hash_type, reason = "each is changed by itself")]
            for state in self.states.values_mut() {
                *state = State::Done;
            }
        }
        for ((step, group, item), wait) in places {
            self.steps[step].groups[group][item].wait = wait;
        }
        is_waiting
    }

    fn running(&self, task: &Task) -> Option<Place> {
        match self.states.get(&state_key(task)) {
            Some(State::Running(place)) => Some(*place),
            _ => None,
        }
    }

    /// Whether the task is still to be run. Hooks of failure are not, and with `ApplyOutOfSyncOnly` neither is what is
    /// in the cluster as it should be.
    fn is_pending(&self, task: &Task) -> bool {
        task.phase != Phase::SyncFail
            && !self.states.contains_key(&state_key(task))
            && !(self.desired.application.only_out_of_sync && task.is_in_sync())
    }

    /// Runs the tasks of one phase and wave: prunes, then old hooks, then the rest. Whether it got to the end.
    fn work(&mut self, now: &[&Task<'a>], mut step: Step) -> bool {
        let (prunes, creates): (Vec<&Task>, Vec<&Task>) = now.iter().copied().partition(|task| task.is_prune());
        let unconfirmed: Vec<&Task> = prunes.iter().copied().filter(|task| self.needs_confirmation(task)).collect();
        if !unconfirmed.is_empty() {
            self.is_confirmed = true;
            step.kind = StepKind::Confirmation;
            step.prunes = unconfirmed.iter().map(|task| Item::of(task, Action::Keep, Wait::Confirmation)).collect();
            self.steps.push(step);
            return false;
        }
        for task in prunes {
            step.prunes.push(self.prune(task));
        }
        let old: Vec<&Task> = creates.iter().copied().filter(|task| task.deletes_before_creation()).collect();
        if old.is_empty() {
            self.apply(&creates, step);
            return true;
        }
        for task in old {
            self.cluster.remove(&task.key);
            step.deletes.push(Item::of(task, Action::Delete, Wait::Gone));
        }
        step.kind = StepKind::HookDeletion;
        self.steps.push(step);
        false
    }

    fn needs_confirmation(&self, task: &Task) -> bool {
        !self.is_confirmed && prune_option(task, self.desired) == Some("confirm")
    }

    fn prune(&mut self, task: &Task) -> Item {
        self.states.insert(state_key(task), State::Done);
        if !self.desired.application.prune || prune_option(task, self.desired) == Some("false") {
            return Item::of(task, Action::Keep, Wait::NoHealth);
        }
        self.cluster.remove(&task.key);
        Item::of(task, Action::Prune, Wait::Gone)
    }

    /// Applies in groups: as long as the kind stays the same, at once.
    fn apply(&mut self, creates: &[&Task<'a>], mut step: Step) {
        let number = self.steps.len();
        let mut kind = None;
        for task in creates {
            let Some(target) = task.target else { continue };
            if kind != Some(&target.id.gvk.kind) {
                kind = Some(&target.id.gvk.kind);
                step.groups.push(Vec::new());
            }
            let group = step.groups.len() - 1;
            let wait = if has_health(&target.id.gvk) { Wait::OnlyHooks } else { Wait::NoHealth };
            self.states.insert(state_key(task), State::Running((number, group, step.groups[group].len())));
            step.groups[group].push(Item::of(task, action(task), wait));
            if std::ptr::eq(target, self.desired.namespace) {
                self.cluster.put_namespace(task.key.clone());
            } else {
                self.cluster.put(task.key.clone(), target);
            }
        }
        self.steps.push(step);
    }

    fn end(&mut self, tasks: &[Task]) {
        self.deleted_at_end = self.successful_hooks(tasks);
    }

    /// Hooks that are through and say that their object is not needed any more then.
    fn successful_hooks(&self, tasks: &[Task]) -> Vec<ObjectId> {
        let through = tasks.iter().filter(|task| task.live.is_some() && self.running(task).is_none());
        let through = through.filter(|task| task.has_policy(DeletePolicy::HookSucceeded));
        let ids: BTreeSet<ObjectId> = through.map(|task| Item::of(task, Action::Delete, Wait::Gone).id).collect();
        ids.into_iter().collect()
    }

    fn last_is_not_waited_for(&mut self) {
        let Some(step) = self.steps.last_mut() else { return };
        step.ends_sync = true;
        let items = step.prunes.iter_mut().chain(step.groups.iter_mut().flatten());
        for item in items.filter(|item| matches!(item.wait, Wait::OnlyHooks | Wait::Gone)) {
            item.wait = Wait::LastWave;
        }
    }
}

fn state_key(task: &Task) -> (Key, Phase) {
    (task.key.clone(), task.phase)
}

/// `Prune=…` of the object, else of the Application.
pub(super) fn prune_option<'t>(task: &'t Task, desired: Desired<'t>) -> Option<&'t str> {
    let own = task.live.and_then(|live| annotations::option(live, SYNC_OPTIONS, "Prune"));
    own.or(desired.application.default_prune.as_deref())
}

fn action(task: &Task) -> Action {
    match (task.target, task.live) {
        (Some(target), Some(live)) if target.node == live.node => Action::Unchanged,
        (Some(_), Some(_)) => Action::Update,
        (Some(_), None) => Action::Create,
        (None, _) => Action::Prune,
    }
}
