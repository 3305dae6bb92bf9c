//! Amounts such as `500m` and `1Gi`: `k8s.io/apimachinery/pkg/api/resource`.

/// An amount in units of 10⁻⁹, exact up to 10²⁹ and capped beyond; enough to compare any two that people write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(i128);

const NANO: i128 = 1_000_000_000;

impl Quantity {
    /// Nothing at all.
    pub const ZERO: Self = Self(0);

    /// A whole number of units.
    pub const fn units(number: i64) -> Self {
        Self(number as i128 * NANO)
    }

    /// Reads `text` as `ParseQuantity` does.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let whole_len = digits.bytes().take_while(u8::is_ascii_digit).count();
        let (whole, rest) = digits.split_at(whole_len);
        let (fraction, suffix) = match rest.strip_prefix('.') {
            Some(rest) => rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count()),
            None => ("", rest),
        };
        // A lone sign, a lone dot or nothing is zero to Go: its scanner reads the digits that are not there as 0.
        if text.is_empty() || (whole.is_empty() && fraction.is_empty() && !suffix.is_empty()) {
            return None;
        }
        let amount = scale(whole, fraction, suffix)?;
        Some(Self(if negative { -amount } else { amount }))
    }

    /// Whether it is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether it is a whole number of units.
    pub const fn is_whole(self) -> bool {
        self.0 % NANO == 0
    }

    /// Whether it is a whole number of thousandths.
    pub const fn is_whole_milli(self) -> bool {
        self.0 % (NANO / 1000) == 0
    }
}

/// Whether the server reads `text` as a quantity.
pub fn is_quantity(text: &str) -> bool {
    Quantity::parse(text).is_some()
}

fn scale(whole: &str, fraction: &str, suffix: &str) -> Option<i128> {
    let (base, exponent): (i128, i32) = match suffix {
        "n" => (10, -9),
        "u" => (10, -6),
        "m" => (10, -3),
        "" => (10, 0),
        "k" => (10, 3),
        "M" => (10, 6),
        "G" => (10, 9),
        "T" => (10, 12),
        "P" => (10, 15),
        "E" => (10, 18),
        "Ki" => (2, 10),
        "Mi" => (2, 20),
        "Gi" => (2, 30),
        "Ti" => (2, 40),
        "Pi" => (2, 50),
        "Ei" => (2, 60),
        _ => (10, exponent(suffix)?),
    };
    let mut amount: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes().take(18)) {
        amount = amount.saturating_mul(10).saturating_add(i128::from(digit - b'0'));
    }
    let shift = 9 - i32::try_from(fraction.len().min(18)).unwrap_or(18);
    let (ten, two) = if base == 2 { (shift, exponent) } else { (shift.saturating_add(exponent), 0) };
    let amount = amount.saturating_mul(1_i128 << two);
    Some(shifted(amount, ten))
}

/// `amount` × 10^`by`; what gets lost counts as one, as Go rounds up.
fn shifted(amount: i128, by: i32) -> i128 {
    let power = 10_i128.saturating_pow(by.unsigned_abs());
    if by >= 0 {
        return amount.saturating_mul(power);
    }
    amount / power + i128::from(amount % power != 0)
}

/// `e3`, `E-6`: what stands behind a decimal exponent must be a number.
fn exponent(suffix: &str) -> Option<i32> {
    let number = suffix.strip_prefix(['e', 'E'])?;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::Quantity;

    #[test]
    fn suffixes_mean_what_the_server_takes_them_for() {
        let parse = |text| Quantity::parse(text).expect("a quantity");
        assert_eq!(parse("1"), Quantity::units(1));
        assert_eq!(parse("1000m"), Quantity::units(1));
        assert_eq!(parse("1Ki"), Quantity::units(1024));
        assert_eq!(parse("1e3"), Quantity::units(1000));
        assert_eq!(parse("0.5Gi"), parse("512Mi"));
        assert!(parse("-1").is_negative() && parse("500m") < parse("1"));
        assert!(parse("1.") == Quantity::units(1) && parse(".5") == parse("500m"));
    }

    #[test]
    fn what_the_server_refuses_is_none() {
        for text in ["", "1GB", "1gi", "1 Gi", "ten", "1Gi ", "0x10", "1,5", "1.2.3", "e3", "1K"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }
}
