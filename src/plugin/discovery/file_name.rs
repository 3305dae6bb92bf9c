//! `filepath.Glob` and `filepath.Match` of Go, over a tree.

use crate::source::{ArchiveTree, Entry, FileTree, TreePath};

const BAD: &str = "syntax error in pattern";

/// One step of a pattern.
#[derive(Debug)]
enum Token {
    Any,
    One,
    Char(char),
    Set { negated: bool, ranges: Vec<(char, char)> },
}

/// Whether anything in the tree has a path that `pattern`, which starts with `/`, describes.
pub(super) fn matches(tree: &ArchiveTree, pattern: &str) -> Result<bool, String> {
    let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
    // Glob looks for mistakes before it looks at any file.
    let tokens = parts.iter().map(|part| parse(part)).collect::<Result<Vec<_>, _>>()?;
    Ok(walk(tree, &TreePath::root(), &parts, &tokens))
}

fn walk(tree: &ArchiveTree, at: &TreePath, parts: &[&str], tokens: &[Vec<Token>]) -> bool {
    let ([part, parts @ ..], [token, tokens @ ..]) = (parts, tokens) else { return true };
    let is_folder = |path: &TreePath| tree.entry(path) == Some(Entry::Folder);
    if !part.contains(['*', '?', '[', '\\']) && !parts.is_empty() {
        return at.join(part).is_some_and(|next| is_folder(&next) && walk(tree, &next, parts, tokens));
    }
    // The last name need only be listed, as Lstat has it: a link may lead nowhere.
    let found = |name: &String| {
        let next = || at.join(name).filter(is_folder);
        matches_name(token, name) && (parts.is_empty() || next().is_some_and(|next| walk(tree, &next, parts, tokens)))
    };
    is_folder(at) && tree.list(at).iter().any(found)
}

fn parse(part: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut chars = part.chars().peekable();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' => Token::Any,
            '?' => Token::One,
            '\\' => Token::Char(chars.next().ok_or(BAD)?),
            '[' => set(&mut chars)?,
            other => Token::Char(other),
        });
    }
    Ok(tokens)
}

fn set(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Token, String> {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if chars.peek() == Some(&']') && !ranges.is_empty() {
            chars.next();
            return Ok(Token::Set { negated, ranges });
        }
        let low = set_char(chars)?;
        let high = if chars.next_if_eq(&'-').is_some() { set_char(chars)? } else { low };
        ranges.push((low, high));
    }
}

fn set_char(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<char, String> {
    let found = match chars.next() {
        None | Some('-' | ']') => None,
        Some('\\') => chars.next(),
        other => other,
    };
    // A set that ends the pattern is not closed.
    found.filter(|_| chars.peek().is_some()).ok_or_else(|| BAD.to_owned())
}

fn matches_name(tokens: &[Token], name: &str) -> bool {
    let chars: Vec<char> = name.chars().collect();
    // Positions in the name that the tokens so far can lead to.
    let mut reached = vec![false; chars.len() + 1];
    reached[0] = true;
    for token in tokens {
        let mut next = vec![false; chars.len() + 1];
        for i in (0..=chars.len()).filter(|i| reached[*i]) {
            match token {
                Token::Any => next[i..].fill(true),
                _ => {
                    if chars.get(i).is_some_and(|c| takes(token, *c)) {
                        next[i + 1] = true;
                    }
                }
            }
        }
        reached = next;
    }
    reached[chars.len()]
}

fn takes(token: &Token, c: char) -> bool {
    match token {
        Token::Any | Token::One => true,
        Token::Char(wanted) => *wanted == c,
        Token::Set { negated, ranges } => ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated,
    }
}

#[cfg(test)]
mod tests {
    use super::{matches_name, parse};

    // From the table of TestMatch in Go's path/filepath/match_test.go, the part without separators.
    #[test]
    fn names_as_go_matches_them() {
        let cases = [
            ("abc", "abc", Ok(true)),
            ("*", "abc", Ok(true)),
            ("*c", "abc", Ok(true)),
            ("a*", "a", Ok(true)),
            ("a*b*c*d*e*", "axbxcxdxe", Ok(true)),
            ("a*b?c*x", "abxbbxdbxebxczzx", Ok(true)),
            ("a*b?c*x", "abxbbxdbxebxczzy", Ok(false)),
            ("ab[c]", "abc", Ok(true)),
            ("ab[b-d]", "abc", Ok(true)),
            ("ab[e-g]", "abc", Ok(false)),
            ("ab[^c]", "abc", Ok(false)),
            ("ab[^b-d]", "abc", Ok(false)),
            ("ab[^e-g]", "abc", Ok(true)),
            ("a\\*b", "a*b", Ok(true)),
            ("a\\*b", "ab", Ok(false)),
            ("a?b", "a☺b", Ok(true)),
            ("a[^a]b", "a☺b", Ok(true)),
            ("a???b", "a☺b", Ok(false)),
            ("[a-ζ]*", "α", Ok(true)),
            ("*[a-ζ]", "A", Ok(false)),
            ("[\\]a]", "]", Ok(true)),
            ("[\\-]", "-", Ok(true)),
            ("[x\\-]", "x", Ok(true)),
            ("[]a]", "]", Err(())),
            ("[-]", "-", Err(())),
            ("[x-]", "x", Err(())),
            ("[-x]", "x", Err(())),
            ("\\", "a", Err(())),
            ("[a-b-c]", "a", Err(())),
            ("[", "a", Err(())),
            ("[^", "a", Err(())),
            ("[^bc", "a", Err(())),
            ("a[", "a", Err(())),
            ("a[", "ab", Err(())),
            ("*x", "xxx", Ok(true)),
        ];
        for (pattern, name, expected) in cases {
            let found = parse(pattern).map(|tokens| matches_name(&tokens, name)).map_err(|_| ());
            assert_eq!(found, expected, "{pattern} on {name}");
        }
    }
}
