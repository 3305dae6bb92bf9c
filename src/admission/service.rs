//! Services: `ValidateService` of `pkg/apis/core/validation`.

use std::collections::HashMap;

use crate::diagnostics::{Diagnostic, Span};
use crate::schema::Place;
use crate::schema::format::{name, net};

use super::report::Report;
use super::values::{one_of, port, port_number};

/// What a server hands out when nothing else is configured.
const NODE_PORTS: std::ops::RangeInclusive<i64> = 30000..=32767;

pub(super) fn check(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return report.missing(object, "spec") };
    let kind = Some(spec.text("type")).filter(|text| !text.is_empty()).unwrap_or("ClusterIP");
    let headless = spec.text("clusterIP") == "None";
    super::metadata::labels(&spec, "selector", report);
    ports(&spec, kind, headless, report);
    cluster_ip(&spec, kind, report);
    by_type(&spec, kind, report);
    for ip in spec.list("externalIPs") {
        if ip.as_str().is_some_and(|text| net::parse_ip(text).is_none()) {
            report.must("invalid-address", &ip, "an IP address");
        }
    }
    affinity(&spec, report);
}

fn ports(spec: &Place<'_>, kind: &str, headless: bool, report: &mut Report) {
    let ports = spec.list("ports");
    if ports.is_empty() && !headless && kind != "ExternalName" {
        report.missing(spec, "ports");
    }
    let mut names: HashMap<&str, Span> = HashMap::new();
    let mut numbers = HashMap::new();
    let mut node_ports = HashMap::new();
    for each in &ports {
        if ports.len() > 1 {
            report.require(each, "name");
        }
        report.text(each, "name", "invalid-name", name::dns1123_label);
        port_number(each, "port", report);
        if let Some(target) = each.get("targetPort").filter(|target| target.as_int() != Some(0)) {
            port(&target, report);
        }
        report.text(each, "appProtocol", "invalid-name", name::qualified_name);
        let protocol = Some(each.text("protocol")).filter(|text| !text.is_empty()).unwrap_or("TCP");
        if let Some(place) = each.get("name")
            && let Some(text) = place.as_str().filter(|text| !text.is_empty())
            && let Some(first) = names.insert(text, place.node.span)
        {
            report.duplicate(&place, "the name of another port", first);
        }
        if let Some(number) = each.get("port")
            && let Some(first) = numbers.insert((number.as_int(), protocol), number.node.span)
        {
            report.duplicate(&number, "a port with its protocol", first);
        }
        let Some(node_port) = each.get("nodePort") else { continue };
        let Some(number) = node_port.as_int().filter(|number| *number != 0) else { continue };
        if matches!(kind, "ClusterIP" | "ExternalName") {
            report.forbidden(&node_port, &format!("may not be used when the type is `{kind}`"));
        } else if !NODE_PORTS.contains(&number) {
            // A cluster can be given another range.
            let message = format!("`{node_port}`: {number} is outside the usual node ports, 30000 to 32767");
            report.push(Diagnostic::warning("unusual-node-port", message).at(node_port.node.span));
        }
        if let Some(first) = node_ports.insert((number, protocol), node_port.node.span) {
            report.duplicate(&node_port, "another node port", first);
        }
    }
}

fn cluster_ip(spec: &Place<'_>, kind: &str, report: &mut Report) {
    if let Some(place) = spec.get("clusterIP")
        && let Some(text) = place.as_str().filter(|text| !text.is_empty())
    {
        match (text, kind) {
            (_, "ExternalName") => report.forbidden(&place, "may not be set when the type is `ExternalName`"),
            ("None", "NodePort" | "LoadBalancer") => {
                report.add("conflicting-fields", &place, &format!("cannot be `None` when the type is `{kind}`"));
            }
            ("None", _) => {}
            (text, _) if net::parse_ip(text).is_none() => {
                report.must("invalid-address", &place, "an IP address, or `None`");
            }
            _ => {}
        }
    }
    let families = spec.list("ipFamilies");
    if let [first, second, ..] = &families[..]
        && first.as_str() == second.as_str()
    {
        report.duplicate(second, "the other family", first.node.span);
    }
    for family in &families {
        if family.as_str().is_some_and(|text| !matches!(text, "IPv4" | "IPv6")) {
            report.must("invalid-enum", family, "IPv4 or IPv6");
        }
    }
}

fn by_type(spec: &Place<'_>, kind: &str, report: &mut Report) {
    if kind == "ExternalName" {
        match spec.text("externalName").strip_suffix('.').unwrap_or(spec.text("externalName")) {
            "" => report.missing(spec, "externalName"),
            text => {
                if let (Some(place), Err(must)) = (spec.get("externalName"), name::dns1123_subdomain(text)) {
                    report.must("invalid-name", &place, must);
                }
            }
        }
    }
    let balanced = kind == "LoadBalancer";
    for range in spec.list("loadBalancerSourceRanges") {
        if range.as_str().is_some_and(|text| !net::is_cidr(text.trim())) {
            report.must("invalid-address", &range, "a range such as 10.0.0.0/8");
        }
    }
    if let Some(ranges) = spec.get("loadBalancerSourceRanges").filter(|list| list.items().next().is_some())
        && !balanced
    {
        report.forbidden(&ranges, "is for `type: LoadBalancer` only");
    }
    for key in ["allocateLoadBalancerNodePorts", "loadBalancerClass"] {
        if let Some(place) = spec.get(key)
            && !balanced
        {
            report.forbidden(&place, "is for `type: LoadBalancer` only");
        }
    }
    report.text(spec, "loadBalancerClass", "invalid-name", name::qualified_name);
    let external = balanced || kind == "NodePort" || !spec.list("externalIPs").is_empty();
    if let Some(policy) = spec.get("externalTrafficPolicy").filter(|policy| policy.as_str() != Some(""))
        && !external
    {
        report.forbidden(&policy, "is for services that are reached from outside only");
    }
    let local = balanced && spec.text("externalTrafficPolicy") == "Local";
    if let Some(port) = spec.get("healthCheckNodePort").filter(|port| port.as_int() != Some(0))
        && !local
    {
        report.forbidden(&port, "is for `type: LoadBalancer` with `externalTrafficPolicy: Local` only");
    }
    one_of(spec, "trafficDistribution", &["PreferClose", "PreferSameZone", "PreferSameNode"], report);
}

fn affinity(spec: &Place<'_>, report: &mut Report) {
    let client_ip = spec.text("sessionAffinity") == "ClientIP";
    let Some(config) = spec.get("sessionAffinityConfig") else { return };
    if !client_ip {
        return report.forbidden(&config, "is for `sessionAffinity: ClientIP` only");
    }
    if let Some(client) = config.get("clientIP") {
        report.range(&client, "timeoutSeconds", 1..=86400);
    }
}
