//! Documents: directives, `---`, `...`.

use std::borrow::Cow;

use super::{Event, Kind, Parser, Place, Problem, State, Step};

impl<'a> Parser<'a> {
    pub(super) fn document_start(&mut self, implicit: bool) -> Step<Event<'a>> {
        let (mut kind, mut place) = self.peek()?;
        while !implicit && kind == Kind::DocumentEnd {
            (kind, place) = self.pass()?;
        }
        let explicit = matches!(kind, Kind::VersionDirective | Kind::TagDirective | Kind::DocumentStart);
        if kind == Kind::StreamEnd {
            self.state = State::End;
            return Ok(Event::StreamEnd);
        }
        self.states.push(State::DocumentEnd);
        if implicit && !explicit {
            self.default_handles();
            self.state = State::BlockNode;
            return Ok(Event::DocumentStart);
        }
        if explicit {
            (kind, place) = self.directives()?;
        }
        self.default_handles();
        if kind != Kind::DocumentStart {
            return Err(self.after_document(kind, place));
        }
        self.take();
        self.state = State::DocumentContent;
        Ok(Event::DocumentStart)
    }

    pub(super) fn document_content(&mut self) -> Step<Event<'a>> {
        let (kind, place) = self.peek()?;
        match kind {
            Kind::VersionDirective | Kind::TagDirective | Kind::DocumentStart | Kind::DocumentEnd | Kind::StreamEnd => {
                self.pop_state();
                Ok(Self::empty(place.before()))
            }
            _ => self.block_node(),
        }
    }

    pub(super) fn document_end(&mut self) -> Step<Event<'a>> {
        if self.peek()?.0 == Kind::DocumentEnd {
            self.take();
        }
        self.handles.clear();
        self.state = State::DocumentStart;
        Ok(Event::DocumentEnd)
    }

    fn directives(&mut self) -> Step<(Kind, Place)> {
        let mut versioned = false;
        loop {
            let (kind, place) = self.peek()?;
            match kind {
                Kind::VersionDirective => {
                    let token = self.take();
                    if std::mem::replace(&mut versioned, true) {
                        return Err(
                            Problem::invalid(place, "a document has one `%YAML` directive").help("delete this line")
                        );
                    }
                    if !is_1_1(&token.text) {
                        return Err(Problem::invalid(place, "Kubernetes reads YAML 1.1 only")
                            .help("delete this line, or write `%YAML 1.1`"));
                    }
                }
                Kind::TagDirective => {
                    let token = self.take();
                    if self.handles.insert(token.handle, token.text).is_some() {
                        return Err(Problem::invalid(place, "this handle has a `%TAG` directive already")
                            .help("delete this line, or choose another handle"));
                    }
                }
                _ => return Ok((kind, place)),
            }
        }
    }

    fn default_handles(&mut self) {
        for (handle, prefix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            self.handles.entry(handle).or_insert(Cow::Borrowed(prefix));
        }
    }
}

fn is_1_1(version: &str) -> bool {
    version.split('.').map(str::parse).eq([Ok(1), Ok(1)])
}
