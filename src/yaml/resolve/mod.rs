//! What a scalar means: YAML 1.1 as Go's reader has it.
//!
//! `y`, `yes` and `on` are true, `0777` is octal, `1_000` is a thousand, `08` is a float (and so the number 8),
//! dates are text. Base 60 is not known.

mod float;
mod key;
mod number;
mod timestamp;

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::error::{Problem, Step};
use super::parse::{Scalar, Tag};

pub(super) use float::shortest;
pub(super) use key::key_text;
pub(super) use number::is_decimal_float;

/// The value of a scalar. `Text` is the scalar's own text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning {
    Null,
    Bool(bool),
    Int(i64),
    /// Beyond the signed 64 bits.
    Uint(u64),
    Float(f64),
    Text,
    /// What `!!binary` decodes to.
    Decoded(String),
}

/// What `scalar` means.
pub(super) fn resolve(scalar: &Scalar<'_>) -> Step<Meaning> {
    let Some(tag) = scalar.tag else {
        return Ok(if scalar.plain { plain(&scalar.text) } else { Meaning::Text });
    };
    let text = scalar.text.as_ref();
    let meaning = match tag {
        Tag::Str | Tag::Merge | Tag::NonSpecific | Tag::Other => return Ok(Meaning::Text),
        Tag::Binary => return binary(scalar),
        Tag::Timestamp => {
            return if timestamp::is_timestamp(text) { Ok(Meaning::Text) } else { Err(mismatch(scalar, tag)) };
        }
        Tag::Bool | Tag::Int | Tag::Float | Tag::Null => plain(text),
    };
    match (tag, meaning) {
        (Tag::Bool, Meaning::Bool(_))
        | (Tag::Null, Meaning::Null)
        | (Tag::Int, Meaning::Int(_) | Meaning::Uint(_))
        | (Tag::Float, Meaning::Float(_)) => Ok(plain(text)),
        #[expect(clippy::cast_precision_loss, reason = "the tag asks for a float")]
        (Tag::Float, Meaning::Int(i)) => Ok(Meaning::Float(i as f64)),
        _ => Err(mismatch(scalar, tag)),
    }
}

/// What an untagged plain scalar means.
pub(super) fn plain(text: &str) -> Meaning {
    let Some(&first) = text.as_bytes().first() else { return Meaning::Null };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'0'..=b'9' | b'+' | b'-' => special_float(text).map_or_else(|| number::parse(text), Meaning::Float),
        b'.' => special_float(text).or_else(|| number::parse_float(text)).map_or(Meaning::Text, Meaning::Float),
        _ => Meaning::Text,
    }
}

fn word(text: &str) -> Meaning {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Meaning::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Meaning::Bool(false),
        "~" | "null" | "Null" | "NULL" => Meaning::Null,
        _ => Meaning::Text,
    }
}

fn special_float(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// Base64, which in JSON can only be text: bytes that are no UTF-8 become U+FFFD there, one each.
fn binary(scalar: &Scalar<'_>) -> Step<Meaning> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
    let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, CONFIG);
    let base64: String = scalar.text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    let bytes = engine.decode(base64).map_err(|_| {
        Problem::invalid(scalar.place, "this `!!binary` value is not base64")
            .help("write base64 with its padding and without blanks, or drop the tag")
    })?;
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    Ok(Meaning::Decoded(text))
}

fn mismatch(scalar: &Scalar<'_>, tag: Tag) -> Problem {
    let expected = match tag {
        Tag::Bool => "a boolean",
        Tag::Int => "an integer",
        Tag::Float => "a number",
        Tag::Null => "null",
        Tag::Timestamp => "a timestamp",
        _ => "what its tag says",
    };
    Problem::invalid(scalar.place, format!("the tag says that this is {expected}, but it is not"))
        .help("drop the tag, or write a value that fits it")
}

#[cfg(test)]
mod tests {
    use super::{Meaning, plain};

    #[test]
    fn words_of_yaml_1_1_are_booleans() {
        for text in ["y", "Y", "yes", "YES", "on", "On", "true", "TRUE"] {
            assert_eq!(plain(text), Meaning::Bool(true), "{text}");
        }
        for text in ["n", "No", "off", "OFF", "False"] {
            assert_eq!(plain(text), Meaning::Bool(false), "{text}");
        }
        for text in ["yEs", "tRUE", "Y ", "nope", "o", "t"] {
            assert_eq!(plain(text), Meaning::Text, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_in_every_base_that_go_knows() {
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("+12", 12),
            ("0777", 511),
            ("0o17", 15),
            ("0xFF", 255),
            ("-0x1f", -31),
            ("0b101", 5),
            ("-0b101", -5),
            ("1_000", 1000),
            ("0x_f_", 15),
            ("+_1", 1),
            ("00", 0),
            ("0b+1", 1),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(plain(text), Meaning::Int(value), "{text}");
        }
        assert_eq!(plain("18446744073709551615"), Meaning::Uint(u64::MAX));
        for text in ["0x", "0xg", "-", "+", "--1", "1:30", "0b2", "1e", "0x1.8p1", "2001-01-01", "1.2.3"] {
            assert_eq!(plain(text), Meaning::Text, "{text}");
        }
    }

    #[test]
    fn floats_include_integers_that_no_base_fits() {
        for (text, value) in [
            ("1.5", 1.5),
            ("1.", 1.0),
            (".5", 0.5),
            (".5_0", 0.5),
            ("-1e3", -1000.0),
            ("08", 8.0),
            ("1_0.5", 10.5),
            ("18446744073709551616", 18_446_744_073_709_551_616.0),
            ("1e-400", 0.0),
            (".inf", f64::INFINITY),
        ] {
            assert_eq!(plain(text), Meaning::Float(value), "{text}");
        }
        for text in ["1e400", ".", "._5", "+.", "1e5.0", "infinity", "nan", ".5x"] {
            assert_eq!(plain(text), Meaning::Text, "{text}");
        }
    }
}
