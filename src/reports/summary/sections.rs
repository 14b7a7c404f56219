//! The sections of the terminal summary, each a list of lines.

use super::Page;
use crate::{
    analyst,
    engine::outcome::Latency,
    reports::{
        headline::{self, Tone},
        number::{bytes, count, ms, percent, plural, rate, span, three_digits},
        table::{Cell, Ink, Table},
        text,
    },
};

const INDENT: usize = 2;
/// Rows of a list before the rest is only counted.
const MOST_ROWS: usize = 30;
const MOST_ERRORS: usize = 8;
const MOST_FINDINGS: usize = 3;

impl Page<'_> {
    pub(super) fn verdict(&self) -> Vec<String> {
        let headline = headline::of(self.outcome);
        let (mark, ink) = match headline.tone {
            Tone::Good => ("✓", Ink::Good),
            Tone::Bad => ("✗", Ink::Bad),
            Tone::Neutral => ("•", Ink::Care),
        };
        let title = format!("{mark} {}", headline.word);
        let name = text::cut(&self.outcome.name, self.width.saturating_sub(title.chars().count() + 2));
        let mut lines =
            vec![format!("{}  {}", ink.paint(&title, self.color), Ink::Bold.paint(&name, self.color))];
        lines.extend(self.wrap(&headline.sentence, Ink::Plain));
        if let Some(notes) = &self.outcome.notes {
            lines.extend(self.wrap(&format!("Notes: {notes}"), Ink::Plain));
        }
        lines
    }

    pub(super) fn thresholds(&self) -> Vec<String> {
        let all = &self.outcome.summary.verdict.thresholds;
        if all.is_empty() {
            return Vec::new();
        }
        let mut table = Table::new(&["", ""]).left(&[1]);
        for threshold in all {
            let (mark, ink) = if threshold.passed { ("✓", Ink::Good) } else { ("✗", Ink::Bad) };
            let rule = Cell::new(format!("{mark} {}", threshold.rule), ink);
            table.row(vec![rule, threshold.observed_text.as_str().into()]);
        }
        self.titled("Thresholds", &table)
    }

    pub(super) fn totals(&self) -> Vec<String> {
        let s = &self.outcome.summary;
        let failures = format!("{} ({})", count(s.failures), percent(s.error_rate));
        let ink = if s.failures > 0 { Ink::Bad } else { Ink::Plain };
        let mut table = Table::new(&["", ""]).left(&[1]);
        let mut row = |label: &str, value: Cell| table.row(vec![Cell::new(label, Ink::Dim), value]);
        row("requests", format!("{} ({}/s)", count(s.requests), rate(s.rps)).into());
        row("failures", Cell::new(failures, ink));
        if s.interrupted > 0 {
            row("interrupted", format!("{} by the stop, not counted above", count(s.interrupted)).into());
        }
        row("users", format!("{} at most", count(s.users_max.into())).into());
        row("duration", span(s.duration_s).into());
        if self.outcome.measure == "steady" {
            row("measured", "steady phases only; the ramps are in the reports' phases".into());
        }
        row("traffic", format!("{} received, {} sent", bytes(s.bytes_in), bytes(s.bytes_out)).into());
        self.titled("Totals", &table)
    }

    pub(super) fn latency(&self) -> Vec<String> {
        let s = &self.outcome.summary;
        if s.requests == 0 {
            return Vec::new();
        }
        let head = ["Response time", "min", "avg", "p50", "p90", "p95", "p99", "p99.9", "max"];
        let mut table = Table::new(&head).spare(&[1, 4, 2, 7]);
        table.row(latency_row("from sending", &s.latency_ms));
        if s.corrected_latency_ms != s.latency_ms {
            table.row(latency_row("corrected", &s.corrected_latency_ms));
        }
        table.lines(0, self.width, self.color)
    }

    pub(super) fn requests(&self) -> Vec<String> {
        let all = &self.outcome.summary.by_request;
        if all.is_empty() {
            return Vec::new();
        }
        let head = ["Request", "requests", "failures", "req/s", "p50", "p95", "p99", "max"];
        let mut table = Table::new(&head).spare(&[7, 3, 4]);
        for request in busiest(all, |request| request.requests) {
            let (ink, l) = (if request.failures > 0 { Ink::Bad } else { Ink::Plain }, &request.latency_ms);
            let time = |value: f64| Cell::from(if request.requests == 0 { ms(f64::NAN) } else { ms(value) });
            table.row(vec![
                request.name.as_str().into(),
                count(request.requests).into(),
                Cell::new(count(request.failures), ink),
                rate(request.rps).into(),
                time(l.p50),
                time(l.p95),
                time(l.p99),
                time(l.max),
            ]);
        }
        self.with_rest(table.lines(0, self.width, self.color), all.len(), MOST_ROWS, "request names")
    }

    pub(super) fn status_codes(&self) -> Vec<String> {
        let codes = &self.outcome.summary.status_codes;
        if codes.is_empty() {
            return Vec::new();
        }
        let codes: Vec<_> = codes.iter().map(|(code, times)| format!("{code}: {}", count(*times))).collect();
        self.labelled("Status codes", &codes)
    }

    pub(super) fn checks(&self) -> Vec<String> {
        let all = &self.outcome.checks;
        if all.is_empty() {
            return Vec::new();
        }
        let mut table = Table::new(&["Checks", "passed", "failed"]);
        for check in busiest(all, |check| check.failed) {
            let (mark, ink) = match (check.passed, check.failed) {
                (0, 0) => ("–", Ink::Dim),
                (_, 0) => ("✓", Ink::Good),
                _ => ("✗", Ink::Bad),
            };
            let name = Cell::new(format!("{mark} {}: {}", check.request, check.name), ink);
            table.row(vec![name, count(check.passed).into(), count(check.failed).into()]);
        }
        self.with_rest(table.lines(0, self.width, self.color), all.len(), MOST_ROWS, "checks")
    }

    pub(super) fn errors(&self) -> Vec<String> {
        let all = &self.outcome.summary.errors;
        if all.is_empty() {
            return Vec::new();
        }
        let mut table = Table::new(&["Errors", "count"]);
        for error in all.iter().take(MOST_ERRORS) {
            let what = format!("{}: {} ({})", error.kind, error.message, error.request);
            table.row(vec![what.into(), Cell::new(count(error.count), Ink::Bad)]);
        }
        self.with_rest(table.lines(0, self.width, self.color), all.len(), MOST_ERRORS, "kinds of error")
    }

    pub(super) fn generator(&self) -> Vec<String> {
        let g = &self.outcome.summary.generator;
        let mut figures = vec![
            format!("CPU {}% of one core", three_digits(g.cpu_percent)),
            plural(g.cores.into(), "core", "cores"),
            format!("{} µs CPU/request", three_digits(g.cpu_us_per_request)),
            format!("{} MB", three_digits(g.rss_mb)),
            plural(g.open_fds, "open file", "open files"),
            format!("dispatch lag p99 {}", ms(g.dispatch_lag_ms.p99)),
        ];
        if g.late > 0 || g.dropped > 0 {
            figures.push(format!("{} late, {} dropped", count(g.late), count(g.dropped)));
        }
        let mut lines = self.labelled("Generator", &figures);
        if let Some(warning) = headline::limited(g) {
            lines.extend(self.wrap(&format!("! {warning}"), Ink::Care));
        }
        lines
    }

    /// The first of what was found; the rest is in the reports.
    pub(super) fn found(&self) -> Vec<String> {
        let analysis = analyst::of(self.outcome);
        let mut lines = vec![Ink::Bold.paint("What was found", self.color)];
        if analysis.findings.is_empty() {
            lines.extend(self.wrap(&analysis.summary, Ink::Plain));
        }
        for (finding, mark) in analyst::lines(&analysis).take(MOST_FINDINGS) {
            let ink = if mark == "critical" { Ink::Bad } else { Ink::Care };
            lines.extend(self.wrap(&format!("! {}", finding.title), ink));
            lines.extend(self.wrap(&finding.explanation, Ink::Plain));
        }
        let all = analysis.findings.len();
        self.with_rest(lines, all, MOST_FINDINGS, "findings")
    }

    fn titled(&self, title: &str, table: &Table) -> Vec<String> {
        let mut lines = vec![Ink::Bold.paint(title, self.color)];
        lines.extend(table.lines(INDENT, self.width, self.color));
        lines
    }

    /// Figures in a row, three spaces apart; a line is never broken within one.
    fn labelled(&self, title: &str, figures: &[String]) -> Vec<String> {
        let whole: Vec<String> = figures.iter().map(|figure| figure.replace(' ', "\u{a0}")).collect();
        let lines = self.wrap(&whole.join("   "), Ink::Plain);
        let title = Ink::Bold.paint(title, self.color);
        std::iter::once(title).chain(lines.iter().map(|line| line.replace('\u{a0}', " "))).collect()
    }

    fn with_rest(&self, mut lines: Vec<String>, all: usize, shown: usize, what: &str) -> Vec<String> {
        if all > shown {
            let rest = format!("and {} more {what}, in the reports", count((all - shown) as u64));
            lines.extend(self.wrap(&rest, Ink::Dim));
        }
        lines
    }

    /// `content` in indented lines, broken between words.
    fn wrap(&self, content: &str, ink: Ink) -> Vec<String> {
        text::wrap(content, self.width.saturating_sub(INDENT))
            .into_iter()
            .map(|line| format!("{:INDENT$}{}", "", ink.paint(&line, self.color)))
            .collect()
    }
}

fn latency_row(label: &str, latency: &Latency) -> Vec<Cell> {
    let Latency { min, avg, p50, p90, p95, p99, p999, max } = *latency;
    let figures = [min, avg, p50, p90, p95, p99, p999, max].map(|value| Cell::from(ms(value)));
    std::iter::once(label.into()).chain(figures).collect()
}

/// At most [`MOST_ROWS`] of `all`: in their own order when all fit, else those with the most.
fn busiest<T>(all: &[T], weight: impl Fn(&T) -> u64) -> Vec<&T> {
    let mut rows: Vec<&T> = all.iter().collect();
    if rows.len() > MOST_ROWS {
        rows.sort_by_key(|row| std::cmp::Reverse(weight(row)));
        rows.truncate(MOST_ROWS);
    }
    rows
}
