//! ResourceQuota, LimitRange, PriorityClass: `pkg/apis/core/validation`, `pkg/apis/scheduling/validation`.

use crate::schema::Place;
use crate::schema::format::name;

use super::report::Report;
use super::values::{non_negative_quantity, one_of, quantity};

/// The largest value that a class of a user may have; those above are the system's.
const HIGHEST_PRIORITY: i64 = 1_000_000_000;

pub(super) fn resource_quota(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return };
    for (resource, amount) in spec.map("hard") {
        if let Err(must) = name::qualified_name(resource) {
            report.key("invalid-resource", &amount, must);
        }
        non_negative_quantity(&amount, report);
    }
}

pub(super) fn limit_range(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return };
    for limit in spec.list("limits") {
        for (low, high) in [
            ("min", "max"),
            ("min", "default"),
            ("min", "defaultRequest"),
            ("defaultRequest", "max"),
            ("default", "max"),
            ("defaultRequest", "default"),
        ] {
            for (resource, amount) in limit.map(low) {
                compare(&limit, &amount, high, resource, report);
            }
        }
        one_of(&limit, "type", &["Pod", "Container", "PersistentVolumeClaim"], report);
        if limit.text("type") == "Pod" {
            for key in ["default", "defaultRequest"] {
                if let Some(place) = limit.get(key).filter(|map| map.entries().next().is_some()) {
                    report.forbidden(&place, "may not be set for the type `Pod`");
                }
            }
        }
    }
}

fn compare(limit: &Place<'_>, amount: &Place<'_>, high: &str, resource: &str, report: &mut Report) {
    let Some(other) = limit.get(high).and_then(|map| map.get(resource)) else { return };
    if let (Some(low_amount), Some(high_amount)) = (quantity(amount), quantity(&other))
        && low_amount > high_amount
    {
        report.add("limit-below-request", amount, &format!("is more than `{high}` allows"));
    }
}

pub(super) fn priority_class(object: &Place<'_>, report: &mut Report) {
    if let Some(name) = object.at(&["metadata", "name"])
        && name.as_str().is_some_and(|text| text.starts_with("system-"))
    {
        report.must("invalid-name", &name, "without the prefix `system-`, which is reserved");
    }
    report.range(object, "value", i64::MIN..=HIGHEST_PRIORITY);
    one_of(object, "preemptionPolicy", &["PreemptLowerPriority", "Never"], report);
}
