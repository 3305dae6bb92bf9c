//! The strict schema model: what the API server's structural schemas say, and no more.

use std::collections::HashMap;

/// JSON's types as bits; a schema without types takes any value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Type {
    /// `null`
    Null = 1,
    /// `boolean`
    Boolean = 2,
    /// `integer`
    Integer = 4,
    /// `number`
    Number = 8,
    /// `string`
    String = 16,
    /// `array`
    Array = 32,
    /// `object`
    Object = 64,
}

impl Type {
    /// By the name that JSON Schema gives it.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::Null,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => return None,
        })
    }
}

/// Properties of one schema that are true or false.
pub mod flag {
    /// `nullable`: the server keeps a null.
    pub const NULLABLE: u32 = 1;
    /// `x-kubernetes-int-or-string`
    pub const INT_OR_STRING: u32 = 1 << 1;
    /// `x-kubernetes-preserve-unknown-fields`, or no word about further fields
    pub const PRESERVE: u32 = 1 << 2;
    /// `x-kubernetes-embedded-resource`
    pub const EMBEDDED: u32 = 1 << 3;
    /// `x-kubernetes-list-type: set`, or `uniqueItems`
    pub const LIST_SET: u32 = 1 << 4;
    /// `x-kubernetes-list-type: map`
    pub const LIST_MAP: u32 = 1 << 5;
    /// This schema or one below it has CEL rules.
    pub const HAS_RULES: u32 = 1 << 6;
    /// This schema or one below it has defaults.
    pub const HAS_DEFAULTS: u32 = 1 << 7;
}

/// Properties of a kind that are true or false.
pub mod kind_flag {
    /// Objects of this kind live in a namespace.
    pub const NAMESPACED: u32 = 1;
    /// Read as Go reads a typed object: null and absent are one. Else the rules of custom resources hold.
    pub const TYPED: u32 = 1 << 1;
    /// `status` is dropped on create, so what it says does not count.
    pub const STATUS_IGNORED: u32 = 1 << 2;
    /// The version is marked as deprecated.
    pub const DEPRECATED: u32 = 1 << 3;
    /// A server does not serve this version unless it is told to.
    pub const OFF_BY_DEFAULT: u32 = 1 << 4;
}

/// `format`, as far as the API server looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Format {
    Int32 = 1,
    Int64,
    Float,
    Double,
    Byte,
    DateTime,
    Quantity,
    IntOrString,
    Duration,
    Date,
    Uuid,
    Uuid3,
    Uuid4,
    Uuid5,
    Email,
    Hostname,
    Ipv4,
    Ipv6,
    Cidr,
    Mac,
    Uri,
    K8sShortName,
    K8sLongName,
}

const FORMATS: [(&str, Format); 24] = [
    ("int32", Format::Int32),
    ("int64", Format::Int64),
    ("float", Format::Float),
    ("double", Format::Double),
    ("byte", Format::Byte),
    ("date-time", Format::DateTime),
    ("datetime", Format::DateTime),
    ("quantity", Format::Quantity),
    ("int-or-string", Format::IntOrString),
    ("duration", Format::Duration),
    ("date", Format::Date),
    ("uuid", Format::Uuid),
    ("uuid3", Format::Uuid3),
    ("uuid4", Format::Uuid4),
    ("uuid5", Format::Uuid5),
    ("email", Format::Email),
    ("hostname", Format::Hostname),
    ("ipv4", Format::Ipv4),
    ("ipv6", Format::Ipv6),
    ("cidr", Format::Cidr),
    ("mac", Format::Mac),
    ("uri", Format::Uri),
    ("k8s-short-name", Format::K8sShortName),
    ("k8s-long-name", Format::K8sLongName),
];

impl Format {
    /// By name; the server ignores a format that it does not know.
    pub fn parse(name: &str) -> Option<Self> {
        FORMATS.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// Back from the number in a table.
    pub fn from_number(number: u8) -> Option<Self> {
        FORMATS.iter().map(|(_, format)| *format).find(|format| *format as u8 == number)
    }

    /// The name for messages.
    pub fn name(self) -> &'static str {
        FORMATS.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }
}

/// Which bound a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Limit {
    Minimum = 1,
    Maximum,
    ExclusiveMinimum,
    ExclusiveMaximum,
    MultipleOf,
    MinLength,
    MaxLength,
    MinItems,
    MaxItems,
    MinProperties,
    MaxProperties,
}

/// The sections that a record may have, in their order.
pub mod section {
    /// Pairs of name and schema, by name.
    pub const PROPERTIES: u32 = 1;
    /// The schema of further fields.
    pub const ADDITIONAL: u32 = 1 << 1;
    /// The schema of a list's items.
    pub const ITEMS: u32 = 1 << 2;
    /// Names.
    pub const REQUIRED: u32 = 1 << 3;
    /// JSON texts.
    pub const ENUM: u32 = 1 << 4;
    /// A regular expression.
    pub const PATTERN: u32 = 1 << 5;
    /// Triples of kind and the two halves of a double.
    pub const LIMITS: u32 = 1 << 6;
    /// Names.
    pub const LIST_KEYS: u32 = 1 << 7;
    /// A JSON text.
    pub const DEFAULT: u32 = 1 << 8;
    /// CEL rules, five texts each.
    pub const RULES: u32 = 1 << 9;
    /// Schemas.
    pub const ALL_OF: u32 = 1 << 10;
    /// Schemas.
    pub const ANY_OF: u32 = 1 << 11;
    /// Schemas.
    pub const ONE_OF: u32 = 1 << 12;
    /// A schema.
    pub const NOT: u32 = 1 << 13;
}

/// A text in the pool.
pub(super) type TextId = u32;
/// A schema in the pool.
pub(super) type SchemaId = u32;

/// One schema. Texts and further schemas are numbers of the pool.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Schema {
    pub(super) types: u8,
    pub(super) format: u8,
    pub(super) flags: u32,
    pub(super) properties: Vec<(TextId, SchemaId)>,
    pub(super) additional: Option<SchemaId>,
    pub(super) items: Option<SchemaId>,
    pub(super) required: Vec<TextId>,
    pub(super) values: Vec<TextId>,
    pub(super) pattern: Option<TextId>,
    pub(super) limits: Vec<(u8, u64)>,
    pub(super) list_keys: Vec<TextId>,
    pub(super) default: Option<TextId>,
    pub(super) rules: Vec<[TextId; 5]>,
    pub(super) all_of: Vec<SchemaId>,
    pub(super) any_of: Vec<SchemaId>,
    pub(super) one_of: Vec<SchemaId>,
    pub(super) not: Option<SchemaId>,
}

/// A kind and the schema of its objects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    /// Kind, group and version: the order of the table.
    pub(super) name: [String; 3],
    pub(super) root: SchemaId,
    pub(super) flags: u32,
    pub(super) source: TextId,
}

/// All texts, schemas and kinds; equal ones are one.
#[derive(Debug, Default)]
pub(super) struct Pool {
    pub(super) texts: Vec<String>,
    text_ids: HashMap<String, TextId>,
    pub(super) schemas: Vec<Schema>,
    schema_ids: HashMap<Schema, SchemaId>,
    pub(super) kinds: Vec<Kind>,
}

impl Pool {
    pub(super) fn text(&mut self, text: &str) -> TextId {
        if let Some(id) = self.text_ids.get(text) {
            return *id;
        }
        let id = number(self.texts.len());
        self.texts.push(text.to_owned());
        self.text_ids.insert(text.to_owned(), id);
        id
    }

    pub(super) fn schema(&mut self, schema: Schema) -> SchemaId {
        if let Some(id) = self.schema_ids.get(&schema) {
            return *id;
        }
        let id = number(self.schemas.len());
        self.schemas.push(schema.clone());
        self.schema_ids.insert(schema, id);
        id
    }

    /// A place for a schema that refers to itself.
    pub(super) fn reserve(&mut self) -> SchemaId {
        self.schemas.push(Schema::default());
        number(self.schemas.len() - 1)
    }
}

/// Positions in a table are 32 bits wide; a table of more than 4 GiB cannot be made of documents of limited size.
pub(super) fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
