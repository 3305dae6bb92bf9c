//! References follow the objects that were renamed: a Deployment's volumes name the ConfigMap with its hash.
//!
//! kustomize compares every field with every object. Here the objects are found by the names they had,
//! within the namespaces that the referrer can see, so the work grows with the number of references.

mod directory;

use std::collections::HashMap;

use directory::{Directory, Renamed, Viewer};

use super::config::{Config, FieldError, FieldSpec, Leaf, Selects};
use super::resource::Resource;
use super::set::ResourceSet;
use crate::diagnostics::{Diagnostic, Span};
use crate::model::Gvk;
use crate::yaml::decode::Report;
use crate::yaml::{Map, Node, Value};

/// A field that may name an object of `target`'s kind.
type Rule<'a> = (&'a Selects, &'a FieldSpec);

/// Rewrites every reference to an object that has another name (or namespace) now.
pub(super) fn fix(config: &Config, set: &mut ResourceSet, report: &Report) {
    let directory = Directory::of(set);
    if directory.is_empty() {
        return;
    }
    let mut rules: HashMap<Gvk, Vec<Rule<'_>>> = HashMap::new();
    for resource in set.all_mut() {
        let rules = rules.entry(resource.original_id().gvk).or_insert_with_key(|gvk| rules_for(config, gvk));
        if rules.is_empty() {
            continue;
        }
        let viewer = Viewer::of(resource);
        let role = role_of(&resource.node);
        for &(target, field) in rules.iter() {
            let fixer = Fixer { directory: &directory, viewer: &viewer, target, field, role: role.as_ref() };
            let done = field.visit(&mut resource.node, Leaf::Existing, Span::NONE, &mut |node| fixer.value(node));
            if let Err(error) = done {
                report.push(broken(&error, field, resource));
            }
        }
    }
}

fn rules_for<'a>(config: &'a Config, gvk: &Gvk) -> Vec<Rule<'a>> {
    let references = config.name_references.iter();
    let rules = references.flat_map(|reference| reference.referrers.iter().map(|field| (&reference.target, field)));
    rules.filter(|(_, field)| field.on.selects(gvk)).collect()
}

fn broken(error: &FieldError, field: &FieldSpec, resource: &Resource) -> Diagnostic {
    let message =
        format!("the reference `{}` of {} is unclear: {}", field.path.as_str(), resource.shown(), error.message);
    Diagnostic::error("ambiguous-reference", message).at(error.span)
}

/// Group and kind that `roleRef` asks for, where it has both.
fn role_of(object: &Node) -> Option<Selects> {
    let reference = object.get("roleRef")?;
    let text = |key: &str| reference.get(key).and_then(Node::as_str);
    Some(Selects::new(text("apiGroup")?, "", text("kind")?))
}

/// One field of one object.
struct Fixer<'a> {
    directory: &'a Directory,
    viewer: &'a Viewer,
    target: &'a Selects,
    field: &'a FieldSpec,
    role: Option<&'a Selects>,
}

impl Fixer<'_> {
    /// A name, an object with a `name`, or a list of these.
    fn value(&self, node: &mut Node) -> Result<(), FieldError> {
        match &mut node.value {
            Value::Null => Ok(()),
            Value::Map(map) => self.mapping(map, node.span),
            Value::Seq(items) => items.iter_mut().try_for_each(|item| match &mut item.value {
                Value::Map(map) => self.mapping(map, item.span),
                Value::Seq(_) => Err(FieldError::unexpected(item, "a name or a mapping")),
                Value::Null => Ok(()),
                _ => self.scalar(item),
            }),
            _ => self.scalar(node),
        }
    }

    fn scalar(&self, node: &mut Node) -> Result<(), FieldError> {
        let Some(name) = node.as_str() else { return Ok(()) };
        let candidates = self.directory.visible(self.viewer, name);
        let same = |a: &Renamed, b: &Renamed| a.name == b.name;
        let Some(found) = self.choose(name, candidates, same, node.span)? else { return Ok(()) };
        if found.name != name {
            *node = Node::string(found.name.clone(), found.name_span);
        }
        Ok(())
    }

    fn mapping(&self, map: &mut Map, span: Span) -> Result<(), FieldError> {
        let Some(name_node) = map.get("name") else {
            return Err(FieldError { span, message: "here is no `name`".to_owned() });
        };
        let (Some(name), name_span) = (name_node.as_str(), name_node.span) else { return Ok(()) };
        let candidates = match map.get("namespace") {
            None => self.directory.visible(self.viewer, name),
            Some(namespace) => self.directory.visible_in(self.viewer, name, namespace.as_str().unwrap_or_default()),
        };
        let same = |a: &Renamed, b: &Renamed| a.name == b.name && a.namespace == b.namespace;
        let Some(found) = self.choose(name, candidates, same, name_span)? else { return Ok(()) };
        if found.name != name {
            map.insert("name", found.name_span, Node::string(found.name.clone(), found.name_span));
        }
        // An empty namespace stands for any, so it is not written.
        let known = map.get("namespace").and_then(Node::as_str);
        if !found.namespace.is_empty() && known != Some(found.namespace.as_str()) {
            let span = found.namespace_span;
            map.insert("namespace", span, Node::string(found.namespace.clone(), span));
        }
        Ok(())
    }

    /// kustomize's sieves, in its order: the kind, the role's kind, what the referrer can see,
    /// then prefixes and suffixes that end alike.
    fn choose<'d>(
        &self,
        name: &str,
        mut candidates: Vec<&'d Renamed>,
        same: impl Fn(&Renamed, &Renamed) -> bool,
        span: Span,
    ) -> Result<Option<&'d Renamed>, FieldError> {
        candidates.retain(|candidate| candidate.was_selected_by(self.target));
        if let Some(role) = self.role.filter(|_| self.field.path.as_str().ends_with("roleRef/name")) {
            candidates.retain(|candidate| candidate.was_selected_by(role));
        }
        candidates.retain(|candidate| self.viewer.may_name(candidate));
        if let [one] = candidates[..] {
            return Ok(Some(one));
        }
        candidates.retain(|candidate| self.viewer.has_affixes_like(candidate, true));
        if candidates.len() > 1 {
            candidates.retain(|candidate| self.viewer.has_affixes_like(candidate, false));
        }
        match candidates.split_first() {
            None => Ok(None),
            Some((first, rest)) if rest.iter().all(|other| same(first, other)) => Ok(Some(first)),
            Some(_) => {
                let ids: Vec<_> = candidates.iter().map(ToString::to_string).collect();
                Err(FieldError { span, message: format!("`{name}` can mean {}", ids.join(" or ")) })
            }
        }
    }
}
