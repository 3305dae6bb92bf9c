//! NetworkPolicy: `pkg/apis/networking/validation`.

use crate::schema::Place;
use crate::schema::format::net;

use super::report::Report;
use super::selector;
use super::values::{one_of, port};

pub(super) fn check(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return };
    if let Some(pods) = spec.get("podSelector") {
        selector::check(&pods, report);
    }
    for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.list(direction) {
            for each in rule.list("ports") {
                check_port(&each, report);
            }
            for peer in rule.list(peers) {
                check_peer(&peer, report);
            }
        }
    }
    for kind in spec.list("policyTypes") {
        if kind.as_str().is_some_and(|text| !matches!(text, "Ingress" | "Egress")) {
            report.must("invalid-enum", &kind, "Ingress or Egress");
        }
    }
}

fn check_port(place: &Place<'_>, report: &mut Report) {
    one_of(place, "protocol", &["TCP", "UDP", "SCTP"], report);
    let number = place.get("port");
    if let Some(number) = &number {
        port(number, report);
    }
    let Some(end) = place.get("endPort") else { return };
    match number.as_ref().map(|number| (number.as_int(), number.as_str())) {
        None => report.missing(place, "port"),
        Some((None, Some(_))) => report.forbidden(&end, "needs a `port` that is a number"),
        Some((Some(start), _)) if end.as_int().is_some_and(|end| end < start) => {
            report.must("out-of-range", &end, "at least as large as `port`");
        }
        _ => {}
    }
    super::values::port_number(place, "endPort", report);
}

fn check_peer(peer: &Place<'_>, report: &mut Report) {
    let selectors: Vec<_> = ["podSelector", "namespaceSelector"].iter().filter_map(|key| peer.get(key)).collect();
    for each in &selectors {
        selector::check(each, report);
    }
    match (peer.get("ipBlock"), selectors.first()) {
        (None, None) => {
            report.add("missing-field", peer, "says nobody: set `podSelector`, `namespaceSelector` or `ipBlock`");
        }
        (Some(block), Some(_)) => report.forbidden(&block, "may not be set beside a selector"),
        (Some(block), None) => check_block(&block, report),
        (None, Some(_)) => {}
    }
}

fn check_block(block: &Place<'_>, report: &mut Report) {
    let Some(cidr) = block.get("cidr") else { return };
    let Some(whole) = cidr.as_str().and_then(net::parse_cidr) else {
        if cidr.as_str().is_some_and(|text| !text.is_empty()) {
            report.must("invalid-address", &cidr, "a range such as 10.0.0.0/8");
        }
        return;
    };
    for except in block.list("except") {
        let Some(text) = except.as_str() else { continue };
        match net::parse_cidr(text) {
            None => report.must("invalid-address", &except, "a range such as 10.1.0.0/16"),
            Some(part) if !net::is_strictly_inside(part, whole) => {
                report.must("invalid-address", &except, "a smaller range inside `cidr`");
            }
            Some(_) => {}
        }
    }
}
