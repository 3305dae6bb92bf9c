//! Tokens: the words of the text, with the bytes they stand on.

use std::borrow::Cow;

use super::super::error::Place;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::yaml) enum Kind {
    StreamEnd,
    /// `%YAML`; the version is the token's text.
    VersionDirective,
    /// `%TAG`; the prefix is the token's text.
    TagDirective,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias,
    Anchor,
    /// The suffix is the token's text.
    Tag,
    /// A scalar whose meaning depends on how it looks.
    Plain,
    /// A quoted scalar: text, whatever it looks like.
    Quoted,
    /// A block scalar: text as well.
    Block,
}

/// One token.
#[derive(Clone, Debug)]
pub(in crate::yaml) struct Token<'a> {
    pub(in crate::yaml) kind: Kind,
    pub(in crate::yaml) place: Place,
    /// The text of a scalar, the name of an anchor, the suffix of a tag; empty for indicators.
    pub(in crate::yaml) text: Cow<'a, str>,
    /// The handle of a tag or of a `%TAG` directive.
    pub(in crate::yaml) handle: &'a str,
    /// A `Key` token belongs before this one: it turned out to start a simple key.
    pub(super) starts_key: bool,
    /// And before that a `BlockMappingStart`.
    pub(super) opens_mapping: bool,
}

impl<'a> Token<'a> {
    pub(super) fn new(kind: Kind, place: Place) -> Self {
        Self::with_text(kind, place, Cow::Borrowed(""))
    }

    pub(super) fn with_text(kind: Kind, place: Place, text: Cow<'a, str>) -> Self {
        Self { kind, place, text, handle: "", starts_key: false, opens_mapping: false }
    }
}
