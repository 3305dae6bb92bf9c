//! Tokens to events: the grammar, as a state machine with a stack of its own so that depth costs no call stack.

mod block;
mod document;
mod event;
mod flow;
mod misfit;
mod node;

use std::borrow::Cow;
use std::collections::HashMap;

use super::error::{Place, Problem, Step};
use super::scan::{Kind, Scanner, Token};

pub(super) use event::{Collection, Event, Scalar, Tag};

/// What is expected next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    ImplicitDocumentStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceFirst,
    BlockSequenceEntry,
    IndentlessEntry,
    BlockMappingFirst,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceFirst,
    FlowSequenceEntry,
    /// `[key: value]`, a mapping of one pair without braces.
    FlowPairKey,
    FlowPairValue,
    FlowPairEnd,
    FlowMappingFirst,
    FlowMappingKey,
    FlowMappingValue,
    FlowMappingNoValue,
    End,
}

/// Produces events on demand.
#[derive(Debug)]
pub(super) struct Parser<'a> {
    scanner: Scanner<'a>,
    state: State,
    /// Where to go on once a node is complete.
    states: Vec<State>,
    /// Where the open collections start.
    opened: Vec<Place>,
    /// The last token taken, for messages.
    last: Option<(Kind, Place)>,
    /// `%TAG` handles and their prefixes, for the current document.
    handles: HashMap<&'a str, Cow<'a, str>>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, comments: bool) -> Self {
        Self {
            scanner: Scanner::new(text, comments),
            state: State::ImplicitDocumentStart,
            states: Vec::new(),
            opened: Vec::new(),
            last: None,
            handles: HashMap::new(),
        }
    }

    pub(super) fn into_comments(self) -> Vec<Place> {
        self.scanner.into_comments()
    }

    /// The next event; after the end of the stream it stays that.
    pub(super) fn next(&mut self) -> Step<Event<'a>> {
        match self.state {
            State::ImplicitDocumentStart => self.document_start(true),
            State::DocumentStart => self.document_start(false),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.block_node(),
            State::BlockSequenceFirst => self.block_sequence_first(),
            State::BlockSequenceEntry => self.block_sequence_entry(),
            State::IndentlessEntry => self.indentless_entry(),
            State::BlockMappingFirst => self.block_mapping_first(),
            State::BlockMappingKey => self.block_mapping_key(),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceFirst => self.flow_sequence(true),
            State::FlowSequenceEntry => self.flow_sequence(false),
            State::FlowPairKey => self.flow_pair_key(),
            State::FlowPairValue => self.flow_pair_value(),
            State::FlowPairEnd => self.flow_pair_end(),
            State::FlowMappingFirst => self.flow_mapping(true),
            State::FlowMappingKey => self.flow_mapping(false),
            State::FlowMappingValue => self.flow_mapping_value(),
            State::FlowMappingNoValue => self.flow_mapping_no_value(),
            State::End => Ok(Event::StreamEnd),
        }
    }

    fn peek(&mut self) -> Step<(Kind, Place)> {
        self.scanner.peek()
    }

    fn take(&mut self) -> Token<'a> {
        let token = self.scanner.take();
        self.last = Some((token.kind, token.place));
        token
    }

    /// Takes a token that says no more than its kind, and peeks at the one after it.
    fn pass(&mut self) -> Step<(Kind, Place)> {
        self.take();
        self.peek()
    }

    /// A node is complete: on with what its parent expects.
    fn pop_state(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    /// The first token of a collection.
    fn open(&mut self) {
        let token = self.take();
        self.opened.push(token.place);
    }

    fn close(&mut self, place: Place) -> Event<'a> {
        self.take();
        self.close_open(place)
    }

    fn close_open(&mut self, place: Place) -> Event<'a> {
        self.pop_state();
        self.opened.pop();
        Event::End { place }
    }

    /// A value that is not there.
    fn empty(place: Place) -> Event<'a> {
        let scalar = Scalar { text: Cow::Borrowed(""), plain: true, tag: None, place };
        Event::Scalar { scalar, anchor: None }
    }

    /// `message` at `place`, pointing back to the start of the collection that it concerns.
    fn inside(&self, place: Place, message: impl Into<Cow<'static, str>>, starts: &'static str) -> Problem {
        let problem = Problem::invalid(place, message);
        match self.opened.last() {
            Some(&start) => problem.related(start, starts),
            None => problem,
        }
    }
}

/// What a token is called in messages.
fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::StreamEnd => "the end of the text",
        Kind::VersionDirective | Kind::TagDirective => "a directive",
        Kind::DocumentStart => "`---`",
        Kind::DocumentEnd => "`...`",
        Kind::BlockSequenceStart | Kind::BlockEntry => "`-`",
        Kind::BlockMappingStart | Kind::Key => "a key",
        Kind::BlockEnd => "the end of the block",
        Kind::FlowSequenceStart => "`[`",
        Kind::FlowSequenceEnd => "`]`",
        Kind::FlowMappingStart => "`{`",
        Kind::FlowMappingEnd => "`}`",
        Kind::FlowEntry => "`,`",
        Kind::Value => "`:`",
        Kind::Alias => "an alias",
        Kind::Anchor => "an anchor",
        Kind::Tag => "a tag",
        Kind::Plain | Kind::Quoted | Kind::Block => "a value",
    }
}
