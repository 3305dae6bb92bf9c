//! YAML that kustomize and everybody else read alike.

use crate::diagnostics::{Findings, Outcome, SourceId};
use crate::yaml::{self, Limits, Node};

/// The documents of `text`; a scalar that kustomize reads differently from Argo CD is an error.
pub(super) fn parse(source: SourceId, text: &str) -> Outcome<Vec<Node>> {
    let documents = yaml::parse(source, text, Limits::default())?;
    Findings::check(yaml::ambiguous(text, &documents))?;
    Ok(documents)
}

/// The same for the text of a patch. The operations of a JSON patch kustomize reads as Argo CD does.
pub(super) fn parse_patch(source: SourceId, text: &str) -> Outcome<Vec<Node>> {
    let documents = yaml::parse(source, text, Limits::default())?;
    if documents.first().is_none_or(|first| first.as_seq().is_none()) {
        Findings::check(yaml::ambiguous(text, &documents))?;
    }
    Ok(documents)
}
