//! Markdown that fits a pull-request comment (GitHub takes 65,536 characters): long lists are cut
//! and say so.

use std::fmt::Write;

use super::{
    headline::{self, Tone},
    number::{bytes, count, ms, percent, rate, span},
    text,
};
use crate::{
    analyst,
    engine::outcome::{ErrorGroup, Latency, Outcome, RequestStats},
};

const MOST_FINDINGS: usize = 8;
const MOST_THRESHOLDS: usize = 40;
const MOST_REQUESTS: usize = 50;
const MOST_ERRORS: usize = 10;
const LONGEST_NAME: usize = 80;
const LONGEST_NOTES: usize = 1000;
const LONGEST_MESSAGE: usize = 160;

/// The Markdown report.
pub fn render(outcome: &Outcome) -> String {
    let parts = [
        heading(outcome),
        found(outcome),
        summary(outcome),
        thresholds(outcome),
        requests(outcome),
        errors(outcome),
    ];
    let mut report = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    let _ = write!(
        report,
        "\n<sub>MAID {} · run {} · {}</sub>\n",
        cell(&outcome.maid_version, LONGEST_NAME),
        cell(&outcome.summary.run_id, LONGEST_NAME),
        cell(&outcome.started_at, LONGEST_NAME)
    );
    report
}

fn heading(outcome: &Outcome) -> String {
    let headline = headline::of(outcome);
    let mark = match headline.tone {
        Tone::Good => "✅",
        Tone::Bad => "❌",
        Tone::Neutral => "➖",
    };
    let name = cell(&outcome.name, LONGEST_NAME);
    let mut part = format!("## {mark} {}: {name}\n\n{}\n", headline.word, escape(&headline.sentence));
    if let Some(notes) = &outcome.notes {
        let _ = write!(part, "\n{}\n", cell(notes, LONGEST_NOTES));
    }
    if let Some(warning) = headline::limited(&outcome.summary.generator) {
        let _ = write!(part, "\n> ⚠️ {}\n", escape(&warning));
    }
    for warning in &outcome.warnings {
        let _ = write!(part, "\n> ⚠️ {}\n", escape(warning));
    }
    part
}

/// What was found, causes first.
fn found(outcome: &Outcome) -> String {
    let analysis = analyst::of(outcome);
    let mut part = String::from("### What was found\n\n");
    if analysis.findings.is_empty() {
        let _ = writeln!(part, "{}", escape(&analysis.summary));
    }
    for (finding, mark) in analyst::lines(&analysis).take(MOST_FINDINGS) {
        let (title, text) = (cell(&finding.title, LONGEST_MESSAGE), escape(&finding.explanation));
        let _ = writeln!(part, "- **{title}** ({mark}): {text} Next: {}", escape(&finding.next_test.text));
    }
    more(&mut part, analysis.findings.len(), MOST_FINDINGS, "findings");
    for sentence in &analysis.not_judged {
        let _ = writeln!(part, "\n{}", escape(sentence));
    }
    part
}

fn summary(outcome: &Outcome) -> String {
    let s = &outcome.summary;
    let mut part =
        String::from("| Requests | Failures | Requests/s | Users | Duration | Received | Sent |\n");
    part.push_str("|--:|--:|--:|--:|--:|--:|--:|\n");
    let _ = writeln!(
        part,
        "| {} | {} ({}) | {} | {} | {} | {} | {} |\n",
        count(s.requests),
        count(s.failures),
        percent(s.error_rate),
        rate(s.rps),
        count(s.users_max.into()),
        span(s.duration_s),
        bytes(s.bytes_in),
        bytes(s.bytes_out)
    );
    part.push_str("| Response time | min | avg | p50 | p90 | p95 | p99 | p99.9 | max |\n");
    part.push_str("|:--|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    latency_row(&mut part, "from sending", &s.latency_ms, s.requests);
    if s.corrected_latency_ms != s.latency_ms {
        latency_row(&mut part, "corrected", &s.corrected_latency_ms, s.requests);
    }
    part
}

fn latency_row(part: &mut String, label: &str, latency: &Latency, requests: u64) {
    let Latency { min, avg, p50, p90, p95, p99, p999, max } = *latency;
    let _ = write!(part, "| {label} |");
    for value in [min, avg, p50, p90, p95, p99, p999, max] {
        let _ = write!(part, " {} |", time(value, requests));
    }
    part.push('\n');
}

fn thresholds(outcome: &Outcome) -> String {
    let all = &outcome.summary.verdict.thresholds;
    if all.is_empty() {
        return String::new();
    }
    let mut part = String::from("### Thresholds\n\n| | Rule | Observed |\n|:-:|:--|--:|\n");
    for threshold in all.iter().take(MOST_THRESHOLDS) {
        let mark = if threshold.passed { "✅" } else { "❌" };
        let (rule, observed) =
            (cell(&threshold.rule, LONGEST_NAME), cell(&threshold.observed_text, LONGEST_NAME));
        let _ = writeln!(part, "| {mark} | {rule} | {observed} |");
    }
    more(&mut part, all.len(), MOST_THRESHOLDS, "thresholds");
    part
}

fn requests(outcome: &Outcome) -> String {
    let all = &outcome.summary.by_request;
    if all.is_empty() {
        return String::new();
    }
    let mut part = String::from(
        "### Requests\n\n| Name | Requests | Failures | Requests/s | p50 | p95 | p99 | max |\n\
         |:--|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for request in all.iter().take(MOST_REQUESTS) {
        request_row(&mut part, request);
    }
    more(&mut part, all.len(), MOST_REQUESTS, "request names");
    part
}

fn request_row(part: &mut String, request: &RequestStats) {
    let Latency { p50, p95, p99, max, .. } = request.latency_ms;
    let _ = write!(
        part,
        "| {} | {} | {} ({}) | {} |",
        cell(&request.name, LONGEST_NAME),
        count(request.requests),
        count(request.failures),
        percent(request.error_rate),
        rate(request.rps)
    );
    for value in [p50, p95, p99, max] {
        let _ = write!(part, " {} |", time(value, request.requests));
    }
    part.push('\n');
}

fn errors(outcome: &Outcome) -> String {
    let all = &outcome.summary.errors;
    if all.is_empty() {
        return String::new();
    }
    let mut part =
        String::from("### Errors\n\n| Count | Kind | What happened | First at |\n|--:|:--|:--|:--|\n");
    for ErrorGroup { kind, message, count: times, request, .. } in all.iter().take(MOST_ERRORS) {
        let (kind, message) = (cell(kind, LONGEST_NAME), cell(message, LONGEST_MESSAGE));
        let _ =
            writeln!(part, "| {} | {kind} | {message} | {} |", count(*times), cell(request, LONGEST_NAME));
    }
    more(&mut part, all.len(), MOST_ERRORS, "kinds of error");
    part
}

fn more(part: &mut String, all: usize, shown: usize, what: &str) {
    if all > shown {
        let _ = writeln!(part, "\n{} more {what} are in the HTML and JSON reports.", all - shown);
    }
}

fn time(value: f64, requests: u64) -> String {
    if requests == 0 { ms(f64::NAN) } else { ms(value) }
}

fn cell(value: &str, width: usize) -> String {
    escape(&text::cut(value, width))
}

/// Text that stays text: no markup, no HTML, no link, and no person is notified by an `@`.
fn escape(value: &str) -> String {
    let mut safe = String::with_capacity(value.len());
    for c in text::plain(value).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '@' => safe.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '$' => safe.extend(['\\', c]),
            _ => safe.push(c),
        }
    }
    safe.replace("://", "&#58;//").replace("www.", "www&#46;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        let hostile = "a|b <img src=x> @team [x](https://e.example) `c`\n# d";
        insta::assert_snapshot!(escape(hostile), @r"a\|b &lt;img src=x&gt; &#64;team \[x\](https&#58;//e.example) \`c\` \# d");
    }
}
