//! Label selectors in the notation of kubectl: `app=web,tier in (front,back),!legacy`.

use crate::yaml::{Map, Node};

use super::scalar::text_of;

/// Requirements that must all hold.
#[derive(Clone, Debug)]
pub(super) struct LabelSelector {
    text: String,
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Clone, Debug)]
enum Test {
    Exists,
    Absent,
    In(Vec<String>),
    NotIn(Vec<String>),
    Greater(i64),
    Less(i64),
}

impl LabelSelector {
    /// Reads a selector; an empty one selects everything. The error says what is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { tokens: tokens(text)?, at: 0 };
        let mut requirements = Vec::new();
        while !parser.is_done() {
            if !requirements.is_empty() {
                parser.expect(",")?;
            }
            requirements.push(parser.requirement()?);
        }
        Ok(Self { text: text.to_owned(), requirements })
    }

    /// As it was written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether labels (or annotations) meet all requirements.
    pub(super) fn matches(&self, labels: Option<&Map>) -> bool {
        self.requirements.iter().all(|requirement| {
            let value = labels.and_then(|labels| labels.get(&requirement.key));
            requirement.test.holds(value)
        })
    }
}

impl Test {
    fn holds(&self, value: Option<&Node>) -> bool {
        let Some(node) = value else { return matches!(self, Self::Absent | Self::NotIn(_)) };
        let text = text_of(node).unwrap_or_default();
        match self {
            Self::Exists => true,
            Self::Absent => false,
            Self::In(values) => values.contains(&text),
            Self::NotIn(values) => !values.contains(&text),
            Self::Greater(bound) => text.parse().is_ok_and(|number: i64| number > *bound),
            Self::Less(bound) => text.parse().is_ok_and(|number: i64| number < *bound),
        }
    }
}

/// Words, and the signs `= == != > < ! ( ) ,`.
fn tokens(text: &str) -> Result<Vec<&str>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        let end = match rest.find(|c| is_space(c) || is_sign(c)) {
            Some(0) if rest.starts_with("==") || rest.starts_with("!=") => 2,
            Some(0) => 1,
            Some(end) => end,
            None => rest.len(),
        };
        tokens.push(&rest[..end]);
        rest = rest[end..].trim_start_matches(is_space);
    }
    if text.contains('\0') { Err("it contains a zero byte".to_owned()) } else { Ok(tokens) }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_sign(c: char) -> bool {
    matches!(c, '=' | '!' | '(' | ')' | ',' | '>' | '<')
}

struct Parser<'a> {
    tokens: Vec<&'a str>,
    at: usize,
}

impl<'a> Parser<'a> {
    fn is_done(&self) -> bool {
        self.at == self.tokens.len()
    }

    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Option<&'a str> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    fn peek_word(&self) -> Option<&'a str> {
        self.peek().filter(|token| !token.starts_with(is_sign))
    }

    fn word(&mut self, what: &str) -> Result<&'a str, String> {
        let word = self.peek_word().ok_or_else(|| format!("{what} is missing {}", self.place()))?;
        self.at += 1;
        Ok(word)
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.peek() == Some(sign) {
            self.at += 1;
            return Ok(());
        }
        Err(format!("`{sign}` is missing {}", self.place()))
    }

    fn place(&self) -> String {
        self.peek().map_or_else(|| "at the end".to_owned(), |token| format!("before `{token}`"))
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let negated = self.peek() == Some("!");
        self.at += usize::from(negated);
        let key = self.word("a key")?.to_owned();
        check_key(&key)?;
        let ends = matches!(self.peek(), None | Some(","));
        let test = match (negated, ends) {
            (true, _) => Test::Absent,
            (false, true) => Test::Exists,
            (false, false) => self.test()?,
        };
        Ok(Requirement { key, test })
    }

    fn test(&mut self) -> Result<Test, String> {
        Ok(match self.next() {
            Some("=" | "==") => Test::In(vec![self.value()?]),
            Some("!=") => Test::NotIn(vec![self.value()?]),
            Some("in") => Test::In(self.values()?),
            Some("notin") => Test::NotIn(self.values()?),
            Some(">") => Test::Greater(self.number()?),
            Some("<") => Test::Less(self.number()?),
            other => return Err(format!("`{}` is no operator", other.unwrap_or_default())),
        })
    }

    /// One value, which may be empty.
    fn value(&mut self) -> Result<String, String> {
        if matches!(self.peek(), None | Some(",")) {
            return Ok(String::new());
        }
        let value = self.word("a value")?;
        check_value(value)?;
        Ok(value.to_owned())
    }

    fn number(&mut self) -> Result<i64, String> {
        let value = self.value()?;
        value.parse().map_err(|_| format!("`{value}` is no whole number"))
    }

    /// Values in parentheses; any of them may be empty.
    fn values(&mut self) -> Result<Vec<String>, String> {
        self.expect("(")?;
        let mut values = Vec::new();
        loop {
            let value = self.peek_word().unwrap_or_default();
            self.at += usize::from(!value.is_empty());
            check_value(value)?;
            values.push(value.to_owned());
            if self.peek() == Some(")") {
                self.at += 1;
                return Ok(values);
            }
            self.expect(",")?;
        }
    }
}

/// `name` or `prefix/name`, as Kubernetes wants it.
fn check_key(key: &str) -> Result<(), String> {
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    if is_name(name) && prefix.is_none_or(is_subdomain) { Ok(()) } else { Err(format!("`{key}` is no label key")) }
}

fn check_value(value: &str) -> Result<(), String> {
    if value.is_empty() || is_name(value) { Ok(()) } else { Err(format!("`{value}` is no label value")) }
}

fn is_name(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let edge = |c: char| c.is_ascii_alphanumeric();
    text.len() <= 63 && text.starts_with(edge) && text.ends_with(edge) && text.chars().all(inner)
}

fn is_subdomain(text: &str) -> bool {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let label =
        |label: &str| label.starts_with(edge) && label.ends_with(edge) && label.chars().all(|c| edge(c) || c == '-');
    text.len() <= 253 && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::LabelSelector;
    use crate::diagnostics::Span;
    use crate::yaml::Node;

    fn matches(selector: &str) -> bool {
        let labels =
            Node::from_json(json!({"app": "web", "tier": "front", "n": "5", "empty": "", "in": "x"}), Span::NONE);
        LabelSelector::parse(selector).expect(selector).matches(labels.as_map())
    }

    #[test]
    fn requirements_hold_together() {
        for selector in [
            "",
            "app",
            "app=web",
            "app == web",
            "app!=db",
            "!gone",
            "gone!=x",
            "gone notin (x)",
            "tier in (back, front)",
            "n>4,n<6",
            "empty=",
            "empty in ()",
            "empty in (a,)",
            "app,tier=front",
            "in=x",
            "in in (x)",
        ] {
            assert!(matches(selector), "{selector}");
        }
        for selector in ["gone", "app=db", "!app", "tier notin (front)", "n>5", "app>1", "app=web,gone"] {
            assert!(!matches(selector), "{selector}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for selector in
            ["=", "a b", "a in x", "a in (x", "a,", ",a", "a>b", "a=b=c", "!a=b", "a/b/c", "-a", "a=b/c", "a=<"]
        {
            assert!(LabelSelector::parse(selector).is_err(), "{selector}");
        }
    }
}
