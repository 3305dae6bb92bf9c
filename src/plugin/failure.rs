//! Findings as Argo CD's UI shows them: one plain text, the worst first, cut to a size that fits a status condition, with
//! a count of what was left out. The rendering masks the values of Secrets.

use crate::diagnostics::report::human;
use crate::diagnostics::{Diagnostic, Severity, Sources};
use crate::ops::Failure;

/// The text of a failure in at most `limit` bytes.
pub(super) fn text(failure: &Failure, sources: &Sources, limit: usize) -> String {
    let mut findings: Vec<&Diagnostic> = match failure {
        Failure::Findings(list) => list.iter().collect(),
        Failure::CannotRun(finding) => vec![finding],
    };
    // Stable: findings of one weight stay in the order in which the files are read.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let total = count(&findings);
    let mut out = String::new();
    let mut shown = 0;
    for finding in &findings {
        let text = human(finding, sources, false);
        let text = text.trim_end();
        if shown > 0 && out.len() + text.len() + 2 > limit {
            break;
        }
        if shown > 0 {
            out.push_str("\n\n");
        }
        out.push_str(cut(text, limit));
        shown += 1;
    }
    let left = &findings[shown..];
    if !left.is_empty() {
        out.push_str("\n\n… and ");
        out.push_str(&count(left));
        out.push_str("; `cmp generate` in a checkout shows all of them");
    }
    format!("{total}, nothing was generated\n\n{out}")
}

/// How many findings of each weight a failure has: errors, and the rest.
pub(super) fn weights(failure: &Failure) -> (u64, u64) {
    match failure {
        Failure::Findings(list) => {
            let errors = list.iter().filter(|finding| finding.severity == Severity::Error).count() as u64;
            (errors, list.iter().count() as u64 - errors)
        }
        Failure::CannotRun(_) => (1, 0),
    }
}

fn count(findings: &[&Diagnostic]) -> String {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let parts = [(errors, "error"), (findings.len() - errors, "warning")];
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> =
        parts.map(|(number, what)| format!("{number} {what}{}", if *number == 1 { "" } else { "s" })).collect();
    parts.join(" and ")
}

/// The first `limit` bytes, at a line's end if there is one.
fn cut(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let end = (0..=limit).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text[..end].rfind('\n').map_or(&text[..end], |line| &text[..line])
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::diagnostics::{Diagnostic, Findings, Sources, Span};
    use crate::ops::Failure;

    #[test]
    fn the_worst_come_first_and_what_is_left_out_is_counted() {
        let mut sources = Sources::default();
        let source = sources.add("a.yaml", "kind: Secret\nstringData: {password: hunter2}\n");
        let mut list = vec![Diagnostic::warning("odd", "odd").at(Span::new(source, 13, 23))];
        list.extend((0..100).map(|i| Diagnostic::error("bad", format!("bad {i}")).at(Span::new(source, 13, 23))));
        let failure = Failure::Findings(Findings::check(list).expect_err("errors"));
        let text = text(&failure, &sources, 1000);
        assert!(text.starts_with("100 errors and 1 warning, nothing was generated\n\nerror[bad]: bad 0\n"), "{text}");
        assert!(text.contains("\n\n… and ") && text.contains(" errors and 1 warning; `cmp generate`"), "{text}");
        assert!(text.len() < 1300 && !text.contains("hunter2"), "{text}");
    }
}
