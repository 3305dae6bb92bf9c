//! A kind that Argo CD calls Degraded while it starts, in a wave that is waited for: the sync fails.

use crate::diagnostics::Diagnostic;
use crate::plan::health::degraded_at_first;
use crate::plan::step::{Action, Plan, Wait};
use crate::plan::tasks::Desired;

/// One warning for each new object of such a kind.
pub(super) fn degraded(plan: &Plan, desired: Desired) -> Vec<Diagnostic> {
    let items = plan.steps.iter().flat_map(|step| step.groups.iter().flatten());
    let waited = items.filter(|item| matches!(item.wait, Wait::Healthy | Wait::Completed));
    let new = waited.filter(|item| item.action == Action::Create);
    new.filter_map(|item| {
        let why = degraded_at_first(desired.manifests.get(item.index?)?)?;
        let message = format!("the first sync may fail at {}: {why}", item.id);
        let finding = Diagnostic::warning("degraded-at-first", message).at(item.span);
        Some(finding.help(
            "put it into the last wave, which is not waited for, or into a child Application with `retry`, or give the \
             kind a health script in argocd-cm that says Progressing",
        ))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{application, object, pod};
    use crate::plan::{Application, plan};

    #[test]
    fn only_what_is_new_and_waited_for_can_fail_the_sync() {
        let application = Application { skip_dry_run: true, ..application() };
        let collector = object("opentelemetry.io/v1beta1", "OpenTelemetryCollector", "c", "", &[]);
        let late = pod("late", &[("argocd.argoproj.io/sync-wave", "1")]);
        let rules = |set: &[_], live: Option<&[_]>| -> Vec<&str> {
            plan(set, live, &application).warnings.into_iter().map(|warning| warning.rule).collect()
        };
        let set = [collector.clone(), late];
        assert_eq!(rules(&set, None), ["degraded-at-first"]);
        assert!(rules(&set, Some(&set)).is_empty());
        assert!(rules(&[collector], None).is_empty());
    }
}
