//! The words that all forms of a plan share. `docs/plan.md` explains them.

use crate::plan::{Action, Item, Reason, Step, StepKind, Wait, needs_script};

/// What happens to an object.
pub(super) fn action(item: &Item) -> &'static str {
    match item.action {
        Action::Create => "create",
        Action::Update => "update",
        Action::Unchanged => "unchanged",
        Action::Prune => "prune",
        Action::Keep if item.wait == Wait::Confirmation => "ask",
        Action::Keep => "keep",
        Action::Delete => "delete",
    }
}

/// What the next step waits for; nothing where it does not wait.
pub(super) fn waits_for(item: &Item) -> Option<&'static str> {
    match item.wait {
        Wait::Healthy => Some("healthy"),
        Wait::Completed => Some("completed"),
        Wait::Gone => Some("gone"),
        Wait::Confirmation => Some("confirmation"),
        Wait::NoHealth | Wait::LastWave | Wait::OnlyHooks => None,
    }
}

/// Why it waits, or does not.
pub(super) fn because(item: &Item) -> &'static str {
    match item.wait {
        Wait::Healthy if needs_script(&item.id.gvk) => "if argocd-cm has a health script for Applications",
        Wait::Healthy => "Argo CD knows its health",
        Wait::Completed => "a hook",
        Wait::Gone => "until it is deleted",
        Wait::Confirmation => "somebody has to allow its deletion",
        Wait::NoHealth if item.action == Action::Keep => "it stays",
        Wait::NoHealth => "no health: applied is enough",
        Wait::LastWave => "the last wave",
        Wait::OnlyHooks => "only one wave: hooks alone are waited for",
    }
}

/// Why a step is there.
pub(super) fn step_kind(step: &Step) -> &'static str {
    match step.kind {
        StepKind::Namespace => "namespace",
        StepKind::Wave => "wave",
        StepKind::HookDeletion => "hook-deletion",
        StepKind::Confirmation => "confirmation",
    }
}

/// Why an object is left out of syncs.
pub(super) fn reason(reason: Reason) -> String {
    match reason {
        Reason::Skip => "a hook that says Skip".to_owned(),
        Reason::Deletion(when) => format!("runs when the Application is deleted ({when})"),
        Reason::UnknownHook => "a hook of no phase that Argo CD knows: it never runs".to_owned(),
    }
}
