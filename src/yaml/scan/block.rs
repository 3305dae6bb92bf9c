//! Block scalars: `|` and `>`.

use std::borrow::Cow;

use super::super::error::{Place, Problem, Step};
use super::token::Token;
use super::{Kind, Scanner};

/// What happens to the line breaks at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl Scanner<'_> {
    pub(super) fn block_scalar(&mut self, literal: bool) -> Step<()> {
        self.drop_key()?;
        self.key_allowed = true;
        let start = self.at.pos();
        self.at.advance(1);
        let (chomping, increment) = self.block_header()?;
        let mut end = self.at.pos();
        if !self.end_line() {
            return Err(Problem::invalid(self.at.place_here(), "text cannot follow a block scalar's header")
                .related(Place::new(start, end), "the header")
                .help("start the text on the next line, indented; or quote it if it starts with `|` or `>`"));
        }
        let mut indent = increment.map(|n| self.indent.max(0) + n);
        let mut text = String::new();
        // The break after the last line, and the empty lines after that.
        let mut last_break = "";
        let mut empty_lines = String::new();
        let mut after_indented = false;
        let column = self.block_indentation(&mut indent, &mut empty_lines)?;
        while self.column() == column && !self.at.at_end() {
            let indented = self.at.at_blank();
            if !literal && last_break == "\n" && !after_indented && !indented {
                if empty_lines.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(last_break);
            }
            text.push_str(&empty_lines);
            empty_lines.clear();
            after_indented = indented;
            let line = self.at.pos();
            self.at.skip_line();
            text.push_str(self.at.since(line));
            end = self.at.pos();
            last_break = self.at.take_break();
            self.block_indentation(&mut indent, &mut empty_lines)?;
        }
        if chomping != Chomping::Strip {
            text.push_str(last_break);
        }
        if chomping == Chomping::Keep {
            text.push_str(&empty_lines);
        }
        self.queue.push_back(Token::with_text(Kind::Block, Place::new(start, end), Cow::Owned(text)));
        Ok(())
    }

    /// The indicators after `|` or `>`, in either order.
    fn block_header(&mut self) -> Step<(Chomping, Option<isize>)> {
        let mut chomping = self.chomping();
        let mut increment = None;
        if let digit @ b'0'..=b'9' = self.at.byte() {
            if digit == b'0' {
                return Err(Problem::invalid(self.at.place_here(), "a block scalar cannot be indented by 0")
                    .help("write the number of spaces, 1 to 9, or leave it out"));
            }
            increment = Some(isize::from(digit - b'0'));
            self.at.advance(1);
        }
        if chomping.is_none() {
            chomping = self.chomping();
        }
        Ok((chomping.unwrap_or(Chomping::Clip), increment))
    }

    fn chomping(&mut self) -> Option<Chomping> {
        let chomping = match self.at.byte() {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return None,
        };
        self.at.advance(1);
        Some(chomping)
    }

    /// Moves over indentation and empty lines. The first line that is not empty decides the indentation,
    /// unless the header did or longer empty lines came before it.
    fn block_indentation(&mut self, indent: &mut Option<isize>, empty_lines: &mut String) -> Step<isize> {
        let mut widest = 0;
        loop {
            while self.at.byte() == b' ' && indent.is_none_or(|indent| self.column() < indent) {
                self.at.advance(1);
            }
            widest = widest.max(self.column());
            if self.at.byte() == b'\t' && indent.is_none_or(|indent| self.column() < indent) {
                return Err(Problem::invalid(self.at.place_here(), "a tab cannot indent a block scalar")
                    .help("indent with spaces; for a text that starts with a tab, say by how many, as in `|2`"));
            }
            let taken = self.at.take_break();
            if taken.is_empty() {
                break;
            }
            empty_lines.push_str(taken);
        }
        Ok(*indent.get_or_insert_with(|| widest.max(self.indent + 1).max(1)))
    }
}
