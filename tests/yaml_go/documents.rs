//! Texts to read: scalars in every context, documents by grammar, documents with a few bytes changed, token soup.

use crate::random::Random;

#[rustfmt::skip]
const SCALARS: &[&str] = &[
    "", "~", "null", "Null", "NULL", "nULL", "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "on", "On", "off", "OFF",
    "true", "True", "TRUE", "false", "t", "f", "0", "-0", "+0", "00", "007", "08", "0o17", "0o8", "0x1F", "0X1f",
    "0b101", "0B1", "0b+1", "0b-1", "-0b11", "0x", "0xg", "1_000", "_1", "+_1", "1_", "0x_f", "0_7",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "18446744073709551615", "18446744073709551616", "+18446744073709551615", "0xFFFFFFFFFFFFFFFF",
    "123456789012345678901234567890", "1.", "1.0", "1.5", "-1.5e3", ".5", ".5_0", "._5", "5_.1", "1e3", "1e+3",
    "1E-3", "1e400", "-1e400", "1e-400", "1e", ".e1", ".", "..", "-.", "-", "+", ".inf", ".Inf", "-.INF", "+.inf",
    ".iNf", ".nan", ".NaN", "inf", "NaN", "1e21", "1e20", "100000000000000016", "9007199254740993.0",
    "9300000000000000000.0", "1.7976931348623157e308", "5e-324", "0.1", "1:30", "1:30:59.5", "2001-01-01", "2001-1-1",
    "2001-01-01T01:02:03Z", "2001-01-01 01:02:03", "2001-01-01 1", "<<", "=", "a", "a b", "a  b", "a:b", "a#b",
    "a #b", "10Gi", "1.2.3", "10.0.0.1", "0.0.0.0/0", "1234e567", "é", "a\u{a0}b", "\u{feff}a", "😀", "[", "*",
    "null ",
];

#[rustfmt::skip]
const ALPHABET: &[&str] = &[
    "0", "1", "2", "7", "8", "9", "a", "b", "e", "E", "f", "o", "x", "X", "B", "_", ".", "+", "-", ":", " ", "y", "n",
    "N", "t", "T", "i", "Z", "~", "<", "=", "#", ",", "?", "\\", "/", "'", "\"", "é", "%",
];

#[rustfmt::skip]
const TAGS: &[&str] = &[
    "!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!binary", "!!merge", "!", "!local", "!!map",
    "!!seq", "!<tag:yaml.org,2002:int>", "!!i%6Et",
];

/// The text of a scalar, well-known or made up.
pub(crate) fn scalar(random: &mut Random) -> String {
    if random.once_in(2) {
        return random.pick(SCALARS).to_owned();
    }
    (0..=random.below(6)).map(|_| random.pick(ALPHABET)).collect()
}

fn quoted(random: &mut Random) -> String {
    let text = scalar(random);
    if random.once_in(2) {
        return format!("'{text}'");
    }
    let escape = random.pick(&[
        "",
        "\\n",
        "\\t",
        "\\x41",
        "\\u00e9",
        "\\U0001F600",
        "\\/",
        "\\ud83d",
        "\\q",
        "\\ ",
        "\\\n  ",
        "\\0",
        "\\N\\L\\P\\_",
    ]);
    format!("\"{text}{escape}\"")
}

/// A scalar where scalars stand.
pub(crate) fn scalar_in_context(random: &mut Random) -> String {
    let text = if random.once_in(6) { quoted(random) } else { scalar(random) };
    let text = if random.once_in(6) { format!("{} {text}", random.pick(TAGS)) } else { text };
    match random.below(12) {
        0 => text,
        1 => format!("- {text}"),
        2 => format!("[{text}]"),
        3 => format!("[{text}, {text}]"),
        4 => format!("{{a: {text}}}"),
        5 => format!("{{{text}: a}}"),
        6 => format!("{text}: a"),
        7 => format!("? {text}\n: a"),
        8 => format!("{{{text}}}"),
        9 => format!("a: {text} # comment\nb: {text}\n"),
        _ => format!("a: {text}\n"),
    }
}

/// A document in all styles. Half of them keep to what is allowed; the others do so mostly.
pub(crate) fn document(random: &mut Random) -> String {
    let tame = random.once_in(2);
    let mut writer = Writer { random, tame, out: String::new() };
    writer.document();
    writer.out
}

struct Writer<'r> {
    random: &'r mut Random,
    tame: bool,
    out: String,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// One of `tame`, or now and then of `wild`, which may be wrong where it stands.
    fn choose(&mut self, tame: &[&str], wild: &[&str]) {
        let from_wild = !self.tame && !wild.is_empty() && self.random.once_in(4);
        let text = self.random.pick(if from_wild { wild } else { tame });
        self.put(text);
    }

    fn document(&mut self) {
        self.choose(
            &["", "", "---\n", "--- \n", "%YAML 1.1\n---\n", "# comment\n", "\u{feff}", "\n", "--- # c\n"],
            &["%TAG !e! tag:yaml.org,2002:\n---\n", "--- ", "%YAML 1.2\n---\n", "...\n"],
        );
        self.block(0, 4);
        self.choose(&["", "\n", "\n...\n", "\n# end", "\n---\n"], &["\n---\nb: 2\n", "\n... x\n", "\nrest"]);
        let newline = self.random.pick(&["\n", "\n", "\n", "\n", "\r\n", "\r"]);
        self.out = self.out.replace('\n', newline);
    }

    fn scalar(&mut self) {
        let mut text = scalar(self.random);
        while self.tame
            && (text.is_empty() || text.contains([':', '#', '[', ']', '{', '}', ',', '*', '?', '%', '\'', '"']))
        {
            text = scalar(self.random);
        }
        self.put(&text);
    }

    fn quoted(&mut self) {
        if !self.tame {
            let text = quoted(self.random);
            return self.put(&text);
        }
        self.choose(&["'a ''b'' #c'", "\"a: b\\n\"", "''", "\"\"", "\"\\u00e9\\x41\"", "'1'", "\"true\"", "'\"'"], &[]);
    }

    fn properties(&mut self) {
        if self.random.once_in(10) {
            self.choose(&["&a ", "&b ", "!!str ", "!x ", "! ", "&c !!str ", "!!str &d "], &["!!int ", "!e!str ", "& "]);
        }
    }

    fn block(&mut self, indent: usize, depth: usize) {
        match if depth == 0 { 0 } else { self.random.below(7) } {
            0 => self.leaf(indent),
            1 | 2 => {
                for i in 0..=self.random.below(3) {
                    self.indent(if i > 0 { indent } else { 0 });
                    let deeper = format!("-\n{}", " ".repeat(indent + 2));
                    let after_comment = format!("- # c\n{}", " ".repeat(indent + 2));
                    self.choose(&["- ", "- ", "- ", &deeper, &after_comment], &["-", "-  "]);
                    self.block(indent + 2, depth - 1);
                    self.end_line();
                }
            }
            _ => {
                for i in 0..=self.random.below(3) {
                    self.indent(if i > 0 { indent } else { 0 });
                    self.key(i, indent);
                    self.properties();
                    if self.random.once_in(2) {
                        self.leaf(indent);
                    } else {
                        let deeper = indent + if self.tame { 2 } else { self.random.below(4) };
                        self.put("\n");
                        self.indent(deeper);
                        self.block(deeper, depth - 1);
                    }
                    self.end_line();
                }
            }
        }
    }

    fn indent(&mut self, columns: usize) {
        self.out.extend(std::iter::repeat_n(' ', columns));
    }

    fn end_line(&mut self) {
        if !self.out.ends_with('\n') {
            self.choose(&["\n", "\n", "\n", " # c\n", "\n\n", "  \n"], &["\t\n", " #\n", "#\n"]);
        }
    }

    fn key(&mut self, i: usize, indent: usize) {
        match self.random.below(12) {
            0 if !self.tame => self.scalar(),
            1 if !self.tame => self.quoted(),
            2 => self.put(&format!("'q{i}'")),
            3 => {
                self.put(&format!("? k{i}\n"));
                self.indent(indent);
            }
            4 => self.put(&format!("{i}.5")),
            _ => self.put(&format!("k{i}")),
        }
        self.choose(&[": ", ": ", ":  ", ":\t", " : "], &[":", ": # c\n  ", ": - "]);
    }

    fn leaf(&mut self, indent: usize) {
        match self.random.below(9) {
            0 => self.quoted(),
            1 => self.flow(3),
            2 => self.block_scalar(indent),
            3 => self.lines(indent),
            4 => self.choose(&["&a x", "null", "~"], &["*a", "*b", "*nope"]),
            _ => self.scalar(),
        }
    }

    fn block_scalar(&mut self, indent: usize) {
        let pad = " ".repeat(indent + 2);
        self.choose(&["|", ">", "|-", ">-", "|+", ">+", "|2", ">2-", "|+2", "| # c"], &["|1", "|0", "|x", ">9"]);
        self.put("\n");
        for _ in 0..self.random.below(4) {
            if self.random.once_in(4) {
                self.choose(&[""], &["\t", &pad, &format!("{pad} ")]);
            } else {
                self.put(&pad);
                self.choose(
                    &["text", "text # no", "- a", "a: b", "é", "  more", "\u{2028}x", "a\tb"],
                    &["---", "\u{85}y", "\tx"],
                );
            }
            self.put("\n");
        }
    }

    /// A scalar over several lines.
    fn lines(&mut self, indent: usize) {
        let pad = " ".repeat(indent + 2);
        let quote = self.random.pick(&["", "'", "\""]);
        self.put(quote);
        for _ in 0..self.random.below(3) {
            self.choose(&["text", "a b ", "é"], &["\u{2028}", "x\\", "y\u{85}", "a: b", "#"]);
            self.choose(&["\n", "\n\n", " \n", "\r\n"], &["\n \t", "\u{2029}"]);
            self.put(&pad);
        }
        self.put("end");
        self.put(quote);
    }

    fn flow(&mut self, depth: usize) {
        match if depth == 0 { 0 } else { self.random.below(4) } {
            0 if self.random.once_in(4) => self.quoted(),
            0 => self.scalar(),
            1 => {
                self.put("[");
                for _ in 0..self.random.below(4) {
                    self.flow(depth - 1);
                    self.choose(&[", ", ",", " ,", ", # c\n "], &[": 1, ", "", ",\n"]);
                }
                self.put("]");
            }
            _ => {
                self.put("{");
                for i in 0..self.random.below(4) {
                    self.put(&format!("k{i}"));
                    self.choose(&[": ", ": ", " : ", ":\n "], &[":", ""]);
                    self.flow(depth - 1);
                    self.choose(&[", ", " , ", ",\n "], &[" ", "\n, "]);
                }
                self.put("}");
            }
        }
    }
}

#[rustfmt::skip]
const TOKENS: &[&str] = &[
    "a", "b", "c: ", "d:", "- ", "-", "? ", "?", ": ", ":", "[", "]", "{", "}", ",", ", ", "\n", "\n", "\n", "\n  ",
    "\n ", "\n    ", " ", "  ", "\t", "#", " # c", "&a ", "&b", "*a", "*b ", "!", "!!str ", "!x!", "|", ">", "|\n",
    ">-\n", "'", "\"", "''", "\"x\"", "'y'", "%", "%YAML 1.1\n", "@", "`", "---", "\n---\n", "\n...\n", "<<: ", "\\",
    "\\n", "é", "\u{2028}", "\u{85}", "\r", "1",
];

/// Tokens one after another, as chance has it.
pub(crate) fn soup(random: &mut Random) -> String {
    (0..=random.below(14)).map(|_| random.pick(TOKENS)).collect()
}

/// A document with a few changes.
pub(crate) fn mutated(random: &mut Random) -> String {
    let mut text: Vec<char> = document(random).chars().collect();
    for _ in 0..=random.below(3) {
        let at = random.below(text.len() + 1);
        match random.below(4) {
            0 if at < text.len() => {
                text.remove(at);
            }
            1 => {
                let end = (at + random.below(5)).min(text.len());
                text.drain(at..end);
            }
            2 => {
                let from = random.below(text.len() + 1);
                let piece: Vec<char> = text[from..(from + random.below(12)).min(text.len())].to_vec();
                text.splice(at..at, piece);
            }
            _ => {
                let token: Vec<char> = random.pick(TOKENS).chars().collect();
                text.splice(at..at, token);
            }
        }
    }
    text.into_iter().collect()
}
