//! Anchors, aliases and merge keys in every combination, most of them allowed.

use std::fmt::Write;

use crate::documents;
use crate::random::Random;

const IN_A_MAPPING: &[&str] = &[
    "<<: *m",
    "<<: *m",
    "<<: *n",
    "<<: [*m, *n]",
    "<<: {x: 5, w: 6}",
    "x: 7",
    "y: 8",
    "z: &s 9",
    "v: *s",
    "v: *m",
    "u: [*m, *s]",
    "\"<<\": 1",
    "<<: [*n, {x: 9}]",
    "!!merge <<: *m",
    "? *s\n  : 1",
];
const RARELY: &[&str] =
    &["<<: *l", "<<:", "<<: 1", "! <<: *n", "<<: *nope", "<<: [[*m]]", "x: 1\n  x: 2", "<<: *s", "? *m\n  : 1"];

/// A few anchors, then what refers to them.
pub(crate) fn text(random: &mut Random) -> String {
    let mut out = String::from("m: &m {x: 1, y: 2}\nn: &n\n  y: 3\n  z: {q: 4}\ns: &s ");
    out.push_str(random.pick(&["text", "12", "'12'", "!!str 12", "yes", "~", "2001-01-01"]));
    out.push_str("\nl: &l [1, *s, *m]\n");
    for i in 0..random.below(4) {
        match random.below(6) {
            // Names may be given again, and values may refer to anchors in them.
            0 => put(&mut out, format_args!("k{i}: &m {{x: *s, a: {}}}\n", random.pick(&["*l", "*n", "{<<: *m}"]))),
            1 => put(&mut out, format_args!("k{i}: [*m, {{b: *n}}, &n {{<<: *m, c: *l}}]\n")),
            2 if random.once_in(8) => put(&mut out, format_args!("k{i}: &l [1, *l]\n")),
            3 if random.once_in(4) => put(&mut out, format_args!("*s : {}\n", documents::scalar(random))),
            _ => {
                put(&mut out, format_args!("k{i}: {}\n", random.pick(&["", "&n", "&m", "&o"])));
                for _ in 0..=random.below(3) {
                    let line = if random.once_in(12) { random.pick(RARELY) } else { random.pick(IN_A_MAPPING) };
                    put(&mut out, format_args!("  {line}\n"));
                }
            }
        }
    }
    out
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes everything");
}

/// A document whose aliases make up about `share` of a thousand of it once they are expanded.
pub(crate) fn expanding(items: usize, aliases: usize, plain: usize) -> String {
    let mut out = format!("a: &a [{}]\nb: [", vec!["x"; items].join(","));
    out.push_str(&vec!["*a"; aliases].join(","));
    out.push_str("]\nc: [");
    out.push_str(&vec!["y"; plain].join(","));
    out.push_str("]\n");
    out
}
