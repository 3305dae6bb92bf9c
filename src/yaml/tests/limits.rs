use super::{read, try_read};
use crate::yaml::{Limits, to_string};

fn rule(text: &str, limits: Limits) -> &'static str {
    try_read(text, limits).expect_err("too much")[0].rule
}

fn lines(numbers: impl Iterator<Item = usize>, line: impl Fn(usize) -> String) -> String {
    numbers.map(line).collect::<Vec<_>>().concat()
}

#[test]
fn nesting_ends_at_the_limit() {
    let limits = Limits { depth: 3, ..Limits::default() };
    assert!(try_read("[[[1]]]", limits).is_ok());
    for text in ["[[[[1]]]]", "a: {b: {c: {d: 1}}}", "- - - - 1", "a: &x [[1]]\nb: [[*x]]"] {
        assert_eq!(rule(text, limits), "yaml-too-deep", "{text}");
    }
}

#[test]
fn nesting_without_end_exhausts_no_stack() {
    for open in ["[", "{a: ", "- ", "? ", "[a: "] {
        let text = open.repeat(100_000);
        assert!(try_read(&text, Limits { depth: usize::MAX, ..Limits::default() }).is_err(), "{open}");
    }
    let deepest = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
    let nodes = try_read(&deepest, Limits { depth: usize::MAX, ..Limits::default() }).expect("a thousand levels");
    assert!(to_string(&nodes[0]).ends_with("- 1\n"));
}

#[test]
fn aliases_of_aliases_end_at_the_limit() {
    let first = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    let text = first + &lines(1..20, |i| format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 10].join(", ")));
    assert_eq!(rule(&text, Limits::default()), "yaml-too-large");
    assert_eq!(rule("[1, 2, 3]", Limits { nodes: 3, ..Limits::default() }), "yaml-too-large");
}

/// Each of these would take hours if the reader's time grew with the square of the text.
#[test]
fn hostile_texts_are_read_in_linear_time() {
    const N: usize = 100_000;
    for text in [
        "a ".repeat(N),
        format!("a: {}", "b\n  ".repeat(N)),
        format!("a: {}", "\n".repeat(N)),
        format!("a: \"{}\"", "b\n\n".repeat(N)),
        format!("a: '{}'", "''".repeat(N)),
        format!("a: \"{}\"", "\\n".repeat(N)),
        format!("a: |\n{}", "  b\n".repeat(N)),
        format!("a: >\n{}", "  b\n\n".repeat(N)),
        format!("a: |\n{}", " \n".repeat(N)),
        format!("[{}]", "a, ".repeat(N)),
        format!("[{}]", "é: é, ".repeat(N)),
        format!("[{}]", "[a]: b, ".repeat(N)),
        format!("[{}]", "{a: b}, ".repeat(N)),
        "- a\n".repeat(N),
        "# c\n".repeat(N),
        "--- a\n".repeat(N),
        lines(0..N, |i| format!("k{i}: 1\n")),
        lines((0..N).rev(), |i| format!("k{i}: 1\n")),
        lines(0..N, |i| format!("- &a{i} x\n- *a{i}\n")),
        format!("- &a {{a: 1}}\n{}", "- {<<: *a}\n".repeat(N)),
        format!("- &a {{a: 1}}\n- {{{}}}", "<<: *a, ".repeat(N)),
        "k: 1\n".repeat(N),
        "\"".repeat(N),
        "&a ".repeat(N),
        "!!str ".repeat(N),
        lines(0..N, |i| format!("%TAG !a{i}! b\n")),
        ": ".repeat(N),
        "? ".repeat(N),
        "- ".repeat(N),
        "{".repeat(N),
        "}".repeat(N),
        "é".repeat(N),
        format!("{}: b", "é".repeat(900)).repeat(300),
    ] {
        // What it says does not matter here.
        drop(try_read(&text, Limits::default()));
    }
}

#[test]
fn documents_that_hold_nothing_are_left_out() {
    for text in ["", "\n", "# c", "---", "---\n---\n", "null", "~\n...\n", "--- # c\n---\n", "\u{FEFF}"] {
        assert!(read(text).is_empty(), "{text:?}");
    }
}
