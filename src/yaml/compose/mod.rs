//! Events to nodes: anchors, merge keys, meanings, limits.
//!
//! An alias is composed by replaying the events of its anchor. Events are recorded only while an anchor is open,
//! so a text without anchors pays nothing, and what aliases may add is bounded by the same rule as in Go's reader.
//! A node that came through an alias has the places of the anchor's text: that is where a person has to change it.

mod anchors;
mod budget;
mod frame;
mod merge;

use super::error::{Place, Problem, Step};
use super::node::{Node, Value};
use super::parse::{Collection, Event, Parser, Scalar, Tag};
use super::resolve::{Meaning, key_text, resolve};
use super::{Limits, text};
use crate::diagnostics::{Diagnostic, Findings, Outcome, SourceId, Span};
use anchors::Anchors;
use budget::Budget;
use frame::{Frame, Key};
use serde_json::Number;

/// Beyond this many duplicate keys a text is not read by anybody any more.
const MAX_FINDINGS: usize = 100;

/// What a text holds.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) documents: Vec<Node>,
    pub(super) comments: Vec<Span>,
}

/// Reads every document of `text`.
pub(super) fn compose(source: SourceId, text: &str, limits: Limits, comments: bool) -> Outcome<Stream> {
    let mut composer = Composer::new(source, limits);
    let mut parser = Parser::new(text, comments);
    let result = check_text(text).and_then(|()| composer.run(&mut parser));
    if let Err(problem) = result {
        composer.findings.push(problem.into_diagnostic(source));
    }
    composer.findings.sort_by_key(|finding| finding.primary.map(|span| span.start));
    if composer.findings.is_empty() {
        let comments = parser.into_comments().into_iter().map(|place| place.span(source)).collect();
        return Ok(Stream { documents: composer.documents, comments });
    }
    match Findings::check(composer.findings) {
        Err(findings) => Err(findings),
        Ok(_) => Ok(Stream { documents: composer.documents, comments: Vec::new() }),
    }
}

fn check_text(text: &str) -> Step<()> {
    if u32::try_from(text.len()).is_err() {
        return Err(Problem::of("yaml-too-large", Place::new(0, 0), "the text is larger than 4 GiB")
            .help("split it into several files"));
    }
    text::check_characters(text)
}

/// Builds the documents of one text.
struct Composer<'a> {
    source: SourceId,
    limits: Limits,
    budget: Budget,
    anchors: Anchors<'a>,
    /// The open collections, outermost first.
    frames: Vec<Frame>,
    /// The root of the current document, once it is complete.
    root: Option<Node>,
    documents: Vec<Node>,
    /// Duplicate keys: they do not end the reading, so all of them are reported.
    findings: Vec<Diagnostic>,
}

impl<'a> Composer<'a> {
    fn new(source: SourceId, limits: Limits) -> Self {
        Self {
            source,
            limits: Limits { depth: limits.depth.min(super::MAX_DEPTH), ..limits },
            budget: Budget::default(),
            anchors: Anchors::default(),
            frames: Vec::new(),
            root: None,
            documents: Vec::new(),
            findings: Vec::new(),
        }
    }

    fn run(&mut self, parser: &mut Parser<'a>) -> Step<()> {
        loop {
            let event = if let Some(event) = self.anchors.next_replayed() {
                event
            } else {
                let event = parser.next()?;
                self.anchors.record(&event)?;
                event
            };
            match event {
                Event::StreamEnd => return Ok(()),
                Event::DocumentStart => {
                    self.anchors.clear();
                    self.budget = Budget::default();
                    self.budget.count(false, Place::new(0, 0))?;
                }
                Event::DocumentEnd => {
                    let root = self.root.take();
                    self.documents.extend(root.filter(|node| !node.is_null()));
                }
                Event::Alias { name, place } => self.alias(name, place)?,
                Event::Scalar { scalar, .. } => self.scalar(scalar)?,
                Event::Start { kind, place, .. } => self.start(kind, place)?,
                Event::End { place } => self.end(place)?,
            }
        }
    }

    /// One decoding step of Go's reader.
    fn count(&mut self, place: Place) -> Step<()> {
        self.budget.count(self.anchors.replaying(), self.anchors.outermost_alias().unwrap_or(place))
    }

    fn alias(&mut self, name: &'a str, place: Place) -> Step<()> {
        self.count(place)?;
        self.anchors.replay(name, place)?;
        if let Some(frame) = self.frames.last_mut() {
            frame.next_is_alias();
        }
        Ok(())
    }

    fn scalar(&mut self, scalar: Scalar<'a>) -> Step<()> {
        let place = scalar.place;
        if let Some(Frame::Mapping(mapping)) = self.frames.last_mut()
            && mapping.expects_key()
        {
            if is_merge(&scalar) && !mapping.take_alias() {
                mapping.set_key(Key::Merge(place));
                return Ok(());
            }
            mapping.take_alias();
            self.count(place)?;
            let key = Key::Text(key_text(scalar)?, place);
            if let Some(Frame::Mapping(mapping)) = self.frames.last_mut() {
                mapping.set_key(key);
            }
            return Ok(());
        }
        self.count(place)?;
        let value = value(scalar)?;
        self.complete(Node::new(value, place.span(self.source)))
    }

    fn start(&mut self, kind: Collection, place: Place) -> Step<()> {
        if self.frames.len() >= self.limits.depth {
            return Err(Problem::of(
                "yaml-too-deep",
                place,
                format!("nested deeper than {} levels", self.limits.depth),
            )
            .help("flatten the document"));
        }
        if let Some(Frame::Mapping(mapping)) = self.frames.last()
            && mapping.expects_key()
        {
            return Err(key_is_collection(kind, place));
        }
        self.count(place)?;
        self.frames.push(Frame::new(kind, place));
        Ok(())
    }

    fn end(&mut self, place: Place) -> Step<()> {
        let node = match self.frames.pop() {
            Some(Frame::Sequence(sequence)) => sequence.finish(place, self.source),
            Some(Frame::Mapping(mapping)) => {
                let replaying = self.anchors.replaying();
                mapping.finish(place, self.source, |duplicate| {
                    // The anchor's own text was reported where it stands.
                    if !replaying && self.findings.len() < MAX_FINDINGS {
                        self.findings.push(duplicate);
                    }
                })
            }
            None => return Ok(()),
        };
        self.complete(node)
    }

    /// Puts a finished node where it belongs.
    fn complete(&mut self, node: Node) -> Step<()> {
        self.budget.node(self.limits.nodes, Place { start: node.span.start, end: node.span.end })?;
        match self.frames.last_mut() {
            None => self.root = Some(node),
            Some(Frame::Sequence(sequence)) => sequence.push(node),
            Some(Frame::Mapping(mapping)) => mapping.push(node)?,
        }
        Ok(())
    }
}

/// Whether `scalar` as a key merges other mappings.
fn is_merge(scalar: &Scalar<'_>) -> bool {
    scalar.text == "<<"
        && match scalar.tag {
            None => scalar.plain,
            Some(tag) => matches!(tag, Tag::Merge | Tag::NonSpecific),
        }
}

fn key_is_collection(kind: Collection, place: Place) -> Problem {
    let what = match kind {
        Collection::Sequence => "a list cannot be a key",
        Collection::Mapping => "a mapping cannot be a key",
    };
    Problem::invalid(place, what).help("quote the text if it starts with a bracket, as in '{{ name }}'")
}

fn value(scalar: Scalar<'_>) -> Step<Value> {
    Ok(match resolve(&scalar)? {
        Meaning::Null => Value::Null,
        Meaning::Bool(value) => Value::Bool(value),
        Meaning::Int(value) => Value::Number(value.into()),
        Meaning::Uint(value) => Value::Number(value.into()),
        Meaning::Float(value) => Value::Number(json_number(value).ok_or_else(|| {
            Problem::invalid(scalar.place, "JSON, which Kubernetes speaks, has no such number")
                .help(format!("quote it if it is a text: \"{}\"", scalar.text))
        })?),
        Meaning::Text => Value::String(scalar.text.into_owned()),
        Meaning::Decoded(text) => Value::String(text),
    })
}

/// The number that a float is after its way through JSON: without a fraction it is an integer.
fn json_number(value: f64) -> Option<Number> {
    if value.fract() == 0.0 && value.abs() < 1e20 && (value != 0.0 || value.is_sign_positive()) {
        let text = value.to_string();
        if let Ok(integer) = text.parse::<i64>() {
            return Some(integer.into());
        }
        if let Ok(integer) = text.parse::<u64>() {
            return Some(integer.into());
        }
    }
    Number::from_f64(value)
}
