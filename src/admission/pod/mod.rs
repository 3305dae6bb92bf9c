//! Pods and what every workload has inside: `ValidatePodSpec` of `pkg/apis/core/validation`.

mod container;
mod env;
mod handler;
mod mounts;
mod resources;
mod scheduling;
mod security;
mod volume;

use std::collections::HashMap;

use crate::diagnostics::Span;
use crate::schema::Place;
use crate::schema::format::{name, net};

use super::report::Report;
use super::values::one_of;

/// A Pod of its own.
pub(super) fn check(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return report.missing(object, "spec") };
    check_spec(&spec, &[], report);
    if let Some(ephemeral) = spec.get("ephemeralContainers")
        && ephemeral.items().next().is_some()
    {
        report.forbidden(&ephemeral, "cannot be set when a pod is created");
    }
}

/// A template: its labels and annotations, then its spec. `extra_volumes` are there besides those of the spec.
pub(super) fn template(template: &Place<'_>, extra_volumes: &[&str], report: &mut Report) {
    if let Some(metadata) = template.get("metadata") {
        super::metadata::labels(&metadata, "labels", report);
        super::metadata::annotations(&metadata, report);
    }
    match template.get("spec") {
        Some(spec) => check_spec(&spec, extra_volumes, report),
        None => report.missing(template, "spec"),
    }
}

fn check_spec(spec: &Place<'_>, extra_volumes: &[&str], report: &mut Report) {
    let volumes = volume::check(spec, extra_volumes, report);
    containers(spec, &volumes, report);
    one_of(spec, "restartPolicy", &["Always", "OnFailure", "Never"], report);
    report.text(spec, "serviceAccountName", "invalid-name", name::dns1123_subdomain);
    report.text(spec, "nodeName", "invalid-name", name::dns1123_subdomain);
    report.text(spec, "priorityClassName", "invalid-name", name::dns1123_subdomain);
    report.text(spec, "runtimeClassName", "invalid-name", name::dns1123_subdomain);
    report.text(spec, "hostname", "invalid-name", name::dns1123_label);
    report.text(spec, "subdomain", "invalid-name", name::dns1123_label);
    report.range(spec, "activeDeadlineSeconds", 1..=i64::from(i32::MAX));
    super::metadata::labels(spec, "nodeSelector", report);
    host_aliases(spec, report);
    dns(spec, report);
    scheduling::check(spec, report);
    security::pod(spec, report);
}

fn containers(spec: &Place<'_>, volumes: &volume::Volumes<'_>, report: &mut Report) {
    let mut names: HashMap<&str, Span> = HashMap::new();
    let mut host_ports = HashMap::new();
    if spec.get("containers").is_none_or(|list| list.items().next().is_none()) && spec.get("containers").is_some() {
        // An absent list is the schema's finding.
        report.missing(spec, "containers");
    }
    let host_network = spec.is_true("hostNetwork");
    for (list, init) in [("initContainers", true), ("containers", false)] {
        for each in spec.list(list) {
            container::check(&each, volumes, host_network, init, report);
            if !init {
                container::host_ports(&each, host_network, &mut host_ports, report);
            }
            let Some(name) = each.get("name") else { continue };
            let Some(text) = name.as_str().filter(|text| !text.is_empty()) else { continue };
            if let Some(first) = names.insert(text, name.node.span) {
                report.duplicate(&name, "the name of another container", first);
            }
        }
    }
}

fn host_aliases(spec: &Place<'_>, report: &mut Report) {
    for alias in spec.list("hostAliases") {
        report.text(&alias, "ip", "invalid-address", |text| {
            if net::parse_ip(text).is_some() { Ok(()) } else { Err("an IP address") }
        });
        for host in alias.list("hostnames") {
            if let Some(Err(must)) = host.as_str().map(name::dns1123_subdomain) {
                report.must("invalid-name", &host, must);
            }
        }
    }
}

fn dns(spec: &Place<'_>, report: &mut Report) {
    let config = spec.get("dnsConfig");
    let servers = config.as_ref().map(|config| config.list("nameservers")).unwrap_or_default();
    if spec.text("dnsPolicy") == "None" && servers.is_empty() {
        let place = config.as_ref().unwrap_or(spec);
        let message = format!("`{place}` needs at least one name server, because the `dnsPolicy` is `None`");
        report.push(crate::diagnostics::Diagnostic::error("missing-field", message).at(place.key_span));
    }
    if servers.len() > 3
        && let Some(extra) = servers.get(3)
    {
        report.add("invalid-length", extra, "is one too many: there may be 3 name servers");
    }
    for server in &servers {
        if server.as_str().is_some_and(|text| net::parse_ip(text).is_none()) {
            report.must("invalid-address", server, "an IP address");
        }
    }
    let Some(config) = config else { return };
    for search in config.list("searches") {
        let text = search.as_str().unwrap_or(".");
        let bare = text.strip_suffix('.').unwrap_or(text);
        if !bare.is_empty() && name::dns1123_subdomain(&bare.replace('_', "-")).is_err() {
            report.must("invalid-name", &search, "a DNS name");
        }
    }
    for option in config.list("options") {
        report.require(&option, "name");
    }
}
