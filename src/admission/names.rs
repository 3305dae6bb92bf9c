//! The name that an object of a kind may have: the `ValidateNameFunc` that each strategy hands to
//! `ValidateObjectMeta`.

use crate::model::Gvk;
use crate::schema::format::{name, net};

/// What is wrong with `text` as the name of a `gvk`.
pub(super) fn check(gvk: &Gvk, text: &str) -> Result<(), &'static str> {
    match (gvk.group.as_str(), gvk.kind.as_str()) {
        // Since 1.36 a Service may start with a digit: RelaxedServiceNameValidation.
        ("", "Namespace" | "Service") | ("apps", "StatefulSet") => name::dns1123_label(text),
        ("batch", "CronJob") => name::dns1123_subdomain(text).and_then(|()| at_most(52, text)),
        ("batch", "Job") => name::dns1123_subdomain(text).and_then(|()| at_most(63, text)),
        ("rbac.authorization.k8s.io", _) => name::path_segment(text),
        ("networking.k8s.io", "IPAddress") => {
            if net::parse_ip(text).is_some() {
                Ok(())
            } else {
                Err("an IP address")
            }
        }
        // Their names say what they are for and are compared with their content.
        ("apiregistration.k8s.io" | "certificates.k8s.io" | "apiserver.k8s.io", _) => name::path_segment(text),
        _ => name::dns1123_subdomain(text),
    }
}

/// A prefix of a name: may end in a dash, which what the server appends makes right.
pub(super) fn check_prefix(gvk: &Gvk, text: &str) -> Result<(), &'static str> {
    match text.strip_suffix('-') {
        Some(rest) if !rest.is_empty() => check(gvk, &format!("{rest}-a")),
        _ => check(gvk, text),
    }
}

fn at_most(length: usize, text: &str) -> Result<(), &'static str> {
    match length {
        _ if text.len() <= length => Ok(()),
        52 => Err("at most 52 characters, so that the names of its Jobs have room for 11 more"),
        _ => Err("at most 63 characters, so that it can be the value of a label"),
    }
}
