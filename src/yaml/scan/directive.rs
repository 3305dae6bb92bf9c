//! `%YAML` and `%TAG`.

use std::borrow::Cow;

use super::super::error::{Place, Problem, Step};
use super::token::Token;
use super::{Kind, Scanner};

impl<'a> Scanner<'a> {
    pub(super) fn directive(&mut self) -> Step<()> {
        self.leave_document()?;
        let start = self.at.pos();
        self.at.advance(1);
        let name = self.at.take_name();
        let token = match name {
            "YAML" if self.at.word_ends(0) => self.version(start)?,
            "TAG" if self.at.word_ends(0) => self.tag_directive(start)?,
            _ => {
                return Err(
                    self.bad_directive(start, "a line that starts with `%` is a directive, and this one is unknown")
                );
            }
        };
        if !self.end_line() {
            return Err(self.bad_directive(start, "nothing may follow a directive on its line"));
        }
        self.queue.push_back(token);
        Ok(())
    }

    fn version(&mut self, start: usize) -> Step<Token<'a>> {
        self.at.skip_blanks();
        let from = self.at.pos();
        self.version_number(start)?;
        if self.at.byte() != b'.' {
            return Err(self.bad_directive(start, "the version of YAML is two numbers, as in `%YAML 1.1`"));
        }
        self.at.advance(1);
        self.version_number(start)?;
        Ok(Token::with_text(Kind::VersionDirective, self.at.place_since(start), Cow::Borrowed(self.at.since(from))))
    }

    fn version_number(&mut self, start: usize) -> Step<()> {
        let from = self.at.pos();
        while self.at.byte().is_ascii_digit() {
            self.at.advance(1);
        }
        if matches!(self.at.pos() - from, 1 | 2) {
            return Ok(());
        }
        Err(self.bad_directive(start, "the version of YAML is two numbers, as in `%YAML 1.1`"))
    }

    fn tag_directive(&mut self, start: usize) -> Step<Token<'a>> {
        self.at.skip_blanks();
        let from = self.at.pos();
        if self.at.byte() == b'!' {
            self.at.advance(1);
            if !self.at.take_name().is_empty() || self.at.byte() == b'!' {
                if self.at.byte() != b'!' {
                    return Err(self.bad_directive(start, "a tag handle ends with `!`"));
                }
                self.at.advance(1);
            }
        }
        let handle = self.at.since(from);
        if handle.is_empty() || !self.at.at_blank() {
            return Err(self.bad_directive(start, "`%TAG` takes a handle and a prefix"));
        }
        self.at.skip_blanks();
        let prefix = self.uri(start, false)?;
        if !self.at.word_ends(0) {
            return Err(self.bad_directive(start, "the prefix of a tag is a URI"));
        }
        let mut token = Token::with_text(Kind::TagDirective, self.at.place_since(start), prefix);
        token.handle = handle;
        Ok(token)
    }

    fn bad_directive(&self, start: usize, message: &'static str) -> Problem {
        let line = self.at.slice(start, usize::MAX).lines().next().unwrap_or_default().trim_end();
        Problem::invalid(Place::new(start, start + line.len()), message)
            .help("write `%YAML 1.1` or `%TAG !handle! prefix`, delete the line, or quote the text if it is a value")
    }
}
