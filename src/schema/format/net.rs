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

/// Whether the part of a CIDR behind its prefix is zero.
pub fn is_masked(address: IpAddr, length: u8) -> bool {
    let below = |bits: u128, width: u32| {
        let host = width - u32::from(length).min(width);
        host == 0 || bits & (u128::MAX >> (128 - host)) == 0
    };
    match address {
        IpAddr::V4(v4) => below(u128::from(v4.to_bits()), 32),
        IpAddr::V6(v6) => below(v6.to_bits(), 128),
    }
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
    use super::{is_cidr, is_masked, parse_cidr};

    #[test]
    fn a_prefix_has_a_length_that_its_address_can_have() {
        assert!(is_cidr("10.0.0.0/8") && is_cidr("::/0"));
        assert!(!is_cidr("10.0.0.0") && !is_cidr("10.0.0.0/33") && !is_cidr("10.0.0/8") && !is_cidr("010.0.0.0/8"));
    }

    #[test]
    fn host_bits_are_seen() {
        let masked = |text| parse_cidr(text).map(|(address, length)| is_masked(address, length));
        assert_eq!(masked("10.0.0.0/8"), Some(true));
        assert_eq!(masked("10.0.0.1/8"), Some(false));
        assert_eq!(masked("::/0"), Some(true));
    }
}
