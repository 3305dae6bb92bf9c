//! Whom a patch is for, and what to say when that is nobody.

use crate::diagnostics::{Diagnostic, Outcome, Span};
use crate::kustomize::patch::target::selector_from_node;
use crate::kustomize::patch::{MergeSchemas, Selector};
use crate::kustomize::resource::Resource;
use crate::kustomize::set::ResourceSet;
use crate::model::ObjectId;
use crate::yaml::Node;
use crate::yaml::decode::nearest;

/// A `target` that has been read.
#[derive(Debug)]
pub(in crate::kustomize) struct Target {
    selector: Selector,
    span: Span,
    /// The name when it is one and no pattern.
    name: Option<String>,
    kind: Option<String>,
}

impl Target {
    pub(in crate::kustomize) fn of(node: &Node) -> Outcome<Self> {
        let literal =
            |key: &str| node.get(key).and_then(Node::as_str).filter(|text| is_literal(text)).map(str::to_owned);
        Ok(Self { selector: selector_from_node(node)?, span: node.span, name: literal("name"), kind: literal("kind") })
    }

    /// The objects that are selected by an id that they have or had first, in order.
    pub(in crate::kustomize) fn select(&self, set: &mut ResourceSet, schemas: &MergeSchemas) -> Vec<usize> {
        let candidates = match &self.name {
            Some(name) => set.named(name),
            None => (0..set.len()).collect(),
        };
        candidates.into_iter().filter(|&i| self.selects(set.get(i), schemas)).collect()
    }

    fn selects(&self, resource: &Resource, schemas: &MergeSchemas) -> bool {
        if self.kind.as_deref().is_some_and(|kind| kind != resource.kind()) {
            return false;
        }
        let (labels, annotations) = (resource.labels(), resource.annotations());
        self.selector.selects(&resource.original_id(), &resource.id(), labels, annotations, schemas)
    }
}

/// Whether a pattern can only match itself.
fn is_literal(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A deliberate difference: kustomize says nothing when a target selects nothing.
pub(super) fn nothing_selected(target: &Target, set: &ResourceSet) -> Diagnostic {
    let message = format!("the patch changes nothing: no object is selected by {}", target.selector);
    let finding = Diagnostic::error("patch-matches-nothing", message).at(target.span);
    finding.help(near_misses(target.kind.as_deref(), target.name.as_deref(), set))
}

/// No object has or had the id of a strategic merge patch.
pub(super) fn nothing_answers(id: &ObjectId, name: Span, entry: Span, set: &ResourceSet) -> Diagnostic {
    let message = format!("the patch changes nothing: there is no {} {id}", id.gvk.api_version());
    Diagnostic::error("patch-matches-nothing", message).at(name).related(entry, "applied here").help(near_misses(
        Some(&id.gvk.kind),
        Some(&id.name),
        set,
    ))
}

/// Objects that could have been meant.
fn near_misses(kind: Option<&str>, name: Option<&str>, set: &ResourceSet) -> String {
    let shown = |resource: &Resource| format!("{} {}", resource.api_version(), resource.shown());
    let named = |resource: &&Resource| name.is_some_and(|name| resource.identities().any(|(_, own, _)| own == name));
    let of_kind = || set.iter().filter(|resource| kind.is_none_or(|kind| resource.kind() == kind));
    let similar = name.and_then(|name| nearest(name, of_kind().map(Resource::name)));
    let mut close: Vec<_> = set.iter().filter(named).take(5).map(shown).collect();
    if close.is_empty() {
        close = of_kind().filter(|resource| Some(resource.name()) == similar).take(5).map(shown).collect();
    }
    if close.is_empty() && kind.is_some() {
        close = of_kind().take(5).map(shown).collect();
    }
    if close.is_empty() {
        return format!("none of the {} objects at this point comes close", set.len());
    }
    format!("at this point there is {}", close.join(", "))
}
