//! Timestamps matter only where a tag demands one: Go's reader hands them on as text.

/// Whether Go's reader takes `text` for a timestamp: a date, alone or with a time after `T` and a zone, or after a
/// blank and without one.
pub(super) fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let four_digits = bytes.len() > 4 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4] == b'-';
    four_digits && date(&text[..4], &text[5..]).is_some()
}

fn date(year: &str, rest: &str) -> Option<()> {
    let year: u32 = year.parse().ok()?;
    let (month, rest) = number(rest, 1..=12)?;
    let (_, rest) = number(rest.strip_prefix('-')?, 1..=days(year, month))?;
    if rest.is_empty() {
        return Some(());
    }
    match rest.strip_prefix(['T', 't']) {
        Some(time) => zone(clock(time)?),
        None => clock(rest.strip_prefix(' ')?.trim_start_matches(' '))?.is_empty().then_some(()),
    }
}

/// `15:4:5`, with a fraction of up to nine digits; gives what follows.
fn clock(text: &str) -> Option<&str> {
    let (_, rest) = number(text, 0..=23)?;
    let (_, rest) = number(rest.strip_prefix(':')?, 0..=59)?;
    let (_, rest) = number(rest.strip_prefix(':')?, 0..=59)?;
    let Some(fraction) = rest.strip_prefix(['.', ',']) else { return Some(rest) };
    let digits = fraction.bytes().take(9).take_while(u8::is_ascii_digit).count();
    Some(if digits == 0 { rest } else { &fraction[digits..] })
}

/// `Z`, or hours and minutes of two digits each.
fn zone(text: &str) -> Option<()> {
    if text == "Z" {
        return Some(());
    }
    let (hours, minutes) = text.strip_prefix(['+', '-'])?.split_once(':')?;
    let in_range = |digits: &str, max: u32| {
        digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit()) && digits.parse().is_ok_and(|n: u32| n <= max)
    };
    (in_range(hours, 24) && in_range(minutes, 60)).then_some(())
}

/// A number of one or two digits.
fn number(text: &str, range: std::ops::RangeInclusive<u32>) -> Option<(u32, &str)> {
    let len = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let value = text[..len].parse().ok().filter(|n| range.contains(n))?;
    Some((value, &text[len..]))
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
    use super::is_timestamp;

    #[test]
    fn dates_and_times_of_go_are_timestamps() {
        for text in [
            "2001-12-14",
            "2001-1-2",
            "2000-02-29",
            "2001-12-14T21:59:43.10-05:00",
            "2001-12-14t1:2:3Z",
            "2001-12-15 2:59:43.10",
        ] {
            assert!(is_timestamp(text), "{text}");
        }
        for text in [
            "2001-13-14",
            "2001-02-29",
            "2001-12-14T21:59:43",
            "2001-12-14 21:59:43.10 -5",
            "201-1-1",
            "2001-12-14x",
            "2001-",
            "2001",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}
