//! Probes and lifecycle hooks: `validateProbe`, `validateHandler`, `validateLifecycle`.

use crate::schema::Place;
use crate::schema::format::name;

use crate::admission::report::Report;
use crate::admission::values::{one_of, port, port_number};

pub(super) fn check(container: &Place<'_>, report: &mut Report) {
    for (key, only_once) in [("livenessProbe", true), ("startupProbe", true), ("readinessProbe", false)] {
        let Some(probe) = container.get(key) else { continue };
        check_probe(&probe, report);
        if only_once && probe.int("successThreshold").is_some_and(|number| number > 1) {
            if let Some(place) = probe.get("successThreshold") {
                report.must("invalid-probe", &place, "1");
            }
        }
        if !only_once && let Some(place) = probe.get("terminationGracePeriodSeconds") {
            report.forbidden(&place, "may not be set for a readiness probe");
        }
    }
    for key in ["postStart", "preStop"] {
        if let Some(handler) = container.at(&["lifecycle", key]) {
            report.exactly_one(&handler, &["exec", "httpGet", "tcpSocket", "sleep"], "action");
            actions(&handler, report);
        }
    }
}

fn check_probe(probe: &Place<'_>, report: &mut Report) {
    report.exactly_one(probe, &["exec", "httpGet", "tcpSocket", "grpc"], "action");
    for key in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
        report.range(probe, key, 0..=i64::MAX);
    }
    report.range(probe, "terminationGracePeriodSeconds", 1..=i64::MAX);
    actions(probe, report);
}

fn actions(handler: &Place<'_>, report: &mut Report) {
    if let Some(exec) = handler.get("exec")
        && exec.list("command").is_empty()
    {
        report.missing(&exec, "command");
    }
    if let Some(get) = handler.get("httpGet") {
        one_of(&get, "scheme", &["HTTP", "HTTPS"], report);
        for header in get.list("httpHeaders") {
            report.text(&header, "name", "invalid-header", name::header_name);
        }
    }
    for key in ["httpGet", "tcpSocket"] {
        if let Some(place) = handler.get(key).and_then(|action| action.get("port")) {
            port(&place, report);
        }
    }
    if let Some(grpc) = handler.get("grpc") {
        port_number(&grpc, "port", report);
    }
    if let Some(sleep) = handler.get("sleep") {
        report.range(&sleep, "seconds", 0..=i64::MAX);
    }
}
