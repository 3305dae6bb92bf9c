//! A stack from its file.

use crate::diagnostics::{Diagnostic, Findings, Outcome, Sources, Span};
use crate::source::{FileTree, ReadError, TreePath};
use crate::yaml::{self, Limits};

use super::file;
use super::types::Stack;

/// Reads `stack.yaml` at `path` and checks that the files its components own exist.
pub fn load(tree: &dyn FileTree, sources: &mut Sources, path: &TreePath) -> Outcome<(Stack, Vec<Diagnostic>)> {
    let unreadable = |error: ReadError| Diagnostic::error("unreadable-file", error.to_string());
    let bytes = tree.read(path).map_err(unreadable)?;
    let text = yaml::decode_text(&bytes).map_err(|error| Diagnostic::error("not-utf8", format!("{path}: {error}")))?;
    let source = sources.add(path.as_str(), text.as_ref());
    let documents = yaml::parse(source, &text, Limits::default())?;
    let document = match documents.as_slice() {
        [one] => one,
        [] => {
            return Err(Diagnostic::error("invalid-stack", format!("{path} is empty"))
                .at(Span::new(source, 0, 0))
                .into());
        }
        [_, second, ..] => {
            let finding = Diagnostic::error("invalid-stack", format!("{path} holds more than one document"));
            return Err(finding.at(second.span).help("a stack is one document").into());
        }
    };
    let (stack, mut findings) = file::from_node(document, path.parent())?;
    findings.extend(missing_files(tree, &stack));
    Ok((stack, Findings::check(findings)?))
}

/// A component that owns a file nobody has is a slip: its objects would be in no phase.
fn missing_files(tree: &dyn FileTree, stack: &Stack) -> Vec<Diagnostic> {
    let overlays: Vec<TreePath> = stack.environments.iter().map(|environment| stack.overlay_of(environment)).collect();
    let folders = || std::iter::once(&stack.folder).chain(&overlays);
    let files = stack.components.iter().flat_map(|component| component.files.iter().map(move |file| (component, file)));
    let missing = files.filter(|(_, file)| {
        !folders().any(|folder| folder.join(&file.value).is_some_and(|path| tree.entry(&path).is_some()))
    });
    let finding = |(component, file): (&super::Component, &yaml::decode::Spanned<String>)| {
        let message = format!("`{}` of the component `{}` does not exist", file.value, component.name.value);
        let finding = Diagnostic::error("missing-file", message).at(file.span);
        finding.help(format!("files are named relative to {}, or to the overlay of an environment", stack.folder))
    };
    missing.map(finding).collect()
}
