//! `stack.yaml`: components, their phases, what depends on what, which branch belongs to which overlay.

use crate::diagnostics::{Diagnostic, Outcome};
use crate::source::TreePath;
use crate::yaml::decode::{Fields, Report, Spanned, nearest};
use crate::yaml::{Entry, Map, Node};

use super::components;
use super::types::{Environment, Phase, Rollout, Stack};

/// Reads the document of a `stack.yaml` that lies in `folder`. In the result every reference holds.
pub(super) fn from_node(node: &Node, folder: TreePath) -> Outcome<(Stack, Vec<Diagnostic>)> {
    let report = Report::default();
    let stack = read(node, folder, &report);
    let (stack, warnings) = report.finish(stack)?;
    // `read` reports whatever makes it return nothing.
    let empty = || Diagnostic::error("invalid-stack", "stack.yaml is empty");
    Ok((stack.ok_or_else(empty)?, warnings))
}

fn read(node: &Node, folder: TreePath, report: &Report) -> Option<Stack> {
    let mut top = Fields::of(node, "a Stack", report)?;
    constant(&mut top, "apiVersion", "cmp/v1alpha1");
    constant(&mut top, "kind", "Stack");
    let metadata = top.node("metadata");
    let spec = top.node("spec");
    for (key, value) in [("metadata", metadata), ("spec", spec)] {
        if value.is_none() {
            top.missing(key);
        }
    }
    top.finish();
    let mut metadata = Fields::of(metadata?, "metadata", report)?;
    let name = metadata.required_string("name");
    metadata.finish();
    let mut spec = Fields::of(spec?, "spec", report)?;
    let repo_url = spec.node("source").and_then(|source| read_source(source, report));
    let environments = spec.map("environments").map(|map| read_environments(map, report)).unwrap_or_default();
    let phases = read_phases(&mut spec);
    let components = spec.list("components");
    let rollout = read_rollout(&mut spec);
    let marker = spec.boolean("marker").is_none_or(|marker| marker.value);
    let span = spec.span();
    spec.finish();
    let components = components::read(components, &phases, report);
    Some(Stack { name: name?.value, folder, span, repo_url, environments, phases, components, rollout, marker })
}

fn constant(fields: &mut Fields, key: &'static str, wanted: &str) {
    if let Some(found) = fields.required_string(key)
        && found.value != wanted
    {
        let message = format!("`{key}` is `{}`; this version of cmp reads `{wanted}`", found.value);
        fields.report().push(Diagnostic::error("wrong-kind", message).at(found.span));
    }
}

fn read_source(node: &Node, report: &Report) -> Option<Spanned<String>> {
    let mut source = Fields::of(node, "spec.source", report)?;
    let url = source.required_string("repoURL");
    source.finish();
    url
}

fn read_environments(map: &Map, report: &Report) -> Vec<Environment> {
    let read = |entry: &Entry| {
        let mut fields = Fields::of(&entry.value, "an environment", report)?;
        let revision = fields.required_string("revision");
        fields.finish();
        let name = Spanned { value: entry.key.clone(), span: entry.key_span };
        if name.value.contains('/') || TreePath::parse(&name.value).is_none_or(|path| path == TreePath::root()) {
            let message = format!("`{}` cannot be the name of an environment", name.value);
            let finding = Diagnostic::error("invalid-environment", message).at(name.span);
            report.push(finding.help("an environment is named like its folder beside the stack's"));
            return None;
        }
        Some(Environment { name, revision: revision? })
    };
    map.iter().filter_map(read).collect()
}

fn read_phases(spec: &mut Fields) -> Vec<Phase> {
    let report = spec.report();
    let items = spec.list("phases");
    if items.is_empty() {
        spec.missing("phases");
    }
    let mut phases: Vec<Phase> = Vec::new();
    for item in items {
        let Some(mut fields) = Fields::of(item, "a phase", report) else { continue };
        let name = fields.required_string("name");
        fields.finish();
        let Some(name) = name else { continue };
        if let Some(first) = phases.iter().find(|phase| phase.name.value == name.value) {
            let message = format!("the phase `{}` stands twice", name.value);
            let finding = Diagnostic::error("duplicate-phase", message).at(name.span);
            report.push(finding.related(first.name.span, "first written here"));
        }
        phases.push(Phase { name });
    }
    phases
}

fn read_rollout(spec: &mut Fields) -> Rollout {
    let Some(text) = spec.string("rollout") else { return Rollout::default() };
    match text.value.as_str() {
        "pinned" => Rollout::Pinned,
        "branch" => Rollout::Branch,
        other => {
            let message = format!("`rollout` is `{other}`; it must be `pinned` or `branch`");
            let finding = Diagnostic::error("wrong-value", message).at(text.span);
            let near = nearest(other, ["pinned", "branch"]);
            spec.report().push(match near {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding,
            });
            Rollout::default()
        }
    }
}
