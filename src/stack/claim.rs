//! `match:` of a component: objects it claims wherever they come from.

use crate::diagnostics::{Diagnostic, Span};
use crate::model::Manifest;
use crate::yaml::decode::{Fields, Report, Spanned, string};
use crate::yaml::{Map, Node};

/// One claim. Every field that is written must fit; `*` in it stands for any text.
#[derive(Clone, Debug)]
pub struct Claim {
    group: Option<String>,
    kind: Option<String>,
    namespace: Option<String>,
    name: Option<String>,
    labels: Vec<(String, String)>,
    /// Where it is written.
    pub span: Span,
}

impl Claim {
    pub(super) fn read(node: &Node, report: &Report) -> Option<Self> {
        let mut fields = Fields::of(node, "a match", report)?;
        let mut text = |key| fields.string(key).map(|text: Spanned<String>| text.value);
        let (group, kind, namespace, name) = (text("group"), text("kind"), text("namespace"), text("name"));
        let labels = fields.map("labels").map(|map| read_labels(map, report)).unwrap_or_default();
        let span = fields.span();
        fields.finish();
        let claim = Self { group, kind, namespace, name, labels, span };
        if claim.is_open() {
            report.push(Diagnostic::error("empty-match", "this match claims every object").at(span));
        }
        Some(claim)
    }

    fn is_open(&self) -> bool {
        let Self { group, kind, namespace, name, labels, span: _ } = self;
        [group, kind, namespace, name].iter().all(|part| part.is_none()) && labels.is_empty()
    }

    /// Whether it claims `manifest`.
    pub fn fits(&self, manifest: &Manifest) -> bool {
        let id = &manifest.id;
        let fits = |pattern: &Option<String>, text: &str| pattern.as_ref().is_none_or(|p| wildcard(p, text));
        let labels = manifest.node.at(&["metadata", "labels"]);
        fits(&self.group, &id.gvk.group)
            && fits(&self.kind, &id.gvk.kind)
            && fits(&self.namespace, &id.namespace)
            && fits(&self.name, &id.name)
            && self.labels.iter().all(|(key, pattern)| {
                let label = labels.and_then(|labels| labels.get(key)).and_then(Node::as_str);
                label.is_some_and(|value| wildcard(pattern, value))
            })
    }
}

fn read_labels(map: &Map, report: &Report) -> Vec<(String, String)> {
    map.iter().filter_map(|e| Some((e.key.clone(), string(&e.key, &e.value, report)?.value))).collect()
}

/// Whether `text` is `pattern`, whose `*` stand for any text.
fn wildcard(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(head) else { return false };
    let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        let Some(i) = text.find(part) else { return false };
        text = &text[i + part.len()..];
    }
    text.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::wildcard;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, fits) in [
            ("grafana", "grafana", true),
            ("grafana", "grafana-x", false),
            ("grafana-*", "grafana-", true),
            ("*-config", "a-config", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1c2b", false),
            ("a*a", "a", false),
            ("*", "", true),
        ] {
            assert_eq!(wildcard(pattern, text), fits, "{pattern} {text}");
        }
    }
}
