//! Text to tokens, in the architecture of the libyaml family, so that what is accepted is what that family accepts.
//!
//! Two things make YAML's tokens more than words. Indentation: a stack of columns turns a deeper line into
//! `BlockSequenceStart` or `BlockMappingStart` and a shallower one into `BlockEnd`. And simple keys: only the `:`
//! shows that what came before it was a key, so a token that may start one is held back in the queue until
//! the line ends, 1024 characters have passed, or the `:` comes and marks it. Marking sets two flags on the token
//! rather than inserting tokens before it, so the cost stays linear whatever the text holds.

mod block;
mod cursor;
mod directive;
mod indicator;
mod plain;
mod property;
mod quoted;
mod simple_key;
mod token;

use std::collections::VecDeque;

use super::error::{Place, Problem, Step};
use cursor::Cursor;
use simple_key::SimpleKey;

pub(super) use token::{Kind, Token};

/// Produces tokens on demand.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    at: Cursor<'a>,
    /// Tokens that are found but not taken yet.
    queue: VecDeque<Token<'a>>,
    /// How many tokens were taken from the queue: the number of its first one.
    taken: usize,
    /// The column of the innermost block collection; -1 outside of any.
    indent: isize,
    /// The columns around it.
    indents: Vec<isize>,
    /// What may start a simple key, for the block context and for each open flow collection.
    keys: Vec<SimpleKey>,
    /// Whether a simple key may start here.
    key_allowed: bool,
    /// Whether the token at the head of the queue is known to be final.
    head_ready: bool,
    ended: bool,
    /// The last plain scalar, for messages.
    last_plain: Option<Place>,
    comments: Option<Vec<Place>>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, comments: bool) -> Self {
        Self {
            at: Cursor::new(text),
            queue: VecDeque::new(),
            taken: 0,
            indent: -1,
            indents: Vec::new(),
            keys: vec![SimpleKey::default()],
            key_allowed: true,
            head_ready: false,
            ended: false,
            last_plain: None,
            comments: comments.then(Vec::new),
        }
    }

    /// The comments passed so far, if they were asked for.
    pub(super) fn into_comments(self) -> Vec<Place> {
        self.comments.unwrap_or_default()
    }

    /// The text between two tokens.
    pub(super) fn between(&self, first: Place, second: Place) -> &'a str {
        self.at.slice(first.end as usize, second.start as usize)
    }

    /// What the next token is, and where. After the end of the stream it stays that.
    pub(super) fn peek(&mut self) -> Step<(Kind, Place)> {
        if !self.head_ready {
            self.fill()?;
            self.head_ready = true;
        }
        Ok(match self.queue.front() {
            Some(token) if token.opens_mapping => (Kind::BlockMappingStart, token.place),
            Some(token) if token.starts_key => (Kind::Key, token.place),
            Some(token) => (token.kind, token.place),
            None => (Kind::StreamEnd, self.at.place_here()),
        })
    }

    /// Takes the token that was peeked at.
    pub(super) fn take(&mut self) -> Token<'a> {
        if let Some(token) = self.queue.front_mut() {
            for (flag, kind) in
                [(&mut token.opens_mapping, Kind::BlockMappingStart), (&mut token.starts_key, Kind::Key)]
            {
                if std::mem::take(flag) {
                    return Token::new(kind, token.place);
                }
            }
        }
        self.head_ready = false;
        match self.queue.pop_front() {
            Some(token) => {
                self.taken += 1;
                token
            }
            None => Token::new(Kind::StreamEnd, self.at.place_here()),
        }
    }

    /// Scans until the first token of the queue cannot turn into a key any more.
    fn fill(&mut self) -> Step<()> {
        while !self.ended && (self.queue.is_empty() || self.head_may_be_key()?) {
            self.fetch()?;
        }
        Ok(())
    }

    fn in_flow(&self) -> bool {
        self.keys.len() > 1
    }

    /// Appends a token.
    fn push(&mut self, kind: Kind, place: Place) {
        self.queue.push_back(Token::new(kind, place));
    }

    /// Moves over an indicator of `len` bytes and appends its token.
    fn push_indicator(&mut self, kind: Kind, len: usize) {
        let start = self.at.pos();
        self.at.advance(len);
        self.push(kind, self.at.place_since(start));
    }

    /// Finds the next token.
    fn fetch(&mut self) -> Step<()> {
        self.skip_to_token()?;
        self.close_blocks(self.column());
        if self.at.at_end() {
            return self.end_of_stream();
        }
        if self.at.column() == 0 {
            if self.at.byte() == b'%' {
                return self.directive();
            }
            if self.at.at_document_marker() {
                return self.document_marker();
            }
        }
        self.token()
    }

    fn token(&mut self) -> Step<()> {
        let flow = self.in_flow();
        match self.at.byte() {
            b'[' => self.open_flow(Kind::FlowSequenceStart),
            b'{' => self.open_flow(Kind::FlowMappingStart),
            b']' => self.close_flow(Kind::FlowSequenceEnd),
            b'}' => self.close_flow(Kind::FlowMappingEnd),
            b',' => self.flow_entry(),
            b'-' if self.at.word_ends(1) => self.block_entry(),
            b'?' if flow || self.at.word_ends(1) => self.complex_key(),
            b':' if flow || self.at.word_ends(1) => self.value(),
            b'*' => self.anchor(Kind::Alias),
            b'&' => self.anchor(Kind::Anchor),
            b'!' => self.tag(),
            b'|' if !flow => self.block_scalar(true),
            b'>' if !flow => self.block_scalar(false),
            b'\'' => self.single_quoted(),
            b'"' => self.double_quoted(),
            b'|' | b'>' | b'%' | b'@' | b'`' | b'\t' => Err(self.no_token()),
            _ => self.plain(),
        }
    }

    /// Moves over blanks, comments and line breaks.
    fn skip_to_token(&mut self) -> Step<()> {
        loop {
            if self.at.column() == 0 && self.at.byte() == 0xEF && self.at.rest().starts_with('\u{FEFF}') {
                return Err(Problem::invalid(self.at.place_here(), "a byte order mark stands inside the text")
                    .help("delete it; it is left over from joining two files"));
            }
            // A tab may not indent, so where a key may start it is no blank.
            while self.at.byte() == b' ' || (self.at.byte() == b'\t' && (self.in_flow() || !self.key_allowed)) {
                self.at.advance(1);
            }
            self.skip_comment();
            if self.at.take_break().is_empty() {
                return Ok(());
            }
            if !self.in_flow() {
                self.key_allowed = true;
            }
        }
    }

    /// Moves over a comment, if one starts here.
    fn skip_comment(&mut self) {
        if self.at.byte() == b'#' {
            let start = self.at.pos();
            self.at.skip_line();
            if let Some(comments) = &mut self.comments {
                comments.push(self.at.place_since(start));
            }
        }
    }

    /// Moves over what may follow on the line of a directive or of a block scalar's header.
    fn end_line(&mut self) -> bool {
        self.at.skip_blanks();
        self.skip_comment();
        let ends = self.at.at_break_or_end();
        self.at.take_break();
        ends
    }

    /// The column as indentation is compared.
    fn column(&self) -> isize {
        isize::try_from(self.at.column()).unwrap_or(isize::MAX)
    }

    /// Closes every block collection that lies deeper than `column`.
    fn close_blocks(&mut self, column: isize) {
        if self.in_flow() {
            return;
        }
        while self.indent > column {
            self.push(Kind::BlockEnd, self.at.place_here().before());
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    /// Whether a block collection starts at `column`; if so it is the innermost one from now on.
    fn opens_block(&mut self, column: isize) -> bool {
        let opens = !self.in_flow() && self.indent < column;
        if opens {
            self.indents.push(self.indent);
            self.indent = column;
        }
        opens
    }

    fn end_of_stream(&mut self) -> Step<()> {
        if self.at.column() > 0 {
            self.at.end_last_line();
        }
        self.close_blocks(-1);
        self.drop_key()?;
        self.key_allowed = false;
        self.ended = true;
        self.push(Kind::StreamEnd, self.at.place_here());
        Ok(())
    }

    /// Ends every block collection before a directive or a document marker.
    fn leave_document(&mut self) -> Step<()> {
        self.close_blocks(-1);
        self.drop_key()?;
        self.key_allowed = false;
        Ok(())
    }

    fn document_marker(&mut self) -> Step<()> {
        self.leave_document()?;
        let kind = if self.at.byte() == b'-' { Kind::DocumentStart } else { Kind::DocumentEnd };
        self.push_indicator(kind, 3);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Scanner};

    fn kinds(text: &str) -> Vec<Kind> {
        let mut scanner = Scanner::new(text, false);
        let mut kinds = Vec::new();
        loop {
            scanner.peek().expect("tokens");
            kinds.push(scanner.take().kind);
            if kinds.last() == Some(&Kind::StreamEnd) {
                return kinds;
            }
        }
    }

    #[test]
    fn a_colon_turns_what_came_before_it_into_a_key() {
        use Kind::{BlockEnd, BlockMappingStart, Key, Plain, StreamEnd, Value};
        assert_eq!(kinds("a: b"), [BlockMappingStart, Key, Plain, Value, Plain, BlockEnd, StreamEnd]);
    }

    #[test]
    fn a_list_at_the_column_of_its_key_opens_no_block() {
        use Kind::{BlockEnd, BlockEntry, BlockMappingStart, Key, Plain, StreamEnd, Value};
        assert_eq!(kinds("a:\n- b"), [BlockMappingStart, Key, Plain, Value, BlockEntry, Plain, BlockEnd, StreamEnd]);
    }

    #[test]
    fn comments_are_collected_when_asked_for() {
        let text = "# one\na: |  # two\n  # text\nb: 'c' # three";
        let mut scanner = Scanner::new(text, true);
        while scanner.peek().expect("tokens").0 != Kind::StreamEnd {
            scanner.take();
        }
        let found: Vec<_> =
            scanner.into_comments().iter().map(|place| &text[place.start as usize..place.end as usize]).collect();
        assert_eq!(found, ["# one", "# two", "# three"]);
    }
}
