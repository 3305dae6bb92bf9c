//! Security contexts: `ValidatePodSecurityContext`, `ValidateSecurityContext`.

use std::collections::HashMap;

use crate::diagnostics::Span;
use crate::schema::Place;

use crate::admission::report::Report;
use crate::admission::values::one_of;

/// Of users and groups: `IsValidUserID`.
const IDS: std::ops::RangeInclusive<i64> = 0..=i32::MAX as i64;

pub(super) fn pod(spec: &Place<'_>, report: &mut Report) {
    if spec.is_true("shareProcessNamespace")
        && spec.is_true("hostPID")
        && let Some(place) = spec.get("shareProcessNamespace")
    {
        report.forbidden(&place, "and `hostPID` cannot both be set");
    }
    let Some(context) = spec.get("securityContext") else { return };
    ids(&context, &["runAsUser", "runAsGroup", "fsGroup"], report);
    for group in context.list("supplementalGroups") {
        if group.as_int().is_some_and(|id| !IDS.contains(&id)) {
            report.must("out-of-range", &group, "between 0 and 2147483647");
        }
    }
    profile(&context, report);
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for sysctl in context.list("sysctls") {
        let Some(name) = sysctl.get("name") else { continue };
        let Some(text) = name.as_str() else { continue };
        if !is_sysctl(text) {
            report.must("invalid-name", &name, "the name of a kernel parameter, such as net.core.somaxconn");
        }
        if let Some(first) = seen.insert(text, name.node.span) {
            report.duplicate(&name, "another sysctl", first);
        }
    }
}

fn is_sysctl(text: &str) -> bool {
    let part = |part: &str| {
        let ends = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let bytes = part.as_bytes();
        ends(bytes.first())
            && ends(bytes.last())
            && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
    };
    (1..=253).contains(&text.len()) && text.split(['.', '/']).all(part)
}

pub(super) fn container(container: &Place<'_>, report: &mut Report) {
    let Some(context) = container.get("securityContext") else { return };
    ids(&context, &["runAsUser", "runAsGroup"], report);
    one_of(&context, "procMount", &["Default", "Unmasked"], report);
    profile(&context, report);
    let escalation = context.get("allowPrivilegeEscalation");
    let Some(escalation) = escalation.filter(|_| is_false(&context, "allowPrivilegeEscalation")) else { return };
    if context.is_true("privileged") {
        report.add("conflicting-fields", &escalation, "cannot be false in a privileged container");
    }
    let added = context.get("capabilities").map(|capabilities| capabilities.list("add")).unwrap_or_default();
    if added.iter().any(|capability| capability.as_str() == Some("CAP_SYS_ADMIN")) {
        report.add("conflicting-fields", &escalation, "cannot be false while CAP_SYS_ADMIN is added");
    }
}

fn is_false(place: &Place<'_>, key: &str) -> bool {
    matches!(place.node.get(key).map(|node| &node.value), Some(crate::yaml::Value::Bool(false)))
}

fn ids(context: &Place<'_>, keys: &[&str], report: &mut Report) {
    for key in keys {
        report.range(context, key, IDS);
    }
}

/// `validateSeccompProfileField`, `ValidateAppArmorProfileField`
fn profile(context: &Place<'_>, report: &mut Report) {
    for key in ["seccompProfile", "appArmorProfile"] {
        let Some(profile) = context.get(key) else { continue };
        let local = profile.text("type") == "Localhost";
        match profile.get("localhostProfile") {
            None if local => report.missing(&profile, "localhostProfile"),
            Some(place) if !local => report.forbidden(&place, "is for `type: Localhost` only"),
            _ => {}
        }
    }
}
