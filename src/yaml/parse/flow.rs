//! Flow collections: `[…]` and `{…}`.

use super::{Collection, Event, Kind, Parser, State, Step};

impl<'a> Parser<'a> {
    pub(super) fn flow_sequence(&mut self, first: bool) -> Step<Event<'a>> {
        let (mut kind, mut place) = self.peek()?;
        if first {
            self.open();
            (kind, place) = self.peek()?;
        } else if kind == Kind::FlowEntry {
            (kind, place) = self.pass()?;
        } else if kind != Kind::FlowSequenceEnd {
            return Err(self.inside(place, "`,` or `]` is missing here", "the list opens here").help(
                "separate items by commas and close the list with `]`; quote an item that holds `,`, `?` or a bracket",
            ));
        }
        match kind {
            Kind::FlowSequenceEnd => Ok(self.close(place)),
            Kind::Key => {
                self.take();
                self.state = State::FlowPairKey;
                Ok(Event::Start { kind: Collection::Mapping, anchor: None, place })
            }
            _ => {
                self.states.push(State::FlowSequenceEntry);
                self.flow_node()
            }
        }
    }

    pub(super) fn flow_pair_key(&mut self) -> Step<Event<'a>> {
        let (kind, place) = self.peek()?;
        if matches!(kind, Kind::Value | Kind::FlowEntry | Kind::FlowSequenceEnd) {
            // Go's reader loses this token, so `[? : a]` is an error; do as it does.
            self.take();
            self.state = State::FlowPairValue;
            return Ok(Self::empty(place.after()));
        }
        self.states.push(State::FlowPairValue);
        self.flow_node()
    }

    pub(super) fn flow_pair_value(&mut self) -> Step<Event<'a>> {
        let (kind, mut place) = self.peek()?;
        if kind == Kind::Value {
            let after_colon = place.after();
            let next = self.pass()?.0;
            if !matches!(next, Kind::FlowEntry | Kind::FlowSequenceEnd) {
                self.states.push(State::FlowPairEnd);
                return self.flow_node();
            }
            place = after_colon;
        }
        self.state = State::FlowPairEnd;
        Ok(Self::empty(place.before()))
    }

    pub(super) fn flow_pair_end(&mut self) -> Step<Event<'a>> {
        let (_, place) = self.peek()?;
        self.state = State::FlowSequenceEntry;
        Ok(Event::End { place: place.before() })
    }

    pub(super) fn flow_mapping(&mut self, first: bool) -> Step<Event<'a>> {
        let (mut kind, mut place) = self.peek()?;
        if first {
            self.open();
            (kind, place) = self.peek()?;
        } else if kind == Kind::FlowEntry {
            (kind, place) = self.pass()?;
        } else if kind != Kind::FlowMappingEnd {
            return Err(self.inside(place, "`,` or `}` is missing here", "the mapping opens here").help(
                "separate pairs by commas and close the mapping with `}`; quote a value that holds `,`, `?` or a bracket",
            ));
        }
        match kind {
            Kind::FlowMappingEnd => Ok(self.close(place)),
            Kind::Key => {
                let next = self.pass()?.0;
                if matches!(next, Kind::Value | Kind::FlowEntry | Kind::FlowMappingEnd) {
                    self.state = State::FlowMappingValue;
                    return Ok(Self::empty(place.after()));
                }
                self.states.push(State::FlowMappingValue);
                self.flow_node()
            }
            _ => {
                self.states.push(State::FlowMappingNoValue);
                self.flow_node()
            }
        }
    }

    pub(super) fn flow_mapping_value(&mut self) -> Step<Event<'a>> {
        let (kind, mut place) = self.peek()?;
        if kind == Kind::Value {
            let after_colon = place.after();
            let next = self.pass()?.0;
            if !matches!(next, Kind::FlowEntry | Kind::FlowMappingEnd) {
                self.states.push(State::FlowMappingKey);
                return self.flow_node();
            }
            place = after_colon;
        }
        self.state = State::FlowMappingKey;
        Ok(Self::empty(place.before()))
    }

    pub(super) fn flow_mapping_no_value(&mut self) -> Step<Event<'a>> {
        let (_, place) = self.peek()?;
        self.state = State::FlowMappingKey;
        Ok(Self::empty(place.before()))
    }
}
