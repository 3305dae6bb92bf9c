//! Block collections: lists with `-`, mappings by indentation.

use super::{Event, Kind, Parser, Place, State, Step};

impl<'a> Parser<'a> {
    pub(super) fn block_sequence_first(&mut self) -> Step<Event<'a>> {
        self.open();
        self.block_sequence_entry()
    }

    pub(super) fn block_sequence_entry(&mut self) -> Step<Event<'a>> {
        let (kind, place) = self.peek()?;
        match kind {
            Kind::BlockEntry => {
                let next = self.pass()?.0;
                if matches!(next, Kind::BlockEntry | Kind::BlockEnd) {
                    self.state = State::BlockSequenceEntry;
                    return Ok(Self::empty(place.after()));
                }
                self.states.push(State::BlockSequenceEntry);
                self.block_node()
            }
            Kind::BlockEnd => Ok(self.close(place)),
            _ => Err(self.misfit(kind, place, Kind::BlockEntry)),
        }
    }

    /// A list at the column of the key that it belongs to.
    pub(super) fn indentless_entry(&mut self) -> Step<Event<'a>> {
        let (kind, place) = self.peek()?;
        if kind != Kind::BlockEntry {
            self.pop_state();
            return Ok(Event::End { place: place.before() });
        }
        let next = self.pass()?.0;
        if matches!(next, Kind::BlockEntry | Kind::Key | Kind::Value | Kind::BlockEnd) {
            self.state = State::IndentlessEntry;
            return Ok(Self::empty(place.after()));
        }
        self.states.push(State::IndentlessEntry);
        self.block_node()
    }

    pub(super) fn block_mapping_first(&mut self) -> Step<Event<'a>> {
        self.open();
        self.block_mapping_key()
    }

    pub(super) fn block_mapping_key(&mut self) -> Step<Event<'a>> {
        let (kind, place) = self.peek()?;
        match kind {
            Kind::Key => self.block_mapping_part(place, State::BlockMappingValue),
            Kind::BlockEnd => Ok(self.close(place)),
            _ => Err(self.misfit(kind, place, Kind::Key)),
        }
    }

    pub(super) fn block_mapping_value(&mut self) -> Step<Event<'a>> {
        let (kind, place) = self.peek()?;
        if kind == Kind::Value {
            return self.block_mapping_part(place, State::BlockMappingKey);
        }
        self.state = State::BlockMappingKey;
        Ok(Self::empty(place.before()))
    }

    /// What follows the `?` or `:` at `indicator`: a node, or nothing.
    fn block_mapping_part(&mut self, indicator: Place, then: State) -> Step<Event<'a>> {
        let next = self.pass()?.0;
        if matches!(next, Kind::Key | Kind::Value | Kind::BlockEnd) {
            self.state = then;
            return Ok(Self::empty(indicator.after()));
        }
        self.states.push(then);
        self.block_node_or_indentless_sequence()
    }
}
