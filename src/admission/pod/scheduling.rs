//! Where a pod may run: tolerations, affinities, spreading.

use std::collections::HashMap;

use crate::schema::Place;
use crate::schema::format::name;

use crate::admission::report::Report;
use crate::admission::selector;
use crate::admission::values::one_of;

pub(super) fn check(spec: &Place<'_>, report: &mut Report) {
    for toleration in spec.list("tolerations") {
        check_toleration(&toleration, report);
    }
    if let Some(affinity) = spec.get("affinity") {
        if let Some(node) = affinity.get("nodeAffinity") {
            node_affinity(&node, report);
        }
        for key in ["podAffinity", "podAntiAffinity"] {
            if let Some(pods) = affinity.get(key) {
                pod_affinity(&pods, report);
            }
        }
    }
    spread(spec, report);
}

/// `ValidateTolerations`
fn check_toleration(toleration: &Place<'_>, report: &mut Report) {
    report.text(toleration, "key", "invalid-label", name::qualified_name);
    let exists = toleration.text("operator") == "Exists";
    if toleration.text("key").is_empty() && !exists {
        report.add("invalid-toleration", toleration, "has no `key`; then the operator must be `Exists`");
    }
    if exists && let Some(value) = toleration.get("value").filter(|value| value.as_str() != Some("")) {
        report.forbidden(&value, "may not be set when the operator is `Exists`");
    }
    if !exists {
        report.text(toleration, "value", "invalid-label", name::label_value);
    }
    one_of(toleration, "operator", &["Equal", "Exists"], report);
    one_of(toleration, "effect", &["NoSchedule", "PreferNoSchedule", "NoExecute"], report);
    if let Some(seconds) = toleration.get("tolerationSeconds")
        && toleration.text("effect") != "NoExecute"
    {
        report.forbidden(&seconds, "is for the effect `NoExecute` only");
    }
}

fn node_affinity(affinity: &Place<'_>, report: &mut Report) {
    if let Some(required) = affinity.get("requiredDuringSchedulingIgnoredDuringExecution") {
        for term in required.list("nodeSelectorTerms") {
            node_term(&term, report);
        }
    }
    for preferred in affinity.list("preferredDuringSchedulingIgnoredDuringExecution") {
        report.range(&preferred, "weight", 1..=100);
        if let Some(term) = preferred.get("preference") {
            node_term(&term, report);
        }
    }
}

/// `ValidateNodeSelectorTerm`
pub(super) fn node_term(term: &Place<'_>, report: &mut Report) {
    for key in ["matchExpressions", "matchFields"] {
        for requirement in term.list(key) {
            if key == "matchExpressions" {
                report.text(&requirement, "key", "invalid-label", name::qualified_name);
            }
            match requirement.text("operator") {
                operator @ ("Gt" | "Lt") if requirement.list("values").len() != 1 => {
                    let message = format!("must have one item when the operator is `{operator}`");
                    let place = requirement.get("values").unwrap_or_else(|| requirement.clone());
                    report.add("invalid-selector", &place, &message);
                }
                "Gt" | "Lt" => {}
                _ => selector::operator(&requirement, &["In", "NotIn"], &["Exists", "DoesNotExist"], report),
            }
        }
    }
}

fn pod_affinity(affinity: &Place<'_>, report: &mut Report) {
    for term in affinity.list("requiredDuringSchedulingIgnoredDuringExecution") {
        pod_term(&term, report);
    }
    for preferred in affinity.list("preferredDuringSchedulingIgnoredDuringExecution") {
        report.range(&preferred, "weight", 1..=100);
        if let Some(term) = preferred.get("podAffinityTerm") {
            pod_term(&term, report);
        }
    }
}

/// `validatePodAffinityTerm`
fn pod_term(term: &Place<'_>, report: &mut Report) {
    report.text(term, "topologyKey", "invalid-label", name::qualified_name);
    for key in ["labelSelector", "namespaceSelector"] {
        if let Some(place) = term.get(key) {
            selector::check(&place, report);
        }
    }
    for namespace in term.list("namespaces") {
        if let Some(Err(must)) = namespace.as_str().map(name::dns1123_label) {
            report.must("invalid-name", &namespace, must);
        }
    }
}

/// `validateTopologySpreadConstraints`
fn spread(spec: &Place<'_>, report: &mut Report) {
    let mut seen = HashMap::new();
    for constraint in spec.list("topologySpreadConstraints") {
        report.range(&constraint, "maxSkew", 1..=i64::MAX);
        report.range(&constraint, "minDomains", 1..=i64::MAX);
        report.text(&constraint, "topologyKey", "invalid-label", name::qualified_name);
        one_of(&constraint, "whenUnsatisfiable", &["DoNotSchedule", "ScheduleAnyway"], report);
        if let Some(domains) = constraint.get("minDomains")
            && constraint.text("whenUnsatisfiable") == "ScheduleAnyway"
        {
            report.forbidden(&domains, "is for `whenUnsatisfiable: DoNotSchedule` only");
        }
        let key = (constraint.text("topologyKey"), constraint.text("whenUnsatisfiable"));
        if let Some(first) = seen.insert(key, constraint.node.span) {
            report.duplicate(&constraint, "the topology key and action of another constraint", first);
        }
        if let Some(place) = constraint.get("labelSelector") {
            selector::check(&place, report);
        }
    }
}
