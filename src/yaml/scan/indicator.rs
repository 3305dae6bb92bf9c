//! Indicators: `[ ] { } , - ? :`, and what keeps them from standing where they stand.

use super::super::error::{Problem, Step};
use super::{Kind, Scanner};

impl Scanner<'_> {
    pub(super) fn open_flow(&mut self, kind: Kind) -> Step<()> {
        self.save_key()?;
        self.open_level();
        self.key_allowed = true;
        self.push_indicator(kind, 1);
        Ok(())
    }

    pub(super) fn close_flow(&mut self, kind: Kind) -> Step<()> {
        self.drop_key()?;
        if self.in_flow() {
            self.keys.pop();
        }
        self.key_allowed = false;
        self.push_indicator(kind, 1);
        Ok(())
    }

    pub(super) fn flow_entry(&mut self) -> Step<()> {
        self.drop_key()?;
        self.key_allowed = true;
        self.push_indicator(Kind::FlowEntry, 1);
        Ok(())
    }

    /// `-`; inside a flow collection the parser refuses it.
    pub(super) fn block_entry(&mut self) -> Step<()> {
        if !self.in_flow() {
            if !self.key_allowed {
                return Err(Problem::invalid(self.at.place_here(), "a list item cannot start here")
                    .help("put `- …` on a line of its own; if the dash belongs to the text, quote the text"));
            }
            self.open_block(Kind::BlockSequenceStart);
        }
        self.drop_key()?;
        self.key_allowed = true;
        self.push_indicator(Kind::BlockEntry, 1);
        Ok(())
    }

    /// `?`
    pub(super) fn complex_key(&mut self) -> Step<()> {
        if !self.in_flow() {
            if !self.key_allowed {
                return Err(Problem::invalid(self.at.place_here(), "a key cannot start here")
                    .help("put `? …` on a line of its own; if the question mark belongs to the text, quote the text"));
            }
            self.open_block(Kind::BlockMappingStart);
        }
        self.drop_key()?;
        self.key_allowed = !self.in_flow();
        self.push_indicator(Kind::Key, 1);
        Ok(())
    }

    /// `:`, after a simple key or after a `?`.
    pub(super) fn value(&mut self) -> Step<()> {
        if !self.complete_key()? {
            if !self.in_flow() {
                if !self.key_allowed {
                    return Err(self.misplaced_colon());
                }
                self.open_block(Kind::BlockMappingStart);
            }
            self.key_allowed = !self.in_flow();
        }
        self.push_indicator(Kind::Value, 1);
        Ok(())
    }

    fn open_block(&mut self, kind: Kind) {
        if self.opens_block(self.column()) {
            self.push(kind, self.at.place_here());
        }
    }

    fn misplaced_colon(&self) -> Problem {
        let here = self.at.place_here();
        if let Some(plain) = self.last_plain
            && self.at.slice(plain.start as usize, plain.end as usize).contains(['\n', '\r'])
        {
            return Problem::invalid(here, "this colon stands in a line that continues the value above")
                .related(plain, "the value starts here")
                .help("line the key up with the keys above it, or quote the value if the colon belongs to it");
        }
        Problem::invalid(here, "a second `key: value` cannot stand on the same line")
            .help("quote the value if the colon belongs to it; else put the inner mapping on the next line, indented")
    }

    /// For a character that starts nothing.
    pub(super) fn no_token(&self) -> Problem {
        let here = self.at.place_here();
        match self.at.byte() {
            b'\t' => Problem::invalid(here, "a tab cannot indent").help("indent with spaces"),
            b'|' | b'>' => Problem::invalid(here, "a block scalar cannot stand inside `[…]` or `{…}`")
                .help("quote the text, or write the collection as a block"),
            b'`' => Problem::invalid(here, "a value cannot start with a backtick").help("quote it"),
            other => {
                let indicator = char::from(other);
                Problem::invalid(here, format!("a value cannot start with `{indicator}`"))
                    .help(format!("quote it: '{indicator}…'"))
            }
        }
    }
}
