//! The peer: a program around Go's library, see `tests/peers/goyaml`.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::process::{Command, Stdio};
use std::thread;

use serde_json::Value;

use crate::support;

/// What Go makes of a text: a value, or why not.
pub(crate) type Answer = Result<Value, String>;

/// Asks about each text; in strict mode duplicate keys are errors.
pub(crate) fn ask<T: AsRef<[u8]> + Sync>(texts: &[T], strict: bool) -> Vec<Answer> {
    let mut command = Command::new(support::peer("goyaml"));
    if strict {
        command.arg("-strict");
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("goyaml starts");
    let stdin = child.stdin.take().expect("its input");
    let stdout = BufReader::new(child.stdout.take().expect("its output"));
    let answers: Vec<Answer> = thread::scope(|scope| {
        scope.spawn(move || {
            let mut input = BufWriter::new(stdin);
            for text in texts {
                writeln!(input, "{}", text.as_ref().len()).expect("a length");
                input.write_all(text.as_ref()).expect("a document");
            }
            input.flush().expect("the last document");
        });
        stdout.lines().map(|line| answer(&line.expect("an answer"))).collect()
    });
    assert!(child.wait().expect("goyaml ends").success(), "goyaml failed");
    assert_eq!(answers.len(), texts.len(), "an answer for each text");
    answers
}

fn answer(line: &str) -> Answer {
    let reply: Value = parse_deep(line);
    match reply {
        Value::Object(mut fields) => match (fields.remove("json"), fields.remove("error")) {
            (Some(value), None) => Ok(value),
            (None, Some(Value::String(error))) => Err(error),
            _ => panic!("not an answer: {line}"),
        },
        _ => panic!("not an answer: {line}"),
    }
}

fn parse_deep(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))
}
