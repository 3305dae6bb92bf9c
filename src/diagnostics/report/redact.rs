//! Which source lines may be shown. A finding in a Secret shows the key, never the value:
//! error texts end up in Argo CD's UI, in CI logs and in chat.

use std::ops::Range;

const MASK: &str = "\u{2026}";

/// Whole lines of a text, with every value of a Secret masked.
pub(super) struct Shown {
    /// The lines as they may be shown.
    pub(super) text: String,
    lines: Vec<Line>,
}

/// Where a line went.
struct Line {
    /// Its first byte in the original text.
    from: usize,
    /// Its first byte in what is shown.
    to: usize,
    /// Bytes from its start that are shown as they are; `None`: all of them.
    kept: Option<usize>,
}

/// The lines of `text` in the byte range `shown`, which starts and ends at line borders.
pub(super) fn mask(text: &str, shown: Range<usize>) -> Shown {
    let secret = if mentions_secrets(text) { secret_ranges(text) } else { Vec::new() };
    let mut out = Shown { text: String::with_capacity(shown.len()), lines: Vec::new() };
    let mut from = shown.start;
    for line in text[shown].split_inclusive('\n') {
        let to = out.text.len();
        let hidden = secret.iter().any(|range| range.contains(&from));
        let kept = if hidden { mask_line(line, &mut out.text) } else { None };
        if kept.is_none() {
            out.text.push_str(line);
        }
        out.lines.push(Line { from, to, kept });
        from += line.len();
    }
    out
}

impl Shown {
    /// Where a part of one line of the original text stands now. A masked part is the mask, whatever its length.
    pub(super) fn place(&self, part: Range<usize>) -> Range<usize> {
        let Some(line) = self.lines.iter().rev().find(|line| line.from <= part.start) else { return 0..0 };
        let end = self.text.len();
        let (start, stop) = (part.start - line.from, part.end - line.from);
        match line.kept {
            Some(kept) if start >= kept => (line.to + kept + 1).min(end)..(line.to + kept + 1 + MASK.len()).min(end),
            Some(kept) => line.to + start..line.to + stop.min(kept),
            None => (line.to + start).min(end)..(line.to + stop).min(end),
        }
    }
}

/// Writes a line with what stands right of its first `:` or `=` masked, and returns how many bytes are as they were;
/// writes nothing and returns `None` where there is nothing to mask.
fn mask_line(line: &str, out: &mut String) -> Option<usize> {
    let body = line.trim_end_matches(['\n', '\r']);
    let kept = body.find([':', '=']).map_or(body.len() - body.trim_start().len(), |i| i + 1);
    if body[kept..].trim().is_empty() {
        return None;
    }
    out.push_str(&body[..kept]);
    out.push(' ');
    out.push_str(MASK);
    out.push_str(&line[body.len()..]);
    Some(kept)
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
        mask(text, 0..text.len()).text
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
    fn a_place_in_a_masked_value_is_the_mask() {
        let text = "kind: Secret\nstringData: {password: hunter2}\nmetadata: {}\n";
        let shown = mask(text, 0..text.len());
        let at = text.find("hunter2").expect("there");
        assert_eq!(&shown.text[shown.place(at..at + 7)], "\u{2026}");
        let at = text.find("metadata").expect("there");
        assert_eq!(&shown.text[shown.place(at..at + 8)], "metadata");
    }

    #[test]
    fn other_texts_are_shown_as_they_are() {
        let text = "kind: SecretStore\nspec: {a: b}\n";
        assert_eq!(all(text), text);
    }
}
