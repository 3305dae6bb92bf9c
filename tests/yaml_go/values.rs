//! Values to write: texts that a careless writer would spoil, in every position.

use serde_json::{Map, Number, Value};

use crate::documents;
use crate::random::Random;

#[rustfmt::skip]
const PIECES: &[&str] = &[
    "a", "b", "text", " ", "  ", "\n", "\n\n", "\t", "\r", ":", ": ", " #", "#", "-", "- ", "---", "...", "?", "? ",
    ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`", "\\", "<<", "=", "~", "0", "1", "9",
    ".", "e", "x", "_", "é", "ß", "\u{85}", "\u{a0}", "\u{2028}", "\u{2029}", "\u{feff}", "\u{fffd}", "\u{fffe}", "😀",
    "\u{10ffff}", "\0", "\u{7}", "\u{7f}", "\u{9f}",
];

/// Any text.
pub(crate) fn text(random: &mut Random) -> String {
    match random.below(6) {
        0 => documents::scalar(random),
        1 if random.once_in(50) => random.pick(&["k", "é ", "\u{1}", "a\n", "x: "]).repeat(900 + random.below(300)),
        1 => format!("{:040x}", u128::from(random.bits()) * u128::from(random.bits())),
        2 => format!("{}e{}", random.below(10_000), random.below(1000)),
        _ => (0..random.below(7)).map(|_| random.pick(PIECES)).collect(),
    }
}

/// A value of a few levels.
pub(crate) fn value(random: &mut Random) -> Value {
    // The root is never null: documents that hold nothing are left out.
    loop {
        let value = nested(random, 4);
        if !value.is_null() {
            return value;
        }
    }
}

fn nested(random: &mut Random, depth: usize) -> Value {
    let kinds = if depth == 0 { 8 } else { 12 };
    match random.below(kinds) {
        0 => Value::Null,
        1 => Value::Bool(random.once_in(2)),
        2 => number(random),
        3..=7 => Value::String(text(random)),
        8 | 9 => (0..random.below(4)).map(|_| nested(random, depth - 1)).collect(),
        _ => {
            let fields: Map<String, Value> =
                (0..random.below(5)).map(|_| (text(random), nested(random, depth - 1))).collect();
            Value::Object(fields)
        }
    }
}

fn number(random: &mut Random) -> Value {
    let bits = random.bits();
    match random.below(5) {
        0 => Value::from(bits % 1000),
        1 => Value::from(bits),
        2 => Value::from(bits.cast_signed()),
        3 => Number::from_f64(f64::from_bits(bits)).map_or(Value::Null, Value::Number),
        _ => {
            let small = f64::from(u32::try_from(bits % 1_000_000).expect("small")) / 128.0;
            Number::from_f64(small).map_or(Value::Null, Value::Number)
        }
    }
}
