//! Our writer against both readers.

use cmp_plugin::diagnostics::Span;
use cmp_plugin::yaml::{self, Node};
use serde_json::Value;

use crate::{goyaml, reading};

/// Writes each value and has it read back three times.
pub(crate) fn check(values: &[Value]) {
    let texts: Vec<String> =
        values.iter().map(|value| yaml::to_string(&Node::from_json(value.clone(), Span::NONE))).collect();
    let answers = goyaml::ask(&texts, true);
    let mut wrong = Vec::new();
    for ((value, text), go) in values.iter().zip(&texts).zip(answers) {
        let expected = normal(value);
        let ours = reading::documents(text).map(|mut documents| documents.pop().unwrap_or_default());
        if ours.as_ref() != Ok(&expected) {
            wrong.push(format!("ours: {ours:?}\n  want: {expected}\n  text: {text:?}"));
        }
        if go.as_ref() != Ok(&expected) {
            wrong.push(format!("go:   {go:?}\n  want: {expected}\n  text: {text:?}"));
        }
        let second = serde_yaml::from_str::<Value>(text).map(|value| normal(&value));
        if second.as_ref().ok() != Some(&expected) {
            wrong.push(format!("1.2:  {second:?}\n  want: {expected}\n  text: {text:?}"));
        }
    }
    println!("writing: {} values read back three times, {} wrong", values.len(), wrong.len());
    assert!(
        wrong.is_empty(),
        "{} of {} are wrong\n{}",
        wrong.len(),
        values.len(),
        wrong[..wrong.len().min(10)].join("\n")
    );
}

/// A float without a fraction is an integer once it went through Go's JSON.
fn normal(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => {
            let text = number.as_f64().expect("a float").to_string();
            let integer = text.parse::<i64>().ok().filter(|_| text != "-0").map(Value::from);
            integer.or_else(|| text.parse::<u64>().ok().map(Value::from)).unwrap_or_else(|| value.clone())
        }
        Value::Array(items) => items.iter().map(normal).collect(),
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), normal(value))).collect(),
        _ => value.clone(),
    }
}
