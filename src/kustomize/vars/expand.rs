//! `$(NAME)` in a text.

use super::Values;
use crate::diagnostics::Span;
use crate::yaml::{Node, Value};

/// What stands behind a `$`.
enum Part<'a> {
    /// A name in parentheses.
    Name(&'a str),
    /// Text as it is, and how many bytes of the input it took.
    Text(String, usize),
}

/// `text` with its vars replaced. A text that is nothing but a var takes over the var's type.
pub(super) fn expand(text: &str, span: Span, values: &mut Values) -> Node {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$').filter(|at| at + 1 < rest.len()) {
        out.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        match part(behind) {
            Part::Text(plain, taken) => {
                out.push_str(&plain);
                rest = &behind[taken..];
            }
            Part::Name(name) => {
                let whole = text.len() == name.len() + 3;
                match use_value(name, values) {
                    Some(value) if whole => return Node::new(value.value, value.span),
                    Some(value) => out.push_str(&printed(&value)),
                    None => out.extend(["$(", name, ")"]),
                }
                rest = &behind[name.len() + 2..];
            }
        }
    }
    out.push_str(rest);
    Node::string(out, span)
}

fn part(behind: &str) -> Part<'_> {
    if behind.starts_with('$') {
        return Part::Text("$".to_owned(), 1);
    }
    if let Some(inner) = behind.strip_prefix('(') {
        return match inner.find(')') {
            Some(end) => Part::Name(&inner[..end]),
            None => Part::Text("$(".to_owned(), 1),
        };
    }
    let first = behind.chars().next().unwrap_or_default();
    Part::Text(format!("${first}"), first.len_utf8())
}

/// The value of a var, unless it is a mapping or a list: kustomize leaves such a var as it is.
fn use_value(name: &str, values: &mut Values) -> Option<Node> {
    let (value, used) = values.get_mut(name)?;
    if matches!(value.value, Value::Seq(_) | Value::Map(_)) {
        return None;
    }
    *used = true;
    Some(value.clone())
}

fn printed(value: &Node) -> String {
    match &value.value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::expand;
    use crate::diagnostics::Span;
    use crate::yaml::Node;

    #[test]
    fn a_var_alone_keeps_its_type() {
        let number = Node::from_json(serde_json::json!(80), Span::NONE);
        let mut values = [("PORT".to_owned(), (number, false))].into();
        let json = |text: &str, values: &mut _| serde_json::Value::from(&expand(text, Span::NONE, values));
        assert_eq!(json("$(PORT)", &mut values), 80);
        assert_eq!(json("p$(PORT)$$(PORT)$(NO)$", &mut values), "p80$(PORT)$(NO)$");
        assert_eq!(json("$x $(open", &mut values), "$x $(open");
    }
}
