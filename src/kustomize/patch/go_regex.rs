//! Regular expressions that mean the same to Go's engine, which kustomize uses, and to ours.
//!
//! Names consist of ASCII letters, digits, `-` and `.`, so what people write lies far inside the common part. What one
//! engine knows and the other does not, or reads in another way, is refused.

use regex::Regex;

/// Escapes with a letter that both read alike in ASCII text.
const ESCAPES: &str = "aftnrvdDsSwWbBAzx";

/// Compiles `pattern` so that it must match the whole text. The error says what is wrong.
pub(super) fn anchored(pattern: &str) -> Result<Regex, String> {
    check(pattern)?;
    Regex::new(&format!("^(?:{pattern})$")).map_err(|error| {
        let text = error.to_string();
        text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
    })
}

/// Refuses what is outside of the common part.
fn check(pattern: &str) -> Result<(), String> {
    let mut rest = pattern;
    let mut after_repeat = false;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\\' => escape(rest)?,
            '[' => class(rest)?,
            '(' => group(rest)?,
            '*' | '+' | '?' | '{' if after_repeat => return Err(format!("a repetition of a repetition: `{rest}`")),
            '*' | '+' | '?' => repeat(rest, 1),
            '{' => repeat(rest, counted(rest)?),
            _ => c.len_utf8(),
        };
        after_repeat = matches!(c, '*' | '+' | '?' | '{');
        rest = &rest[length..];
    }
    Ok(())
}

/// The length of a repetition, with the `?` that makes it lazy.
fn repeat(rest: &str, length: usize) -> usize {
    length + usize::from(rest[length..].starts_with('?'))
}

fn escape(rest: &str) -> Result<usize, String> {
    match rest[1..].chars().next() {
        Some('b') if rest[2..].starts_with('{') => Err("`\\b{` is not supported".to_owned()),
        Some(c) if c.is_ascii_punctuation() && !matches!(c, '<' | '>') => Ok(2),
        Some(c) if ESCAPES.contains(c) => Ok(2),
        Some(c) => Err(format!("`\\{c}` is not supported")),
        None => Err("it ends with `\\`".to_owned()),
    }
}

/// The length of a character class: plain characters, ranges, escapes and `[:alpha:]` and the like.
fn class(rest: &str) -> Result<usize, String> {
    let mut at = 1 + usize::from(rest[1..].starts_with('^'));
    at += usize::from(rest[at..].starts_with(']'));
    loop {
        let inner = &rest[at..];
        let Some(c) = inner.chars().next() else { return Err("`[` without `]`".to_owned()) };
        at += match c {
            ']' => return Ok(at + 1),
            '\\' => escape(inner)?,
            '[' => match inner.find(":]") {
                Some(end) if inner.starts_with("[:") => end + 2,
                _ => return Err("`[` inside of `[…]` must be written `\\[`".to_owned()),
            },
            '&' | '-' | '~' if inner[1..].starts_with(c) => return Err(format!("`{c}{c}` inside of `[…]`")),
            _ => c.len_utf8(),
        };
    }
}

/// The length of what opens a group: `(`, or `(?` with flags or without a name.
fn group(rest: &str) -> Result<usize, String> {
    let Some(flags) = rest.strip_prefix("(?") else { return Ok(1) };
    let end = flags.find(|c| !matches!(c, 'i' | 'm' | 's' | 'U' | '-')).unwrap_or(flags.len());
    if flags[end..].starts_with([':', ')']) {
        Ok(2 + end + 1)
    } else {
        Err("`(?` must be followed by flags and `:`".to_owned())
    }
}

/// The length of `{n}`, `{n,}` or `{n,m}`.
fn counted(rest: &str) -> Result<usize, String> {
    let wrong = || format!("`{{` must be written `\\{{`, or be a count such as `{{2,3}}`: `{rest}`");
    let (inner, _) = rest[1..].split_once('}').ok_or_else(wrong)?;
    let (least, most) = inner.split_once(',').unwrap_or((inner, inner));
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()) && text.parse().is_ok_and(|n: u32| n <= 1000);
    if number(least) && (number(most) || most.is_empty()) { Ok(inner.len() + 2) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::anchored;

    #[test]
    fn the_whole_text_must_match() {
        let regex = anchored("web|db-[0-9]+").expect("valid");
        assert!(regex.is_match("web") && regex.is_match("db-12"));
        assert!(!regex.is_match("web-1") && !regex.is_match("my-web"));
    }

    #[test]
    fn what_the_engines_share_is_taken() {
        for pattern in [".*", "a{2,3}?", "[]a]", "[^[:alpha:]_-]", r"\.\d+\bx", "(?i)x", "(?i:x)(a|b)", r"[\w.]"] {
            assert!(anchored(pattern).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn what_they_read_differently_is_refused() {
        for pattern in [
            "a**", "a{2}{3}", "[a&&b]", "[[a]]", "[a--b]", r"\<x", r"\Qx\E", "(?x) a", "(?<n>a)", "{", "a{,3}", "(",
            "[a", r"\",
        ] {
            assert!(anchored(pattern).is_err(), "{pattern}");
        }
    }
}
