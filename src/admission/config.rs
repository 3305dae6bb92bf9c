//! ConfigMap and Secret: `ValidateConfigMap`, `ValidateSecret` of `pkg/apis/core/validation`.

use crate::schema::Place;
use crate::schema::format::{base64_len, name};

use super::report::Report;

/// Keys and values of one object together.
const LIMIT: usize = 1 << 20;

pub(super) fn config_map(object: &Place<'_>, report: &mut Report) {
    let mut size = 0;
    for (key, value) in object.map("data") {
        size += value.as_str().map_or(0, str::len);
        check_key(key, &value, report);
    }
    for (key, value) in object.map("binaryData") {
        size += value.as_str().and_then(base64_len).unwrap_or(0);
        check_key(key, &value, report);
        if let Some(other) = object.at(&["data", key]) {
            report.duplicate(&value, "a key of `data`", other.key_span);
        }
    }
    too_large(object, size, report);
}

pub(super) fn secret(object: &Place<'_>, report: &mut Report) {
    report.secret = true;
    let mut size = 0;
    for (key, value) in object.map("data") {
        size += value.as_str().and_then(base64_len).unwrap_or(0);
        check_key(key, &value, report);
    }
    // What is written as text replaces data of the same key.
    for (key, value) in object.map("stringData") {
        size += value.as_str().map_or(0, str::len);
        check_key(key, &value, report);
    }
    too_large(object, size, report);
    by_type(object, report);
}

fn check_key(key: &str, value: &Place<'_>, report: &mut Report) {
    if let Err(must) = name::config_key(key) {
        report.key("invalid-key", value, must);
    }
}

fn too_large(object: &Place<'_>, size: usize, report: &mut Report) {
    if size > LIMIT {
        let message = format!("this object holds {size} bytes; the limit is {LIMIT}");
        report.push(crate::diagnostics::Diagnostic::error("too-large", message).at(object.key_span));
    }
}

fn by_type(object: &Place<'_>, report: &mut Report) {
    let has = |key: &str| ["data", "stringData"].iter().any(|part| object.at(&[part, key]).is_some());
    let needed: &[&str] = match object.text("type") {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/basic-auth" if !has("password") => &["username"],
        "kubernetes.io/service-account-token" => return account(object, report),
        _ => &[],
    };
    for key in needed.iter().filter(|key| !has(key)) {
        let place = object.get("data").or_else(|| object.get("stringData")).unwrap_or_else(|| object.clone());
        report.missing(&place, key);
    }
    docker_config(object, report);
}

fn account(object: &Place<'_>, report: &mut Report) {
    let annotation = object.at(&["metadata", "annotations", "kubernetes.io/service-account.name"]);
    if annotation.is_none_or(|annotation| annotation.as_str() == Some("")) {
        let place = object.at(&["metadata", "annotations"]).or_else(|| object.get("metadata"));
        let place = place.unwrap_or_else(|| object.clone());
        report.missing(&place, "kubernetes.io/service-account.name");
    }
}

/// What a kubelet reads must be JSON. Written as `data` it is looked at in its decoded form.
fn docker_config(object: &Place<'_>, report: &mut Report) {
    let key = match object.text("type") {
        "kubernetes.io/dockerconfigjson" => ".dockerconfigjson",
        "kubernetes.io/dockercfg" => ".dockercfg",
        _ => return,
    };
    let plain = object.at(&["stringData", key]);
    let encoded = object.at(&["data", key]).filter(|_| plain.is_none());
    let broken = |text: &[u8]| serde_json::from_slice::<serde::de::IgnoredAny>(text).is_err();
    if let Some(place) = plain.filter(|place| place.as_str().is_some_and(|text| broken(text.as_bytes()))) {
        report.add("invalid-format", &place, "is no JSON");
    }
    if let Some(place) = encoded {
        let bytes = place.as_str().and_then(crate::schema::format::base64_bytes);
        if bytes.is_some_and(|bytes| broken(&bytes)) {
            report.add("invalid-format", &place, "is no JSON in its decoded form");
        }
    }
}
