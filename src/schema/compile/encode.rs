//! The bytes of a table: little-endian words, then the texts.
//!
//! ```text
//! magic, number of texts, number of schemas, number of kinds, number of words of all records
//! ends of the texts in the blob       one word each
//! starts of the records               one word each
//! kinds, sorted                       kind, group, version, root, flags, source
//! records                             types | format << 8 | flags << 16, sections, then what each section holds
//! blob                                the texts, UTF-8
//! ```

use super::model::{Pool, Schema, number, section};

/// Changes with the layout.
pub(super) const MAGIC: u32 = 0x636d_7001;

/// Writes the table of `pool`.
pub(super) fn encode(pool: &Pool) -> Vec<u8> {
    let mut pool_texts = pool.texts.clone();
    let mut records = Vec::new();
    let mut starts = Vec::with_capacity(pool.schemas.len());
    for schema in &pool.schemas {
        starts.push(number(records.len()));
        record(schema, &mut records);
    }
    let kinds = kinds(pool, &mut pool_texts);
    let mut words =
        vec![MAGIC, number(pool_texts.len()), number(starts.len()), number(pool.kinds.len()), number(records.len())];
    let mut end = 0;
    for text in &pool_texts {
        end += text.len();
        words.push(number(end));
    }
    words.extend(starts);
    words.extend(kinds);
    words.extend(records);
    let mut bytes: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
    bytes.extend(pool_texts.iter().flat_map(|text| text.bytes()));
    bytes
}

fn kinds(pool: &Pool, texts: &mut Vec<String>) -> Vec<u32> {
    let mut id = |text: &str| {
        let known = texts.iter().position(|known| known == text);
        number(known.unwrap_or_else(|| {
            texts.push(text.to_owned());
            texts.len() - 1
        }))
    };
    let mut words = Vec::new();
    for kind in &pool.kinds {
        words.extend(kind.name.iter().map(|name| id(name)));
        words.extend([kind.root, kind.flags, kind.source]);
    }
    words
}

fn record(schema: &Schema, out: &mut Vec<u32>) {
    out.push(u32::from(schema.types) | u32::from(schema.format) << 8 | schema.flags << 16);
    let sections = out.len();
    out.push(0);
    let mut put = |bit: u32, words: &[u32]| {
        if !words.is_empty() {
            out[sections] |= bit;
            out.push(number(words.len()));
            out.extend(words);
        }
    };
    let properties: Vec<u32> = schema.properties.iter().flat_map(|(name, id)| [*name, *id]).collect();
    let limits: Vec<u32> = schema.limits.iter().flat_map(|(kind, bits)| halves(*kind, *bits)).collect();
    put(section::PROPERTIES, &properties);
    put(section::ADDITIONAL, schema.additional.as_slice());
    put(section::ITEMS, schema.items.as_slice());
    put(section::REQUIRED, &schema.required);
    put(section::ENUM, &schema.values);
    put(section::PATTERN, schema.pattern.as_slice());
    put(section::LIMITS, &limits);
    put(section::LIST_KEYS, &schema.list_keys);
    put(section::DEFAULT, schema.default.as_slice());
    put(section::RULES, schema.rules.as_flattened());
    put(section::ALL_OF, &schema.all_of);
    put(section::ANY_OF, &schema.any_of);
    put(section::ONE_OF, &schema.one_of);
    put(section::NOT, schema.not.as_slice());
}

fn halves(kind: u8, bits: u64) -> [u32; 3] {
    [u32::from(kind), (bits & u64::from(u32::MAX)) as u32, (bits >> 32) as u32]
}
