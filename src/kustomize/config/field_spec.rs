//! A field of some kinds by its path, and the walk that finds it in an object.

use crate::diagnostics::{Diagnostic, Span};
use crate::model::Gvk;
use crate::yaml::{Map, Node, Value};

/// Group, version and kind that a table row asks for; what is empty fits all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::kustomize) struct Selects(pub(in crate::kustomize) Gvk);

impl Selects {
    pub(in crate::kustomize) fn new(group: &str, version: &str, kind: &str) -> Self {
        Self(Gvk { group: group.to_owned(), version: version.to_owned(), kind: kind.to_owned() })
    }

    /// Whether objects of `gvk` are meant.
    pub(in crate::kustomize) fn selects(&self, gvk: &Gvk) -> bool {
        self.selects_parts(&gvk.group, &gvk.version, &gvk.kind)
    }

    pub(in crate::kustomize) fn selects_parts(&self, group: &str, version: &str, kind: &str) -> bool {
        let fits = |wanted: &str, given: &str| wanted.is_empty() || wanted == given;
        fits(&self.0.kind, kind) && fits(&self.0.group, group) && fits(&self.0.version, version)
    }
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::kustomize) struct Segment {
    name: Box<str>,
    /// Written with `[]`: the field holds a list and is never created.
    list: bool,
}

/// A path such as `spec/template/spec/containers[]/image`; lists are walked through without being named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::kustomize) struct Path {
    text: Box<str>,
    segments: Vec<Segment>,
}

impl Path {
    /// Splits at `/`, except where it is escaped as `\/`.
    pub(in crate::kustomize) fn parse(text: &str) -> Self {
        let mut names: Vec<String> = Vec::new();
        let trimmed = text.strip_prefix('/').unwrap_or(text);
        for part in trimmed.split('/') {
            match names.last_mut() {
                Some(last) if last.ends_with('\\') => {
                    last.pop();
                    last.push('/');
                    last.push_str(part);
                }
                _ => names.push(part.to_owned()),
            }
        }
        let segments = names.into_iter().map(|name| {
            let short = name.strip_suffix("[]");
            Segment { name: short.unwrap_or(&name).into(), list: short.is_some() }
        });
        Self { text: text.into(), segments: segments.collect() }
    }

    pub(in crate::kustomize) fn as_str(&self) -> &str {
        &self.text
    }
}

/// A row of a built-in table: group, version, kind, path, created when missing.
pub(super) type Row = (&'static str, &'static str, &'static str, &'static str, bool);

/// A field that a transformer writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::kustomize) struct FieldSpec {
    pub(in crate::kustomize) on: Selects,
    pub(in crate::kustomize) path: Path,
    /// Whether the field is made where it is missing.
    pub(in crate::kustomize) create: bool,
}

/// What is made at the end of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::kustomize) enum Leaf {
    /// Nothing: the transformer only changes what is there.
    Existing,
    /// A text or number.
    Scalar,
    /// A mapping.
    Mapping,
}

/// An object is shaped in another way than the path needs.
#[derive(Clone, Debug)]
pub(in crate::kustomize) struct FieldError {
    /// The value in the way.
    pub(in crate::kustomize) span: Span,
    /// What it is and what was needed.
    pub(in crate::kustomize) message: String,
}

impl FieldError {
    /// `node` is not `wanted`.
    pub(in crate::kustomize) fn unexpected(node: &Node, wanted: &str) -> Self {
        Self { span: node.span, message: format!("here is {} where {wanted} is needed", node.kind()) }
    }

    /// The finding, at the value, with the transformer that stumbled over it.
    pub(in crate::kustomize) fn finding(self, field: &str, path: &str, writer: Span) -> Diagnostic {
        Diagnostic::error("unexpected-shape", format!("`{field}` cannot be applied to `{path}`: {}", self.message))
            .at(self.span)
            .related(writer, "asked for here")
    }
}

impl FieldSpec {
    pub(in crate::kustomize) fn new(on: Selects, path: &str, create: bool) -> Self {
        Self { on, path: Path::parse(path), create }
    }

    pub(super) fn builtin(&(group, version, kind, path, create): &Row) -> Self {
        Self::new(Selects::new(group, version, kind), path, create)
    }

    /// Calls `set` on each value at the path inside `object`. What has to be made on the way is written by `writer`.
    pub(in crate::kustomize) fn visit(
        &self,
        object: &mut Node,
        leaf: Leaf,
        writer: Span,
        set: &mut dyn FnMut(&mut Node) -> Result<(), FieldError>,
    ) -> Result<(), FieldError> {
        let leaf = if self.create { leaf } else { Leaf::Existing };
        Walk { leaf, writer, set }.node(object, &self.path.segments)
    }
}

struct Walk<'a> {
    leaf: Leaf,
    writer: Span,
    set: &'a mut dyn FnMut(&mut Node) -> Result<(), FieldError>,
}

impl Walk<'_> {
    fn node(&mut self, node: &mut Node, path: &[Segment]) -> Result<(), FieldError> {
        let Some((head, rest)) = path.split_first() else { return (self.set)(node) };
        match &mut node.value {
            Value::Null => Ok(()),
            Value::Seq(items) => items.iter_mut().try_for_each(|item| self.node(item, path)),
            Value::Map(map) => self.field(map, head, rest),
            _ => Err(FieldError::unexpected(node, "a list or a mapping")),
        }
    }

    fn field(&mut self, map: &mut Map, head: &Segment, rest: &[Segment]) -> Result<(), FieldError> {
        let creates = self.leaf != Leaf::Existing && !head.list;
        let writer = self.writer;
        let child = if creates {
            map.get_or_insert_with(&head.name, writer, || Node::new(Value::Null, writer))
        } else {
            let Some(child) = map.get_mut(&head.name) else { return Ok(()) };
            child
        };
        if child.is_null() {
            if creates && (!rest.is_empty() || self.leaf == Leaf::Mapping) {
                *child = Node::map(writer);
            } else if head.list {
                // kustomize takes the `[]` for a promise and turns `null` into a list.
                child.value = Value::Seq(Vec::new());
            }
        }
        self.node(child, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    fn names(path: &str) -> Vec<String> {
        Path::parse(path).segments.iter().map(|segment| segment.name.to_string()).collect()
    }

    #[test]
    fn a_slash_can_be_escaped() {
        assert_eq!(names(r"metadata/annotations/example.com\/name"), ["metadata", "annotations", "example.com/name"]);
        assert_eq!(names("/spec/containers[]/image"), ["spec", "containers", "image"]);
    }
}
