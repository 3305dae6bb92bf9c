//! Findings as text: for a person, for an editor, for the pages that CI systems make of them. A format a file.

mod checkstyle;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod place;
mod redact;
mod rule_text;
mod sarif;
mod xml;

use super::{Diagnostic, Sources};

pub use human::human;
pub use rule_text::{Describe, RuleText};

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a person: the line underlined, what to do.
    Human,
    /// One JSON object, for programs.
    Json,
    /// SARIF 2.1.0, for code scanning pages.
    Sarif,
    /// `JUnit` XML: a failed test case a finding.
    Junit,
    /// GitHub Actions' workflow commands: annotations in a pull request.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// Checkstyle XML, which many CI plugins read.
    Checkstyle,
}

/// A report of all findings, worst first, otherwise in the order in which they were made.
///
/// Only [`Format::Human`] shows lines of the user's files, and never the values of a Secret. It is written with ANSI
/// styles, which the caller strips where nobody can see them.
pub fn report(findings: &[Diagnostic], sources: &Sources, format: Format, describe: Describe) -> String {
    let mut sorted: Vec<&Diagnostic> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    match format {
        Format::Human => sorted.iter().map(|finding| human(finding, sources, true) + "\n\n").collect(),
        Format::Json => json::json(&sorted, sources),
        Format::Sarif => sarif::sarif(&sorted, sources, describe),
        Format::Junit => junit::junit(&sorted, sources),
        Format::Github => github::github(&sorted, sources),
        Format::Gitlab => gitlab::gitlab(&sorted, sources),
        Format::Checkstyle => checkstyle::checkstyle(&sorted, sources),
    }
}

/// The message with the help behind it, for formats that have one text a finding.
fn sentence(finding: &Diagnostic) -> String {
    match &finding.help {
        Some(help) => format!("{}; {help}", finding.message),
        None => finding.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, RuleText, report};
    use crate::diagnostics::{Diagnostic, Severity, Sources, Span};

    fn describe(id: &str) -> Option<RuleText> {
        let text = RuleText { severity: Severity::Error, summary: "A bad name", markdown: "## What it does\n" };
        (id == "bad-name").then_some(text)
    }

    /// Two findings: a warning without a place, and an error in the second line whose text needs escaping everywhere.
    fn example(format: Format) -> String {
        let mut sources = Sources::default();
        let id = sources.add("overlays/main/a.yaml", "kind: A\nname: <b>\n");
        let warning = Diagnostic::warning("no-place", "somewhere");
        let error = Diagnostic::error("bad-name", "`<b>` is \"no\" name: 100%, really")
            .at(Span::new(id, 14, 17))
            .related(Span::new(id, 0, 4), "its kind")
            .help("write `b`");
        report(&[warning, error], &sources, format, describe)
    }

    #[test]
    fn github_escapes_what_ends_a_property() {
        let expected = "::error file=overlays/main/a.yaml,line=2,col=7,endLine=2,endColumn=10,title=bad-name::\
                        `<b>` is \"no\" name: 100%25, really; write `b`\n\
                        ::warning title=no-place::somewhere\n";
        assert_eq!(example(Format::Github), expected);
    }

    #[test]
    fn json_holds_everything() {
        let value: serde_json::Value = serde_json::from_str(&example(Format::Json)).expect("JSON");
        assert_eq!(value["summary"], serde_json::json!({"errors": 1, "warnings": 1, "notices": 0}));
        let first = &value["findings"][0];
        assert_eq!(first["rule"], "bad-name");
        assert_eq!(
            first["location"],
            serde_json::json!({
                "file": "overlays/main/a.yaml", "line": 2, "column": 7, "endLine": 2, "endColumn": 10
            })
        );
        assert_eq!(first["related"][0]["message"], "its kind");
        assert_eq!(value["findings"][1]["location"], serde_json::Value::Null);
    }

    #[test]
    fn sarif_refers_to_its_rules_by_index() {
        let value: serde_json::Value = serde_json::from_str(&example(Format::Sarif)).expect("JSON");
        let run = &value["runs"][0];
        let index = run["results"][0]["ruleIndex"].as_u64().expect("an index");
        assert_eq!(run["tool"]["driver"]["rules"][usize::try_from(index).expect("small")]["id"], "bad-name");
        let region = &run["results"][0]["locations"][0]["physicalLocation"]["region"];
        assert_eq!(*region, serde_json::json!({"startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 10}));
    }

    #[test]
    fn sarif_describes_the_rules_it_knows() {
        let value: serde_json::Value = serde_json::from_str(&example(Format::Sarif)).expect("JSON");
        let rules = &value["runs"][0]["tool"]["driver"]["rules"];
        assert_eq!(rules[0]["shortDescription"]["text"], "A bad name");
        assert_eq!(rules[0]["help"]["markdown"], "## What it does\n");
        assert_eq!(rules[0]["defaultConfiguration"]["level"], "error");
        assert_eq!(rules[1], serde_json::json!({"id": "no-place"}));
    }

    #[test]
    fn gitlab_fingerprints_differ() {
        let value: serde_json::Value = serde_json::from_str(&example(Format::Gitlab)).expect("JSON");
        assert_ne!(value[0]["fingerprint"], value[1]["fingerprint"]);
        assert_eq!(value[0]["location"]["lines"]["begin"], 2);
        assert_eq!(value[0]["severity"], "critical");
    }

    #[test]
    fn xml_formats_escape_markup() {
        for format in [Format::Junit, Format::Checkstyle] {
            let text = example(format);
            assert!(text.contains("&lt;b&gt;") && text.contains("&quot;no&quot;"), "{text}");
            assert!(!text.contains("<b>"), "{text}");
        }
    }
}
