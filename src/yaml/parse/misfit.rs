//! Saying why a token fits nowhere: mostly something before it ended where its author did not mean it to.

use super::{Kind, Parser, Place, Problem, name};

impl Parser<'_> {
    /// For the token at `place`, at which the block that is open needs `wanted` or its end.
    pub(super) fn misfit(&self, kind: Kind, place: Place, wanted: Kind) -> Problem {
        if let Some(problem) = self.after_an_end(kind, place) {
            return problem;
        }
        let (message, help) = match (wanted, kind) {
            (Kind::Key, Kind::Value) => ("a key is missing before this colon", "write the key; an empty key is \"\""),
            (Kind::Key, Kind::BlockEntry) => {
                ("a list item stands where a key should", "indent the list under its key, or delete the `-`")
            }
            (_, Kind::BlockSequenceStart) => {
                ("this item lines up with no list above it", "start all items of a list in the same column")
            }
            (Kind::BlockEntry, Kind::BlockMappingStart | Kind::Key) => {
                ("a key stands where a list item should", "indent the key under its item, or start it with `- `")
            }
            (_, Kind::BlockMappingStart) => (
                "this key lines up with no key above it",
                "start all keys of a mapping in the same column, after the `- ` if it is the item of a list",
            ),
            (Kind::Key, _) => {
                ("this belongs to no key", "write `key: value`, or indent it like the rest of the value above")
            }
            _ => ("this belongs to no item of the list", "start it with `- `, or indent it like the item above"),
        };
        let starts = if wanted == Kind::Key { "the mapping starts here" } else { "the list starts here" };
        self.inside(place, message, starts).help(help)
    }

    /// For the token at `place` after the end of a document.
    pub(super) fn after_document(&self, kind: Kind, place: Place) -> Problem {
        self.after_an_end(kind, place).unwrap_or_else(|| {
            Problem::invalid(place, format!("the document has ended before {}", name(kind)))
                .help("start a further document with a line `---`; directives come right before that line")
        })
    }

    /// Brackets and quotes that ended too early, or that close nothing.
    fn after_an_end(&self, kind: Kind, place: Place) -> Option<Problem> {
        if matches!(kind, Kind::FlowSequenceEnd | Kind::FlowMappingEnd) {
            return Some(
                Problem::invalid(place, "this bracket closes nothing")
                    .help("delete it, or quote the text that it belongs to"),
            );
        }
        let (last, end) = self.last?;
        let same_line = !self.scanner.between(end, place).contains(['\n', '\r']);
        match last {
            Kind::Quoted if same_line => Some(
                Problem::invalid(place, "the quoted string has ended before this").related(end, "the string").help(
                    "quote all of the text; inside single quotes a quote is written '', inside double quotes \\\"",
                ),
            ),
            Kind::FlowSequenceEnd | Kind::FlowMappingEnd if same_line => Some(
                Problem::invalid(place, "nothing can follow this closing bracket")
                    .related(end, "the bracket")
                    .help("delete what follows; if all of it is one text, quote it"),
            ),
            Kind::Block => Some(
                Problem::invalid(place, "the block scalar above has ended before this line")
                    .related(end, "the block scalar")
                    .help("indent this line like the first line of the text, or like the key that it is"),
            ),
            _ => None,
        }
    }
}
