//! Requests and limits: `ValidateResourceRequirements`.

use crate::diagnostics::Diagnostic;
use crate::schema::Place;
use crate::schema::format::name;

use crate::admission::report::Report;
use crate::admission::values::quantity;

/// Resources that have no domain in front: `helper.IsStandardContainerResourceName`.
fn is_standard(resource: &str) -> bool {
    matches!(resource, "cpu" | "memory" | "ephemeral-storage") || resource.starts_with("hugepages-")
}

pub(super) fn check(container: &Place<'_>, report: &mut Report) {
    let Some(resources) = container.get("resources") else { return };
    let limits = resources.map("limits");
    for (resource, limit) in &limits {
        amount(resource, limit, report);
    }
    for (resource, request) in resources.map("requests") {
        amount(resource, &request, report);
        let limit = limits.iter().find(|(limited, _)| *limited == resource).map(|(_, limit)| limit);
        match limit {
            Some(limit) => compare(resource, &request, limit, report),
            None if needs_limit(resource) => {
                report.add("limit-below-request", &request, "needs a limit of the same amount");
            }
            None => {}
        }
    }
    let pages = |key: &&str| key.starts_with("hugepages-");
    let all: Vec<&str> = limits.iter().map(|(resource, _)| *resource).collect();
    let with_requests = resources.map("requests");
    let named = |name: &str| all.contains(&name) || with_requests.iter().any(|(resource, _)| *resource == name);
    if let Some((_, place)) = limits.iter().find(|(resource, _)| pages(resource))
        && !named("cpu")
        && !named("memory")
    {
        report.forbidden(place, "needs `cpu` or `memory` beside it");
    }
}

/// Extended resources and huge pages cannot be overcommitted.
fn needs_limit(resource: &str) -> bool {
    !matches!(resource, "cpu" | "memory" | "ephemeral-storage")
}

fn amount(resource: &str, place: &Place<'_>, report: &mut Report) {
    if let Err(must) = name::qualified_name(resource) {
        return report.key("invalid-resource", place, must);
    }
    if !resource.contains('/') && !is_standard(resource) {
        let must = "cpu, memory, ephemeral-storage, hugepages-…, or a name with a domain such as example.com/gpu";
        return report.key("invalid-resource", place, must);
    }
    let Some(amount) = quantity(place) else { return };
    if amount.is_negative() {
        report.must("invalid-quantity", place, "at least 0");
    } else if needs_limit(resource) && !amount.is_whole() {
        report.must("invalid-quantity", place, "a whole number");
    }
}

fn compare(resource: &str, request: &Place<'_>, limit: &Place<'_>, report: &mut Report) {
    let (Some(requested), Some(limited)) = (quantity(request), quantity(limit)) else { return };
    if requested > limited || (needs_limit(resource) && requested != limited) {
        let message = format!("`{request}` is more than the limit");
        let message = if requested > limited { message } else { format!("`{request}` must be the same as the limit") };
        let finding = Diagnostic::error("limit-below-request", message).at(request.node.span);
        report.push(finding.related(limit.node.span, "the limit"));
    }
}
