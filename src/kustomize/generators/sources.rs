//! Where the data of a generated object comes from: env files, then literals, then files.

use std::collections::HashMap;

use crate::diagnostics::{Diagnostic, SourceId, Span};
use crate::kustomize::file::GeneratorEntry;
use crate::kustomize::read::Reader;
use crate::kustomize::{Step, Stop};
use crate::source::TreePath;
use crate::yaml::decode::Spanned;

/// One key with its bytes and the text that wrote it.
#[derive(Debug)]
pub(super) struct Datum {
    pub(super) key: String,
    pub(super) bytes: Vec<u8>,
    pub(super) span: Span,
}

/// All data of `entry`; a key that comes twice is an error.
pub(super) fn load(entry: &GeneratorEntry, root: &TreePath, reader: &mut Reader<'_>) -> Step<Vec<Datum>> {
    let mut data = Vec::new();
    let mut failed = false;
    let mut add = |found: Step<Vec<Datum>>| match found {
        Ok(found) => {
            data.extend(found);
            Ok(())
        }
        Err(Stop::Reported) => {
            failed = true;
            Ok(())
        }
        Err(stop) => Err(stop),
    };
    for reference in &entry.envs {
        add(env_file(reference, root, reader))?;
    }
    for literal in &entry.literals {
        add(self::literal(literal, reader).map(|datum| vec![datum]))?;
    }
    for reference in &entry.files {
        add(file(reference, root, reader).map(|datum| vec![datum]))?;
    }
    let mut first: HashMap<&str, Span> = HashMap::new();
    for datum in &data {
        if let Some(&earlier) = first.get(datum.key.as_str()) {
            let message = format!("the key `{}` comes twice in `{}`", datum.key, entry.name.value);
            let finding = Diagnostic::error("duplicate-key", message).at(datum.span);
            reader.report().push(finding.related(earlier, "first given here"));
            failed = true;
        }
        first.entry(&datum.key).or_insert(datum.span);
    }
    if failed { Err(Stop::Reported) } else { Ok(data) }
}

/// `key=value`; one pair of quotes around the value is taken off.
fn literal(literal: &Spanned<String>, reader: &Reader<'_>) -> Step<Datum> {
    let span = literal.span;
    let Some((key, value)) = literal.value.split_once('=').filter(|(key, _)| !key.is_empty()) else {
        let finding = Diagnostic::error("wrong-value", "a literal is `key=value`").at(span);
        return reader.refuse(finding.help("write the key, `=` and the value"));
    };
    Ok(Datum { key: key.to_owned(), bytes: unquote(value).into(), span })
}

fn unquote(value: &str) -> &str {
    let inside = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

/// `path` or `key=path`; without a key the file's name is the key.
fn file(reference: &Spanned<String>, root: &TreePath, reader: &mut Reader<'_>) -> Step<Datum> {
    let (key, path) = match reference.value.split_once('=') {
        None => (base_name(&reference.value), reference.value.as_str()),
        Some((key, path)) if !key.is_empty() && !path.is_empty() && !path.contains('=') => (key, path),
        Some(_) => {
            let message = format!("`{}` is neither `path` nor `key=path`", reference.value);
            let finding = Diagnostic::error("wrong-value", message).at(reference.span);
            return reader.refuse(finding.help("a key or a path cannot hold `=`"));
        }
    };
    let key = key.to_owned();
    let place = reader.locate(root, &Spanned { value: path.to_owned(), span: reference.span })?;
    let bytes = reader.bytes_at(&place)?.into_owned();
    let span = match std::str::from_utf8(&bytes) {
        Ok(text) => whole(reader.register(place, text).source, text),
        Err(_) => reference.span,
    };
    Ok(Datum { key, bytes, span })
}

/// The last component as Go's `path.Base` takes it.
fn base_name(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    trimmed.rsplit('/').next().unwrap_or(trimmed)
}

fn whole(source: SourceId, text: &str) -> Span {
    Span::new(source, 0, u32::try_from(text.len()).unwrap_or(u32::MAX))
}

/// Lines of `key=value`; a key without `=` has the empty value. Blank lines and `#` lines are skipped,
/// leading white space and a byte order mark are taken off.
fn env_file(reference: &Spanned<String>, root: &TreePath, reader: &mut Reader<'_>) -> Step<Vec<Datum>> {
    let file = reader.text(root, reference)?;
    let mut data = Vec::new();
    let mut start = 0;
    for raw in file.text.split_inclusive('\n') {
        let from = start;
        start += raw.len();
        let line = raw.strip_suffix('\n').unwrap_or(raw);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let line = if from == 0 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let offset = from + raw.find(line).unwrap_or(0);
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let span = Span::new(file.source, place(offset), place(offset + line.len()));
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        if key.is_empty() {
            // kustomize drops such a line without a word.
            let finding = Diagnostic::error("wrong-value", "this line has no key before `=`").at(span);
            return reader.refuse(finding);
        }
        data.push(Datum { key: key.to_owned(), bytes: value.into(), span });
    }
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::{base_name, unquote};

    #[test]
    fn one_pair_of_equal_quotes_is_taken_off() {
        assert_eq!(unquote("\"a b\""), "a b");
        assert_eq!(unquote("'true'"), "true");
        assert_eq!(unquote("\"mixed'"), "\"mixed'");
        assert_eq!(unquote("\""), "\"");
    }

    #[test]
    fn a_key_is_the_last_component() {
        assert_eq!(base_name("./conf/app.ini"), "app.ini");
    }
}
