//! Simple keys: `key: value` without a `?`, which only the `:` reveals.

use super::super::error::{Place, Problem, Step};
use super::Scanner;

/// How many characters after its start a simple key must have ended.
const MAX_CHARS: usize = 1024;

/// Where a simple key may have started, one for each open flow collection and one for the block context.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SimpleKey {
    possible: bool,
    /// At the column of a block mapping only a key can stand.
    required: bool,
    /// The number of the token that may start it.
    token: usize,
    start: usize,
    line: usize,
    column: isize,
}

impl Scanner<'_> {
    /// Whether the first token of the queue may still turn out to start a key.
    pub(super) fn head_may_be_key(&mut self) -> Step<bool> {
        // Of all levels only the slot that names this token matters, and levels are numbered from the outside
        // in as tokens are, so the slots ascend.
        let Ok(level) = self.keys.binary_search_by_key(&self.taken, |key| key.token) else { return Ok(false) };
        self.key_is_open(level)
    }

    /// Whether the possible key of `level` can still be completed by a `:` here.
    fn key_is_open(&mut self, level: usize) -> Step<bool> {
        let Some(key) = self.keys.get(level).copied() else { return Ok(false) };
        if !key.possible {
            return Ok(false);
        }
        if key.line == self.at.line() && self.within_reach(key.start) {
            return Ok(true);
        }
        if key.required {
            return Err(self.key_without_colon(key));
        }
        self.keys[level].possible = false;
        Ok(false)
    }

    fn within_reach(&self, start: usize) -> bool {
        let bytes = self.at.pos() - start;
        bytes <= MAX_CHARS || (bytes <= 4 * MAX_CHARS && self.at.since(start).chars().count() <= MAX_CHARS)
    }

    /// Notes that the token scanned next may start a simple key.
    pub(super) fn save_key(&mut self) -> Step<()> {
        if !self.key_allowed {
            return Ok(());
        }
        self.drop_key()?;
        let key = SimpleKey {
            possible: true,
            required: !self.in_flow() && self.indent == self.column(),
            token: self.taken + self.queue.len(),
            start: self.at.pos(),
            line: self.at.line(),
            column: self.column(),
        };
        if let Some(slot) = self.keys.last_mut() {
            *slot = key;
        }
        Ok(())
    }

    /// Gives up the possible key of the innermost level.
    pub(super) fn drop_key(&mut self) -> Step<()> {
        let Some(key) = self.keys.last().copied() else { return Ok(()) };
        if key.possible && key.required {
            return Err(self.key_without_colon(key));
        }
        if let Some(slot) = self.keys.last_mut() {
            slot.possible = false;
        }
        Ok(())
    }

    /// Takes the possible key of the innermost level for the `:` that stands here: marks its token.
    pub(super) fn complete_key(&mut self) -> Step<bool> {
        let level = self.keys.len() - 1;
        if !self.key_is_open(level)? {
            return Ok(false);
        }
        let key = self.keys[level];
        self.keys[level].possible = false;
        let opens_mapping = self.opens_block(key.column);
        if let Some(token) = self.queue.get_mut(key.token - self.taken) {
            token.starts_key = true;
            token.opens_mapping = opens_mapping;
        }
        self.key_allowed = false;
        Ok(true)
    }

    /// A new level for a flow collection.
    pub(super) fn open_level(&mut self) {
        // No key yet; the number after the bracket's own keeps the slots ascending.
        self.keys.push(SimpleKey { token: self.taken + self.queue.len() + 1, ..SimpleKey::default() });
    }

    fn key_without_colon(&self, key: SimpleKey) -> Problem {
        let rest = self.at.slice(key.start, self.at.pos());
        let line = rest.lines().next().unwrap_or_default().trim_end();
        let place = Place::new(key.start, key.start + line.len());
        if key.line == self.at.line() && !self.within_reach(key.start) {
            return Problem::invalid(place, "a key may be 1024 characters long at most")
                .help("shorten it, or write it after `? `");
        }
        let problem = Problem::invalid(place, "this line is no `key: value`, but the lines around it are");
        match line.split_once(':') {
            Some((name, value)) if !value.is_empty() && !line.starts_with(['"', '\'', '{', '[']) => {
                problem.help(format!("write a space after the colon: `{name}: …`"))
            }
            _ => problem.help("write `key: value`; to continue the value above, indent this line further than its key"),
        }
    }
}
