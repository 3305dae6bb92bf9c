//! `configMapGenerator` and `secretGenerator`: objects made from files and literals.

mod hash;
mod sources;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::file::{GeneratorEntry, GeneratorOptions, Pair};
use super::read::Reader;
use super::resource::{Behavior, Resource};
use super::set::ResourceSet;
use super::{Step, Stop, scalars};
use crate::diagnostics::{Diagnostic, Sources, Span};
use crate::model::ObjectId;
use crate::source::TreePath;
use crate::yaml::{Map, Node, Value};

pub(super) use hash::add_hashes;
use sources::Datum;

/// What a generator makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    ConfigMap,
    Secret,
}

impl Kind {
    /// The name of the built-in.
    pub(super) fn generator(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMapGenerator",
            Self::Secret => "SecretGenerator",
        }
    }
}

/// The kustomization that asks.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) root: &'a TreePath,
    pub(super) file: &'a TreePath,
    pub(super) options: Option<&'a GeneratorOptions>,
}

/// Makes the object of one entry.
pub(super) fn generate(
    kind: Kind,
    entry: &GeneratorEntry,
    asked: Asked<'_>,
    reader: &mut Reader<'_>,
) -> Step<Resource> {
    let data = sources::load(entry, asked.root, reader)?;
    let options = entry.options.with_global(asked.options);
    let span = entry.span;
    let mut object = Node::map(span);
    let Some(map) = object.as_map_mut() else { return Err(Stop::Reported) };
    map.insert("apiVersion", span, Node::string("v1", span));
    map.insert("kind", span, Node::string(if kind == Kind::Secret { "Secret" } else { "ConfigMap" }, span));
    map.insert("metadata", span, metadata(entry, &options));
    if kind == Kind::Secret {
        let default = (String::from("Opaque"), span);
        let (text, span) = entry.secret_type.as_ref().map_or(default, |text| (text.value.clone(), text.span));
        map.insert("type", span, Node::string(text, span));
        // kustomize writes `data` of a Secret even when it is empty.
        map.insert("data", span, Node::map(span));
    }
    for datum in data {
        put(map, kind, datum);
    }
    if let Some(span) = options.immutable {
        map.insert("immutable", span, Node::new(Value::Bool(true), span));
    }
    let mut resource = Resource::new(object, asked.file.clone(), reader.scopes());
    resource.generated = true;
    resource.needs_hash = !options.disable_hash;
    Ok(resource)
}

fn metadata(entry: &GeneratorEntry, options: &GeneratorOptions) -> Node {
    let mut metadata = Map::new();
    metadata.insert("name", entry.name.span, Node::string(entry.name.value.clone(), entry.name.span));
    if let Some(namespace) = &entry.namespace {
        metadata.insert("namespace", namespace.span, Node::string(namespace.value.clone(), namespace.span));
    }
    for (key, pairs) in [("labels", &options.labels), ("annotations", &options.annotations)] {
        if let Some(first) = pairs.first() {
            metadata.insert(key, first.key_span, text_map(pairs));
        }
    }
    Node::new(Value::Map(metadata), entry.span)
}

fn text_map(pairs: &[Pair]) -> Node {
    let mut map = Map::new();
    for pair in pairs {
        map.insert(pair.key.clone(), pair.key_span, Node::string(pair.value.clone(), pair.span));
    }
    Node::new(Value::Map(map), pairs.first().map_or(Span::NONE, |pair| pair.span))
}

/// Writes one datum: text into `data`, bytes that are no UTF-8 into `binaryData`; all of a Secret as base64.
fn put(object: &mut Map, kind: Kind, datum: Datum) {
    let Datum { key, bytes, span } = datum;
    let (field, text) = match (kind, String::from_utf8(bytes)) {
        (Kind::Secret, Ok(text)) => ("data", base64_lines(text.as_bytes())),
        (Kind::Secret, Err(error)) => ("data", base64_lines(error.as_bytes())),
        (Kind::ConfigMap, Ok(text)) => ("data", text),
        (Kind::ConfigMap, Err(error)) => ("binaryData", base64_lines(error.as_bytes())),
    };
    if let Some(map) = object.get_or_insert_with(field, span, || Node::map(span)).as_map_mut() {
        map.insert(key, span, Node::string(text, span));
    }
}

/// kustomize breaks long base64 into lines of 70 characters, each with a line feed.
fn base64_lines(bytes: &[u8]) -> String {
    const LINE: usize = 70;
    let encoded = STANDARD.encode(bytes);
    // Its own condition: a text of exactly 70 characters is a line, too.
    if encoded.len() < LINE {
        return encoded;
    }
    let mut lines = String::with_capacity(encoded.len() + encoded.len() / LINE + 1);
    for (i, c) in encoded.chars().enumerate() {
        if i > 0 && i % LINE == 0 {
            lines.push('\n');
        }
        lines.push(c);
    }
    lines.push('\n');
    lines
}

/// Adds a generated object, or merges it into the one that is there.
pub(super) fn absorb(
    set: &mut ResourceSet,
    mut generated: Resource,
    behavior: Behavior,
    name: Span,
    sources: &Sources,
) -> Result<(), Box<Diagnostic>> {
    let id = generated.id();
    let matches = set.answering_to(&id);
    match (matches.as_slice(), behavior) {
        ([], Behavior::Create) => set.append(generated),
        ([], _) => Err(Box::new(nothing_to_merge(set, &generated.shown(), behavior, name))),
        (&[i], Behavior::Create) => Err(Box::new(exists(set.get(i), &generated, name))),
        (&[i], _) => {
            take_over(&mut generated, set.get(i), behavior == Behavior::Merge, sources);
            *set.get_mut(i) = generated;
            set.renamed(i);
            Ok(())
        }
        (several, _) => {
            let message = format!("{} objects answer to {}", several.len(), generated.shown());
            let finding = Diagnostic::error("ambiguous-reference", message).at(name);
            Err(Box::new(several.iter().fold(finding, |f, &i| f.related(set.get(i).span, "one of them"))))
        }
    }
}

fn exists(old: &Resource, generated: &Resource, name: Span) -> Diagnostic {
    Diagnostic::error("duplicate-object", format!("{} exists already", generated.shown()))
        .at(name)
        .related(old.span, "first defined here")
        .help("say `behavior: merge` or `behavior: replace`, or choose another name")
}

fn nothing_to_merge(set: &ResourceSet, id: &ObjectId, behavior: Behavior, name: Span) -> Diagnostic {
    let verb = if behavior == Behavior::Merge { "merge" } else { "replace" };
    let finding = Diagnostic::error("generator-matches-nothing", format!("there is no {id} to {verb}")).at(name);
    let names = set.iter().filter(|other| other.kind() == id.gvk.kind).map(Resource::name);
    match crate::yaml::decode::nearest(&id.name, names) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("remove `behavior` to create it"),
    }
}

/// Gives `new` the identity, history, labels and annotations of `old`, and its data when merging.
/// Everything else of `old` is gone, as in kustomize.
fn take_over(new: &mut Resource, old: &Resource, merge: bool, sources: &Sources) {
    for key in ["labels", "annotations"] {
        merge_texts(new, old, &["metadata", key], Keep::Always, sources);
    }
    let name = old.node.at(&["metadata", "name"]).cloned();
    let namespace = old.node.get("metadata").and_then(Node::as_map).and_then(|map| map.entry("namespace")).cloned();
    if let Some(metadata) = new.metadata_mut() {
        if let Some(name) = name {
            metadata.insert("name", name.span, name);
        }
        metadata.remove("namespace");
        if let Some(namespace) = namespace {
            metadata.insert("namespace", namespace.key_span, namespace.value);
        }
    }
    if merge {
        merge_texts(new, old, &["data"], Keep::NotEmpty, sources);
        merge_texts(new, old, &["binaryData"], Keep::NotEmpty, sources);
    }
    new.past.clone_from(&old.past);
    new.prefixes.clone_from(&old.prefixes);
    new.suffixes.clone_from(&old.suffixes);
    new.generated = old.generated;
    new.needs_hash &= old.needs_hash;
    new.vars.clone_from(&old.vars);
    new.trail.take_over(&old.trail, merge);
    // It stays the object of the file that wrote it first: what owns that file owns what is merged in.
    new.file.clone_from(&old.file);
    new.span = old.span;
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Always,
    NotEmpty,
}

/// Adds the pairs of `old` at `path` that `new` does not have; values become texts.
fn merge_texts(new: &mut Resource, old: &Resource, path: &[&str], keep: Keep, sources: &Sources) {
    let Some((last, parents)) = path.split_last() else { return };
    let more = old.node.at(path).and_then(Node::as_map);
    let mut place = new.node.as_map_mut();
    for key in parents {
        place = place.and_then(|map| map.get_mut(key)?.as_map_mut());
    }
    let Some(map) = place else { return };
    if let Some(more) = more.filter(|more| !more.is_empty()) {
        let span = more.iter().next().map_or(Span::NONE, |entry| entry.key_span);
        let own = map.get_or_insert_with(last, span, || Node::map(span));
        if let Some(own) = own.as_map_mut() {
            for entry in more {
                if !own.contains_key(&entry.key) {
                    // In `data` a written `null` is the empty text, in labels and annotations it is the word.
                    let absent = keep == Keep::NotEmpty && entry.value.is_null();
                    let text = scalars::text(&entry.value, sources).filter(|_| !absent).unwrap_or_default();
                    own.insert(entry.key.clone(), entry.key_span, Node::string(text, entry.value.span));
                }
            }
        }
    }
    if keep == Keep::NotEmpty && map.get(last).and_then(Node::as_map).is_some_and(Map::is_empty) {
        map.remove(last);
    }
}

#[cfg(test)]
mod tests {
    use super::base64_lines;

    #[test]
    fn long_base64_is_broken_as_kustomize_breaks_it() {
        assert_eq!(base64_lines(b"hello"), "aGVsbG8=");
        let long = base64_lines(&[b'x'; 60]);
        assert_eq!(long.lines().map(str::len).collect::<Vec<_>>(), [70, 10]);
        assert!(long.ends_with('\n'));
    }
}
