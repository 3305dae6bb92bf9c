//! PodDisruptionBudget: `pkg/apis/policy/validation`.

use crate::schema::Place;

use super::report::Report;
use super::selector;
use super::values::{at_most_100_percent, count_or_percent, one_of};

pub(super) fn check(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return };
    report.at_most_one(&spec, &["minAvailable", "maxUnavailable"], "budget");
    for key in ["minAvailable", "maxUnavailable"] {
        if let Some(place) = spec.get(key) {
            count_or_percent(&place, report);
            at_most_100_percent(&place, report);
        }
    }
    if let Some(place) = spec.get("selector") {
        selector::check(&place, report);
    }
    one_of(&spec, "unhealthyPodEvictionPolicy", &["IfHealthyBudget", "AlwaysAllow"], report);
}
