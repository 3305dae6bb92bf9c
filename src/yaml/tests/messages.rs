use super::try_read;
use crate::diagnostics::Sources;
use crate::yaml::{Limits, parse};

/// A text, what it underlines where, what it says, and a piece of its help.
const CASES: &[(&str, &str, &str, &str)] = &[
    ("a: 1\n\tb: 2\n", "2:1 \t", "a tab cannot indent", "spaces"),
    ("a:\n\t- 1\n", "2:1 \t", "a tab cannot indent", "spaces"),
    ("a: |\n\ttext\n", "2:1 \t", "a tab cannot indent a block scalar", "spaces"),
    ("a: 1\nb:2\nc: 3\n", "2:1 b:2", "this line is no `key: value`, but the lines around it are", "`b: …`"),
    ("a: \"x\nb: 2", "2:5 ", "the text ends inside a quoted string", "close the string with `\"`"),
    ("a: 'x\n---\nb: 1\n", "2:1 -", "a document marker stands inside a quoted string", "close the string with `'`"),
    ("a: 'it's'\n", "1:8 s'", "the quoted string has ended before this", "inside single quotes a quote is written ''"),
    ("a: b: c\n", "1:5 :", "a second `key: value` cannot stand on the same line", "quote the value"),
    ("a: x\n  y: z\n", "2:4 :", "this colon stands in a line that continues the value above", "line the key up"),
    ("a:\n  - 1\n b: 2\n", "3:2 b", "this key lines up with no key above it", "same column"),
    ("a:\n  - 1\n - 2\n", "3:2 -", "this item lines up with no list above it", "same column"),
    ("- a\nb: 1\n", "2:1 b", "a key stands where a list item should", "indent"),
    ("a: 1\n- b\n", "2:1 -", "a list item stands where a key should", "indent the list"),
    ("a: - b\n", "1:4 -", "a list item cannot start here", "on a line of its own"),
    ("a: [1, 2\nb: 3\n", "2:2 :", "`,` or `]` is missing here", "commas"),
    ("{\"a\": 1,\n \"b\" 2}\n", "2:6 2", "`,` or `}` is missing here", "commas"),
    ("a: [1]]\n", "1:7 ]", "this bracket closes nothing", "delete it"),
    ("a: [1] b\n", "1:8 b", "nothing can follow this closing bracket", "quote"),
    ("a: [\n  - 1\n]\n", "2:3 -", "a value is missing before `-`", "not started by `-`"),
    ("a: {{ .x }}\n", "1:5 {", "a mapping cannot be a key", "'{{ name }}'"),
    ("a: @x\n", "1:4 @", "a value cannot start with `@`", "'@…'"),
    ("a: *.log\n", "1:4 *.", "`*` starts an alias, and its name is letters, digits, `-` and `_`", "quote the value"),
    ("a: *x\n", "1:4 *x", "no anchor `&x` stands before this alias", "define the anchor"),
    ("a: &x [*x]\n", "1:8 *x", "the value of `&x` contains itself", "cannot stand inside"),
    ("a: \"\\d\"\n", "1:5 \\d", "YAML knows no such escape", "double the backslash"),
    ("a: \"\\ud83d\"\n", "1:5 \\ud83d", "this escape names no character", "eight digits"),
    ("a: |x\n  y\n", "1:5 x", "text cannot follow a block scalar's header", "next line"),
    ("a: >\n   x\n  y\nb: 1\n", "3:3 y", "the block scalar above has ended before this line", "indent this line"),
    ("a: .inf\n", "1:4 .inf", "JSON, which Kubernetes speaks, has no such number", "quote it"),
    ("a: !!int x\n", "1:10 x", "the tag says that this is an integer, but it is not", "drop the tag"),
    ("~: 1\n", "1:1 ~", "a key cannot be null", "\"~\""),
    (": 1\n", "1:1 :", "a key is missing before this colon", "write the key"),
    ("y:\n  <<: 3\n", "2:7 3", "`<<` merges a mapping, or a list of mappings", "`<<: *anchor`"),
    ("%YAML 1.2\n---\na: 1\n", "1:1 %YAML 1.2", "Kubernetes reads YAML 1.1 only", "delete this line"),
    ("a: 1\n...\nb: 2\n", "3:1 b", "the document has ended before a key", "`---`"),
    ("a: \u{7}\n", "1:4 \u{7}", "the character U+0007 is not allowed in YAML", "\\u0007"),
    ("a: 1\n\u{FEFF}b: 2\n", "2:1 \u{FEFF}", "a byte order mark stands inside the text", "delete it"),
];

#[test]
fn each_mistake_is_named_where_it_stands_with_what_to_write() {
    for &(text, place, message, help) in CASES {
        let findings = try_read(text, Limits::default()).expect_err(text);
        let finding = &findings[0];
        let span = finding.primary.expect("a place");
        let mut sources = Sources::default();
        sources.add("a.yaml", text);
        let at = sources.position(span).expect("a position");
        let found = format!("{}:{} {}", at.line, at.column, &text[span.start as usize..span.end as usize]);
        assert_eq!((found.as_str(), finding.message.as_str()), (place, message), "{text:?}");
        let given = finding.help.as_deref().unwrap_or_default();
        assert!(given.contains(help), "{text:?}: {given:?} does not say {help:?}");
        assert_eq!(finding.rule, "invalid-yaml");
    }
}

#[test]
fn every_duplicate_key_is_reported_with_both_places() {
    let text = "a: 1\nb: {c: 1, c: 2}\na: 2\n1: x\n\"1\": y\n";
    let mut sources = Sources::default();
    let source = sources.add("a.yaml", text);
    let findings = parse(source, text, Limits::default()).expect_err("duplicates").into_vec();
    let places: Vec<_> = findings
        .iter()
        .map(|finding| {
            let place = |span| sources.place(span).expect("a place");
            (finding.rule, place(finding.primary.expect("a place")), place(finding.related[0].span))
        })
        .collect();
    let rule = "duplicate-key";
    let at = |place: &str| format!("a.yaml:{place}");
    assert_eq!(places, [(rule, at("2:11"), at("2:5")), (rule, at("3:1"), at("1:1")), (rule, at("5:1"), at("4:1"))]);
}

#[test]
fn a_merge_below_a_key_that_it_brings_is_ambiguous() {
    let findings = try_read("x: &m {k: 1}\ny:\n  k: 2\n  <<: *m\n", Limits::default()).expect_err("ambiguous");
    assert_eq!(findings[0].message, "the key `k` is merged in again below");
    assert!(try_read("x: &m {k: 1}\ny:\n  <<: *m\n  k: 2\n", Limits::default()).is_ok());
}
