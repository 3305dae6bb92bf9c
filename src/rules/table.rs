//! The list of rules, sorted by id. Each has its page in `docs/<id>.md`.

use super::{Group, Rule};
use crate::diagnostics::Severity;

/// One row: severity, group, id, summary; `always` marks the rules that no comment can silence.
macro_rules! rule {
    ($severity:ident, $group:ident, $id:literal, $summary:literal) => {
        Rule {
            id: $id,
            severity: Severity::$severity,
            group: Group::$group,
            suppressible: true,
            summary: $summary,
            docs: include_str!(concat!("docs/", $id, ".md")),
        }
    };
    (always $severity:ident, $group:ident, $id:literal, $summary:literal) => {
        Rule { suppressible: false, ..rule!($severity, $group, $id, $summary) }
    };
}

/// All rules.
pub const RULES: &[Rule] = &[
    rule!(always Error, Kustomize, "ambiguous-reference", "A name could mean several objects"),
    rule!(Warning, Yaml, "ambiguous-scalar", "A word without quotes is text to kustomize and a boolean to others"),
    rule!(Warning, Argocd, "child-not-expanded", "A child Application of this repository is not followed"),
    rule!(always Error, Kustomize, "circular-base", "Bases or components include each other"),
    rule!(always Error, Stack, "circular-dependency", "Components depend on each other in a circle"),
    rule!(Warning, Kustomize, "deprecated-field", "A field of kustomization.yaml has a successor"),
    rule!(always Error, Stack, "duplicate-component", "Two components have the same name"),
    rule!(always Error, Yaml, "duplicate-key", "A key stands twice in one mapping"),
    rule!(always Error, Output, "duplicate-object", "Two objects have the same kind, namespace and name"),
    rule!(always Error, Stack, "duplicate-phase", "Two phases have the same name"),
    rule!(always Error, Kustomize, "duplicate-var", "Two vars have the same name"),
    rule!(always Error, Stack, "empty-component", "A component owns nothing"),
    rule!(Warning, Kustomize, "empty-file", "A file under resources holds no object"),
    rule!(always Error, Kustomize, "empty-kustomization", "A kustomization.yaml says nothing"),
    rule!(always Error, Stack, "empty-match", "A match of a component claims every object"),
    rule!(always Error, Output, "empty-set", "There is no object at all"),
    rule!(always Error, Files, "file-outside-root", "A file lies outside the folder that may use it"),
    rule!(always Error, Stack, "forward-dependency", "A component depends on one of a later phase"),
    rule!(always Error, Kustomize, "generator-matches-nothing", "A generator changes an object that is not there"),
    rule!(always Error, Stack, "invalid-environment", "The name of an environment cannot be a folder"),
    rule!(always Error, Kustomize, "invalid-openapi", "An OpenAPI document for merge keys cannot be used"),
    rule!(always Error, Kustomize, "invalid-patch", "A patch cannot be read or applied"),
    rule!(always Error, Stack, "invalid-path", "A path of a component leads out of the stack's folder"),
    rule!(always Error, Stack, "invalid-stack", "A stack.yaml is empty or holds several documents"),
    rule!(always Error, Suppressions, "invalid-suppression", "A cmp comment that allows nothing"),
    rule!(always Error, Stack, "invalid-sync-wave", "A sync wave is not a whole number in quotes"),
    rule!(always Error, Kustomize, "invalid-target", "The target of a patch cannot be read"),
    rule!(always Error, Yaml, "invalid-yaml", "A text is not the YAML that Kubernetes reads"),
    rule!(always Error, Yaml, "key-is-no-text", "A key without quotes is a number, a boolean or a date"),
    rule!(always Error, Argocd, "missing-child", "The folder of a child Application does not exist"),
    rule!(always Error, Output, "missing-field", "A required field is missing or empty"),
    rule!(always Error, Files, "missing-file", "A file that is named is not there"),
    rule!(always Error, Kustomize, "missing-merge-key", "An element of a patched list has no key to merge by"),
    rule!(always Error, Argocd, "no-overlay", "It cannot be told which overlay is meant"),
    rule!(always Error, Argocd, "no-stack", "Components are asked for where there is no stack"),
    rule!(always Error, Files, "not-a-file", "A folder stands where a file is needed"),
    rule!(always Error, Files, "not-a-folder", "A file stands where a folder is needed"),
    rule!(Notice, Output, "not-a-manifest", "A document of a folder is no Kubernetes object and was not validated"),
    rule!(always Error, Kustomize, "not-an-object", "A document is no Kubernetes object"),
    rule!(always Error, Files, "not-utf8", "A file that should be text is not"),
    rule!(always Error, Stack, "object-of-two-components", "An object belongs to two components"),
    rule!(always Error, Stack, "object-without-component", "An object belongs to no component"),
    rule!(always Error, Kustomize, "patch-matches-nothing", "A patch hits no object"),
    rule!(always Error, Kustomize, "patch-path-missing", "A JSON patch points at something that is not there"),
    rule!(always Error, Kustomize, "patch-test-failed", "A test operation of a JSON patch fails"),
    rule!(always Error, Stack, "phase-full", "A phase needs more than ten steps"),
    rule!(always Error, Kustomize, "remote-resource", "A resource or base would be fetched from the network"),
    rule!(always Error, Kustomize, "replacement-matches-nothing", "A replacement changes no object"),
    rule!(always Error, Kustomize, "replacement-source", "The source of a replacement gives no value"),
    rule!(always Error, Kustomize, "replacement-target", "A field that a replacement should write cannot be written"),
    rule!(always Error, Kustomize, "replicas-match-nothing", "An entry of replicas names no workload"),
    rule!(always Error, Kustomize, "several-kustomizations", "A folder or file has more than one kustomization"),
    rule!(always Error, Stack, "several-stacks", "An overlay belongs to two stacks"),
    rule!(always Error, Kustomize, "unexpected-shape", "A transformer meets something else than it needs"),
    rule!(always Error, Stack, "unknown-component", "A component that is named does not exist"),
    rule!(always Error, Kustomize, "unknown-field", "A file has a field that its format does not know"),
    rule!(always Error, Stack, "unknown-phase", "A component is in a phase that does not exist"),
    rule!(Warning, Yaml, "unquoted-date", "A date without quotes becomes a point in time"),
    rule!(always Error, Files, "unreadable-file", "A file cannot be read"),
    rule!(always Error, Argocd, "unresolved-revision", "Children cannot be pinned because the revision is no commit"),
    rule!(always Error, Kustomize, "unsupported-field", "A field of kustomization.yaml that cmp refuses"),
    rule!(Warning, Kustomize, "unused-image", "An entry of images fits no container"),
    rule!(always Warning, Suppressions, "unused-suppression", "A suppression allows nothing any more"),
    rule!(Warning, Kustomize, "unused-var", "A var is nowhere replaced"),
    rule!(always Error, Kustomize, "var-without-object", "A var has no object, or its object has no such field"),
    rule!(always Error, Stack, "wave-outside-phase", "A sync wave written by hand breaks the order of the stack"),
    rule!(always Error, Kustomize, "wrong-kind", "A file has another apiVersion or kind than its place needs"),
    rule!(always Error, Output, "wrong-type", "A value has another type than its field"),
    rule!(always Error, Kustomize, "wrong-value", "A value is none that its field takes"),
    rule!(always Error, Yaml, "yaml-too-deep", "A text is nested deeper than any manifest"),
    rule!(always Error, Yaml, "yaml-too-large", "A text grows beyond all limits when it is read"),
];
