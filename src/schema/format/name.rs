//! Names: `k8s.io/apimachinery/pkg/util/validation`. Each check says what is wrong in the server's terms.

/// What a name must look like, for a message.
pub type Verdict = Result<(), &'static str>;

const fn check(holds: bool, otherwise: &'static str) -> Verdict {
    if holds { Ok(()) } else { Err(otherwise) }
}

const LABEL: &str = "at most 63 lower case letters, digits and `-`, with a letter or digit at both ends";
const SUBDOMAIN: &str =
    "at most 253 lower case letters, digits, `-` and `.`, with a letter or digit at both ends of each part";
const DNS1035: &str =
    "at most 63 lower case letters, digits and `-`, starting with a letter and ending with a letter or digit";
const QUALIFIED: &str = "at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends; before it perhaps a DNS name and `/`";
const LABEL_VALUE: &str = "empty, or at most 63 letters, digits, `-`, `_` and `.` with a letter or digit at both ends";

fn is_lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_label(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().copied().is_some_and(is_lower)
        && bytes.last().copied().is_some_and(is_lower)
        && bytes.iter().all(|byte| is_lower(*byte) || *byte == b'-')
}

/// `IsDNS1123Label`
pub fn dns1123_label(text: &str) -> Verdict {
    check(text.len() <= 63 && is_label(text), LABEL)
}

/// `IsDNS1123Subdomain`
pub fn dns1123_subdomain(text: &str) -> Verdict {
    check(text.len() <= 253 && text.split('.').all(is_label), SUBDOMAIN)
}

/// `IsWildcardDNS1123Subdomain`
pub fn wildcard_subdomain(text: &str) -> Verdict {
    let rest = text.strip_prefix("*.");
    check(
        text.len() <= 253 && rest.is_some_and(|rest| rest.split('.').all(is_label)),
        "`*.` and a DNS name; the `*` stands for its first part as a whole",
    )
}

/// `IsDNS1035Label`
pub fn dns1035_label(text: &str) -> Verdict {
    let starts = text.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
    check(text.len() <= 63 && starts && is_label(text), DNS1035)
}

fn is_qualified_part(text: &str) -> bool {
    let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    (1..=63).contains(&bytes.len())
        && ends(bytes.first())
        && ends(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// `IsQualifiedName`: keys of labels, annotations and extended resources.
pub fn qualified_name(text: &str) -> Verdict {
    let holds = match text.split_once('/') {
        None => is_qualified_part(text),
        Some((prefix, name)) => dns1123_subdomain(prefix).is_ok() && is_qualified_part(name),
    };
    check(holds, QUALIFIED)
}

/// `IsValidLabelValue`
pub fn label_value(text: &str) -> Verdict {
    check(text.is_empty() || is_qualified_part(text), LABEL_VALUE)
}

/// `IsValidPathSegmentName`: names of RBAC objects.
pub fn path_segment(text: &str) -> Verdict {
    check(!matches!(text, "." | "..") && !text.contains(['/', '%']), "not `.` or `..`, and without `/` and `%`")
}

/// `IsValidPortName`: an IANA service name.
pub fn port_name(text: &str) -> Verdict {
    let bytes = text.as_bytes();
    let ends = |byte: Option<&u8>| byte.copied().is_some_and(is_lower);
    let holds = (1..=15).contains(&bytes.len())
        && bytes.iter().all(|byte| is_lower(*byte) || *byte == b'-')
        && bytes.iter().any(u8::is_ascii_lowercase)
        && !text.contains("--")
        && ends(bytes.first())
        && ends(bytes.last());
    check(
        holds,
        "at most 15 lower case letters, digits and single `-`, at least one letter, with a letter or digit at both ends",
    )
}

/// `IsConfigMapKey`
pub fn config_key(text: &str) -> Verdict {
    let holds = (1..=253).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        && text != "."
        && !text.starts_with("..");
    check(holds, "at most 253 letters, digits, `-`, `_` and `.`, and it cannot be `.` or start with `..`")
}

/// `IsRelaxedEnvVarName`: any printable ASCII but `=`.
pub fn env_name(text: &str) -> Verdict {
    let holds = !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'=');
    check(holds, "printable ASCII characters other than `=`")
}

/// `IsHTTPHeaderName`
pub fn header_name(text: &str) -> Verdict {
    let holds =
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    check(holds, "letters, digits, `-` and `_`")
}

#[cfg(test)]
mod tests {
    use super::{config_key, dns1035_label, dns1123_label, dns1123_subdomain, label_value, port_name, qualified_name};

    #[test]
    fn names_of_each_kind() {
        assert!(dns1123_label("0a").is_ok() && dns1035_label("0a").is_err() && dns1123_label("a.b").is_err());
        assert!(dns1123_subdomain("a.b-c").is_ok() && dns1123_subdomain("a..b").is_err());
        assert!(qualified_name("app.kubernetes.io/name").is_ok() && qualified_name("a/b/c").is_err());
        assert!(label_value("").is_ok() && label_value("-a").is_err() && label_value(&"a".repeat(64)).is_err());
        assert!(port_name("http").is_ok() && port_name("80").is_err() && port_name("a--b").is_err());
        assert!(config_key(".env").is_ok() && config_key("..env").is_err() && config_key("a b").is_err());
    }
}
