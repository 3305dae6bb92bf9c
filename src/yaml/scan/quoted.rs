//! Single- and double-quoted scalars.

use super::super::error::{Place, Problem, Step};
use super::plain::{Breaks, Text};
use super::token::Token;
use super::{Kind, Scanner};

impl<'a> Scanner<'a> {
    pub(super) fn single_quoted(&mut self) -> Step<()> {
        self.quoted(b'\'')
    }

    pub(super) fn double_quoted(&mut self) -> Step<()> {
        self.quoted(b'"')
    }

    fn quoted(&mut self, quote: u8) -> Step<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.at.pos();
        self.at.advance(1);
        let mut text = Text::new(self.at.slice(0, usize::MAX), self.at.pos());
        loop {
            self.quoted_may_go_on(start, quote)?;
            let word = self.at.pos();
            self.skip_quoted();
            match self.at.byte() {
                b'\'' if quote == b'\'' && self.at.byte_at(1) == b'\'' => {
                    text.extend(word, self.at.pos() + 1);
                    self.at.advance(2);
                }
                b if b == quote => {
                    text.extend(word, self.at.pos());
                    break;
                }
                b'\\' if quote == b'"' => {
                    text.extend(word, self.at.pos());
                    self.escape(&mut text)?;
                }
                0 => {}
                _ if self.at.at_break() => {
                    let line = self.at.since(word).trim_end_matches([' ', '\t']);
                    text.extend(word, word + line.len());
                    let mut breaks = Breaks::default();
                    self.quoted_gap(&mut breaks);
                    text.fold(breaks.first, &breaks.others);
                }
                _ => {
                    self.at.advance(1);
                    text.extend(word, self.at.pos());
                }
            }
        }
        self.at.advance(1);
        let token = Token::with_text(Kind::Quoted, self.at.place_since(start), text.finish());
        self.queue.push_back(token);
        Ok(())
    }

    /// Moves to the next byte that means something in a quoted scalar.
    fn skip_quoted(&mut self) {
        loop {
            match self.at.byte() {
                0 | b'\'' | b'"' | b'\\' | b'\n' | b'\r' => return,
                0xC2 | 0xE2 if self.at.at_break() => return,
                _ => self.at.advance(1),
            }
        }
    }

    /// Moves over line breaks and the blanks around them.
    fn quoted_gap(&mut self, breaks: &mut Breaks) {
        loop {
            self.at.skip_blanks();
            let taken = self.at.take_break();
            if taken.is_empty() {
                return;
            }
            breaks.add(taken);
        }
    }

    fn quoted_may_go_on(&self, start: usize, quote: u8) -> Step<()> {
        let what = if self.at.at_end() {
            "the text ends inside a quoted string"
        } else if self.at.at_document_marker() {
            "a document marker stands inside a quoted string"
        } else {
            return Ok(());
        };
        let quote = char::from(quote);
        Err(Problem::invalid(self.at.place_here(), what)
            .related(Place::new(start, start + 1), "the quote opens here")
            .help(format!("close the string with `{quote}`")))
    }

    /// Reads what follows a backslash.
    fn escape(&mut self, text: &mut Text<'a>) -> Step<()> {
        if self.at.break_len(1) > 0 {
            // An escaped line break joins the lines; empty lines after it still count.
            self.at.advance(1);
            self.at.take_break();
            let mut breaks = Breaks { first: "\n", others: String::new() };
            self.quoted_gap(&mut breaks);
            text.buffer().push_str(&breaks.others);
            return Ok(());
        }
        let start = self.at.pos();
        let (c, digits) = match self.at.byte_at(1) {
            b'0' => ('\0', 0),
            b'a' => ('\u{7}', 0),
            b'b' => ('\u{8}', 0),
            b't' | b'\t' => ('\t', 0),
            b'n' => ('\n', 0),
            b'v' => ('\u{B}', 0),
            b'f' => ('\u{C}', 0),
            b'r' => ('\r', 0),
            b'e' => ('\u{1B}', 0),
            b' ' => (' ', 0),
            b'"' => ('"', 0),
            b'\'' => ('\'', 0),
            b'\\' => ('\\', 0),
            b'N' => ('\u{85}', 0),
            b'_' => ('\u{A0}', 0),
            b'L' => ('\u{2028}', 0),
            b'P' => ('\u{2029}', 0),
            b'x' => ('\0', 2),
            b'u' => ('\0', 4),
            b'U' => ('\0', 8),
            _ => return Err(self.unknown_escape()),
        };
        self.at.advance(2);
        let c = if digits == 0 { c } else { self.escaped_code(start, digits)? };
        text.buffer().push(c);
        Ok(())
    }

    fn escaped_code(&mut self, start: usize, digits: usize) -> Step<char> {
        let code = self.at.rest().get(..digits).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(code) = code else {
            return Err(Problem::invalid(
                self.at.place_since(start),
                format!("{digits} hexadecimal digits belong here"),
            )
            .help("write for example \"\\x41\", \"\\u00e9\" or \"\\U0001F600\"; a backslash itself is \"\\\\\""));
        };
        self.at.advance(digits);
        u32::from_str_radix(code, 16).ok().and_then(char::from_u32).ok_or_else(|| {
            Problem::invalid(self.at.place_since(start), "this escape names no character").help(
                "write the character itself; beyond U+FFFF its code takes eight digits, as in \"\\U0001F600\", not two surrogates",
            )
        })
    }

    fn unknown_escape(&self) -> Problem {
        let start = self.at.pos();
        let next = self.at.slice(start + 1, usize::MAX).chars().next().map_or(0, char::len_utf8);
        Problem::invalid(Place::new(start, start + 1 + next), "YAML knows no such escape")
            .help("double the backslash, or use single quotes, where a backslash is just a backslash")
    }
}
