//! Why an operation of a JSON patch failed: how far its pointer led, and what stands there.

use json_patch::jsonptr::Pointer;

use crate::diagnostics::{Diagnostic, Span};
use crate::yaml::decode::nearest;
use crate::yaml::{Node, Value};

use super::json6902::Place;

/// So many keys are listed at most.
const LISTED: usize = 12;

#[derive(Debug)]
pub(super) enum Failure {
    Missing(Missing),
    /// A `test` found something else, written by this span.
    Different(Span),
    /// The operation cannot do this to a whole object.
    WholeObject,
}

/// A place that the target does not have.
#[derive(Debug)]
pub(super) struct Missing {
    /// The pointer as far as it leads; empty for the object itself.
    reached: String,
    /// The step after it.
    step: String,
    found: Found,
    found_span: Span,
}

/// What stands where a pointer ends too early. Never values: they may be a Secret's.
#[derive(Debug)]
enum Found {
    Keys(Vec<String>),
    Elements(usize),
    Other(&'static str),
}

impl From<Missing> for Failure {
    fn from(missing: Missing) -> Self {
        Self::Missing(missing)
    }
}

impl Missing {
    /// The last step of `pointer` is missing in `parent`.
    pub(super) fn new(pointer: &Pointer, parent: &Node) -> Self {
        Self::at(pointer, pointer.count().saturating_sub(1), parent)
    }

    /// The step of `pointer` at `depth` is missing in `node`.
    pub(super) fn at(pointer: &Pointer, depth: usize, node: &Node) -> Self {
        let reached = pointer.tokens().take(depth).fold(String::new(), |path, token| path + "/" + token.encoded());
        let step = pointer.tokens().nth(depth).map(|token| token.encoded().to_owned()).unwrap_or_default();
        let found = match &node.value {
            Value::Map(map) => Found::Keys(map.iter().map(|entry| entry.key.clone()).collect()),
            Value::Seq(items) => Found::Elements(items.len()),
            _ => Found::Other(node.kind()),
        };
        Self { reached, step, found, found_span: node.span }
    }

    fn help(&self) -> String {
        let reached = if self.reached.is_empty() { "the object" } else { &format!("`{}`", self.reached) };
        match &self.found {
            Found::Keys(keys) if keys.is_empty() => format!("{reached} is an empty mapping"),
            Found::Keys(keys) => {
                let encoded: Vec<_> = keys.iter().map(|key| key.replace('~', "~0").replace('/', "~1")).collect();
                if let Some(near) = nearest(&self.step, encoded.iter().map(String::as_str)) {
                    return format!("did you mean `{}/{near}`?", self.reached);
                }
                let more = if keys.len() > LISTED { ", …" } else { "" };
                format!("{reached} has {}{more}", encoded[..keys.len().min(LISTED)].join(", "))
            }
            Found::Elements(0) => format!("{reached} is an empty list"),
            Found::Elements(1) => format!("{reached} is a list with one element, number 0"),
            Found::Elements(length) => format!("{reached} is a list with the elements 0 to {}", length - 1),
            Found::Other(kind) => format!("{reached} is {kind}"),
        }
    }
}

impl Failure {
    /// What to tell about the operation `op`, which needed `place`.
    pub(super) fn report(self, op: &str, place: &Place) -> Diagnostic {
        match self {
            Self::Missing(missing) => {
                let message = format!("cannot {op}: the target has no `{}/{}`", missing.reached, missing.step);
                Diagnostic::error("patch-path-missing", message)
                    .at(place.span)
                    .related(missing.found_span, "the target has this")
                    .help(missing.help())
            }
            Self::Different(span) => {
                let message = format!("test failed: the target has something else at `{}`", place.pointer);
                Diagnostic::error("patch-test-failed", message).at(place.span).related(span, "the value in the target")
            }
            Self::WholeObject => {
                let message = format!("cannot {op} the whole object");
                Diagnostic::error("invalid-patch", message)
                    .at(place.span)
                    .help("the empty pointer works with `test`, and with `replace` by another object")
            }
        }
    }
}
