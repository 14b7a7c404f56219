//! What was found, in plain text.

use std::fmt::Write;

use super::facts::Facts;
use crate::engine::outcome::{Analysis, Finding, Severity};

/// Findings that a person is told at once.
const FIRST: usize = 3;

/// What was found in a sentence or two.
pub(super) fn summary(findings: &[Finding], facts: &Facts<'_>) -> String {
    let Some(first) = findings.first() else {
        return if facts.enough() {
            "Nothing was found that needs attention.".to_owned()
        } else {
            "There is not enough data to say anything.".to_owned()
        };
    };
    let follow = findings.iter().filter(|finding| finding.follows_from.as_deref() == Some(&first.id)).count();
    let others = findings.len() - 1 - follow;
    let mut text = format!("{}. {}", first.title, first.explanation);
    match follow {
        0 => {}
        1 => text.push_str(" One more finding follows from it."),
        _ => text.push_str(" Several more findings follow from it."),
    }
    if others > 0 {
        text.push_str(" Beside that there is more to look at.");
    }
    text
}

/// The first findings as a colleague would tell them, and what to do next.
#[must_use]
pub fn plain(analysis: &Analysis) -> String {
    let mut text = String::new();
    if analysis.findings.is_empty() {
        text.push_str(&analysis.summary);
    }
    for finding in analysis.findings.iter().filter(|finding| finding.follows_from.is_none()).take(FIRST) {
        let _ = write!(text, "{}{}.", if text.is_empty() { "" } else { "\n\n" }, finding.title);
        let _ = write!(text, " {}", finding.explanation);
        let follow: Vec<&str> = analysis
            .findings
            .iter()
            .filter(|other| other.follows_from.as_deref() == Some(finding.id.as_str()))
            .map(|other| other.title.as_str())
            .take(FIRST)
            .collect();
        if !follow.is_empty() {
            let _ = write!(text, " From that follows: {}.", follow.join("; "));
        }
        if finding.weak {
            text.push_str(" The generator was the bottleneck, so take this with care.");
        }
        let _ = write!(text, " Next: {}", finding.next_test.text);
    }
    text
}

/// What was found as lines: a mark, a title, an explanation, what to do next.
pub fn lines(analysis: &Analysis) -> impl Iterator<Item = (&Finding, &'static str)> {
    analysis.findings.iter().map(|finding| {
        let mark = match (finding.follows_from.is_some(), finding.severity) {
            (true, _) => "follows",
            (_, Severity::Critical) => "critical",
            (_, Severity::Warning) => "warning",
            (_, Severity::Info) => "info",
        };
        (finding, mark)
    })
}

/// What was found as a model is told it: one finding a line, with every figure.
#[must_use]
pub fn compact(analysis: &Analysis) -> String {
    let mut text = String::new();
    for (finding, mark) in lines(analysis) {
        let _ = write!(text, "[{mark}] {}. {}", finding.title, finding.explanation);
        let figures: Vec<String> =
            finding.evidence.iter().map(|figure| format!("{} = {}", figure.name, figure.text)).collect();
        let _ = writeln!(text, " Figures: {}. Next: {}", figures.join(", "), finding.next_test.text);
    }
    if analysis.findings.is_empty() {
        text.push_str(&analysis.summary);
    }
    text
}
