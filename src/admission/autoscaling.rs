//! HorizontalPodAutoscaler: `pkg/apis/autoscaling/validation`.

use crate::model::Gvk;
use crate::schema::Place;
use crate::schema::format::name;
use crate::schema::format::quantity::Quantity;

use super::report::Report;
use super::selector;
use super::values::{one_of, quantity};

/// Type of a metric, the field that describes it, and the types that its target may have.
const METRICS: [(&str, &str, &[&str]); 5] = [
    ("Object", "object", &["Value", "AverageValue"]),
    ("Pods", "pods", &["AverageValue"]),
    ("Resource", "resource", &["Utilization", "AverageValue"]),
    ("ContainerResource", "containerResource", &["Utilization", "AverageValue"]),
    ("External", "external", &["Value", "AverageValue"]),
];

pub(super) fn check(gvk: &Gvk, object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return };
    report.range(&spec, "minReplicas", 1..=i64::MAX);
    report.range(&spec, "maxReplicas", 1..=i64::MAX);
    if let Some(max) = spec.get("maxReplicas")
        && let (Some(high), Some(low)) = (max.as_int(), spec.int("minReplicas"))
        && high < low
    {
        report.must("out-of-range", &max, "at least `minReplicas`");
    }
    if let Some(target) = spec.get("scaleTargetRef") {
        report.text(&target, "kind", "invalid-name", name::path_segment);
        report.text(&target, "name", "invalid-name", name::path_segment);
        target_version(&target, report);
    }
    if gvk.version == "v1" {
        report.range(&spec, "targetCPUUtilizationPercentage", 1..=i64::MAX);
    }
    for metric in spec.list("metrics") {
        check_metric(&metric, report);
    }
    if let Some(behavior) = spec.get("behavior") {
        for key in ["scaleUp", "scaleDown"] {
            if let Some(rules) = behavior.get(key) {
                check_rules(&rules, report);
            }
        }
    }
}

/// `ValidateAPIVersion`: only a ReplicationController is in the core group.
fn target_version(target: &Place<'_>, report: &mut Report) {
    let version = target.text("apiVersion");
    if version.contains('/') || target.text("kind") == "ReplicationController" {
        return;
    }
    match target.get("apiVersion").filter(|_| !version.is_empty()) {
        Some(place) => report.must("invalid-value", &place, "a group and a version, such as apps/v1"),
        None => report.missing(target, "apiVersion"),
    }
}

fn check_metric(metric: &Place<'_>, report: &mut Report) {
    let kind = metric.text("type");
    let Some((_, field, targets)) = METRICS.iter().find(|(known, _, _)| *known == kind) else {
        return one_of(metric, "type", &METRICS.map(|(known, _, _)| known), report);
    };
    for (_, other, _) in &METRICS {
        if other != field
            && let Some(place) = metric.get(other)
        {
            report.forbidden(&place, &format!("does not belong to a metric of type `{kind}`"));
        }
    }
    let Some(source) = metric.get(field) else { return report.missing(metric, field) };
    if let Some(place) = source.at(&["metric", "selector"]) {
        selector::check(&place, report);
    }
    if let Some(target) = source.get("target") {
        check_target(&target, targets, report);
    }
}

fn check_target(target: &Place<'_>, types: &[&str], report: &mut Report) {
    one_of(target, "type", &["Utilization", "Value", "AverageValue"], report);
    report.range(target, "averageUtilization", 1..=i64::MAX);
    for key in ["value", "averageValue"] {
        if let Some(place) = target.get(key)
            && quantity(&place).is_some_and(|amount| amount <= Quantity::ZERO)
        {
            report.must("invalid-quantity", &place, "more than 0");
        }
    }
    let fields: Vec<&str> = types.iter().map(|kind| field_of(kind)).collect();
    let set: Vec<_> = fields.iter().filter(|key| target.has(key)).collect();
    match &set[..] {
        [] => {
            let message = format!("`{target}` has none of {}", fields.join(", "));
            report.push(crate::diagnostics::Diagnostic::error("missing-field", message).at(target.key_span));
        }
        [_] => {}
        _ => report.at_most_one(target, &fields, "value of a target"),
    }
}

fn field_of(kind: &str) -> &'static str {
    match kind {
        "Utilization" => "averageUtilization",
        "Value" => "value",
        _ => "averageValue",
    }
}

fn check_rules(rules: &Place<'_>, report: &mut Report) {
    report.range(rules, "stabilizationWindowSeconds", 0..=3600);
    one_of(rules, "selectPolicy", &["Max", "Min", "Disabled"], report);
    if let Some(policies) = rules.get("policies")
        && policies.node.as_seq().is_some_and(<[_]>::is_empty)
    {
        report.add("invalid-length", &policies, "must have at least one item");
    }
    for policy in rules.list("policies") {
        one_of(&policy, "type", &["Pods", "Percent"], report);
        report.range(&policy, "value", 1..=i64::MAX);
        report.range(&policy, "periodSeconds", 1..=1800);
    }
}
