//! Texts with a form: quantities, times, names, addresses. Each reads what the Go function named beside it reads.

pub mod name;
pub mod net;
pub mod quantity;
pub mod time;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

use super::compile::Format;

/// Whether `text` is base64 as Go's `encoding/json` decodes it into bytes: padded, line breaks ignored.
pub fn is_base64(text: &str) -> bool {
    base64_len(text).is_some()
}

/// The number of bytes that base64 `text` stands for.
pub fn base64_len(text: &str) -> Option<usize> {
    base64_bytes(text).map(|bytes| bytes.len())
}

/// The bytes that base64 `text` stands for.
pub fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    // Go ignores the bits left over in the last character.
    let lenient = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&STANDARD, lenient);
    if text.contains(['\r', '\n']) {
        let joined: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
        return engine.decode(joined).ok();
    }
    engine.decode(text).ok()
}

/// Whether a custom resource's `text` has `format`: `k8s.io/kube-openapi/pkg/validation/strfmt`.
/// Formats of numbers say nothing about texts.
pub(super) fn holds(format: Format, text: &str) -> bool {
    match format {
        Format::Int32 | Format::Int64 | Format::Float | Format::Double | Format::IntOrString => true,
        Format::Byte => !text.is_empty() && is_base64(text),
        Format::DateTime => time::is_loose_date_time(text),
        Format::Date => time::is_date(text),
        Format::Quantity => quantity::is_quantity(text),
        Format::Duration => time::is_loose_duration(text),
        Format::Uuid => is_uuid(text, None),
        Format::Uuid3 => is_uuid(text, Some('3')),
        Format::Uuid4 => is_uuid(text, Some('4')),
        Format::Uuid5 => is_uuid(text, Some('5')),
        Format::Email => net::is_email(text),
        Format::Hostname => net::is_hostname(text),
        Format::Ipv4 => text.parse::<std::net::Ipv4Addr>().is_ok(),
        Format::Ipv6 => net::parse_ip(text).is_some_and(|ip| ip.is_ipv6()),
        Format::Cidr => net::is_cidr(text),
        Format::Mac => net::is_mac(text),
        Format::Uri => net::is_request_uri(text),
        Format::K8sShortName => name::dns1123_label(text).is_ok(),
        Format::K8sLongName => name::dns1123_subdomain(text).is_ok(),
    }
}

/// `strfmt.IsUUID` and its versions: 32 hexadecimal digits, dashes where they belong or left out.
fn is_uuid(text: &str, version: Option<char>) -> bool {
    let digits: Vec<char> = text.chars().filter(|c| *c != '-').collect();
    let dashes_fit = text.match_indices('-').all(|(at, _)| matches!(at, 8 | 12 | 13 | 16..=18 | 20..=23));
    digits.len() == 32
        && dashes_fit
        && digits.iter().all(char::is_ascii_hexdigit)
        && version.is_none_or(|version| digits[12] == version)
        && (matches!(version, None | Some('3')) || matches!(digits[16].to_ascii_lowercase(), '8' | '9' | 'a' | 'b'))
}

#[cfg(test)]
mod tests {
    use super::{is_base64, is_uuid};

    #[test]
    fn base64_needs_padding_and_may_have_line_breaks() {
        assert!(is_base64("aGVsbG8=") && is_base64("aGVs\nbG8=\n") && is_base64(""));
        assert!(!is_base64("aGVsbG8") && !is_base64("not base64!") && !is_base64("aGVs bG8="));
    }

    #[test]
    fn a_uuid_may_leave_its_dashes_out() {
        assert!(is_uuid("123e4567-e89b-42d3-a456-426614174000", Some('4')));
        assert!(is_uuid("123e4567e89b42d3a456426614174000", None));
        assert!(!is_uuid("123e4567-e89b-12d3-a456-42661417400", None));
    }
}
