//! Floats as Go prints them with `strconv.FormatFloat(x, 'g', -1, …)`.

/// The shortest text for a finite float. `scientific` is what Rust's `{:e}` makes of it, which chooses the digits:
/// those of a float of 32 or of 64 bits.
pub(in crate::yaml) fn shortest(scientific: &str) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let digits = mantissa.replace('.', "");
    if !(-4..6).contains(&exponent) {
        let sign_of_exponent = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{mantissa}e{sign_of_exponent}{:02}", exponent.unsigned_abs());
    }
    let point = usize::try_from(exponent + 1).unwrap_or(0);
    if exponent < 0 {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0));
        format!("{sign}0.{zeros}{digits}")
    } else if digits.len() <= point {
        format!("{sign}{digits}{}", "0".repeat(point - digits.len()))
    } else {
        format!("{sign}{}.{}", &digits[..point], &digits[point..])
    }
}

#[cfg(test)]
mod tests {
    use super::shortest;

    #[test]
    fn floats_are_printed_as_go_prints_them() {
        for (value, text) in [
            (1.5, "1.5"),
            (0.1, "0.1"),
            (1e6, "1e+06"),
            (1_234_567.5, "1.2345675e+06"),
            (100_000.5, "100000.5"),
            (1e21, "1e+21"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-2.5e-7, "-2.5e-07"),
            (3.0, "3"),
            (1e100, "1e+100"),
        ] {
            assert_eq!(shortest(&format!("{value:e}")), text);
        }
    }
}
