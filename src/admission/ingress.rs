//! Ingress and IngressClass: `pkg/apis/networking/validation`.

use crate::schema::Place;
use crate::schema::format::{name, net};

use super::report::Report;
use super::values::port_number;

pub(super) fn check(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return report.missing(object, "spec") };
    let rules = spec.list("rules");
    if rules.is_empty() && !spec.has("defaultBackend") {
        let message = format!("`{spec}` has neither `rules` nor a `defaultBackend`");
        report.push(crate::diagnostics::Diagnostic::error("missing-field", message).at(spec.key_span));
    }
    if let Some(backend) = spec.get("defaultBackend") {
        check_backend(&backend, report);
    }
    for rule in &rules {
        host(rule, report);
        if let Some(http) = rule.get("http") {
            for path in http.list("paths") {
                check_path(&path, report);
            }
        }
    }
    for tls in spec.list("tls") {
        for host in tls.list("hosts") {
            if let Some(text) = host.as_str() {
                check_host(&host, text, report);
            }
        }
        report.text(&tls, "secretName", "invalid-name", name::dns1123_subdomain);
    }
    report.text(&spec, "ingressClassName", "invalid-name", name::dns1123_subdomain);
    if let (Some(class), Some(old)) =
        (spec.get("ingressClassName"), object.at(&["metadata", "annotations", "kubernetes.io/ingress.class"]))
        && class.as_str() != old.as_str()
    {
        report.forbidden(&old, "names another class than `spec.ingressClassName`");
    }
}

fn host(rule: &Place<'_>, report: &mut Report) {
    if let Some(place) = rule.get("host")
        && let Some(text) = place.as_str().filter(|text| !text.is_empty())
    {
        if net::parse_ip(text).is_some() {
            return report.must("invalid-name", &place, "a DNS name, not an IP address");
        }
        check_host(&place, text, report);
    }
}

fn check_host(place: &Place<'_>, text: &str, report: &mut Report) {
    let checked = if text.contains('*') { name::wildcard_subdomain(text) } else { name::dns1123_subdomain(text) };
    if let Err(must) = checked {
        report.must("invalid-name", place, must);
    }
}

fn check_path(path: &Place<'_>, report: &mut Report) {
    let kind = path.text("pathType");
    let text = path.text("path");
    if let Some(place) = path.get("path").filter(|_| !text.is_empty()) {
        let strict = matches!(kind, "Exact" | "Prefix");
        let bad = ["//", "/./", "/../", "%2f", "%2F"].into_iter().find(|bad| strict && text.contains(bad));
        let ends = strict && (text.ends_with("/..") || text.ends_with("/."));
        if !text.starts_with('/') {
            report.must("invalid-path", &place, "absolute: it starts with `/`");
        } else if let Some(bad) = bad {
            report.must("invalid-path", &place, &format!("without `{bad}`"));
        } else if ends {
            report.must("invalid-path", &place, "without `.` or `..` at its end");
        }
    } else if matches!(kind, "Exact" | "Prefix") {
        report.missing(path, "path");
    }
    if let Some(backend) = path.get("backend") {
        check_backend(&backend, report);
    }
}

fn check_backend(backend: &Place<'_>, report: &mut Report) {
    report.exactly_one(backend, &["service", "resource"], "backend");
    let Some(service) = backend.get("service") else { return };
    report.require(&service, "name");
    report.text(&service, "name", "invalid-name", name::dns1123_label);
    match service.get("port") {
        None => report.missing(&service, "port"),
        Some(port) => {
            report.exactly_one(&port, &["name", "number"], "port");
            report.text(&port, "name", "invalid-port", name::port_name);
            port_number(&port, "number", report);
        }
    }
}

pub(super) fn class(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return };
    report.require(&spec, "controller");
    report.text(&spec, "controller", "invalid-name", |text| {
        let holds = text.len() <= 250
            && text
                .split_once('/')
                .is_some_and(|(domain, path)| name::dns1123_subdomain(domain).is_ok() && !path.is_empty());
        if holds { Ok(()) } else { Err("a domain and a path, such as example.com/controller") }
    });
}
