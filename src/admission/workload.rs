//! Deployment, ReplicaSet, DaemonSet, StatefulSet and their templates: `pkg/apis/apps/validation`.

use crate::diagnostics::Diagnostic;
use crate::schema::Place;
use crate::schema::format::name;

use super::report::Report;
use super::values::{at_most_100_percent, count_or_percent, one_of};
use super::{pod, selector, storage};

pub(super) fn pod_template(object: &Place<'_>, report: &mut Report) {
    if let Some(template) = object.get("template") {
        pod::template(&template, &[], report);
    }
}

pub(super) fn deployment(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = workload(object, &[], report) else { return };
    report.range(&spec, "replicas", 0..=i64::MAX);
    report.range(&spec, "minReadySeconds", 0..=i64::MAX);
    report.range(&spec, "revisionHistoryLimit", 0..=i64::MAX);
    report.range(&spec, "progressDeadlineSeconds", 0..=i64::MAX);
    let ready = spec.int("minReadySeconds").unwrap_or(0);
    if spec.int("progressDeadlineSeconds").unwrap_or(600) <= ready {
        let place = spec.get("progressDeadlineSeconds").or_else(|| spec.get("minReadySeconds"));
        if let Some(place) = place {
            report.add(
                "out-of-range",
                &place,
                "leaves no time: `progressDeadlineSeconds` (600 by default) must be more than `minReadySeconds`",
            );
        }
    }
    let Some(strategy) = spec.get("strategy") else { return };
    let Some(rolling) = strategy.get("rollingUpdate") else { return };
    if strategy.text("type") == "Recreate" {
        return report.forbidden(&rolling, "may not be set when the strategy is `Recreate`");
    }
    rolling_update(&rolling, report);
}

pub(super) fn replica_set(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return report.missing(object, "spec") };
    report.range(&spec, "replicas", 0..=i64::MAX);
    report.range(&spec, "minReadySeconds", 0..=i64::MAX);
    workload(object, &[], report);
}

/// Its selector is a plain map, and is the template's labels when it is left out.
pub(super) fn replication_controller(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return report.missing(object, "spec") };
    report.range(&spec, "replicas", 0..=i64::MAX);
    report.range(&spec, "minReadySeconds", 0..=i64::MAX);
    let Some(template) = spec.get("template") else { return report.missing(&spec, "template") };
    for (key, value) in spec.map("selector") {
        let label = template.at(&["metadata", "labels", key]);
        if label.and_then(|label| label.as_str()) != value.as_str() {
            report.add("selector-mismatch", &value, "selects a label that the template does not have");
        }
    }
    always_restarts(&template, report);
    pod::template(&template, &[], report);
}

pub(super) fn daemon_set(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = workload(object, &[], report) else { return };
    report.range(&spec, "minReadySeconds", 0..=i64::MAX);
    report.range(&spec, "revisionHistoryLimit", 0..=i64::MAX);
    if let Some(rolling) = spec.at(&["updateStrategy", "rollingUpdate"])
        && spec.get("updateStrategy").is_some_and(|strategy| strategy.text("type") != "OnDelete")
    {
        daemon_rolling_update(&rolling, report);
    }
}

/// `ValidateRollingUpdateDaemonSet`: exactly one of the two must be more than nothing; the default is one unavailable.
fn daemon_rolling_update(rolling: &Place<'_>, report: &mut Report) {
    let (surge, unavailable) = (rolling.get("maxSurge"), rolling.get("maxUnavailable"));
    let mut is_zero = |place: &Option<Place<'_>>, default: bool| match place {
        Some(place) => {
            let zero = count_or_percent(place, report);
            at_most_100_percent(place, report);
            zero
        }
        None => default,
    };
    let surge_zero = is_zero(&surge, true);
    let unavailable_zero = is_zero(&unavailable, false);
    if surge_zero && unavailable_zero {
        report.add("conflicting-fields", rolling, "lets nothing move: `maxUnavailable` and `maxSurge` are both 0");
    } else if !surge_zero && !unavailable_zero {
        report.add(
            "conflicting-fields",
            rolling,
            "may not have both `maxUnavailable` and `maxSurge`; `maxUnavailable` is 1 by default",
        );
    }
}

/// `ValidateRollingUpdateDeployment`
fn rolling_update(rolling: &Place<'_>, report: &mut Report) {
    let mut is_zero = |key: &str| match rolling.get(key) {
        Some(place) => {
            let zero = count_or_percent(&place, report);
            if key == "maxUnavailable" {
                at_most_100_percent(&place, report);
            }
            zero
        }
        // 25 % by default.
        None => false,
    };
    let (unavailable, surge) = (is_zero("maxUnavailable"), is_zero("maxSurge"));
    if unavailable && surge {
        report.add("conflicting-fields", rolling, "lets nothing move: `maxUnavailable` and `maxSurge` are both 0");
    }
}

pub(super) fn stateful_set(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return report.missing(object, "spec") };
    let templates = spec.list("volumeClaimTemplates");
    let claims: Vec<&str> =
        templates.iter().filter_map(|claim| claim.node.at(&["metadata", "name"])?.as_str()).collect();
    for claim in &templates {
        match claim.get("spec") {
            Some(spec) => storage::claim_spec(&spec, report),
            None => report.missing(claim, "spec"),
        }
    }
    workload(object, &claims, report);
    for key in ["replicas", "minReadySeconds", "revisionHistoryLimit"] {
        report.range(&spec, key, if key == "revisionHistoryLimit" { i64::MIN } else { 0 }..=i64::MAX);
    }
    report.text(&spec, "serviceName", "invalid-name", name::dns1123_label);
    if let Some(ordinals) = spec.get("ordinals") {
        report.range(&ordinals, "start", 0..=i64::MAX);
    }
    if let Some(policy) = spec.get("persistentVolumeClaimRetentionPolicy") {
        one_of(&policy, "whenDeleted", &["Retain", "Delete"], report);
        one_of(&policy, "whenScaled", &["Retain", "Delete"], report);
    }
    let Some(strategy) = spec.get("updateStrategy") else { return };
    let Some(rolling) = strategy.get("rollingUpdate") else { return };
    if strategy.text("type") == "OnDelete" {
        return report.forbidden(&rolling, "may not be set when the strategy is `OnDelete`");
    }
    report.range(&rolling, "partition", 0..=i64::MAX);
}

/// What all workloads have: a selector that is not empty and finds the pods of the template.
fn workload<'a>(object: &Place<'a>, claims: &[&'a str], report: &mut Report) -> Option<Place<'a>> {
    let Some(spec) = object.get("spec") else {
        report.missing(object, "spec");
        return None;
    };
    let template = spec.get("template");
    if let Some(selector) = spec.get("selector") {
        selector::check(&selector, report);
        if selector.node.as_map().is_some() && selector::is_empty(&selector) {
            report.add("invalid-selector", &selector, "selects nothing; name labels of the template");
        } else if let Some(template) = &template {
            matches(&selector, template, report);
        }
    }
    if let Some(template) = &template {
        always_restarts(template, report);
        pod::template(template, claims, report);
    } else if object.text("kind") == "ReplicaSet" {
        report.missing(&spec, "template");
    }
    Some(spec)
}

fn matches(selector: &Place<'_>, template: &Place<'_>, report: &mut Report) {
    let labels = template.at(&["metadata", "labels"]);
    let Some(part) = selector::mismatch(selector, labels.as_ref()) else { return };
    let message = format!("`{part}` does not match the labels of the template");
    let finding = Diagnostic::error("selector-mismatch", message).at(part.node.span);
    let labels = labels.map_or(template.key_span, |labels| labels.key_span);
    report.push(finding.related(labels, "the template's labels").help("write the same label in both places"));
}

/// Pods that a controller keeps running.
fn always_restarts(template: &Place<'_>, report: &mut Report) {
    let Some(spec) = template.get("spec") else { return };
    if let Some(policy) = spec.get("restartPolicy")
        && matches!(policy.as_str(), Some("OnFailure" | "Never"))
    {
        report.must("invalid-restart-policy", &policy, "`Always` for this kind");
    }
    if let Some(deadline) = spec.get("activeDeadlineSeconds") {
        report.forbidden(&deadline, "cannot be set for this kind");
    }
}
