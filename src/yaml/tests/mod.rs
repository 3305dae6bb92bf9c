//! The reader as a whole: places, messages, limits. What it makes of values is compared with Go in `tests/yaml_go`.

mod limits;
mod messages;
mod places;

use super::{Limits, Node, parse};
use crate::diagnostics::{Diagnostic, Sources};

/// The documents of `text`.
fn read(text: &str) -> Vec<Node> {
    try_read(text, Limits::default()).unwrap_or_else(|findings| panic!("{text:?}: {findings:?}"))
}

fn try_read(text: &str, limits: Limits) -> Result<Vec<Node>, Vec<Diagnostic>> {
    let mut sources = Sources::default();
    let source = sources.add("a.yaml", text);
    parse(source, text, limits).map_err(crate::diagnostics::Findings::into_vec)
}
