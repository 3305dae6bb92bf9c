//! Anchors, aliases and tags.

use std::borrow::Cow;

use super::super::error::{Place, Problem, Step};
use super::token::Token;
use super::{Kind, Scanner};

impl<'a> Scanner<'a> {
    /// `&name` or `*name`
    pub(super) fn anchor(&mut self, kind: Kind) -> Step<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.at.pos();
        self.at.advance(1);
        let name = self.at.take_name();
        let ends =
            self.at.word_ends(0) || matches!(self.at.byte(), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !ends {
            let place = Place::new(start, self.at.place_here().end as usize);
            let message = if kind == Kind::Alias {
                "`*` starts an alias, and its name is letters, digits, `-` and `_`"
            } else {
                "`&` starts an anchor, and its name is letters, digits, `-` and `_`"
            };
            return Err(Problem::invalid(place, message).help("quote the value if this is its text"));
        }
        let token = Token::with_text(kind, self.at.place_since(start), Cow::Borrowed(name));
        self.queue.push_back(token);
        Ok(())
    }

    /// `!suffix`, `!handle!suffix` or `!<uri>`
    pub(super) fn tag(&mut self) -> Step<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.at.pos();
        let (handle, suffix) = if self.at.byte_at(1) == b'<' {
            self.at.advance(2);
            let uri = self.uri(start, false)?;
            if self.at.byte() != b'>' {
                return Err(self.bad_tag(start, "`!<` needs a closing `>`"));
            }
            self.at.advance(1);
            ("", uri)
        } else {
            self.short_tag(start)?
        };
        if !self.at.word_ends(0) {
            return Err(self.bad_tag(start, "a blank must follow a tag"));
        }
        let mut token = Token::with_text(Kind::Tag, self.at.place_since(start), suffix);
        token.handle = handle;
        self.queue.push_back(token);
        Ok(())
    }

    fn short_tag(&mut self, start: usize) -> Step<(&'a str, Cow<'a, str>)> {
        self.at.advance(1);
        self.at.take_name();
        if self.at.byte() == b'!' {
            self.at.advance(1);
            let handle = self.at.since(start);
            return Ok((handle, self.uri(start, false)?));
        }
        // No handle after all: what was read is the beginning of the suffix.
        let head = self.at.since(start + 1);
        let tail = self.uri(start, true)?;
        let suffix = if head.is_empty() { tail } else { Cow::Owned(format!("{head}{tail}")) };
        // The tag `!` alone is its own suffix.
        Ok(if suffix.is_empty() { ("", Cow::Borrowed("!")) } else { ("!", suffix) })
    }

    /// The characters of a URI, with `%` escapes decoded.
    pub(super) fn uri(&mut self, start: usize, may_be_empty: bool) -> Step<Cow<'a, str>> {
        let from = self.at.pos();
        let mut escaped: Option<Vec<u8>> = None;
        loop {
            match self.at.byte() {
                b'%' => {
                    let so_far = escaped.get_or_insert_with(|| self.at.since(from).as_bytes().to_vec());
                    let Some(octet) = hex_octet(self.at.byte_at(1), self.at.byte_at(2)) else {
                        return Err(self.bad_tag(start, "`%` in a tag starts an escape of two hexadecimal digits"));
                    };
                    so_far.push(octet);
                    self.at.advance(3);
                }
                b if is_uri(b) => {
                    if let Some(so_far) = &mut escaped {
                        so_far.push(b);
                    }
                    self.at.advance(1);
                }
                _ => break,
            }
        }
        if self.at.pos() == from && !may_be_empty {
            return Err(self.bad_tag(start, "the tag has no name"));
        }
        match escaped {
            None => Ok(Cow::Borrowed(self.at.since(from))),
            Some(bytes) => String::from_utf8(bytes)
                .map(Cow::Owned)
                .map_err(|_| self.bad_tag(start, "the escapes in the tag are not UTF-8")),
        }
    }

    pub(super) fn bad_tag(&self, start: usize, message: &'static str) -> Problem {
        Problem::invalid(Place::new(start, self.at.place_here().end as usize), message)
            .help("write a tag such as `!!str`; quote the value if the `!` belongs to its text")
    }
}

fn is_uri(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"_-;/?:@&=+$,.!~*'()[]%".contains(&b)
}

fn hex_octet(high: u8, low: u8) -> Option<u8> {
    let digit = |b| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    Some(digit(high)? << 4 | digit(low)?)
}
