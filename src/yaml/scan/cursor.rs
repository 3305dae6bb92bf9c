//! Where the scanner stands in the text.
//!
//! Columns count bytes. Only the start of a line and what follows `- `, `? ` or `: ` at its start is ever compared
//! by column, and nothing but ASCII can stand before those.

use super::super::error::Place;

/// A position in the text with the questions that scanning asks of it. Past the end every byte is 0, which
/// cannot stand in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    pos: usize,
    line: usize,
    line_start: usize,
}

const STOPS_PLAIN: u8 = 1;
const COLON: u8 = 2;
const FLOW: u8 = 4;
/// The first byte of NEL, LS and PS, which are line breaks in YAML 1.1, and of other characters.
const MAYBE_BREAK: u8 = 8;

const CLASS: [u8; 256] = {
    let mut table = [0; 256];
    table[0] = STOPS_PLAIN;
    table[b' ' as usize] = STOPS_PLAIN;
    table[b'\t' as usize] = STOPS_PLAIN;
    table[b'\r' as usize] = STOPS_PLAIN;
    table[b'\n' as usize] = STOPS_PLAIN;
    table[b':' as usize] = COLON;
    table[b',' as usize] = FLOW;
    table[b'?' as usize] = FLOW;
    table[b'[' as usize] = FLOW;
    table[b']' as usize] = FLOW;
    table[b'{' as usize] = FLOW;
    table[b'}' as usize] = FLOW;
    table[0xC2] = MAYBE_BREAK;
    table[0xE2] = MAYBE_BREAK;
    table
};

impl<'a> Cursor<'a> {
    /// At the start of `text`, after a byte order mark.
    pub(super) fn new(text: &'a str) -> Self {
        let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        Self { text, pos: start, line: 0, line_start: start }
    }

    pub(super) fn pos(&self) -> usize {
        self.pos
    }

    pub(super) fn line(&self) -> usize {
        self.line
    }

    pub(super) fn column(&self) -> usize {
        self.pos - self.line_start
    }

    pub(super) fn at_end(&self) -> bool {
        self.pos >= self.text.len()
    }

    /// The byte here; 0 at the end.
    pub(super) fn byte(&self) -> u8 {
        self.byte_at(0)
    }

    /// The byte that many bytes ahead; 0 past the end.
    pub(super) fn byte_at(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.pos + ahead).copied().unwrap_or(0)
    }

    /// The text from `start` to here.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.slice(start, self.pos)
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end.min(self.text.len())).unwrap_or_default()
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.pos..).unwrap_or_default()
    }

    /// From `start` to here.
    pub(super) fn place_since(&self, start: usize) -> Place {
        Place::new(start, self.pos)
    }

    /// The character here, as a place; empty at the end.
    pub(super) fn place_here(&self) -> Place {
        let width = self.rest().chars().next().map_or(0, char::len_utf8);
        Place::new(self.pos, self.pos + width)
    }

    /// Moves over `n` bytes that are no line breaks.
    pub(super) fn advance(&mut self, n: usize) {
        self.pos += n;
    }

    /// The length of the line break that many bytes ahead; 0 if there is none.
    pub(super) fn break_len(&self, ahead: usize) -> usize {
        match self.byte_at(ahead) {
            b'\r' if self.byte_at(ahead + 1) == b'\n' => 2,
            b'\n' | b'\r' => 1,
            0xC2 if self.byte_at(ahead + 1) == 0x85 => 2,
            0xE2 if self.byte_at(ahead + 1) == 0x80 && matches!(self.byte_at(ahead + 2), 0xA8 | 0xA9) => 3,
            _ => 0,
        }
    }

    pub(super) fn at_break(&self) -> bool {
        self.break_len(0) > 0
    }

    pub(super) fn at_blank(&self) -> bool {
        matches!(self.byte(), b' ' | b'\t')
    }

    pub(super) fn at_break_or_end(&self) -> bool {
        self.at_end() || self.at_break()
    }

    /// Whether that many bytes ahead a word ends: blank, line break or end of the text.
    pub(super) fn word_ends(&self, ahead: usize) -> bool {
        match self.byte_at(ahead) {
            0 | b' ' | b'\t' | b'\r' | b'\n' => true,
            0xC2 | 0xE2 => self.break_len(ahead) > 0,
            _ => false,
        }
    }

    /// Moves over a line break, if one is here, and says what it stands for: LS and PS for themselves, any other
    /// for a line feed.
    pub(super) fn take_break(&mut self) -> &'a str {
        let len = self.break_len(0);
        if len == 0 {
            return "";
        }
        let start = self.pos;
        self.pos += len;
        self.line += 1;
        self.line_start = self.pos;
        if len == 3 { self.since(start) } else { "\n" }
    }

    /// Counts the end of the text as the end of a line.
    pub(super) fn end_last_line(&mut self) {
        self.line += 1;
        self.line_start = self.pos;
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.at_blank() {
            self.pos += 1;
        }
    }

    /// Moves to the end of the line.
    pub(super) fn skip_line(&mut self) {
        loop {
            let rest = self.text.as_bytes().get(self.pos..).unwrap_or_default();
            let stop = rest.iter().position(|&b| matches!(b, b'\n' | b'\r' | 0xC2 | 0xE2));
            self.pos += stop.unwrap_or(rest.len());
            if self.at_break_or_end() {
                return;
            }
            self.pos += 1;
        }
    }

    /// Moves over the characters of a plain scalar up to the next blank or indicator.
    pub(super) fn skip_plain(&mut self, in_flow: bool) {
        loop {
            match CLASS[usize::from(self.byte())] {
                STOPS_PLAIN => return,
                COLON if self.word_ends(1) => return,
                FLOW if in_flow => return,
                MAYBE_BREAK if self.at_break() => return,
                _ => self.pos += 1,
            }
        }
    }

    /// Moves over letters, digits, `_` and `-`.
    pub(super) fn take_name(&mut self) -> &'a str {
        let start = self.pos;
        while matches!(self.byte(), b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-') {
            self.pos += 1;
        }
        self.since(start)
    }

    /// Whether `---` or `...` stands here at the start of a line.
    pub(super) fn at_document_marker(&self) -> bool {
        self.column() == 0
            && matches!([self.byte(), self.byte_at(1), self.byte_at(2)], [b'-', b'-', b'-'] | [b'.', b'.', b'.'])
            && self.word_ends(3)
    }
}
