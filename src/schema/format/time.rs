//! Times, dates and durations.

/// RFC 3339 as Go's `time.Parse` reads it for `metav1.Time`.
pub fn is_rfc3339(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else { return false };
    is_date(date) && clock(time, true).is_some()
}

/// `strfmt.IsDateTime`: either case, and a zone whose numbers are not looked at.
pub fn is_loose_date_time(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let Some((date, time)) = lower.split_once('t') else { return false };
    is_date(date) && clock(&time.to_ascii_uppercase(), false).is_some()
}

/// A date such as `2006-01-02` that the calendar has.
pub fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

fn digits(text: &str, len: usize) -> Option<u32> {
    (text.len() == len && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// `15:04:05.999Z`, `15:04:05+07:00`.
fn clock(text: &str, zone_in_range: bool) -> Option<()> {
    let in_range = |text: &str, below: u32| digits(text, 2).filter(|n| *n < below);
    in_range(text.get(..2)?, 24)?;
    in_range(text.get(3..5)?, 60)?;
    in_range(text.get(6..8)?, 60)?;
    (text.get(2..3)? == ":" && text.get(5..6)? == ":").then_some(())?;
    let mut rest = text.get(8..)?;
    if let Some(fraction) = rest.strip_prefix('.') {
        let len = fraction.bytes().take_while(u8::is_ascii_digit).count();
        (len > 0).then_some(())?;
        rest = &fraction[len..];
    }
    if rest == "Z" {
        return Some(());
    }
    let zone = rest.strip_prefix(['+', '-'])?;
    let (hours, minutes) = zone.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (!zone_in_range || (hours <= 24 && minutes < 60)).then_some(())
}

/// Go's `time.ParseDuration`: `300ms`, `-1.5h`, `2h45m`.
pub fn is_go_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let number = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
        let (digits, tail) = rest.split_at(number);
        let valid = digits.bytes().any(|b| b.is_ascii_digit()) && digits.matches('.').count() <= 1;
        let unit = ["ns", "us", "µs", "μs", "ms", "s", "m", "h"]
            .into_iter()
            .find(|unit| tail.strip_prefix(unit).is_some_and(|after| !after.starts_with(|c: char| c.is_alphabetic())));
        let Some(unit) = unit.filter(|_| valid) else { return false };
        rest = &tail[unit.len()..];
    }
    true
}

/// `strfmt.IsDuration`: Go's, and Scala's such as `10 minutes` anywhere in the text.
pub fn is_loose_duration(text: &str) -> bool {
    const UNITS: [&str; 34] = [
        "ns",
        "nano",
        "nanos",
        "nanosecond",
        "nanoseconds",
        "us",
        "µs",
        "micro",
        "micros",
        "microsecond",
        "microseconds",
        "ms",
        "milli",
        "millis",
        "millisecond",
        "milliseconds",
        "s",
        "sec",
        "secs",
        "second",
        "seconds",
        "m",
        "min",
        "mins",
        "minute",
        "minutes",
        "h",
        "hr",
        "hour",
        "hours",
        "d",
        "day",
        "days",
        "weeks",
    ];
    if is_go_duration(text) {
        return true;
    }
    let lower = text.to_lowercase();
    let number = lower.bytes().take_while(u8::is_ascii_digit).count();
    let unit = lower[number..].trim();
    number > 0 && (UNITS.contains(&unit) || unit == "w" || unit == "week")
}

#[cfg(test)]
mod tests {
    use super::{is_go_duration, is_loose_duration, is_rfc3339};

    #[test]
    fn times_are_those_of_the_calendar() {
        assert!(is_rfc3339("2024-02-29T23:59:59Z") && is_rfc3339("2024-01-01T00:00:00.123+02:00"));
        for text in ["", "2023-02-29T00:00:00Z", "2024-01-01", "2024-01-01 00:00:00Z", "2024-01-01T24:00:00Z"] {
            assert!(!is_rfc3339(text), "{text}");
        }
    }

    #[test]
    fn durations_have_units() {
        assert!(is_go_duration("1h30m") && is_go_duration("-1.5s") && is_go_duration("0") && is_go_duration("1us"));
        assert!(!is_go_duration("5") && !is_go_duration("1d") && !is_go_duration("") && !is_go_duration("h"));
        assert!(is_loose_duration("10 minutes") && is_loose_duration("1d") && !is_loose_duration("5 moons"));
    }
}
