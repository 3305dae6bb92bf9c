//! Findings as a person reads them: the sentence, the line underlined, what to do.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::redact::mask;
use crate::diagnostics::{Diagnostic, Severity, SourceId, Sources, Span};

/// One finding. `colour` writes ANSI styles; the caller strips them where nobody can see them.
pub fn human(diagnostic: &Diagnostic, sources: &Sources, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group(diagnostic, sources)])
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Notice => Level::NOTE,
    };
    let mut group =
        level.primary_title(&diagnostic.message).id(diagnostic.rule).elements(snippets(diagnostic, sources));
    if diagnostic.primary.is_none() && diagnostic.related.is_empty() {
        // A title alone would run into the help without a line between.
        group = group.element(annotate_snippets::Padding);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    group
}

/// A mark on a text: where, what to say, and whether it is the one to change.
struct Mark<'a> {
    span: Span,
    label: Option<&'a str>,
    kind: AnnotationKind,
}

/// One snippet a source, the primary's first.
fn snippets<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<annotate_snippets::Element<'a>> {
    let primary = diagnostic.primary.map(|span| Mark { span, label: None, kind: AnnotationKind::Primary });
    let related = diagnostic.related.iter().map(|related| Mark {
        span: related.span,
        label: Some(&related.message),
        kind: AnnotationKind::Context,
    });
    let marks: Vec<_> = primary.into_iter().chain(related).collect();
    let mut order: Vec<SourceId> = Vec::new();
    for mark in &marks {
        if !order.contains(&mark.span.source) {
            order.push(mark.span.source);
        }
    }
    let of = |id: SourceId| marks.iter().filter(move |mark| mark.span.source == id);
    order.into_iter().filter_map(|id| snippet(id, &of(id).collect::<Vec<_>>(), sources)).collect()
}

fn snippet<'a>(id: SourceId, marks: &[&Mark<'a>], sources: &'a Sources) -> Option<annotate_snippets::Element<'a>> {
    let source = sources.get(id)?;
    let text: &str = &source.text;
    let first = marks.iter().map(|mark| mark.span.start as usize).min()?;
    let last = marks.iter().map(|mark| mark.span.start as usize).max()?;
    let Some(start) = text.get(..first).map(|before| before.rfind('\n').map_or(0, |i| i + 1)) else {
        return Some(Origin::path(source.path.as_str()).into());
    };
    let end = text[last..].find('\n').map_or(text.len(), |i| last + i);
    let shown = mask(text, start..end);
    let line = text[..start].bytes().filter(|&b| b == b'\n').count() + 1;
    let annotations: Vec<Annotation<'a>> =
        marks.iter().map(|mark| mark.kind.span(shown.place(underline(text, mark.span))).label(mark.label)).collect();
    Some(Snippet::source(shown.text).line_start(line).path(source.path.as_str()).annotations(annotations).into())
}

/// The part of `span` on its first line.
fn underline(text: &str, span: Span) -> std::ops::Range<usize> {
    let start = span.start as usize;
    let rest = text.get(start..(span.end as usize).clamp(start, text.len())).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default().trim_end();
    start..start + line.len()
}

#[cfg(test)]
mod tests {
    use super::human;
    use crate::diagnostics::{Diagnostic, Sources, Span};

    #[test]
    fn shows_the_line_the_second_place_and_the_help() {
        let mut sources = Sources::default();
        let id = sources.add("a/kustomization.yaml", "resources:\n- x.yaml\nname: a\nname: b\n");
        let finding = Diagnostic::error("duplicate-key", "the key `name` stands twice")
            .at(Span::new(id, 28, 32))
            .related(Span::new(id, 20, 24), "first written here")
            .help("remove one of them");
        let expected = "\
error[duplicate-key]: the key `name` stands twice
 --> a/kustomization.yaml:4:1
  |
3 | name: a
  | ---- first written here
4 | name: b
  | ^^^^
  |
  = help: remove one of them";
        assert_eq!(human(&finding, &sources, false), expected);
    }

    #[test]
    fn a_finding_without_a_place_still_says_what_to_do() {
        let finding = Diagnostic::error("no-overlay", "nothing to build").help("name one");
        let text = human(&finding, &Sources::default(), false);
        assert_eq!(text, "error[no-overlay]: nothing to build\n |\n = help: name one");
    }

    #[test]
    fn a_secret_shows_its_key_only() {
        let mut sources = Sources::default();
        let id = sources.add("s.yaml", "kind: Secret\nstringData:\n  token: [hunter2]\n");
        let finding = Diagnostic::error("type", "a list where text belongs").at(Span::new(id, 34, 43));
        let text = human(&finding, &sources, false);
        assert!(text.contains("token: …") && !text.contains("hunter2"), "{text}");
    }
}
