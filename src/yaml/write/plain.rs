//! Which text needs no quotes.

use super::super::resolve::is_decimal_float;

/// What a byte allows a plain scalar to be.
const SAFE: u8 = 0;
const NEVER: u8 = 1;
/// `:`, `#` and blanks depend on their neighbours.
const DEPENDS: u8 = 2;
/// The first byte of characters that are not ASCII.
const WIDE: u8 = 3;

const CLASS: [u8; 256] = {
    let mut table = [SAFE; 256];
    let mut byte = 0;
    while byte < 256 {
        if byte < 0x20 || byte == 0x7F {
            table[byte] = NEVER;
        } else if byte == b':' as usize || byte == b'#' as usize || byte == b' ' as usize {
            table[byte] = DEPENDS;
        } else if byte >= 0xC0 {
            table[byte] = WIDE;
        }
        byte += 1;
    }
    table
};

/// Whether both YAML 1.1 and 1.2 read `text`, written as it is in a block, as this very text.
pub(super) fn is_safe(text: &str) -> bool {
    is_one_plain_scalar(text) && !reads_as_other(text)
}

fn is_one_plain_scalar(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else { return false };
    let starts = match first {
        b' ' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%'
        | b'@' | b'`' => false,
        b'-' | b'?' | b':' => bytes.get(1).is_some_and(|&next| next != b' '),
        _ => true,
    };
    if !starts || last == b' ' || last == b':' || text.starts_with("---") || text.starts_with("...") {
        return false;
    }
    bytes.iter().enumerate().all(|(i, &b)| match CLASS[usize::from(b)] {
        SAFE => true,
        DEPENDS => match b {
            b':' => bytes[i + 1] != b' ',
            b'#' => i > 0 && bytes[i - 1] != b' ',
            _ => true,
        },
        WIDE => text.get(i..).and_then(|rest| rest.chars().next()).is_some_and(is_visible),
        _ => false,
    })
}

/// Whether a character that is not ASCII may stand unescaped.
pub(super) fn is_visible(c: char) -> bool {
    matches!(c, '\u{A0}'..='\u{2027}' | '\u{202A}'..='\u{FEFE}' | '\u{FF00}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether some reader takes the plain scalar `text` for something that is not text.
pub(super) fn reads_as_other(text: &str) -> bool {
    let Some(&first) = text.as_bytes().first() else { return true };
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' => is_number(text) || is_date(text),
        b'~' | b'=' => text.len() == 1,
        b'<' => text == "<<",
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => is_word(text),
        _ => false,
    }
}

fn is_word(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.len() <= 5 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Numbers of any reader: decimal, octal, hexadecimal, binary, base 60, with underscores, infinite or none.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = unsigned.replace('_', "");
    let of_radix = |prefix: &str, radix| {
        digits.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
            && digits[2..].trim_start_matches(['+', '-']).chars().all(|c| c.is_digit(radix))
    };
    is_decimal_float(&digits)
        || of_radix("0x", 16)
        || of_radix("0o", 8)
        || of_radix("0b", 2)
        || [".inf", ".nan", "inf", "nan"].iter().any(|word| unsigned.eq_ignore_ascii_case(word))
        || is_base_60(&digits)
}

fn is_base_60(digits: &str) -> bool {
    let whole = digits.split_once('.').map_or(digits, |(whole, _)| whole);
    let mut parts = whole.split(':');
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    whole.contains(':') && parts.next().is_some_and(is_digits) && parts.all(|part| part.len() <= 2 && is_digits(part))
}

/// `2001-12-14` and what goes on from there.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 8
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && bytes[5].is_ascii_digit()
        && bytes[6..].iter().take(2).any(|&b| b == b'-')
}
