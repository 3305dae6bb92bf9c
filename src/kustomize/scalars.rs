//! Scalars as kustomize reads them, where that is not how Argo CD reads YAML.
//!
//! kustomize reads objects and merge patches by YAML 1.2 and writes them so that YAML 1.1 readers see the same.
//! So `on: yes` in a resource is text on both sides once it went through kustomize, and a date becomes a time:
//! the result of an overlay is what kustomize makes of it, not what `kubectl` would read from the file.

use crate::diagnostics::{Diagnostic, Sources, Span};
use crate::yaml::decode::Report;
use crate::yaml::{self, Entry, Limits, Map, Node, Value, is_plain_text};

/// Longer scalars are none of those that are read in two ways.
const LONGEST: u32 = 64;

/// Turns `node`, as Argo CD would read it, into what kustomize reads. `object` is the root of an object or a patch.
pub(super) fn reread(object: &mut Node, sources: &Sources, report: &Report) {
    Reread { sources, report }.node(object, Place::Root);
}

/// The text of a scalar as it is written; what kustomize gets when it takes a value for text.
pub(super) fn text(node: &Node, sources: &Sources) -> Option<String> {
    let plain = || raw(node.span, sources).filter(|raw| !raw.is_empty() && !is_quoted(raw)).map(str::to_owned);
    match &node.value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => plain().or_else(|| Some(number.to_string())),
        Value::Bool(flag) => plain().or_else(|| Some(flag.to_string())),
        Value::Null => Some(plain().unwrap_or_default()),
        Value::Seq(_) | Value::Map(_) => None,
    }
}

/// What kustomize takes an untagged scalar without quotes for.
pub(super) fn plain_value(text: &str) -> Value {
    let is_word = is_plain_text(text) || is_old_word(text);
    let read = || yaml::parse(Span::NONE.source, text, Limits::default()).ok()?.pop();
    if let Some(time) = as_time(text) {
        return Value::String(time);
    }
    if is_word { Value::String(text.to_owned()) } else { read().map_or(Value::Null, |node| node.value) }
}

fn raw(span: Span, sources: &Sources) -> Option<&str> {
    if span.end.saturating_sub(span.start) > LONGEST {
        return None;
    }
    sources.get(span.source)?.text.get(span.start as usize..span.end as usize)
}

fn is_quoted(raw: &str) -> bool {
    raw.starts_with(['"', '\'', '|', '>'])
}

/// How far the walk is from the annotations, whose values kustomize makes text whatever they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Metadata,
    Annotations,
    Elsewhere,
}

impl Place {
    fn below(self, key: &str) -> Self {
        match (self, key) {
            (Self::Root, "metadata") => Self::Metadata,
            (Self::Metadata, "annotations") | (Self::Annotations, _) => Self::Annotations,
            _ => Self::Elsewhere,
        }
    }
}

struct Reread<'a> {
    sources: &'a Sources,
    report: &'a Report,
}

impl Reread<'_> {
    fn node(&self, node: &mut Node, place: Place) {
        match &mut node.value {
            Value::Map(map) => {
                self.keys(map);
                map.iter_mut().for_each(|(key, value)| self.node(value, place.below(key)));
            }
            Value::Seq(items) => items.iter_mut().for_each(|item| self.node(item, Place::Elsewhere)),
            Value::Bool(_) => {
                let word = raw(node.span, self.sources).filter(|raw| is_old_word(raw));
                if let Some(word) = word {
                    if place != Place::Annotations {
                        self.report.push(old_word(word, node.span));
                    }
                    node.value = Value::String(word.to_owned());
                }
            }
            Value::String(text) if place != Place::Annotations && starts_like_a_date(text) => {
                let plain = raw(node.span, self.sources) == Some(text.as_str()) && !self.is_tagged(node.span);
                if let Some(time) = plain.then(|| as_time(text)).flatten() {
                    self.report.push(unquoted_date(text, &time, node.span));
                    *text = time;
                }
            }
            _ => {}
        }
    }

    /// Gives keys that YAML 1.1 takes for booleans their text back; other keys that are no text are refused, as
    /// kustomize refuses them.
    fn keys(&self, map: &mut Map) {
        if !map.iter().any(|entry| self.written(entry).is_some()) {
            return;
        }
        let mut entries: Vec<Entry> = std::mem::take(map).into_iter().collect();
        for entry in &mut entries {
            let Some(written) = self.written(entry).map(str::to_owned) else { continue };
            if is_old_word(&written) {
                self.report.push(old_word(&written, entry.key_span));
                entry.key = written;
            } else {
                let message = format!("the key `{written}` is no text");
                self.report
                    .push(Diagnostic::error("key-is-no-text", message).at(entry.key_span).help("put it in quotes"));
            }
        }
        match Map::from_entries(entries) {
            Ok(entries) => *map = entries,
            Err(twins) => {
                let finding = Diagnostic::error("duplicate-key", format!("the key `{}` comes twice", twins.1.key));
                self.report.push(finding.at(twins.1.key_span).related(twins.0.key_span, "first written here"));
            }
        }
    }

    /// The text of a plain key that YAML 1.1 does not take for text.
    fn written(&self, entry: &Entry) -> Option<&str> {
        let first = entry.key.bytes().next()?;
        // What Go's reader makes of such keys starts with one of these, as do the keys themselves.
        if !matches!(first, b'0'..=b'9' | b'+' | b'-' | b'.' | b't' | b'f' | b'T' | b'F') {
            return None;
        }
        let raw = raw(entry.key_span, self.sources)?;
        (!is_quoted(raw) && (!is_plain_text(raw) || as_time(raw).is_some())).then_some(raw)
    }

    fn is_tagged(&self, span: Span) -> bool {
        let before = self.sources.get(span.source).and_then(|source| source.text.get(..span.start as usize));
        before.is_some_and(|before| before.trim_end_matches(' ').ends_with("!!str"))
    }
}

/// The words that are booleans in YAML 1.1 only.
fn is_old_word(raw: &str) -> bool {
    const WORDS: [&str; 16] =
        ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off", "OFF"];
    WORDS.contains(&raw)
}

fn starts_like_a_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 8 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4] == b'-'
}

/// Right for kustomize, and hardly ever what was meant.
fn old_word(word: &str, span: Span) -> Diagnostic {
    let boolean = matches!(word.as_bytes()[0].to_ascii_lowercase(), b'y') || word.eq_ignore_ascii_case("on");
    Diagnostic::warning("ambiguous-scalar", format!("`{word}` is text here, as in kustomize, and no boolean"))
        .at(span)
        .help(format!("write `{boolean}` if that is meant, else put \"{word}\" in quotes"))
}

fn unquoted_date(text: &str, time: &str, span: Span) -> Diagnostic {
    Diagnostic::warning("unquoted-date", format!("the date `{text}` becomes the text `{time}`"))
        .at(span)
        .help("kustomize reads a date without quotes as a time: put it in quotes to keep it as it is")
}

/// A date, or a date and a time, in the form in which Go writes times.
fn as_time(text: &str) -> Option<String> {
    let (year, rest) = text.split_once('-').filter(|(year, _)| year.len() == 4)?;
    let year = number(year, 0..=9999)?;
    let (month, rest) = rest.split_once('-')?;
    let day_len = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (day, rest) = rest.split_at(day_len);
    let month = number(month, 1..=12)?;
    let day = number(day, 1..=days(year, month))?;
    let date = format!("{year:04}-{month:02}-{day:02}");
    if rest.is_empty() {
        return Some(format!("{date}T00:00:00Z"));
    }
    let zoned = rest.strip_prefix(['T', 't']);
    let (clock, zone) = match zoned {
        Some(time) => time.split_at(time.find(['Z', '+', '-'])?),
        None => (rest.strip_prefix(' ')?.trim_start_matches(' '), "Z"),
    };
    Some(format!("{date}T{}{}", as_clock(clock)?, as_zone(zone)?))
}

fn as_clock(text: &str) -> Option<String> {
    let mut parts = text.splitn(3, ':');
    let hour = number(parts.next()?, 0..=23)?;
    let minute = number(parts.next()?, 0..=59)?;
    let (second, fraction) = match parts.next()?.split_once(['.', ',']) {
        Some((second, fraction)) => (second, fraction),
        None => (text.rsplit(':').next()?, ""),
    };
    let second = number(second, 0..=59)?;
    if fraction.len() > 9 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    Some(format!("{hour:02}:{minute:02}:{second:02}{dot}{fraction}"))
}

fn as_zone(text: &str) -> Option<&str> {
    if matches!(text, "Z" | "+00:00" | "-00:00") {
        return Some("Z");
    }
    let (hours, minutes) = text.get(1..)?.split_once(':').filter(|(h, m)| h.len() == 2 && m.len() == 2)?;
    number(hours, 0..=24)?;
    number(minutes, 0..=60)?;
    Some(text)
}

fn number(text: &str, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
    let digits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| digits && range.contains(number))
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::as_time;

    #[test]
    fn dates_become_times_as_go_writes_them() {
        for (text, time) in [
            ("2001-1-2", "2001-01-02T00:00:00Z"),
            ("2001-12-14t21:59:43.10-05:00", "2001-12-14T21:59:43.1-05:00"),
            ("2001-12-14 21:59:43.10", "2001-12-14T21:59:43.1Z"),
            ("2001-01-01T1:2:3Z", "2001-01-01T01:02:03Z"),
        ] {
            assert_eq!(as_time(text).as_deref(), Some(time), "{text}");
        }
        for text in ["2001-02-30", "2001-13-01", "2001-01-01x", "2001-01-01T1:2", "20010-1-1"] {
            assert_eq!(as_time(text), None, "{text}");
        }
    }
}
