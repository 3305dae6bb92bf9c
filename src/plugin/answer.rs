//! A manifest as the stock server sends it: JSON by the rules of Go's `encoding/json`, keys sorted, so that a client
//! cannot tell the two servers apart (`SplitYAMLToString` in gitops-engine's `pkg/utils/kube`).

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::Formatter;

use crate::yaml::Node;

/// The manifest as Go writes it. Fails only if a number is no number, which no YAML can bring.
pub(super) fn go_json(node: &Node) -> serde_json::Result<String> {
    let mut out = Vec::new();
    node.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Go))?;
    String::from_utf8(out).map_err(serde::ser::Error::custom)
}

/// Go escapes what HTML could misread, and writes floating-point numbers its own way.
struct Go;

impl Formatter for Go {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let c = rest[at..].chars().next().unwrap_or_default();
            write!(writer, "\\u{:04x}", u32::from(c))?;
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        let size = value.abs();
        if size == 0.0 || (1e-6..1e21).contains(&size) {
            return write!(writer, "{value}");
        }
        // Go writes the sign of an exponent always, and no zero before a single digit of a negative one.
        let text = format!("{value:e}");
        match text.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => write!(writer, "{digits}e+{exponent:0>2}"),
            _ => writer.write_all(text.as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::go_json;
    use crate::diagnostics::Span;
    use crate::yaml::Node;

    #[test]
    fn texts_and_numbers_as_go_writes_them() {
        let value =
            json!({"b": "<a&b>\u{2028}\t\u{1}\"é", "a": [1, -1, 1.5, 1.0, 1e21, 1.5e300, 1e-7, 0.000_001, true, null]});
        let written = go_json(&Node::from_json(value, Span::NONE)).expect("JSON");
        assert_eq!(
            written,
            r#"{"a":[1,-1,1.5,1,1e+21,1.5e+300,1e-7,0.000001,true,null],"b":"\u003ca\u0026b\u003e\u2028\t\u0001\"é"}"#
        );
    }
}
