//! Roles and bindings: `pkg/apis/rbac/validation`.

use crate::schema::Place;
use crate::schema::format::name;

use super::report::Report;
use super::selector;

const GROUP: &str = "rbac.authorization.k8s.io";

pub(super) fn role(object: &Place<'_>, report: &mut Report) {
    for rule in object.list("rules") {
        if let Some(urls) = rule.get("nonResourceURLs").filter(|list| list.items().next().is_some()) {
            report.forbidden(&urls, "is for a ClusterRole only: such URLs are in no namespace");
        }
        check_rule(&rule, report);
    }
}

pub(super) fn cluster_role(object: &Place<'_>, report: &mut Report) {
    for rule in object.list("rules") {
        check_rule(&rule, report);
    }
    let Some(aggregation) = object.get("aggregationRule") else { return };
    if aggregation.list("clusterRoleSelectors").is_empty() {
        report.missing(&aggregation, "clusterRoleSelectors");
    }
    for each in aggregation.list("clusterRoleSelectors") {
        selector::check(&each, report);
    }
}

/// `ValidatePolicyRule`. A rule without verbs is the schema's finding.
fn check_rule(rule: &Place<'_>, report: &mut Report) {
    let filled = |key: &str| rule.get(key).filter(|list| list.items().next().is_some());
    if filled("nonResourceURLs").is_some() {
        if let Some(other) = filled("apiGroups").or_else(|| filled("resources")).or_else(|| filled("resourceNames")) {
            report.forbidden(&other, "may not be set beside `nonResourceURLs`");
        }
        return;
    }
    for key in ["apiGroups", "resources"] {
        if filled(key).is_none() {
            report.missing(rule, key);
        }
    }
}

/// `ValidateRoleBinding`, `ValidateClusterRoleBinding`
pub(super) fn binding(object: &Place<'_>, namespaced: bool, report: &mut Report) {
    if let Some(reference) = object.get("roleRef") {
        check_reference(&reference, namespaced, report);
    }
    for subject in object.list("subjects") {
        check_subject(&subject, namespaced, report);
    }
}

fn check_reference(reference: &Place<'_>, namespaced: bool, report: &mut Report) {
    if let Some(group) = reference.get("apiGroup")
        && group.as_str().is_some_and(|text| !text.is_empty() && text != GROUP)
    {
        report.must("invalid-role-ref", &group, GROUP);
    }
    let kinds: &[&str] = if namespaced { &["Role", "ClusterRole"] } else { &["ClusterRole"] };
    if let Some(kind) = reference.get("kind")
        && kind.as_str().is_some_and(|text| !text.is_empty() && !kinds.contains(&text))
    {
        report.must("invalid-role-ref", &kind, &kinds.join(" or "));
    }
    report.text(reference, "name", "invalid-name", name::path_segment);
}

fn check_subject(subject: &Place<'_>, namespaced: bool, report: &mut Report) {
    let group = subject.text("apiGroup");
    match subject.text("kind") {
        "ServiceAccount" => {
            report.text(subject, "name", "invalid-name", name::dns1123_subdomain);
            if let Some(place) = subject.get("apiGroup").filter(|_| !group.is_empty()) {
                report.must("invalid-subject", &place, "left out for a ServiceAccount");
            }
            if !namespaced {
                report.require(subject, "namespace");
            }
        }
        "User" | "Group" => {
            if let Some(place) = subject.get("apiGroup").filter(|_| !group.is_empty() && group != GROUP) {
                report.must("invalid-subject", &place, GROUP);
            }
        }
        "" => {}
        _ => {
            if let Some(place) = subject.get("kind") {
                report.must("invalid-subject", &place, "ServiceAccount, User or Group");
            }
        }
    }
}
