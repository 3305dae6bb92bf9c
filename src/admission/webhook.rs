//! Admission webhooks and API services: `pkg/apis/admissionregistration/validation`,
//! `k8s.io/kube-aggregator/pkg/apis/apiregistration/validation`.

use std::collections::HashMap;

use crate::diagnostics::Span;
use crate::schema::Place;
use crate::schema::format::name;

use super::report::Report;
use super::selector;
use super::values::{one_of, port_number};

pub(super) fn check(object: &Place<'_>, report: &mut Report) {
    let mut names: HashMap<&str, Span> = HashMap::new();
    for hook in object.list("webhooks") {
        report.text(&hook, "name", "invalid-name", |text| {
            let full = text.split('.').count() >= 3;
            if full {
                name::dns1123_subdomain(text)
            } else {
                Err("a name of at least three parts, such as hook.example.com")
            }
        });
        if let Some(place) = hook.get("name")
            && let Some(text) = place.as_str()
            && let Some(first) = names.insert(text, place.node.span)
        {
            report.duplicate(&place, "the name of another webhook", first);
        }
        one_of(&hook, "sideEffects", &["None", "NoneOnDryRun"], report);
        report.range(&hook, "timeoutSeconds", 1..=30);
        let versions = hook.list("admissionReviewVersions");
        if let Some(first) = versions.first()
            && !versions.iter().any(|version| matches!(version.as_str(), Some("v1" | "v1beta1")))
        {
            report.must("invalid-enum", first, "v1 or v1beta1, in one item at least");
        }
        for key in ["namespaceSelector", "objectSelector"] {
            if let Some(place) = hook.get(key) {
                selector::check(&place, report);
            }
        }
        if let Some(client) = hook.get("clientConfig") {
            check_client(&client, report);
        }
        for rule in hook.list("rules") {
            check_rule(&rule, report);
        }
    }
}

fn check_client(client: &Place<'_>, report: &mut Report) {
    report.exactly_one(client, &["url", "service"], "way to the webhook");
    if let Some(url) = client.get("url")
        && url.as_str().is_some_and(|text| !text.starts_with("https://"))
    {
        report.must("invalid-format", &url, "a URL that starts with https://");
    }
    if let Some(service) = client.get("service") {
        port_number(&service, "port", report);
        if let Some(path) = service.get("path")
            && path.as_str().is_some_and(|text| !text.starts_with('/'))
        {
            report.must("invalid-path", &path, "absolute: it starts with `/`");
        }
    }
}

fn check_rule(rule: &Place<'_>, report: &mut Report) {
    for key in ["operations", "apiGroups", "apiVersions", "resources"] {
        let items = rule.list(key);
        if items.is_empty() {
            report.missing(rule, key);
        }
        let star = items.iter().find(|item| item.as_str() == Some("*"));
        if let Some(star) = star.filter(|_| items.len() > 1 && key != "resources") {
            report.add("conflicting-fields", star, "stands for everything, so nothing else may stand beside it");
        }
    }
}

pub(super) fn api_service(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return };
    let (group, version) = (spec.text("group"), spec.text("version"));
    if let Some(place) = object.at(&["metadata", "name"])
        && place.as_str().is_some_and(|text| text != format!("{version}.{group}"))
    {
        report.must("invalid-name", &place, &format!("`{version}.{group}`: its version, a dot and its group"));
    }
    report.range(&spec, "groupPriorityMinimum", 1..=20000);
    report.range(&spec, "versionPriority", 1..=1000);
    if let Some(service) = spec.get("service") {
        report.require(&service, "name");
        report.require(&service, "namespace");
        port_number(&service, "port", report);
        if spec.is_true("insecureSkipTLSVerify")
            && let Some(bundle) = spec.get("caBundle")
        {
            report.forbidden(&bundle, "may not be set beside `insecureSkipTLSVerify: true`");
        }
    }
}
