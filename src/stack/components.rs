//! The components of a stack: read, and their references resolved.

use crate::diagnostics::Diagnostic;
use crate::source::TreePath;
use crate::yaml::Node;
use crate::yaml::decode::{Fields, Report, Spanned, nearest};

use super::claim::Claim;
use super::order::dependency_order;
use super::types::{Component, Phase};

/// A component as written: names instead of indices.
struct Raw {
    name: Spanned<String>,
    phase: Spanned<String>,
    files: Vec<Spanned<String>>,
    claims: Vec<Claim>,
    depends_on: Vec<Spanned<String>>,
}

/// Reads the components and resolves what they refer to. Whatever cannot be resolved is reported and left out.
pub(super) fn read(items: &[Node], phases: &[Phase], report: &Report) -> Vec<Component> {
    let raw: Vec<Raw> = items.iter().filter_map(|item| read_one(item, report)).collect();
    report_duplicates(&raw, report);
    let index = |name: &str| raw.iter().position(|component| component.name.value == name);
    let mut components: Vec<Component> = Vec::with_capacity(raw.len());
    for component in &raw {
        let phase = resolve_phase(&component.phase, phases, report);
        let depends_on = component.depends_on.iter().filter_map(|dependency| {
            let found = index(&dependency.value);
            if found.is_none() {
                let finding = Diagnostic::error("unknown-component", no("component", dependency)).at(dependency.span);
                report.push(suggest(finding, dependency, raw.iter().map(|c| c.name.value.as_str())));
            }
            found
        });
        components.push(Component {
            name: component.name.clone(),
            phase: phase.unwrap_or(0),
            phase_span: component.phase.span,
            files: component.files.clone(),
            claims: component.claims.clone(),
            depends_on: depends_on.collect(),
        });
    }
    report_forward_dependencies(&raw, &components, phases, report);
    report_circle(&components, report);
    components
}

fn read_one(item: &Node, report: &Report) -> Option<Raw> {
    let mut fields = Fields::of(item, "a component", report)?;
    let name = fields.required_string("name");
    let phase = fields.required_string("phase");
    let files = fields.strings("files");
    let claims: Vec<Claim> = fields.list("match").iter().filter_map(|node| Claim::read(node, report)).collect();
    let depends_on = fields.strings("dependsOn");
    let span = fields.span();
    fields.finish();
    for file in &files {
        if TreePath::parse(&file.value).is_none_or(|path| path == TreePath::root()) {
            let message = format!("`{}` does not name a file below the stack's folder", file.value);
            report.push(Diagnostic::error("invalid-path", message).at(file.span));
        }
    }
    if let Some(name) = &name
        && files.is_empty()
        && claims.is_empty()
    {
        let message = format!("the component `{}` owns nothing", name.value);
        let finding = Diagnostic::error("empty-component", message).at(span);
        report.push(finding.help("give it `files:` (a file, or a folder ending in `/`) or `match:`"));
    }
    Some(Raw { name: name?, phase: phase?, files, claims, depends_on })
}

fn report_duplicates(raw: &[Raw], report: &Report) {
    for (i, component) in raw.iter().enumerate() {
        if let Some(first) = raw[..i].iter().find(|other| other.name.value == component.name.value) {
            let message = format!("the component `{}` stands twice", component.name.value);
            let finding = Diagnostic::error("duplicate-component", message).at(component.name.span);
            report.push(finding.related(first.name.span, "first written here"));
        }
    }
}

fn resolve_phase(name: &Spanned<String>, phases: &[Phase], report: &Report) -> Option<usize> {
    let found = phases.iter().position(|phase| phase.name.value == name.value);
    if found.is_none() {
        let finding = Diagnostic::error("unknown-phase", no("phase", name)).at(name.span);
        report.push(suggest(finding, name, phases.iter().map(|phase| phase.name.value.as_str())));
    }
    found
}

fn no(what: &str, name: &Spanned<String>) -> String {
    format!("no {what} is called `{}`", name.value)
}

fn suggest<'a>(
    finding: Diagnostic,
    name: &Spanned<String>,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    match nearest(&name.value, known.clone()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!("there are {}", known.collect::<Vec<_>>().join(", "))),
    }
}

fn report_forward_dependencies(raw: &[Raw], components: &[Component], phases: &[Phase], report: &Report) {
    let phase_name = |component: &Component| phases.get(component.phase).map_or("", |phase| &phase.name.value);
    for (component, raw) in components.iter().zip(raw) {
        for dependency in &raw.depends_on {
            let Some(target) = components.iter().find(|other| other.name.value == dependency.value) else { continue };
            if target.phase > component.phase {
                let message = format!(
                    "`{}` of phase `{}` depends on `{}` of the later phase `{}`",
                    component.name.value,
                    phase_name(component),
                    target.name.value,
                    phase_name(target)
                );
                let finding = Diagnostic::error("forward-dependency", message).at(dependency.span);
                let finding = finding.related(target.phase_span, "its phase");
                report.push(finding.help("move one of them to another phase, or drop the dependency"));
            }
        }
    }
}

fn report_circle(components: &[Component], report: &Report) {
    if let Err(circle) = dependency_order(components) {
        let names: Vec<_> = circle.iter().map(|&i| components[i].name.value.as_str()).collect();
        let message = format!("the dependencies go round in a circle: {} → {}", names.join(" → "), names[0]);
        report.push(Diagnostic::error("circular-dependency", message).at(components[circle[0]].name.span));
    }
}
