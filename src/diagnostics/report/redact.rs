//! Which source lines may be shown. A finding in a Secret shows the key, never the value:
//! error texts end up in Argo CD's UI, in CI logs and in chat.

use std::borrow::Cow;
use std::ops::Range;

const MASK: &str = "\u{2026}";

/// The lines of `text` in the byte range `shown` (whole lines), with every value of a Secret masked.
pub(super) fn mask(text: &str, shown: Range<usize>) -> Cow<'_, str> {
    let visible = &text[shown.clone()];
    if !mentions_secrets(text) {
        return Cow::Borrowed(visible);
    }
    let secret = secret_ranges(text);
    let mut out = String::with_capacity(visible.len());
    let mut at = shown.start;
    for line in visible.split_inclusive('\n') {
        if secret.iter().any(|range| range.contains(&at)) {
            mask_line(line, &mut out);
        } else {
            out.push_str(line);
        }
        at += line.len();
    }
    Cow::Owned(out)
}

/// Keeps what stands left of the first `:` or `=`, so that columns up to there stay right.
fn mask_line(line: &str, out: &mut String) {
    let body = line.trim_end_matches(['\n', '\r']);
    let kept = body.find([':', '=']).map_or(body.len() - body.trim_start().len(), |i| i + 1);
    out.push_str(&body[..kept]);
    if !body[kept..].trim().is_empty() {
        out.push(' ');
        out.push_str(MASK);
    }
    out.push_str(&line[body.len()..]);
}

fn mentions_secrets(text: &str) -> bool {
    text.contains("Secret") || text.contains("secretGenerator")
}

/// Byte ranges of the documents that are Secrets, and of the `secretGenerator` block of a kustomization.
fn secret_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let (mut document, mut generator) = (0, None);
    let mut is_secret = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_end();
        if body.starts_with("---") {
            if is_secret {
                ranges.push(document..at);
            }
            (document, is_secret) = (at, false);
        }
        is_secret |= names_secret_kind(body);
        match generator {
            None if body.starts_with("secretGenerator") => generator = Some(at),
            Some(start) if body.starts_with(|c: char| !c.is_whitespace() && c != '-' && c != '#') => {
                ranges.push(start..at);
                generator = body.starts_with("secretGenerator").then_some(at);
            }
            _ => {}
        }
        at += line.len();
    }
    if is_secret {
        ranges.push(document..text.len());
    }
    ranges.extend(generator.map(|start| start..text.len()));
    ranges
}

/// Whether a line says `kind: Secret` in YAML (block or flow) or JSON. Too many hits only hide a line.
fn names_secret_kind(line: &str) -> bool {
    let plain: String = line.chars().filter(|c| !c.is_whitespace() && *c != '"' && *c != '\'').collect();
    plain
        .match_indices("kind:Secret")
        .any(|(i, hit)| !plain[i + hit.len()..].starts_with(|c: char| c.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::mask;

    fn all(text: &str) -> String {
        mask(text, 0..text.len()).into_owned()
    }

    #[test]
    fn a_secrets_values_are_masked_and_its_keys_stay() {
        let text = "kind: ConfigMap\ndata:\n  a: shown\n---\nkind: Secret\nstringData:\n  password: hunter2\n  cert: |\n    MIIB\n";
        let masked = all(text);
        assert!(masked.contains("a: shown") && masked.contains("password: …"), "{masked}");
        assert!(!masked.contains("hunter2") && !masked.contains("MIIB"), "{masked}");
    }

    #[test]
    fn literals_of_a_secret_generator_are_masked() {
        let text =
            "namespace: x\nsecretGenerator:\n- name: db\n  literals:\n  - password=hunter2\nresources:\n- a=b.yaml\n";
        let masked = all(text);
        assert!(!masked.contains("hunter2") && masked.contains("- password= …"), "{masked}");
        assert!(masked.contains("a=b.yaml") && masked.contains("namespace: x"), "{masked}");
    }

    #[test]
    fn a_flow_style_secret_is_masked_too() {
        assert!(!all("{\"kind\": \"Secret\", \"stringData\": {\"a\": \"hunter2\"}}\n").contains("hunter2"));
    }

    #[test]
    fn other_texts_are_shown_as_they_are() {
        let text = "kind: SecretStore\nspec: {a: b}\n";
        assert_eq!(all(text), text);
    }
}
