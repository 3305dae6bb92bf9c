//! Which objects a patch is for: the `target` of a patch.

use std::fmt;

use regex::Regex;

use crate::diagnostics::{Diagnostic, Outcome};
use crate::model::{Gvk, ObjectId};
use crate::yaml::decode::{Fields, Report, Spanned};
use crate::yaml::{Map, Node};

use super::go_regex;
use super::label_selector::LabelSelector;
use super::merge_schema::{MergeSchemas, Scope};

/// Selects objects. Each field is a regular expression that must match all of the text; one that is not there, or empty,
/// matches everything.
#[derive(Clone, Debug)]
pub struct Selector {
    group: Option<Pattern>,
    version: Option<Pattern>,
    kind: Option<Pattern>,
    name: Option<Pattern>,
    namespace: Option<Pattern>,
    labels: Option<LabelSelector>,
    annotations: Option<LabelSelector>,
}

#[derive(Clone, Debug)]
struct Pattern {
    text: String,
    regex: Regex,
}

impl Pattern {
    fn matches(pattern: Option<&Self>, text: &str) -> bool {
        pattern.is_none_or(|pattern| pattern.regex.is_match(text))
    }
}

/// Reads the `target` of a patch (also of `patchesJson6902`). Fields that it does not have are errors.
pub fn selector_from_node(node: &Node) -> Outcome<Selector> {
    let report = Report::default();
    let selector = Fields::of(node, "`target`", &report).map(|mut fields| {
        let mut pattern = |key| fields.string(key).and_then(|text| pattern(key, &text, &report));
        let (group, version, kind) = (pattern("group"), pattern("version"), pattern("kind"));
        let (name, namespace) = (pattern("name"), pattern("namespace"));
        let mut labels = |key| fields.string(key).and_then(|text| label_selector(key, &text, &report));
        let (labels, annotations) = (labels("labelSelector"), labels("annotationSelector"));
        fields.finish();
        Selector { group, version, kind, name, namespace, labels, annotations }
    });
    let (selector, _) = report.finish(selector)?;
    selector.ok_or_else(|| Diagnostic::error("invalid-target", "`target` is no mapping").at(node.span).into())
}

fn pattern(key: &str, text: &Spanned<String>, report: &Report) -> Option<Pattern> {
    if text.value.is_empty() {
        return None;
    }
    match go_regex::anchored(&text.value) {
        Ok(regex) => Some(Pattern { text: text.value.clone(), regex }),
        Err(reason) => {
            let message = format!("`{key}` is no regular expression: {reason}");
            report.push(Diagnostic::error("invalid-target", message).at(text.span));
            None
        }
    }
}

fn label_selector(key: &str, text: &Spanned<String>, report: &Report) -> Option<LabelSelector> {
    LabelSelector::parse(&text.value)
        .map_err(|reason| {
            let message = format!("`{key}` is no label selector: {reason}");
            report.push(
                Diagnostic::error("invalid-target", message).at(text.span).help("for example `app=web,tier!=db`"),
            );
        })
        .ok()
}

impl Selector {
    /// Whether the object called `id` is selected, when it has had no other name.
    pub fn matches(&self, id: &ObjectId, labels: Option<&Map>, annotations: Option<&Map>) -> bool {
        self.selects(id, id, labels, annotations, &MergeSchemas::default())
    }

    /// Whether an object is selected that was once called `original` and is now called `current`: either namespace
    /// and either name will do, also one of each.
    pub fn selects(
        &self,
        original: &ObjectId,
        current: &ObjectId,
        labels: Option<&Map>,
        annotations: Option<&Map>,
        schemas: &MergeSchemas,
    ) -> bool {
        let namespace = |id| Pattern::matches(self.namespace.as_ref(), effective_namespace(id, schemas));
        let name = |id: &ObjectId| Pattern::matches(self.name.as_ref(), &id.name);
        let metadata = |selector: &Option<LabelSelector>, map| selector.as_ref().is_none_or(|s| s.matches(map));
        (namespace(original) || namespace(current))
            && (name(original) || name(current))
            && self.matches_kind(&current.gvk)
            && metadata(&self.labels, labels)
            && metadata(&self.annotations, annotations)
    }

    /// Whether an id is selected whose namespace is taken as it is written.
    pub fn selects_written(&self, gvk: &Gvk, name: &str, namespace: &str) -> bool {
        self.matches_kind(gvk)
            && Pattern::matches(self.name.as_ref(), name)
            && Pattern::matches(self.namespace.as_ref(), namespace)
    }

    /// Whether labels and annotations fit, whatever the id.
    pub fn selects_metadata(&self, labels: Option<&Map>, annotations: Option<&Map>) -> bool {
        self.labels.as_ref().is_none_or(|selector| selector.matches(labels))
            && self.annotations.as_ref().is_none_or(|selector| selector.matches(annotations))
    }

    /// Whether it asks for a kind, a name or a namespace.
    pub fn asks_for_id(&self) -> bool {
        [&self.group, &self.version, &self.kind, &self.name, &self.namespace].into_iter().any(Option::is_some)
    }

    /// Whether it asks for labels or annotations.
    pub fn asks_for_metadata(&self) -> bool {
        self.labels.is_some() || self.annotations.is_some()
    }

    fn matches_kind(&self, gvk: &Gvk) -> bool {
        Pattern::matches(self.group.as_ref(), &gvk.group)
            && Pattern::matches(self.version.as_ref(), &gvk.version)
            && Pattern::matches(self.kind.as_ref(), &gvk.kind)
    }
}

/// The namespace by which kustomize compares an object: `default` when none is written, and a name that cannot
/// be one for objects of the cluster.
pub fn effective_namespace<'a>(id: &'a ObjectId, schemas: &MergeSchemas) -> &'a str {
    match (schemas.scope(&id.gvk), id.namespace.as_str()) {
        (Some(Scope::Cluster), _) => "_non_namespaceable_",
        (_, "") => "default",
        (_, namespace) => namespace,
    }
}

impl fmt::Display for Selector {
    /// What is asked for, for messages: `kind Deployment, name web-.*`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let patterns = [
            ("group", &self.group),
            ("version", &self.version),
            ("kind", &self.kind),
            ("name", &self.name),
            ("namespace", &self.namespace),
        ];
        let patterns = patterns.into_iter().filter_map(|(what, pattern)| Some((what, pattern.as_ref()?.text.as_str())));
        let labels = [("labels", &self.labels), ("annotations", &self.annotations)];
        let labels = labels.into_iter().filter_map(|(what, labels)| Some((what, labels.as_ref()?.text())));
        let parts: Vec<_> = patterns.chain(labels).map(|(what, text)| format!("{what} {text}")).collect();
        if parts.is_empty() { f.write_str("any object") } else { f.write_str(&parts.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Selector, selector_from_node};
    use crate::diagnostics::Span;
    use crate::model::{Gvk, ObjectId};
    use crate::yaml::Node;

    fn selector(value: serde_json::Value) -> Selector {
        selector_from_node(&Node::from_json(value, Span::NONE)).expect("a selector")
    }

    fn id(kind: &str, namespace: &str, name: &str) -> ObjectId {
        ObjectId { gvk: Gvk::new("v1", kind), namespace: namespace.to_owned(), name: name.to_owned() }
    }

    #[test]
    fn patterns_match_all_of_the_text() {
        let web = selector(json!({"kind": "ConfigMap", "name": "web|db"}));
        assert!(web.matches(&id("ConfigMap", "", "web"), None, None));
        assert!(!web.matches(&id("ConfigMap", "", "web-1"), None, None));
        assert!(!web.matches(&id("Secret", "", "web"), None, None));
    }

    #[test]
    fn no_namespace_is_the_default_one() {
        let default = selector(json!({"namespace": "default"}));
        assert!(default.matches(&id("ConfigMap", "", "web"), None, None));
        assert!(!default.matches(&id("Namespace", "", "web"), None, None));
    }

    #[test]
    fn an_unknown_field_is_an_error() {
        let node = Node::from_json(json!({"knd": "ConfigMap"}), Span::NONE);
        let findings = selector_from_node(&node).expect_err("unknown").into_vec();
        assert_eq!(findings[0].help.as_deref(), Some("did you mean `kind`?"));
    }
}
