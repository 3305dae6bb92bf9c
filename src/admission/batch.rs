//! Job and CronJob: `pkg/apis/batch/validation`.

use crate::schema::Place;

use super::report::Report;
use super::values::one_of;
use super::{pod, selector};

pub(super) fn job(object: &Place<'_>, report: &mut Report) {
    match object.get("spec") {
        Some(spec) => job_spec(&spec, false, report),
        None => report.missing(object, "spec"),
    }
}

fn job_spec(spec: &Place<'_>, in_cron_job: bool, report: &mut Report) {
    for key in ["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"] {
        report.range(spec, key, 0..=i64::from(i32::MAX));
    }
    own_selector(spec, in_cron_job, report);
    indexed(spec, report);
    let Some(template) = spec.get("template") else { return };
    restart_policy(spec, &template, report);
    pod::template(&template, &[], report);
}

/// The server makes the selector, unless it is told not to.
fn own_selector(spec: &Place<'_>, in_cron_job: bool, report: &mut Report) {
    let Some(selector) = spec.get("selector") else {
        if spec.is_true("manualSelector") && !in_cron_job {
            report.missing(spec, "selector");
        }
        return;
    };
    selector::check(&selector, report);
    if in_cron_job || !spec.is_true("manualSelector") {
        report.forbidden(&selector, "is made by the server; leave it out");
    }
}

fn indexed(spec: &Place<'_>, report: &mut Report) {
    one_of(spec, "completionMode", &["NonIndexed", "Indexed"], report);
    let is_indexed = spec.text("completionMode") == "Indexed";
    // Without both the server takes 1 for each.
    if is_indexed && !spec.has("completions") && spec.has("parallelism") {
        report.missing(spec, "completions");
    }
    for key in ["backoffLimitPerIndex", "maxFailedIndexes"] {
        if let Some(place) = spec.get(key)
            && !is_indexed
        {
            report.forbidden(&place, "is for `completionMode: Indexed` only");
        }
        report.range(spec, key, 0..=i64::MAX);
    }
}

/// `Always`, the default of a pod, would never end.
fn restart_policy(spec: &Place<'_>, template: &Place<'_>, report: &mut Report) {
    let Some(pod) = template.get("spec") else { return };
    match pod.get("restartPolicy") {
        Some(policy) if policy.as_str() == Some("Always") => {
            report.must("invalid-restart-policy", &policy, "`OnFailure` or `Never` for a Job");
        }
        Some(policy) if policy.as_str() == Some("OnFailure") && spec.has("podFailurePolicy") => {
            report.must("invalid-restart-policy", &policy, "`Never`, because there is a `podFailurePolicy`");
        }
        Some(policy) if policy.as_str() != Some("") => {}
        _ => {
            let message = format!("`{pod}` has no `restartPolicy`; the default `Always` is not for Jobs");
            let finding = crate::diagnostics::Diagnostic::error("invalid-restart-policy", message).at(pod.key_span);
            report.push(finding.help("add `restartPolicy: OnFailure` or `restartPolicy: Never`"));
        }
    }
}

pub(super) fn cron_job(object: &Place<'_>, report: &mut Report) {
    let Some(spec) = object.get("spec") else { return };
    if let Some(schedule) = spec.get("schedule")
        && let Some(text) = schedule.as_str().filter(|text| !text.is_empty())
        && let Err(must) = check_schedule(text)
    {
        report.must("invalid-schedule", &schedule, must);
    }
    if let Some(zone) = spec.get("timeZone")
        && let Some(text) = zone.as_str()
        && !is_time_zone(text)
    {
        report.must("invalid-time-zone", &zone, "the name of a time zone such as Europe/Berlin");
    }
    report.range(&spec, "startingDeadlineSeconds", 0..=i64::MAX);
    report.range(&spec, "successfulJobsHistoryLimit", 0..=i64::MAX);
    report.range(&spec, "failedJobsHistoryLimit", 0..=i64::MAX);
    match spec.at(&["jobTemplate", "spec"]) {
        Some(job) => job_spec(&job, true, report),
        None => {
            if let Some(template) = spec.get("jobTemplate") {
                report.missing(&template, "spec");
            }
        }
    }
}

/// `validateTimeZone`: a name, not `Local`, and it must be one that a system could have.
fn is_time_zone(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+-".contains(&b));
    !text.eq_ignore_ascii_case("local") && text.split('/').all(part) && text.bytes().any(|b| b.is_ascii_alphabetic())
}

/// `cron.ParseStandard`, without a zone of its own.
fn check_schedule(text: &str) -> Result<(), &'static str> {
    const FORM: &str =
        "five fields such as `*/5 * * * *`, or one of @hourly, @daily, @weekly, @monthly, @yearly, @every 1h";
    if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
        return Err("without a time zone; set `timeZone` instead");
    }
    if let Some(word) = text.strip_prefix('@') {
        let named = ["yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly"].contains(&word);
        let every = word.strip_prefix("every ").is_some_and(crate::schema::format::time::is_go_duration);
        return if named || every { Ok(()) } else { Err(FORM) };
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    let ranges: [(u32, u32, &[&str]); 5] = [(0, 59, &[]), (0, 23, &[]), (1, 31, &[]), (1, 12, &months), (0, 6, &days)];
    let fits = fields.len() == 5
        && fields.iter().zip(ranges).all(|(field, range)| field.split(',').all(|part| fits_range(part, range)));
    if fits { Ok(()) } else { Err(FORM) }
}

/// `*`, `5`, `1-5`, each perhaps with `/step`.
fn fits_range(part: &str, (low, high, names): (u32, u32, &[&str])) -> bool {
    let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
    if step.is_some_and(|step| step.parse::<u32>().is_ok_and(|step| step == 0) || step.parse::<u32>().is_err()) {
        return false;
    }
    if matches!(range, "*" | "?") {
        return true;
    }
    let number = |text: &str| {
        let named = names.iter().position(|name| text.eq_ignore_ascii_case(name));
        let value = match named {
            Some(index) => low + u32::try_from(index).ok()?,
            None => text.parse().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()))?,
        };
        (low..=high).contains(&value).then_some(value)
    };
    match range.split_once('-') {
        Some((from, to)) => matches!((number(from), number(to)), (Some(from), Some(to)) if from <= to),
        None => number(range).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::check_schedule;

    #[test]
    fn schedules_are_those_of_cron() {
        for text in ["*/5 * * * *", "0 0 1 1 0", "0 9-17/2 * jan-mar MON,fri", "@daily", "@every 1h30m", "? * * * ?"] {
            assert!(check_schedule(text).is_ok(), "{text}");
        }
        for text in [
            "* * * *",
            "60 * * * *",
            "* * 0 * *",
            "5-1 * * * *",
            "@sometimes",
            "TZ=UTC * * * * *",
            "*/0 * * * *",
            "* * * * 7",
        ] {
            assert!(check_schedule(text).is_err(), "{text}");
        }
    }
}
