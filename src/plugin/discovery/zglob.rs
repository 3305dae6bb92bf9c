//! Patterns with `**` as the stock server matches them, with `mattn/go-zglob` v0.0.6: the pattern becomes a regular
//! expression over whole paths, by the same steps, so that its quirks are the same too. Different on purpose: `$NAME` as a
//! component is the value of a variable of the server's process there, and nothing here.

use std::collections::BTreeSet;
use std::fmt::Write;

use regex::Regex;

use crate::source::{ArchiveTree, Entry, FileTree, TreePath};

const MISSING: &str = "file does not exist";

/// Whether anything in the tree has a path that `pattern`, which starts with `/`, describes.
pub(super) fn matches(tree: &ArchiveTree, pattern: &str) -> Result<bool, String> {
    let parts = pattern.split('/').map(|part| if is_variable(part) { "" } else { part });
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    // Only these two make zglob look for wildcards at all.
    let Some(first) = parts.iter().position(|part| part.contains(['*', '{'])) else {
        let path = TreePath::parse(&parts.join("/")).filter(|path| tree.entry(path).is_some());
        return path.map(|_| true).ok_or_else(|| MISSING.to_owned());
    };
    let root = TreePath::parse(&parts[..first].join("/")).unwrap_or_default();
    if tree.entry(&root) != Some(Entry::Folder) {
        return Err(format!("open /{}: no such file or directory", root.as_str()));
    }
    let expression = expression(&format!("/{}", parts.join("/")));
    let expression = Regex::new(&expression).map_err(|error| format!("error parsing regexp: {error}"))?;
    // The walk opens the root, also behind a link, and follows no other.
    let real = tree.resolve(&root);
    let below = |path: &&str| real.as_str().is_empty() || path.strip_prefix(real.as_str()).is_some_and(is_below);
    Ok(with_folders(tree).into_iter().filter(below).any(|path| {
        let seen = path.strip_prefix(real.as_str()).unwrap_or(path).trim_start_matches('/');
        let seen = if root.as_str().is_empty() { format!("/{seen}") } else { format!("/{root}/{seen}") };
        expression.is_match(&seen)
    }))
}

fn is_below(rest: &str) -> bool {
    rest.len() > 1 && rest.starts_with('/')
}

/// Every path of the tree, with the folders that an archive may leave unsaid.
fn with_folders(tree: &ArchiveTree) -> BTreeSet<&str> {
    let mut all = BTreeSet::new();
    for path in tree.paths() {
        let mut at = path;
        while all.insert(at)
            && let Some((folder, _)) = at.rsplit_once('/')
        {
            at = folder;
        }
    }
    all
}

/// `$NAME` or `$(NAME)`.
fn is_variable(part: &str) -> bool {
    let Some(name) = part.strip_prefix('$') else { return false };
    let name = name.strip_prefix('(').map_or(Some(name), |name| name.strip_suffix(')')).unwrap_or_default();
    name.len() > 1
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `New` of zglob.go.
fn expression(mask: &str) -> String {
    let chars: Vec<char> = mask.chars().collect();
    let mut out = String::from("^");
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        i = match c {
            '\\' if i + 2 < chars.len() => {
                hex(&mut out, chars[i + 1]);
                i + 2
            }
            '*' if i + 2 < chars.len() && chars[i + 1] == '*' && chars[i + 2] == '/' => {
                out.push_str("(.*/)?");
                i + 3
            }
            '*' => {
                out.push_str("[^/]*");
                i + 1
            }
            '[' => range(&mut out, &chars, i),
            '{' => alternatives(&mut out, &chars, i),
            '!' if chars.get(i + 1) == Some(&'(') => negation(&mut out, &chars, i + 1),
            _ => {
                literal(&mut out, c, true);
                i + 1
            }
        };
    }
    if out.ends_with('/') {
        out.push_str("[^/]*");
    }
    out.push('$');
    out
}

/// `[…]` is taken as it is.
fn range(out: &mut String, chars: &[char], at: usize) -> usize {
    let (inside, next) = until(chars, at, ']');
    if inside.is_empty() {
        // zglob skips a set that is empty, and what opens it when it is never closed.
        literal_if_open(out, chars, at, next);
        return next.max(at + 1);
    }
    // In Go's sets `[`, `&` and `~` are plain characters.
    let plain = |c: &char| if "[&~".contains(*c) { format!("\\{c}") } else { c.to_string() };
    write(out, &format!("[{}]", inside.iter().map(plain).collect::<String>()));
    next.max(at + 1)
}

fn literal_if_open(out: &mut String, chars: &[char], at: usize, next: usize) {
    if next <= at {
        literal(out, chars[at], true);
    }
}

/// `{a,b}`
fn alternatives(out: &mut String, chars: &[char], at: usize) -> usize {
    let (inside, next) = until(chars, at, '}');
    if inside.is_empty() {
        literal(out, chars[next.saturating_sub(1).max(at)], true);
        return next.max(at + 1);
    }
    out.push('(');
    for c in inside {
        match c {
            ',' => out.push('|'),
            _ => literal(out, *c, true),
        }
    }
    out.push(')');
    next.max(at + 1)
}

/// `!(ab)`
fn negation(out: &mut String, chars: &[char], at: usize) -> usize {
    let (inside, next) = until(chars, at, ')');
    for c in inside {
        write(out, &format!("[^\\x{:02X}/]*", u32::from(*c)));
    }
    next.max(at + 1)
}

/// What stands behind the character at `at` up to `end`, and the position behind that. Without an `end` the loop of
/// zglob has read on to the last character but not moved: the position is 0.
fn until(chars: &[char], at: usize, end: char) -> (&[char], usize) {
    match chars[at + 1..].iter().position(|c| *c == end) {
        Some(length) => (&chars[at + 1..at + 1 + length], at + length + 2),
        None => (&chars[at + 1..], 0),
    }
}

fn literal(out: &mut String, c: char, plain_slash: bool) {
    if (plain_slash && c == '/') || c.is_ascii_alphanumeric() || u32::from(c) > 255 {
        out.push(c);
    } else {
        hex(out, c);
    }
}

fn hex(out: &mut String, c: char) {
    write(out, &format!("[\\x{:02X}]", u32::from(c)));
}

fn write(out: &mut String, text: &str) {
    // A string takes everything.
    let _ = out.write_str(text);
}

#[cfg(test)]
mod tests {
    use super::{expression, is_variable};

    #[test]
    fn patterns_become_the_expressions_that_zglob_makes() {
        assert_eq!(expression("/a/**/*.yaml"), "^/a/(.*/)?[^/]*[\\x2E]yaml$");
        assert_eq!(expression("/a/**"), "^/a/[^/]*[^/]*$");
        assert_eq!(expression("/{a,b-c}/*"), "^/(a|b[\\x2D]c)/[^/]*$");
        assert_eq!(expression("/x[0-9]*"), "^/x[0-9][^/]*$");
    }

    #[test]
    fn variables_of_the_process_are_nothing_here() {
        assert!(is_variable("$HOME") && is_variable("$(HOME)"));
        assert!(!is_variable("$H") && !is_variable("HOME") && !is_variable("$HOME-x"));
    }
}
