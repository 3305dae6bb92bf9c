//! Addresses and names of hosts.

use std::net::IpAddr;

/// An address as Go's `netip.ParseAddr` reads it; no leading zeroes. A zone is none of a manifest's business.
pub fn parse_ip(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

/// An address with the length of its prefix: `net.ParseCIDR`.
pub fn is_cidr(text: &str) -> bool {
    parse_cidr(text).is_some()
}

/// The address and the length of a CIDR.
pub fn parse_cidr(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = text.split_once('/')?;
    let address = parse_ip(address)?;
    let plain = length.bytes().all(|b| b.is_ascii_digit()) && (length == "0" || !length.starts_with('0'));
    let length: u8 = length.parse().ok().filter(|_| plain)?;
    (length <= if address.is_ipv4() { 32 } else { 128 }).then_some((address, length))
}

/// Whether a range lies inside another and is smaller.
pub fn is_strictly_inside(part: (IpAddr, u8), whole: (IpAddr, u8)) -> bool {
    let prefix = |address: IpAddr| match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()) << 96,
        IpAddr::V6(v6) => v6.to_bits(),
    };
    let shift = 128 - u32::from(whole.1);
    let same = |a: u128, b: u128| a.checked_shr(shift).unwrap_or(0) == b.checked_shr(shift).unwrap_or(0);
    part.0.is_ipv4() == whole.0.is_ipv4() && part.1 > whole.1 && same(prefix(part.0), prefix(whole.0))
}

pub(super) fn is_mac(text: &str) -> bool {
    let separator = if text.contains(':') { ':' } else { '-' };
    let parts: Vec<&str> = text.split(separator).collect();
    matches!(parts.len(), 6 | 8 | 20)
        && parts.iter().all(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// `url.ParseRequestURI`: an absolute URI or an absolute path.
pub fn is_request_uri(text: &str) -> bool {
    let printable = !text.is_empty() && text.bytes().all(|b| b > b' ' && b != 0x7f);
    let scheme = text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    });
    printable && (text.starts_with('/') || scheme)
}

pub(super) fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !text.contains(' '))
}

/// `strfmt.IsHostname`, RFC 1034.
pub(super) fn is_hostname(text: &str) -> bool {
    let part = |part: &str| {
        let ends = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        (1..=63).contains(&part.len())
            && ends(part.chars().next())
            && ends(part.chars().last())
            && part.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    (1..=255).contains(&text.len()) && text.strip_suffix('.').unwrap_or(text).split('.').all(part)
}

#[cfg(test)]
mod tests {
    use super::{is_cidr, is_strictly_inside, parse_cidr};

    #[test]
    fn a_prefix_has_a_length_that_its_address_can_have() {
        assert!(is_cidr("10.0.0.0/8") && is_cidr("::/0"));
        assert!(!is_cidr("10.0.0.0") && !is_cidr("10.0.0.0/33") && !is_cidr("10.0.0/8") && !is_cidr("010.0.0.0/8"));
    }

    #[test]
    fn inside_means_smaller_and_within() {
        let inside = |part, whole| Some(is_strictly_inside(parse_cidr(part)?, parse_cidr(whole)?));
        assert_eq!(inside("10.1.0.0/16", "10.0.0.0/8"), Some(true));
        assert_eq!(inside("10.0.0.0/8", "10.0.0.0/8"), Some(false));
        assert_eq!(inside("11.0.0.0/16", "10.0.0.0/8"), Some(false));
        assert_eq!(inside("10.0.0.0/8", "0.0.0.0/0"), Some(true));
    }
}
