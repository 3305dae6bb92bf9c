//! Anchors and aliases: events recorded once, replayed as often as they are called for.

use std::collections::HashMap;

use super::super::error::{Place, Problem, Step};
use super::super::parse::Event;

/// Where an anchored node lies in the recording.
#[derive(Clone, Copy, Debug)]
struct Anchored {
    first: usize,
    /// The event after its last; open while the node is.
    end: Option<usize>,
}

/// A replay that is under way.
#[derive(Clone, Copy, Debug)]
struct Replay {
    next: usize,
    end: usize,
    alias: Place,
}

/// The anchors of one document.
#[derive(Debug, Default)]
pub(super) struct Anchors<'a> {
    recording: Vec<Event<'a>>,
    anchored: Vec<Anchored>,
    /// The latest anchor of each name.
    names: HashMap<&'a str, usize>,
    /// What the recorded aliases refer to, by their index in the recording.
    targets: HashMap<usize, usize>,
    /// The open collections since the outermost anchored one, each with its anchor.
    open: Vec<Option<usize>>,
    replays: Vec<Replay>,
}

impl<'a> Anchors<'a> {
    /// Forgets everything: the next document has its own anchors.
    pub(super) fn clear(&mut self) {
        if !self.anchored.is_empty() {
            *self = Self::default();
        }
    }

    /// Whether what is composed comes out of an alias.
    pub(super) fn replaying(&self) -> bool {
        !self.replays.is_empty()
    }

    /// The alias in the text that led to what is composed.
    pub(super) fn outermost_alias(&self) -> Option<Place> {
        self.replays.first().map(|replay| replay.alias)
    }

    /// Takes note of an event from the text.
    pub(super) fn record(&mut self, event: &Event<'a>) -> Step<()> {
        let anchor = match event {
            Event::Scalar { anchor, .. } | Event::Start { anchor, .. } => *anchor,
            _ => None,
        };
        if anchor.is_none() && self.open.is_empty() {
            return Ok(());
        }
        let index = self.recording.len();
        self.recording.push(event.clone());
        let anchored = anchor.map(|name| self.define(name, index));
        match event {
            Event::Alias { name, place } => {
                let target = self.target(name, *place)?;
                self.targets.insert(index, target);
            }
            Event::Scalar { .. } => self.close(anchored),
            Event::Start { .. } => self.open.push(anchored),
            Event::End { .. } => {
                let anchored = self.open.pop().flatten();
                self.close(anchored);
            }
            Event::DocumentStart | Event::DocumentEnd | Event::StreamEnd => {}
        }
        Ok(())
    }

    fn define(&mut self, name: &'a str, first: usize) -> usize {
        let anchored = self.anchored.len();
        self.anchored.push(Anchored { first, end: None });
        self.names.insert(name, anchored);
        anchored
    }

    fn close(&mut self, anchored: Option<usize>) {
        let end = self.recording.len();
        if let Some(anchored) = anchored.and_then(|index| self.anchored.get_mut(index)) {
            anchored.end = Some(end);
        }
    }

    fn target(&self, name: &str, place: Place) -> Step<usize> {
        self.names.get(name).copied().ok_or_else(|| {
            Problem::invalid(place, format!("no anchor `&{name}` stands before this alias")).help(
                "define the anchor earlier in the same document, or quote the value if the `*` belongs to its text",
            )
        })
    }

    /// Starts to replay what the alias at `place` refers to.
    pub(super) fn replay(&mut self, name: &str, place: Place) -> Step<()> {
        // An alias that is replayed itself means what its name meant where it stands.
        let recorded = self.replays.last().and_then(|replay| self.targets.get(&(replay.next - 1)));
        let target = match recorded {
            Some(&target) => target,
            None => self.target(name, place)?,
        };
        let Some(&Anchored { first, end: Some(end) }) = self.anchored.get(target) else {
            return Err(Problem::invalid(place, format!("the value of `&{name}` contains itself"))
                .help("an alias cannot stand inside the value that it repeats"));
        };
        self.replays.push(Replay { next: first, end, alias: place });
        Ok(())
    }

    /// The next event of the replay under way.
    pub(super) fn next_replayed(&mut self) -> Option<Event<'a>> {
        while let Some(replay) = self.replays.last_mut() {
            if replay.next < replay.end {
                replay.next += 1;
                return self.recording.get(replay.next - 1).cloned();
            }
            self.replays.pop();
        }
        None
    }
}
