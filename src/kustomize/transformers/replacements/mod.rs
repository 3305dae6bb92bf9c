//! `replacements`: the value of one field, written into others.

mod embedded;

use crate::diagnostics::{Diagnostic, Findings, Sources, Span};
use crate::kustomize::dotted::{self, Create, Step};
use crate::kustomize::file::{FieldOptions, Replacement, Source, SourceField, TargetFields};
use crate::kustomize::patch::Selector;
use crate::kustomize::patch::target::selector_from_node;
use crate::kustomize::resource::Resource;
use crate::kustomize::scalars;
use crate::kustomize::set::ResourceSet;
use crate::model::Gvk;
use crate::yaml::decode::{Report, Spanned, nearest};
use crate::yaml::{Node, Value};

const NAME: &str = "metadata.name";

/// Applies one replacement.
pub(in crate::kustomize) fn apply(
    replacement: &Replacement,
    set: &mut ResourceSet,
    sources: &Sources,
    report: &Report,
) {
    let value = match source_value(&replacement.source, set, sources) {
        Ok(value) => value,
        Err(finding) => return report.push(*finding),
    };
    for target in &replacement.targets {
        if let Err(findings) = write_target(target, &value, set, sources) {
            findings.into_vec().into_iter().for_each(|finding| report.push(finding));
        }
    }
}

/// The value that replaces others.
struct Replaced {
    node: Node,
    /// Its text, where it is a scalar.
    text: Option<String>,
}

fn source_value(source: &Source, set: &mut ResourceSet, sources: &Sources) -> Result<Replaced, Box<Diagnostic>> {
    let field = match source {
        Source::Value(value) => {
            let node = Node::new(scalars::plain_value(&value.value), value.span);
            return Ok(Replaced { node, text: Some(value.value.clone()) });
        }
        Source::Field(field) => field,
    };
    let i = the_source(field, set)?;
    let object = set.get(i);
    let (path, span) = field.field_path.as_ref().map_or((NAME, field.span), |path| (&path.value, path.span));
    let finding = |message: String| Box::new(Diagnostic::error("replacement-source", message).at(span));
    let steps = dotted::split(path).map_err(&finding)?;
    let found = dotted::lookup(&object.node, &steps).map_err(|reason| finding(format!("`{path}`: {reason}")))?;
    let empty = |node: &&Node| match &node.value {
        Value::Null => true,
        Value::Seq(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        _ => false,
    };
    let node = found.filter(|node| !empty(node)).ok_or_else(|| {
        let message = format!("{} has nothing at `{path}`", object.shown());
        Box::new(Diagnostic::error("replacement-source", message).at(span).related(object.span, "the object"))
    })?;
    let text = scalars::text(node, sources);
    if field.options.delimiter.is_empty() {
        return Ok(Replaced { node: node.clone(), text });
    }
    let text = text.ok_or_else(|| finding("a `delimiter` needs a text or a number".to_owned()))?;
    let parts: Vec<_> = text.split(field.options.delimiter.as_str()).collect();
    let part = usize::try_from(field.options.index).ok().and_then(|index| parts.get(index));
    let part = part.ok_or_else(|| {
        finding(format!("there is no part {} among the {} parts of the value", field.options.index, parts.len()))
    })?;
    let node = retyped(node, part).map_err(finding)?;
    Ok(Replaced { node, text: Some((*part).to_owned()) })
}

/// The one object that the source means, by an id that it has or had.
fn the_source(source: &SourceField, set: &mut ResourceSet) -> Result<usize, Box<Diagnostic>> {
    let candidates = if source.name.is_empty() { (0..set.len()).collect() } else { set.named(&source.name) };
    let matches: Vec<_> = candidates.into_iter().filter(|&i| is_source(set.get(i), source)).collect();
    match matches[..] {
        [one] => Ok(one),
        [] => {
            let finding = Diagnostic::error("replacement-source", "no object is the source of this replacement");
            let names = set.iter().filter(|other| source.on.selects(&other.gvk())).map(Resource::name);
            let near = nearest(&source.name, names).map(|name| format!("did you mean `{name}`?"));
            let help = near.unwrap_or_else(|| "write kind and name as they are in the resources".to_owned());
            Err(Box::new(finding.at(source.span).help(help)))
        }
        _ => {
            let finding =
                Diagnostic::error("ambiguous-reference", "several objects are the source of this replacement");
            let finding = matches.iter().fold(finding, |f, &i| f.related(set.get(i).span, "one of them"));
            Err(Box::new(finding.at(source.span).help("add a name or a namespace")))
        }
    }
}

fn is_source(resource: &Resource, source: &SourceField) -> bool {
    let gvk = resource.gvk();
    let or_default = |namespace: &str| if namespace.is_empty() { "default".to_owned() } else { namespace.to_owned() };
    resource.written_identities().any(|(kind, name, namespace)| {
        (source.name.is_empty() || source.name == name)
            && (source.namespace.is_empty() || or_default(&source.namespace) == or_default(namespace))
            && source.on.selects_parts(&gvk.group, &gvk.version, kind)
    })
}

fn write_target(
    target: &TargetFields,
    value: &Replaced,
    set: &mut ResourceSet,
    sources: &Sources,
) -> Result<(), Findings> {
    let select = selector_from_node(&target.select)?;
    let reject = target.reject.iter().map(selector_from_node).collect::<Result<Vec<_>, _>>()?;
    let default = [Spanned { value: NAME.to_owned(), span: target.select.span }];
    let paths = if target.field_paths.is_empty() { &default[..] } else { &target.field_paths };
    let mut steps = Vec::with_capacity(paths.len());
    for path in paths {
        steps.push(dotted::split(&path.value).map_err(|reason| bad_path(path, &reason))?);
    }
    let mut hit = false;
    for i in 0..set.len() {
        if !is_selected(set.get(i), &select, &reject) {
            continue;
        }
        hit = true;
        for (path, steps) in paths.iter().zip(&steps) {
            let resource = set.get_mut(i);
            let writer = Writer { value, options: &target.options, path, sources };
            writer.write(resource, steps).map_err(|reason| {
                let finding = bad_path(path, &reason);
                Findings::from(finding.related(set.get(i).span, "in this object"))
            })?;
        }
        set.renamed(i);
    }
    if hit {
        return Ok(());
    }
    // A deliberate difference, as with patches.
    let message = format!("the replacement changes nothing: no object is selected by {select}");
    Err(Diagnostic::error("replacement-matches-nothing", message).at(target.select.span).into())
}

fn bad_path(path: &Spanned<String>, reason: &str) -> Diagnostic {
    Diagnostic::error("replacement-target", format!("`{}`: {reason}", path.value)).at(path.span)
}

fn is_selected(resource: &Resource, select: &Selector, reject: &[Selector]) -> bool {
    let (labels, annotations) = (resource.labels(), resource.annotations());
    let gvk = resource.gvk();
    let by_id = |selector: &Selector| {
        resource.written_identities().any(|(kind, name, namespace)| {
            let gvk = Gvk { kind: kind.to_owned(), ..gvk.clone() };
            selector.selects_written(&gvk, name, namespace)
        })
    };
    let rejected = |selector: &Selector| {
        (selector.asks_for_metadata() && selector.selects_metadata(labels, annotations))
            || (selector.asks_for_id() && by_id(selector))
    };
    select.selects_metadata(labels, annotations) && by_id(select) && !reject.iter().any(rejected)
}

/// Writes one value at one path of one object.
struct Writer<'a> {
    value: &'a Replaced,
    options: &'a FieldOptions,
    path: &'a Spanned<String>,
    sources: &'a Sources,
}

impl Writer<'_> {
    fn write(&self, resource: &mut Resource, steps: &[Step]) -> Result<(), String> {
        if embedded::write(&mut resource.node, steps, self.value.text.as_deref(), self.path.span)? {
            return Ok(());
        }
        let create = match (&self.value.node.value, self.options.create) {
            (_, false) => Create::Nothing,
            (Value::Seq(_), true) => Create::List,
            (Value::Map(_), true) => Create::Mapping,
            (_, true) => Create::Scalar,
        };
        let count =
            dotted::visit(&mut resource.node, steps, create, self.path.span, &mut |node, made| self.set(node, made))?;
        match (count, self.options.create) {
            (0, false) => Err("there is no such field; `options: {create: true}` makes it".to_owned()),
            (0, true) => Err("there is no such field, and none can be made".to_owned()),
            _ => Ok(()),
        }
    }

    fn set(&self, node: &mut Node, made: bool) -> Result<(), String> {
        let is_scalar = !matches!(node.value, Value::Seq(_) | Value::Map(_));
        let span = self.path.span;
        if !self.options.delimiter.is_empty() {
            let (true, Some(text)) = (is_scalar, &self.value.text) else {
                return Err("a `delimiter` needs a text or a number on both sides".to_owned());
            };
            let old = if made { String::new() } else { scalars::text(node, self.sources).unwrap_or_default() };
            let joined = self.joined(&old, text);
            return write_text(node, &joined, made, span);
        }
        match (&self.value.text, is_scalar) {
            (Some(text), true) => write_text(node, text, made, span),
            (None, true) => Err(format!("{} cannot replace {}", self.value.node.kind(), node.kind())),
            (_, false) => {
                *node = rewritten(self.value.node.clone(), span);
                Ok(())
            }
        }
    }

    /// One part of the old value replaced, or the new value in front or behind.
    fn joined(&self, old: &str, new: &str) -> String {
        let delimiter = self.options.delimiter.as_str();
        let mut parts: Vec<&str> = old.split(delimiter).collect();
        match usize::try_from(self.options.index) {
            Err(_) => parts.insert(0, new),
            Ok(index) if index < parts.len() => parts[index] = new,
            Ok(_) => parts.push(new),
        }
        parts.join(delimiter)
    }
}

/// Writes text into a scalar, which keeps its type; one that was made takes the type that the text looks like.
fn write_text(node: &mut Node, text: &str, made: bool, span: Span) -> Result<(), String> {
    let value = if made { scalars::plain_value(text) } else { retyped(node, text)?.value };
    *node = Node::new(value, span);
    Ok(())
}

/// `text` as a value of the type that `old` has.
fn retyped(old: &Node, text: &str) -> Result<Node, String> {
    let plain = scalars::plain_value(text);
    let value = match (&old.value, plain) {
        (Value::String(_), _) => Value::String(text.to_owned()),
        (Value::Number(a), Value::Number(b)) if a.is_f64() || !b.is_f64() => Value::Number(b),
        (Value::Bool(_), plain @ Value::Bool(_)) | (Value::Null, plain @ Value::Null) => plain,
        _ => return Err(format!("the new value does not fit: the field is {}", old.kind())),
    };
    Ok(Node::new(value, old.span))
}

/// `node`, all of it written by `span`.
fn rewritten(mut node: Node, span: Span) -> Node {
    node.span = span;
    match &mut node.value {
        Value::Seq(items) => {
            for item in items {
                *item = rewritten(std::mem::replace(item, Node::new(Value::Null, span)), span);
            }
        }
        Value::Map(map) => {
            for (_, value) in map.iter_mut() {
                *value = rewritten(std::mem::replace(value, Node::new(Value::Null, span)), span);
            }
        }
        _ => {}
    }
    node
}
