//! One node: its anchor and tag, and what they belong to.

use std::borrow::Cow;

use super::{Collection, Event, Kind, Parser, Place, Problem, Scalar, State, Step, Tag, Token, name};

/// What may stand before a node's content.
#[derive(Debug, Default)]
struct Properties<'a> {
    anchor: Option<&'a str>,
    tag: Option<Tag>,
    place: Option<Place>,
}

impl<'a> Parser<'a> {
    pub(super) fn block_node(&mut self) -> Step<Event<'a>> {
        self.node(true, false)
    }

    pub(super) fn block_node_or_indentless_sequence(&mut self) -> Step<Event<'a>> {
        self.node(true, true)
    }

    pub(super) fn flow_node(&mut self) -> Step<Event<'a>> {
        self.node(false, false)
    }

    fn node(&mut self, block: bool, indentless: bool) -> Step<Event<'a>> {
        let (mut kind, mut place) = self.peek()?;
        if kind == Kind::Alias {
            self.pop_state();
            return Ok(Event::Alias { name: borrowed(&self.take()), place });
        }
        let mut properties = Properties::default();
        if matches!(kind, Kind::Anchor | Kind::Tag) {
            properties = self.properties()?;
            (kind, place) = self.peek()?;
        }
        let (collection, first) = match kind {
            Kind::Plain | Kind::Quoted | Kind::Block => return Ok(self.scalar(&properties)),
            Kind::BlockEntry if indentless => (Collection::Sequence, State::IndentlessEntry),
            Kind::FlowSequenceStart => (Collection::Sequence, State::FlowSequenceFirst),
            Kind::FlowMappingStart => (Collection::Mapping, State::FlowMappingFirst),
            Kind::BlockSequenceStart if block => (Collection::Sequence, State::BlockSequenceFirst),
            Kind::BlockMappingStart if block => (Collection::Mapping, State::BlockMappingFirst),
            _ => return self.no_content(&properties, kind, place),
        };
        self.state = first;
        Ok(Event::Start { kind: collection, anchor: properties.anchor, place })
    }

    fn scalar(&mut self, properties: &Properties<'a>) -> Event<'a> {
        let token = self.take();
        self.pop_state();
        let plain = token.kind == Kind::Plain;
        let scalar = Scalar { text: token.text, plain, tag: properties.tag, place: token.place };
        Event::Scalar { scalar, anchor: properties.anchor }
    }

    /// An anchor or a tag alone makes an empty scalar.
    fn no_content(&mut self, properties: &Properties<'a>, kind: Kind, place: Place) -> Step<Event<'a>> {
        if let Some(place) = properties.place {
            self.pop_state();
            let scalar = Scalar { text: Cow::Borrowed(""), plain: true, tag: properties.tag, place };
            return Ok(Event::Scalar { scalar, anchor: properties.anchor });
        }
        let problem = self.inside(place, format!("a value is missing before {}", name(kind)), "in what starts here");
        Err(match kind {
            Kind::BlockEntry | Kind::BlockSequenceStart => {
                problem.help("inside `[…]` and `{…}` items are separated by commas, not started by `-`")
            }
            Kind::FlowSequenceEnd | Kind::FlowMappingEnd => {
                problem.help("delete the bracket, or quote the value if it belongs to its text")
            }
            _ => problem.help("write the value; an empty text is \"\""),
        })
    }

    /// An anchor, a tag, or both in either order.
    fn properties(&mut self) -> Step<Properties<'a>> {
        let mut properties = Properties::default();
        let mut tag = None;
        loop {
            let (kind, place) = self.peek()?;
            match kind {
                Kind::Anchor if properties.anchor.is_none() => properties.anchor = Some(borrowed(&self.take())),
                Kind::Tag if tag.is_none() => tag = Some(self.take()),
                _ => break,
            }
            let start = properties.place.map_or(place.start, |first| first.start);
            properties.place = Some(Place { start, ..place });
        }
        if let Some(token) = tag {
            properties.tag = Some(self.resolve_tag(token.handle, &token.text, token.place)?);
        }
        Ok(properties)
    }

    fn resolve_tag(&self, handle: &str, suffix: &str, place: Place) -> Step<Tag> {
        if handle.is_empty() {
            return Ok(Tag::of(suffix));
        }
        match self.handles.get(handle) {
            Some(prefix) => Ok(Tag::of(&format!("{prefix}{suffix}"))),
            None => Err(Problem::invalid(place, format!("no `%TAG` directive names the handle `{handle}`"))
                .help("use a tag such as `!!str`, or quote the value if the `!` belongs to its text")),
        }
    }
}

/// The name of an anchor is always a piece of the source.
fn borrowed<'a>(token: &Token<'a>) -> &'a str {
    match token.text {
        Cow::Borrowed(name) => name,
        Cow::Owned(_) => "",
    }
}
