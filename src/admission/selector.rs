//! Label selectors: `k8s.io/apimachinery/pkg/apis/meta/v1/validation`, and whether they match labels.

use crate::schema::Place;
use crate::schema::format::name;

use super::report::Report;

/// A selector of labels at `place`: `ValidateLabelSelector`.
pub(super) fn check(place: &Place<'_>, report: &mut Report) {
    super::metadata::labels(place, "matchLabels", report);
    for requirement in place.list("matchExpressions") {
        report.text(&requirement, "key", "invalid-label", name::qualified_name);
        operator(&requirement, &["In", "NotIn"], &["Exists", "DoesNotExist"], report);
        for value in requirement.list("values") {
            if let Some(Err(must)) = value.as_str().map(name::label_value) {
                report.must("invalid-label", &value, must);
            }
        }
    }
}

/// An operator and the values that it needs or forbids.
pub(super) fn operator(requirement: &Place<'_>, with: &[&str], without: &[&str], report: &mut Report) {
    let Some(operator) = requirement.get("operator") else { return };
    let values = requirement.list("values");
    match operator.as_str() {
        Some(text) if with.contains(&text) => {
            if values.is_empty() {
                let wrong = format!("needs `values` beside it when it is `{text}`");
                report.add("invalid-selector", &operator, &wrong);
            }
        }
        Some(text) if without.contains(&text) => {
            if let (Some(list), false) = (requirement.get("values"), values.is_empty()) {
                report.forbidden(&list, &format!("may not be set when the operator is `{text}`"));
            }
        }
        Some(text) if !text.is_empty() => {
            let all: Vec<&str> = with.iter().chain(without).copied().collect();
            report.must("invalid-selector", &operator, &format!("one of {}", all.join(", ")));
        }
        _ => {}
    }
}

/// Whether a selector says nothing at all.
pub(super) fn is_empty(place: &Place<'_>) -> bool {
    place.map("matchLabels").is_empty() && place.list("matchExpressions").is_empty()
}

/// The first part of `selector` that the `labels` of a template do not satisfy.
pub(super) fn mismatch<'a>(selector: &Place<'a>, labels: Option<&Place<'a>>) -> Option<Place<'a>> {
    let label = |key: &str| labels.and_then(|labels| labels.get(key)?.as_str());
    let pairs = selector.map("matchLabels").into_iter();
    let unmatched = pairs.map(|(key, value)| (label(key) == value.as_str(), value)).find(|(matches, _)| !matches);
    if let Some((_, place)) = unmatched {
        return Some(place);
    }
    selector.list("matchExpressions").into_iter().find(|requirement| {
        let value = label(requirement.text("key"));
        let listed = requirement.list("values").iter().any(|item| item.as_str() == value);
        match requirement.text("operator") {
            "In" => value.is_none() || !listed,
            "NotIn" => value.is_some() && listed,
            "Exists" => value.is_none(),
            "DoesNotExist" => value.is_some(),
            _ => false,
        }
    })
}
