use super::read;
use crate::diagnostics::{Sources, Span};
use crate::yaml::{Limits, Node, Value, parse_with_comments};

fn shown(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

/// The text of every node below `node`, keys before their values.
fn all<'a>(text: &'a str, node: &Node, found: &mut Vec<&'a str>) {
    found.push(shown(text, node.span));
    match &node.value {
        Value::Seq(items) => items.iter().for_each(|item| all(text, item, found)),
        Value::Map(map) => {
            for entry in map {
                found.push(shown(text, entry.key_span));
                all(text, &entry.value, found);
            }
        }
        _ => {}
    }
}

fn places(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for document in read(text) {
        all(text, &document, &mut found);
    }
    found
}

#[test]
fn a_scalar_is_its_text_with_its_quotes_without_its_tag() {
    assert_eq!(places("a: b c  # d"), ["a: b c", "a", "b c"]);
    assert_eq!(places("\"a\": !!str &x 'b'\n"), ["\"a\": !!str &x 'b'", "\"a\"", "'b'"]);
    assert_eq!(places("é: ü"), ["é: ü", "é", "ü"]);
}

#[test]
fn a_block_goes_from_its_first_key_to_the_end_of_its_last_value() {
    let text = "a:\n  b: 1\n  c:\n  - x\n  - y: 2\n\n# end\nd: 3\n";
    assert_eq!(
        places(text),
        [
            "a:\n  b: 1\n  c:\n  - x\n  - y: 2\n\n# end\nd: 3",
            "a",
            "b: 1\n  c:\n  - x\n  - y: 2",
            "b",
            "1",
            "c",
            "- x\n  - y: 2",
            "x",
            "y: 2",
            "y",
            "2",
            "d",
            "3",
        ]
    );
}

#[test]
fn brackets_belong_to_the_collection() {
    assert_eq!(places("a: [1, {b: 2} ] # c"), ["a: [1, {b: 2} ]", "a", "[1, {b: 2} ]", "1", "{b: 2}", "b", "2"]);
    assert_eq!(places("[a: 1]"), ["[a: 1]", "a: 1", "a", "1"]);
}

#[test]
fn a_block_scalar_goes_from_its_header_to_the_end_of_its_last_line() {
    assert_eq!(places("a: |+\n  x\n   y\n\n\nb: 1"), ["a: |+\n  x\n   y\n\n\nb: 1", "a", "|+\n  x\n   y", "b", "1"]);
}

#[test]
fn a_missing_value_is_the_empty_place_after_its_colon() {
    let text = "a:\nb: 1";
    let documents = read(text);
    let node = documents[0].get("a").expect("a");
    assert_eq!((node.span.start, node.span.end), (2, 2));
}

#[test]
fn an_alias_has_the_place_of_its_anchor() {
    let text = "a: &x {k: 1}\nb: *x\nc:\n  <<: *x\n  l: 2\n";
    let documents = read(text);
    assert_eq!(shown(text, documents[0].get("b").expect("b").span), "{k: 1}");
    let merged = documents[0].get("c").expect("c").as_map().expect("a mapping");
    assert_eq!(merged.entry("k").expect("k").key_span.start, 7);
    assert_eq!(shown(text, documents[0].get("c").expect("c").span), "<<: *x\n  l: 2");
}

#[test]
fn places_count_from_the_start_of_the_text_whatever_the_document() {
    let text = "\u{FEFF}a: 1\r\n---\r\n# nothing\r\n---\r\nb: 2\r\n...\r\n";
    assert_eq!(places(text), ["a: 1", "a", "1", "b: 2", "b", "2"]);
}

#[test]
fn comments_have_places_when_they_are_asked_for() {
    let text = "# cmp: allow x\na: 1 # why\nb: \"# no\"\n";
    let mut sources = Sources::default();
    let source = sources.add("a.yaml", text);
    let (_, comments) = parse_with_comments(source, text, Limits::default()).expect("YAML");
    let comments: Vec<_> = comments.into_iter().map(|span| shown(text, span)).collect();
    assert_eq!(comments, ["# cmp: allow x", "# why"]);
}
