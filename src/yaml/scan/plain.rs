//! Plain scalars, and the folding of line breaks that they share with quoted ones.

use std::borrow::Cow;

use super::super::error::{Place, Problem, Step};
use super::token::Token;
use super::{Kind, Scanner};

/// The text of a scalar: a piece of the source as long as that will do.
#[derive(Debug)]
pub(super) struct Text<'a> {
    source: &'a str,
    start: usize,
    end: usize,
    owned: Option<String>,
}

impl<'a> Text<'a> {
    pub(super) fn new(source: &'a str, start: usize) -> Self {
        Self { source, start, end: start, owned: None }
    }

    /// Adds the source's bytes from the end of the last addition, or from `start`, to `end`.
    pub(super) fn extend(&mut self, start: usize, end: usize) {
        if let Some(owned) = &mut self.owned {
            owned.push_str(self.source.get(start..end).unwrap_or_default());
        } else if self.start == self.end {
            (self.start, self.end) = (start, end);
        } else if self.end == start {
            self.end = end;
        } else {
            let piece = self.source.get(start..end).unwrap_or_default();
            self.buffer().push_str(piece);
        }
    }

    /// For what the source does not say in these words.
    pub(super) fn buffer(&mut self) -> &mut String {
        self.owned.get_or_insert_with(|| self.source.get(self.start..self.end).unwrap_or_default().to_owned())
    }

    /// Adds what a run of line breaks stands for: one is a space, more are themselves less the first.
    /// LS and PS are never folded away.
    pub(super) fn fold(&mut self, first: &str, others: &str) {
        let text = self.buffer();
        if first == "\n" {
            text.push_str(if others.is_empty() { " " } else { others });
        } else {
            text.push_str(first);
            text.push_str(others);
        }
    }

    pub(super) fn finish(self) -> Cow<'a, str> {
        match self.owned {
            Some(owned) => Cow::Owned(owned),
            None => Cow::Borrowed(self.source.get(self.start..self.end).unwrap_or_default()),
        }
    }
}

/// Line breaks between two lines of a scalar.
#[derive(Debug, Default)]
pub(super) struct Breaks {
    pub(super) first: &'static str,
    pub(super) others: String,
}

impl Breaks {
    /// Notes one more break.
    pub(super) fn add(&mut self, taken: &str) {
        if self.first.is_empty() {
            self.first = match taken {
                "\u{2028}" => "\u{2028}",
                "\u{2029}" => "\u{2029}",
                _ => "\n",
            };
        } else {
            self.others.push_str(taken);
        }
    }
}

impl Scanner<'_> {
    pub(super) fn plain(&mut self) -> Step<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.at.pos();
        let mut text = Text::new(self.at.slice(0, usize::MAX), start);
        let mut end = start;
        let mut breaks = Breaks::default();
        let flow = self.in_flow();
        while !self.at.at_document_marker() && self.at.byte() != b'#' {
            let word = self.at.pos();
            self.at.skip_plain(flow);
            if self.at.pos() > word {
                if breaks.first.is_empty() {
                    text.extend(end, self.at.pos());
                } else {
                    text.fold(breaks.first, &breaks.others);
                    text.extend(word, self.at.pos());
                    breaks = Breaks::default();
                }
                end = self.at.pos();
            }
            if !self.plain_gap(&mut breaks, start)? || (!flow && self.column() <= self.indent) {
                break;
            }
        }
        // The scalar ended with its line: the next one may hold a key.
        if !breaks.first.is_empty() {
            self.key_allowed = true;
        }
        let place = Place::new(start, end);
        self.last_plain = Some(place);
        self.queue.push_back(Token::with_text(Kind::Plain, place, text.finish()));
        Ok(())
    }

    /// Moves over the blanks and line breaks after a word; false if there are none.
    fn plain_gap(&mut self, breaks: &mut Breaks, start: usize) -> Step<bool> {
        let gap = self.at.pos();
        loop {
            if self.at.at_blank() {
                if self.at.byte() == b'\t' && !breaks.first.is_empty() && self.column() <= self.indent {
                    return Err(Problem::invalid(self.at.place_here(), "a tab cannot indent")
                        .related(Place::new(start, gap), "the line would continue this value")
                        .help("indent with spaces, or leave the line empty"));
                }
                self.at.advance(1);
            } else {
                let taken = self.at.take_break();
                if taken.is_empty() {
                    return Ok(self.at.pos() > gap);
                }
                breaks.add(taken);
            }
        }
    }
}
