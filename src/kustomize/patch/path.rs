//! Where in an object a merge is, for messages: `spec.containers[web].image`.

use std::fmt;

/// A field or an element, and what it lies in.
pub(super) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

enum Step<'a> {
    Root,
    Field(&'a str),
    Element(&'a str),
}

impl Path<'_> {
    /// The object itself.
    pub(super) const fn root() -> Self {
        Self { parent: None, step: Step::Root }
    }

    pub(super) fn field<'b>(&'b self, name: &'b str) -> Path<'b> {
        Path { parent: Some(self), step: Step::Field(name) }
    }

    /// The element of a list whose merge key has this value.
    pub(super) fn element<'b>(&'b self, key: &'b str) -> Path<'b> {
        Path { parent: Some(self), step: Step::Element(key) }
    }

    fn is_root(&self) -> bool {
        matches!(self.step, Step::Root)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent.filter(|parent| !parent.is_root()) {
            write!(f, "{parent}")?;
        }
        match self.step {
            Step::Root => f.write_str("the object"),
            Step::Field(name) if self.parent.is_none_or(Path::is_root) => f.write_str(name),
            Step::Field(name) => write!(f, ".{name}"),
            Step::Element(key) => write!(f, "[{key}]"),
        }
    }
}
