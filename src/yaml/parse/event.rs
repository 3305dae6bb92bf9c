//! Events: the structure of the text, a node at a time.

use std::borrow::Cow;

use super::super::error::Place;

/// What a scalar's tag says about its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::yaml) enum Tag {
    Str,
    Bool,
    Int,
    Float,
    Null,
    Timestamp,
    Binary,
    Merge,
    /// `!`: text, but still a merge key if it reads `<<`.
    NonSpecific,
    /// An application's own: text.
    Other,
}

impl Tag {
    pub(super) fn of(tag: &str) -> Self {
        match tag.strip_prefix("tag:yaml.org,2002:") {
            Some("str") => Self::Str,
            Some("bool") => Self::Bool,
            Some("int") => Self::Int,
            Some("float") => Self::Float,
            Some("null") => Self::Null,
            Some("timestamp") => Self::Timestamp,
            Some("binary") => Self::Binary,
            Some("merge") => Self::Merge,
            _ if tag == "!" => Self::NonSpecific,
            _ => Self::Other,
        }
    }
}

/// A scalar as it stands in the text.
#[derive(Clone, Debug)]
pub(in crate::yaml) struct Scalar<'a> {
    pub(in crate::yaml) text: Cow<'a, str>,
    /// Whether it is neither quoted nor a block.
    pub(in crate::yaml) plain: bool,
    pub(in crate::yaml) tag: Option<Tag>,
    pub(in crate::yaml) place: Place,
}

/// The kind of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::yaml) enum Collection {
    Sequence,
    Mapping,
}

/// One step through the structure.
#[derive(Clone, Debug)]
pub(in crate::yaml) enum Event<'a> {
    DocumentStart,
    DocumentEnd,
    StreamEnd,
    Alias {
        name: &'a str,
        place: Place,
    },
    Scalar {
        scalar: Scalar<'a>,
        anchor: Option<&'a str>,
    },
    /// The place is that of the first indicator or key.
    Start {
        kind: Collection,
        anchor: Option<&'a str>,
        place: Place,
    },
    /// The place is that of the closing bracket; empty for a block.
    End {
        place: Place,
    },
}
