//! Annotations that Argo CD reads: `gitops-engine/pkg/sync/common`, `controller/hook.go` of Argo CD v3.5.
//! It ignores a value that it does not know, so a slip of the fingers turns an option off without a word.

use crate::diagnostics::Diagnostic;
use crate::model::SYNC_OPTIONS;
use crate::schema::Place;
use crate::yaml::decode::nearest;

use super::report::Report;

/// What stands in `argocd.argoproj.io/sync-options` of an object.
const OPTIONS: [&str; 18] = [
    "ApplyOutOfSyncOnly=false",
    "ApplyOutOfSyncOnly=true",
    "ClientSideApplyMigration=false",
    "ClientSideApplyMigration=true",
    "Delete=confirm",
    "Delete=false",
    "Force=true",
    "Prune=confirm",
    "Prune=false",
    "PruneLast=true",
    "Replace=false",
    "Replace=true",
    "ServerSideApply=false",
    "ServerSideApply=true",
    "SkipDryRunOnMissingResource=true",
    "SkipDryRunOnMissingResource=false",
    "Validate=false",
    "Validate=true",
];

const HOOKS: [&str; 7] = ["PreSync", "Sync", "PostSync", "SyncFail", "Skip", "PreDelete", "PostDelete"];

const DELETE_POLICIES: [&str; 3] = ["HookSucceeded", "HookFailed", "BeforeHookCreation"];

const COMPARE_OPTIONS: [&str; 5] = [
    "IgnoreExtraneous",
    "IgnoreResourceUpdates=true",
    "IncludeMutationWebhook=true",
    "ServerSideDiff=false",
    "ServerSideDiff=true",
];

/// Of `spec.syncPolicy.syncOptions` of an Application: those of an object and these.
const APPLICATION_OPTIONS: [&str; 9] = [
    "CreateNamespace=false",
    "CreateNamespace=true",
    "FailOnSharedResource=false",
    "FailOnSharedResource=true",
    "PrunePropagationPolicy=background",
    "PrunePropagationPolicy=foreground",
    "PrunePropagationPolicy=orphan",
    "RespectIgnoreDifferences=false",
    "RespectIgnoreDifferences=true",
];

pub(super) fn check(object: &Place<'_>, report: &mut Report) {
    list(object, SYNC_OPTIONS, "unknown-sync-option", &OPTIONS, report);
    list(object, "argocd.argoproj.io/hook", "unknown-hook", &HOOKS, report);
    list(object, "argocd.argoproj.io/hook-delete-policy", "unknown-hook", &DELETE_POLICIES, report);
    list(object, "argocd.argoproj.io/compare-options", "unknown-compare-option", &COMPARE_OPTIONS, report);
    if object.text("apiVersion").starts_with("argoproj.io/") && object.text("kind") == "Application" {
        let Some(policy) = object.at(&["spec", "syncPolicy"]) else { return };
        let known = [&OPTIONS[..], &APPLICATION_OPTIONS].concat();
        for option in policy.list("syncOptions") {
            if let Some(text) = option.as_str() {
                known_value(&option, text, "unknown-sync-option", &known, report);
            }
        }
    }
}

/// An annotation that holds a list, separated by commas.
fn list(object: &Place<'_>, annotation: &str, rule: &'static str, known: &[&str], report: &mut Report) {
    let Some(place) = object.at(&["metadata", "annotations", annotation]) else { return };
    for value in place.as_str().unwrap_or_default().split(',').map(str::trim).filter(|value| !value.is_empty()) {
        known_value(&place, value, rule, known, report);
    }
}

fn known_value(place: &Place<'_>, value: &str, rule: &'static str, known: &[&str], report: &mut Report) {
    if known.contains(&value) {
        return;
    }
    let finding = Diagnostic::error(rule, format!("Argo CD knows no `{value}` in `{place}`")).at(place.node.span);
    report.push(match nearest(value, known.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!("it would be ignored; the values are {}", known.join(", "))),
    });
}
