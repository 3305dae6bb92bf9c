//! What a plan is made of: steps, and in each what happens to which object.

use crate::diagnostics::{Diagnostic, Span};
use crate::model::ObjectId;

use super::hook::Phase;
use super::task::Task;

/// What Argo CD will do with a set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The overlay that is synced, for people.
    pub overlay: String,
    /// The namespace of objects that name none.
    pub namespace: String,
    /// Whether there was a set before.
    pub is_update: bool,
    /// What happens to the whole set before anything is applied.
    pub dry_run: DryRun,
    /// One after the other.
    pub steps: Vec<Step>,
    /// Hooks that run when a step fails, in order.
    pub on_failure: Vec<Item>,
    /// Hooks whose objects are deleted when the sync has succeeded.
    pub deleted_at_end: Vec<ObjectId>,
    /// Objects of the set that a sync does not touch.
    pub left_out: Vec<LeftOut>,
    /// What is worth knowing.
    pub warnings: Vec<Diagnostic>,
    /// Plans of child Applications, where they are followed.
    pub children: Vec<Child>,
}

/// The plan of a child Application, which starts by itself when the step of its Application applies it.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// The Application.
    pub application: ObjectId,
    /// What its own sync does.
    pub plan: Plan,
}

/// One run over a phase and wave.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its phase.
    pub phase: Phase,
    /// Its wave.
    pub wave: i64,
    /// Why it is there.
    pub kind: StepKind,
    /// Objects that go first, all at once; the next step waits until they are gone.
    pub prunes: Vec<Item>,
    /// Objects of earlier runs of hooks, deleted before new ones are made.
    pub deletes: Vec<Item>,
    /// Objects in groups of one kind: a group at once, the groups one after the other.
    pub groups: Vec<Vec<Item>>,
    /// Whether nothing comes after it, so that Argo CD does not sleep (two seconds, unless set otherwise).
    pub is_final: bool,
    /// Whether the sync ends here without looking at health.
    pub ends_sync: bool,
}

/// Why a step is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// The destination's namespace, ahead of everything and of the dry run.
    Namespace,
    /// A phase and wave.
    Wave,
    /// Old objects of hooks are deleted; the same wave runs again afterwards.
    HookDeletion,
    /// It waits until a person allows the deletion of these objects.
    Confirmation,
}

/// One object in a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What names it, with the namespace it ends up in.
    pub id: ObjectId,
    /// Where it is written.
    pub span: Span,
    /// Its place in the set, in the order of ids; nothing for what is not in the set.
    pub index: Option<usize>,
    /// What happens to it.
    pub action: Action,
    /// Whether it is a hook.
    pub is_hook: bool,
    /// Items of one number have equal keys: Argo CD works on them in no defined order.
    pub tie: Option<usize>,
    /// The phase and wave that it says, where it was pulled in front of what needs it.
    pub pulled_from: Option<(Phase, i64)>,
    /// What the next step waits for.
    pub wait: Wait,
}

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is not there yet.
    Create,
    /// It is there, and says something else.
    Update,
    /// It is applied though it says the same.
    Unchanged,
    /// It is not in the set any more.
    Prune,
    /// It is not in the set any more, and stays: pruning is off, or its own options say so.
    Keep,
    /// It is left of an earlier run of the hook.
    Delete,
}

/// What the next step waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Its health.
    Healthy,
    /// The hook has done its work.
    Completed,
    /// It is gone.
    Gone,
    /// Nothing: Argo CD knows no health of this kind.
    NoHealth,
    /// Nothing: the sync ends with the last wave, whatever becomes of it.
    LastWave,
    /// Nothing but the hooks: the sync has only this one wave.
    OnlyHooks,
    /// A person.
    Confirmation,
}

impl Wait {
    /// Whether the next step waits.
    pub fn is_gate(self) -> bool {
        matches!(self, Self::Healthy | Self::Completed | Self::Gone | Self::Confirmation)
    }
}

/// The dry run of all waves, which comes before the first one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DryRun {
    /// How many objects it tries.
    pub checked: usize,
    /// Objects that it cannot try, since the cluster does not know their kind yet.
    pub skipped: Vec<ObjectId>,
    /// Nothing is tried: an object waits for the confirmation of its deletion, and the engine stops at that.
    pub is_cut_short: bool,
}

/// An object that a sync does not touch, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// What names it.
    pub id: ObjectId,
    /// Why.
    pub reason: Reason,
}

/// Why a sync leaves an object out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A hook that says `Skip`.
    Skip,
    /// A hook of deletion: `PreDelete` or `PostDelete`.
    Deletion(&'static str),
    /// A hook of no phase that Argo CD knows.
    UnknownHook,
}

impl Item {
    pub(super) fn of(task: &Task, action: Action, wait: Wait) -> Self {
        let object = task.object;
        let mut id = object.id.clone();
        id.namespace.clone_from(&task.key.namespace);
        Self {
            id,
            // The previous set is no text that anybody changes.
            span: if task.is_prune() { Span::NONE } else { object.span },
            index: task.index,
            action,
            is_hook: task.is_hook(),
            tie: task.tie,
            pulled_from: task.pulled_from,
            wait,
        }
    }
}

impl Step {
    /// A step of nothing yet.
    pub(super) fn new(phase: Phase, wave: i64, kind: StepKind) -> Self {
        let (prunes, deletes, groups) = (Vec::new(), Vec::new(), Vec::new());
        Self { phase, wave, kind, prunes, deletes, groups, is_final: false, ends_sync: false }
    }

    /// Every item, in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.prunes.iter().chain(&self.deletes).chain(self.groups.iter().flatten())
    }

    /// Whether Argo CD sleeps after it, two seconds unless set otherwise (`ARGOCD_SYNC_WAVE_DELAY`).
    pub fn sleeps(&self) -> bool {
        !self.is_final && self.kind != StepKind::Namespace
    }

    /// Whether the next step waits for anything here.
    pub fn is_gate(&self) -> bool {
        self.items().any(|item| item.wait.is_gate())
    }
}
