//! Every object belongs to exactly one component, by the file it comes from or by a claim.

use crate::diagnostics::{Diagnostic, Findings, Outcome, Span};
use crate::model::Manifest;
use crate::source::TreePath;

use super::types::{Component, Stack};

/// For each manifest the index of its component.
///
/// An object of no component and an object of two are errors; all of them are reported.
pub fn assign(stack: &Stack, manifests: &[Manifest]) -> Outcome<Vec<usize>> {
    let mut findings = Vec::new();
    let mut owners = Vec::with_capacity(manifests.len());
    for manifest in manifests {
        match owner(stack, manifest) {
            Ok(component) => owners.push(component),
            Err(finding) => findings.push(*finding),
        }
    }
    Findings::check(findings)?;
    Ok(owners)
}

fn owner(stack: &Stack, manifest: &Manifest) -> Result<usize, Box<Diagnostic>> {
    let path = path_in_stack(stack, &manifest.file);
    let claims = stack.components.iter().enumerate().filter_map(|(i, component)| {
        let by_file = path.as_deref().and_then(|path| owning_file(component, path));
        let by_claim = || component.claims.iter().find(|claim| claim.fits(manifest)).map(|claim| claim.span);
        Some((i, by_file.or_else(by_claim)?))
    });
    let claims: Vec<(usize, Span)> = claims.collect();
    match claims.as_slice() {
        [(component, _)] => Ok(*component),
        [] => Err(Box::new(unowned(manifest, path.as_deref()))),
        [first, second, ..] => Err(Box::new(owned_twice(stack, manifest, *first, *second))),
    }
}

/// The file as `files:` names it: relative to the stack's folder, or to the overlay of an environment.
fn path_in_stack(stack: &Stack, file: &TreePath) -> Option<String> {
    let overlays = stack.environments.iter().map(|environment| stack.overlay_of(environment));
    let folders = std::iter::once(stack.folder.clone()).chain(overlays);
    let folder = folders.filter(|folder| file.is_within(folder)).max_by_key(|folder| folder.as_str().len())?;
    Some(file.as_str()[folder.as_str().len()..].trim_start_matches('/').to_owned())
}

fn owning_file(component: &Component, path: &str) -> Option<Span> {
    let owns = |pattern: &str| match pattern.strip_suffix('/') {
        Some(folder) => path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')),
        None => path == pattern,
    };
    component.files.iter().find(|file| owns(file.value.trim_start_matches("./"))).map(|file| file.span)
}

fn unowned(manifest: &Manifest, path: Option<&str>) -> Diagnostic {
    let message = format!("{} belongs to no component", manifest.id);
    let help = match path {
        Some(path) => format!("add `{path}` to the `files:` of a component in stack.yaml, or claim it with `match:`"),
        None => "claim it with `match:` in a component of stack.yaml".to_owned(),
    };
    Diagnostic::error("object-without-component", message).at(manifest.span).help(help)
}

fn owned_twice(stack: &Stack, manifest: &Manifest, first: (usize, Span), second: (usize, Span)) -> Diagnostic {
    let name = |i: usize| &stack.components[i].name.value;
    let message = format!("{} belongs to two components, `{}` and `{}`", manifest.id, name(first.0), name(second.0));
    Diagnostic::error("object-of-two-components", message)
        .at(second.1)
        .related(first.1, "claimed here first")
        .related(manifest.span, "the object")
        .help("every object has exactly one component, and so one phase: narrow one of the two")
}
