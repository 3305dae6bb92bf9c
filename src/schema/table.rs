//! Reads a table in place: nothing is parsed or copied, a record is looked at when a manifest leads there.
//!
//! Tables are made by [`compile`](super::compile) only. Should one be damaged all the same, reads outside it give
//! zeroes and empty texts, never a panic.

use std::borrow::Cow;

use super::compile::{Format, Limit, Type, flag, section};

const HEADER: usize = 5;
const KIND_WORDS: usize = 6;

/// A table of schemas.
#[derive(Debug)]
pub(super) struct Table {
    bytes: Cow<'static, [u8]>,
    texts: usize,
    kinds: usize,
    /// Where each part starts, in words.
    starts_at: usize,
    kinds_at: usize,
    records_at: usize,
    /// Where the texts start, in bytes.
    blob_at: usize,
}

impl Table {
    pub(super) fn new(bytes: impl Into<Cow<'static, [u8]>>) -> Self {
        let mut table =
            Self { bytes: bytes.into(), texts: 0, kinds: 0, starts_at: 0, kinds_at: 0, records_at: 0, blob_at: 0 };
        let schemas = table.word(2) as usize;
        table.texts = table.word(1) as usize;
        table.kinds = table.word(3) as usize;
        table.starts_at = HEADER + table.texts;
        table.kinds_at = table.starts_at + schemas;
        table.records_at = table.kinds_at + table.kinds * KIND_WORDS;
        table.blob_at = (table.records_at + table.word(4) as usize) * 4;
        table
    }

    fn word(&self, index: usize) -> u32 {
        let bytes = self.bytes.get(index * 4..index * 4 + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_le_bytes)
    }

    pub(super) fn text(&self, id: u32) -> &str {
        let end = |index: usize| self.word(HEADER + index) as usize;
        let id = id as usize;
        if id >= self.texts {
            return "";
        }
        let start = if id == 0 { 0 } else { end(id - 1) };
        let bytes = self.bytes.get(self.blob_at + start..self.blob_at + end(id));
        bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    pub(super) fn kinds(&self) -> impl Iterator<Item = KindRecord<'_>> {
        (0..self.kinds).map(|index| self.kind_at(index))
    }

    /// The kind of exactly this name.
    pub(super) fn kind(&self, group: &str, version: &str, kind: &str) -> Option<KindRecord<'_>> {
        let (mut low, mut high) = (0, self.kinds);
        while low < high {
            let middle = usize::midpoint(low, high);
            let record = self.kind_at(middle);
            match (record.kind, record.group, record.version).cmp(&(kind, group, version)) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(record),
            }
        }
        None
    }

    fn kind_at(&self, index: usize) -> KindRecord<'_> {
        let word = |offset: usize| self.word(self.kinds_at + index * KIND_WORDS + offset);
        KindRecord {
            kind: self.text(word(0)),
            group: self.text(word(1)),
            version: self.text(word(2)),
            schema: self.schema(word(3)),
            flags: word(4),
            source: self.text(word(5)),
        }
    }

    fn schema(&self, id: u32) -> Schema<'_> {
        let at = self.records_at + self.word(self.starts_at + id as usize) as usize;
        Schema { table: self, at, head: self.word(at), sections: self.word(at + 1) }
    }
}

/// A kind in a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct KindRecord<'a> {
    pub(super) kind: &'a str,
    pub(super) group: &'a str,
    pub(super) version: &'a str,
    pub(super) schema: Schema<'a>,
    pub(super) flags: u32,
    pub(super) source: &'a str,
}

/// One schema of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schema<'a> {
    table: &'a Table,
    at: usize,
    head: u32,
    sections: u32,
}

/// A CEL rule.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule<'a> {
    pub(crate) rule: &'a str,
    pub(crate) message: &'a str,
    pub(crate) message_expression: &'a str,
}

impl<'a> Schema<'a> {
    /// The words of a section: where they start and how many there are.
    fn section(self, wanted: u32) -> (usize, usize) {
        if self.sections & wanted == 0 {
            return (0, 0);
        }
        let mut at = self.at + 2;
        let mut before = self.sections & (wanted - 1);
        while before != 0 {
            at += 1 + self.table.word(at) as usize;
            before &= before - 1;
        }
        (at + 1, self.table.word(at) as usize)
    }

    fn words(self, wanted: u32) -> impl ExactSizeIterator<Item = u32> + Clone + 'a {
        let (start, len) = self.section(wanted);
        (start..start + len).map(move |at| self.table.word(at))
    }

    fn schemas(self, wanted: u32) -> impl ExactSizeIterator<Item = Self> + Clone {
        self.words(wanted).map(move |id| self.table.schema(id))
    }

    fn texts(self, wanted: u32) -> impl ExactSizeIterator<Item = &'a str> + Clone {
        self.words(wanted).map(move |id| self.table.text(id))
    }

    /// Which schema of its table this is.
    pub(crate) fn id(self) -> usize {
        self.at
    }

    /// The bits of [`Type`]; 0 takes any value.
    pub(crate) fn types(self) -> u8 {
        (self.head & 0xff) as u8
    }

    pub(crate) fn takes(self, wanted: Type) -> bool {
        self.types() & wanted as u8 != 0
    }

    pub(crate) fn format(self) -> Option<Format> {
        Format::from_number((self.head >> 8 & 0xff) as u8)
    }

    pub(crate) fn is(self, wanted: u32) -> bool {
        self.head >> 16 & wanted != 0
    }

    pub(crate) fn is_int_or_string(self) -> bool {
        self.is(flag::INT_OR_STRING)
    }

    /// Whether it says anything about the fields of a mapping.
    pub(crate) fn has_properties(self) -> bool {
        self.sections & section::PROPERTIES != 0
    }

    /// The schema of a named field.
    pub(crate) fn property(self, name: &str) -> Option<Self> {
        let (start, len) = self.section(section::PROPERTIES);
        let (mut low, mut high) = (0, len / 2);
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.table.text(self.table.word(start + middle * 2)).cmp(name) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    return Some(self.table.schema(self.table.word(start + middle * 2 + 1)));
                }
            }
        }
        None
    }

    /// All named fields, by name.
    pub(crate) fn properties(self) -> impl Iterator<Item = (&'a str, Self)> {
        let (start, len) = self.section(section::PROPERTIES);
        let table = self.table;
        (start..start + len).step_by(2).map(move |at| (table.text(table.word(at)), table.schema(table.word(at + 1))))
    }

    pub(crate) fn additional(self) -> Option<Self> {
        self.schemas(section::ADDITIONAL).next()
    }

    pub(crate) fn items(self) -> Option<Self> {
        self.schemas(section::ITEMS).next()
    }

    pub(crate) fn required(self) -> impl Iterator<Item = &'a str> {
        self.texts(section::REQUIRED)
    }

    /// The values of an enum as JSON texts.
    pub(crate) fn values(self) -> impl ExactSizeIterator<Item = &'a str> + Clone {
        self.texts(section::ENUM)
    }

    pub(crate) fn pattern(self) -> Option<&'a str> {
        self.texts(section::PATTERN).next()
    }

    pub(crate) fn limits(self) -> impl Iterator<Item = (Limit, f64)> {
        let (start, len) = self.section(section::LIMITS);
        let table = self.table;
        (start..start + len).step_by(3).filter_map(move |at| {
            let bits = u64::from(table.word(at + 1)) | u64::from(table.word(at + 2)) << 32;
            Some((limit(table.word(at))?, f64::from_bits(bits)))
        })
    }

    pub(crate) fn list_keys(self) -> impl ExactSizeIterator<Item = &'a str> + Clone {
        self.texts(section::LIST_KEYS)
    }

    /// A default as JSON text.
    pub(crate) fn default(self) -> Option<&'a str> {
        self.texts(section::DEFAULT).next()
    }

    pub(crate) fn rules(self) -> impl Iterator<Item = Rule<'a>> {
        let (start, len) = self.section(section::RULES);
        let table = self.table;
        (start..start + len).step_by(5).map(move |at| Rule {
            rule: table.text(table.word(at)),
            message: table.text(table.word(at + 1)),
            message_expression: table.text(table.word(at + 2)),
        })
    }

    pub(crate) fn all_of(self) -> impl Iterator<Item = Self> {
        self.schemas(section::ALL_OF)
    }

    pub(crate) fn any_of(self) -> impl ExactSizeIterator<Item = Self> {
        self.schemas(section::ANY_OF)
    }

    pub(crate) fn one_of(self) -> impl ExactSizeIterator<Item = Self> {
        self.schemas(section::ONE_OF)
    }

    pub(crate) fn not(self) -> Option<Self> {
        self.schemas(section::NOT).next()
    }
}

fn limit(number: u32) -> Option<Limit> {
    const ALL: [Limit; 11] = [
        Limit::Minimum,
        Limit::Maximum,
        Limit::ExclusiveMinimum,
        Limit::ExclusiveMaximum,
        Limit::MultipleOf,
        Limit::MinLength,
        Limit::MaxLength,
        Limit::MinItems,
        Limit::MaxItems,
        Limit::MinProperties,
        Limit::MaxProperties,
    ];
    ALL.into_iter().find(|limit| *limit as u32 == number)
}
