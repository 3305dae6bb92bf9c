//! Keys: in JSON they are text, so the other scalars turn into the text that `sigs.k8s.io/yaml` gives them.

use super::super::error::{Problem, Step};
use super::super::parse::Scalar;
use super::{Meaning, resolve, shortest};

/// The text that stands for the key `scalar` in JSON.
pub(in crate::yaml) fn key_text(scalar: Scalar<'_>) -> Step<String> {
    Ok(match resolve(&scalar)? {
        Meaning::Text => scalar.text.into_owned(),
        Meaning::Decoded(text) => text,
        Meaning::Bool(value) => value.to_string(),
        Meaning::Int(value) => value.to_string(),
        Meaning::Float(value) => float_key(value),
        Meaning::Null => {
            return Err(Problem::invalid(scalar.place, "a key cannot be null").help(if scalar.text.is_empty() {
                "write the key before the `:`; an empty key is \"\"".to_owned()
            } else {
                format!("quote it: \"{}\"", scalar.text)
            }));
        }
        Meaning::Uint(_) => {
            return Err(Problem::invalid(scalar.place, "a key cannot be an integer of more than 63 bits")
                .help(format!("quote it: \"{}\"", scalar.text)));
        }
    })
}

/// A float as a key goes through 32 bits, whatever it was.
fn float_key(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "this is what Go's reader does")]
    let single = value as f32;
    match single {
        f32::INFINITY => ".inf".to_owned(),
        f32::NEG_INFINITY => "-.inf".to_owned(),
        _ if single.is_nan() => ".nan".to_owned(),
        _ => shortest(&format!("{single:e}")),
    }
}

#[cfg(test)]
mod tests {
    use super::float_key;

    #[test]
    fn float_keys_lose_what_32_bits_do_not_hold() {
        for (value, text) in [(1.5, "1.5"), (0.1, "0.1"), (2.345_678_901_234, "2.3456788"), (1e300, ".inf"), (8.0, "8")]
        {
            assert_eq!(float_key(value), text);
        }
    }
}
