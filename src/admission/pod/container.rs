//! One container: `validateContainerCommon`, `validateInitContainers`, `validateContainerPorts`.

use std::collections::HashMap;

use crate::diagnostics::Span;
use crate::schema::Place;
use crate::schema::format::{name, net};

use super::{env, handler, mounts, resources, security, volume};
use crate::admission::report::Report;
use crate::admission::values::port_number;

pub(super) fn check(
    container: &Place<'_>,
    volumes: &volume::Volumes<'_>,
    host_network: bool,
    init: bool,
    report: &mut Report,
) {
    report.text(container, "name", "invalid-name", name::dns1123_label);
    report.require(container, "image");
    ports(container, host_network, report);
    env::check(container, report);
    mounts::check(container, volumes, report);
    resources::check(container, report);
    security::container(container, report);
    let restartable = container.text("restartPolicy") == "Always";
    if init && !restartable {
        not_in_init(container, report);
    } else {
        handler::check(container, report);
    }
}

/// What makes no sense for something that runs to its end.
fn not_in_init(container: &Place<'_>, report: &mut Report) {
    for key in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(place) = container.get(key) {
            report.forbidden(&place, "may not be set for an init container without `restartPolicy: Always`");
        }
    }
}

fn ports(container: &Place<'_>, host_network: bool, report: &mut Report) {
    let mut names: HashMap<&str, Span> = HashMap::new();
    for port in container.list("ports") {
        report.text(&port, "name", "invalid-port", name::port_name);
        port_number(&port, "containerPort", report);
        report.text(&port, "hostIP", "invalid-address", |text| {
            if net::parse_ip(text).is_some() { Ok(()) } else { Err("an IP address") }
        });
        if let Some(host) = port.get("hostPort").filter(|host| host.as_int() != Some(0)) {
            port_number(&port, "hostPort", report);
            if host_network && host.as_int() != port.int("containerPort") {
                report.must(
                    "invalid-port",
                    &host,
                    "the same as `containerPort`, because the pod uses the host's network",
                );
            }
        }
        if let Some(name) = port.get("name")
            && let Some(text) = name.as_str().filter(|text| !text.is_empty())
            && let Some(first) = names.insert(text, name.node.span)
        {
            report.duplicate(&name, "the name of another port", first);
        }
    }
}

/// Two containers of a pod cannot listen on one port of the host: `checkHostPortConflicts`.
pub(super) fn host_ports<'a>(
    container: &Place<'a>,
    host_network: bool,
    seen: &mut HashMap<(i64, &'a str, &'a str), Span>,
    report: &mut Report,
) {
    for port in container.list("ports") {
        // With the host's network the port is the host's.
        let key = if host_network && !port.has("hostPort") { "containerPort" } else { "hostPort" };
        let Some(host) = port.get(key) else { continue };
        let Some(number) = host.as_int().filter(|number| *number != 0) else { continue };
        let protocol = Some(port.text("protocol")).filter(|text| !text.is_empty()).unwrap_or("TCP");
        if let Some(first) = seen.insert((number, protocol, port.text("hostIP")), host.node.span) {
            report.duplicate(&host, "a port of the host that is taken already", first);
        }
    }
}
