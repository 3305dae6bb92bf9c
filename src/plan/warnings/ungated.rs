//! A wave that nothing waits for, though its objects are not done with being applied.

use crate::diagnostics::Diagnostic;
use crate::plan::health::{is_healthy_at_once, is_passive};
use crate::plan::step::{Item, Plan, Step, StepKind};
use crate::plan::tasks::Desired;

use super::and_more;

/// One warning for each wave before the last that the next one does not wait for.
pub(super) fn ungated(plan: &Plan, desired: Desired) -> Vec<Diagnostic> {
    plan.steps.iter().filter_map(|step| warning(step, desired)).collect()
}

fn warning(step: &Step, desired: Desired) -> Option<Diagnostic> {
    let is_wave = matches!(step.kind, StepKind::Wave) && !step.ends_sync && !step.is_final;
    let active: Vec<&Item> = step.groups.iter().flatten().filter(|item| !is_passive(&item.id.gvk)).collect();
    let manifest = |item: &Item| item.index.and_then(|i| desired.manifests.get(i));
    let holds =
        |item: &Item| item.wait.is_gate() && manifest(item).is_none_or(|manifest| !is_healthy_at_once(manifest));
    let first = active.first().filter(|_| is_wave && !step.items().any(holds))?;
    let message = format!(
        "nothing waits for wave {} of phase {}: Argo CD knows no health of {}",
        step.wave,
        step.phase,
        and_more(&active)
    );
    let finding = Diagnostic::warning("ungated-wave", message).at(first.span);
    Some(finding.help(
        "the next wave starts as soon as these are applied: put what makes them work (its Deployment, a Job that asks \
         for it) into this wave, or give the kind a health script in argocd-cm",
    ))
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{application, object, pod};
    use crate::plan::{Application, plan};

    fn rules(set: &[crate::model::Manifest]) -> Vec<&'static str> {
        let application = Application { skip_dry_run: true, ..application() };
        plan(set, None, &application).warnings.into_iter().map(|warning| warning.rule).collect()
    }

    #[test]
    fn a_wave_of_kinds_without_health_gates_nothing() {
        let monitor = object("monitoring.coreos.com/v1", "ServiceMonitor", "a", "", &[]);
        let late = pod("late", &[("argocd.argoproj.io/sync-wave", "1")]);
        assert_eq!(rules(&[monitor.clone(), late.clone()]), ["ungated-wave"]);
        // With something beside it that has health, and as the last wave, there is nothing to say.
        assert!(rules(&[monitor.clone(), pod("beside", &[]), late.clone()]).is_empty());
        assert!(rules(std::slice::from_ref(&monitor)).is_empty());
        // A Service without a load balancer is healthy at once.
        assert_eq!(rules(&[monitor, object("v1", "Service", "a", "", &[]), late]), ["ungated-wave"]);
    }

    #[test]
    fn settings_and_rights_are_done_when_they_are_applied() {
        let late = pod("late", &[("argocd.argoproj.io/sync-wave", "1")]);
        assert!(rules(&[object("v1", "ConfigMap", "a", "", &[]), late]).is_empty());
    }
}
