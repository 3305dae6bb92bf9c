//! From bytes to text, and the characters that no YAML text may hold.

use std::borrow::Cow;

use super::error::{Place, Problem, Step};

/// Bytes that are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// The byte at this offset does not continue UTF-8.
    #[error("byte {0} is not UTF-8; save the file as UTF-8")]
    Utf8(usize),
    /// The text starts with the byte order mark of UTF-16 but the unit at this offset is half a character.
    #[error("byte {0} is not UTF-16, which the byte order mark announces; save the file as UTF-8")]
    Utf16(usize),
}

/// The text of a file, as [`parse`](super::parse) takes it: UTF-8, or UTF-16 announced by a byte order mark.
/// A byte order mark of UTF-8 stays in the text; `parse` skips it.
pub fn decode_text(bytes: &[u8]) -> Result<Cow<'_, str>, TextError> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => decode_utf16(rest, u16::from_le_bytes).map(Cow::Owned),
        [0xFE, 0xFF, rest @ ..] => decode_utf16(rest, u16::from_be_bytes).map(Cow::Owned),
        _ => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|e| TextError::Utf8(e.valid_up_to())),
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, TextError> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    let mut offset = 2;
    for decoded in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        let c = decoded.map_err(|_| TextError::Utf16(offset))?;
        offset += 2 * c.len_utf16();
        text.push(c);
    }
    if odd.is_empty() { Ok(text) } else { Err(TextError::Utf16(offset)) }
}

/// Whether Go's reader takes `c` outside an escape.
pub(super) fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Bytes at which a forbidden character may start.
const fn is_suspect(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0B | 0x0C | 0x0E..=0x1F | 0x7F | 0xC2 | 0xEF)
}

const SUSPECT: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the loop ends at 256")]
        let suspect = is_suspect(byte as u8);
        table[byte] = suspect;
        byte += 1;
    }
    table
};

/// Refuses control characters and the two noncharacters that Go's reader refuses, wherever they stand.
pub(super) fn check_characters(text: &str) -> Step<()> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = bytes[from..].iter().position(|&b| SUSPECT[usize::from(b)]) {
        let at = from + found;
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
        from = at + c.len_utf8();
        if !is_allowed(c) {
            let code = u32::from(c);
            return Err(Problem::invalid(
                Place::new(at, from),
                format!("the character U+{code:04X} is not allowed in YAML"),
            )
            .help(format!("delete it, or write it as \"\\u{code:04X}\" in a double-quoted string")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{TextError, check_characters, decode_text};

    #[test]
    fn utf16_with_a_byte_order_mark_is_read_in_both_orders() {
        assert_eq!(decode_text(b"\xFF\xFEa\0=\xD8\0\xDE").as_deref(), Ok("a😀"));
        assert_eq!(decode_text(b"\xFE\xFF\0a\xD8=\xDE\0").as_deref(), Ok("a😀"));
    }

    #[test]
    fn broken_encodings_name_the_byte() {
        assert_eq!(decode_text(b"ab\xFFc"), Err(TextError::Utf8(2)));
        assert_eq!(decode_text(b"\xFF\xFEa\0b"), Err(TextError::Utf16(4)));
        assert_eq!(decode_text(b"\xFF\xFEa\0\0\xDEb\0"), Err(TextError::Utf16(4)));
    }

    #[test]
    fn control_characters_are_refused_wherever_they_stand() {
        for text in ["a\0", "a: \u{7}", "\u{7f}", "é\u{9f}", "\u{FFFE}", "\u{FFFF}b"] {
            assert!(check_characters(text).is_err(), "{text:?}");
        }
        for text in ["a\t\r\n", "\u{85}", "\u{a0}", "\u{FEFF}\u{FFFD}", "\u{10FFFF}", "é ï"] {
            assert!(check_characters(text).is_ok(), "{text:?}");
        }
    }
}
