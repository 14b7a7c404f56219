//! What the page shows that takes more than a field: key figures, charts, bars.

use hdrhistogram::Histogram;

use crate::{
    engine::{
        histogram::decode,
        outcome::{Outcome, Phase, RequestStats, Series},
    },
    reports::{
        ReportError,
        chart::{self, Band, Curve, Line},
        headline::{self, Tone},
        number::{self, compact, count, ms, percent, rate, span},
    },
};

/// Phases are rounded to milliseconds, and a step ends a moment after its second.
const ROUNDING_S: f64 = 0.05;

/// One figure at the top of the page.
pub struct Kpi {
    pub name: &'static str,
    pub value: String,
    pub note: String,
    pub class: &'static str,
}

/// A chart with its heading.
pub struct Chart {
    pub title: &'static str,
    pub summary: String,
    /// Markup made by [`chart`], which holds no text of a user's.
    pub markup: String,
}

/// Class of the verdict.
pub fn tone(outcome: &Outcome) -> &'static str {
    match headline::of(outcome).tone {
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Neutral => "neutral",
    }
}

/// The key figures.
pub fn kpis(outcome: &Outcome) -> Vec<Kpi> {
    let s = &outcome.summary;
    let kpi = |name, value, note| Kpi { name, value, note, class: "" };
    let time = |value| if s.requests == 0 { ms(f64::NAN) } else { ms(value) };
    let interrupted =
        if s.interrupted == 0 { String::new() } else { format!("{} interrupted", count(s.interrupted)) };
    vec![
        kpi("Requests", compact(s.requests), interrupted),
        Kpi {
            name: "Failures",
            value: compact(s.failures),
            note: percent(s.error_rate),
            class: if s.failures > 0 { "bad" } else { "" },
        },
        kpi("Requests/s", rate(s.rps), String::new()),
        kpi("p50", time(s.latency_ms.p50), String::new()),
        kpi("p95", time(s.latency_ms.p95), String::new()),
        kpi("p99", time(s.latency_ms.p99), String::new()),
        kpi("Corrected p99", time(s.corrected_latency_ms.p99), "from the intended time".to_owned()),
        kpi("Users", count(s.users_max.into()), "at most".to_owned()),
        kpi("Duration", span(s.duration_s), String::new()),
    ]
}

/// The charts.
pub fn charts(outcome: &Outcome) -> Result<Vec<Chart>, ReportError> {
    let series = &whole_steps(outcome);
    let bands: Vec<Band> = outcome.phases.iter().map(band).collect();
    let over_time = |lines: &[Line]| chart::over_time(&series.at_s, series.step_s, lines, &bands);
    let step = f64::from(series.step_s.max(1));
    let per_second = |counts: &[u64]| counts.iter().map(|n| *n as f64 / step).collect::<Vec<_>>();
    let requests = line("requests/s", "c1", per_second(&series.requests), number::rate);
    let users = series.users.iter().map(|users| f64::from(*users)).collect();
    let users = Line { right: true, ..line("users", "c4", users, number::rate) };
    let latency = [
        line("p50", "c1", where_answered(series, &series.p50_ms), ms),
        line("p95", "c2", where_answered(series, &series.p95_ms), ms),
        line("p99", "c3", where_answered(series, &series.p99_ms), ms),
    ];
    let failures = line("failures/s", "bad", per_second(&series.failures), number::rate);
    let s = &outcome.summary;
    Ok(vec![
        Chart {
            title: "Requests per second and users",
            summary: format!("{}/s on average", rate(s.rps)),
            markup: over_time(&[requests, users]),
        },
        Chart {
            title: "Response time",
            summary: "from sending, per second".to_owned(),
            markup: over_time(&latency),
        },
        Chart {
            title: "Failures per second",
            summary: format!("{} in all, {}", count(s.failures), percent(s.error_rate)),
            markup: over_time(&[failures]),
        },
        Chart {
            title: "Response time by percentile",
            summary: "over the whole run".to_owned(),
            markup: chart::percentiles(&curves(outcome)?),
        },
    ])
}

/// The series without what comes after the load: a last step that is not whole would be drawn as a
/// drop that never happened.
fn whole_steps(outcome: &Outcome) -> Series {
    let mut series = outcome.series.clone();
    let load = outcome.phases.iter().filter(|phase| phase.name != "shutdown");
    let end = load.map(|phase| phase.start_s + phase.duration_s).fold(0.0, f64::max);
    let step = series.step_s.max(1);
    let whole =
        series.at_s.iter().take_while(|at| f64::from(**at) + f64::from(step) <= end + ROUNDING_S).count();
    if whole > 1 {
        series.at_s.truncate(whole);
        series.requests.truncate(whole);
        series.failures.truncate(whole);
        series.users.truncate(whole);
        series.p50_ms.truncate(whole);
        series.p95_ms.truncate(whole);
        series.p99_ms.truncate(whole);
        series.classes.truncate(whole);
    }
    series
}

fn line(name: &'static str, class: &'static str, values: Vec<f64>, label: chart::Label) -> Line {
    Line { name, class, values, label, right: false }
}

/// A step without a request has no response time: a gap, not a zero.
fn where_answered(series: &Series, values: &[f64]) -> Vec<f64> {
    let answered = |index| series.requests.get(index).is_some_and(|requests| *requests > 0);
    values.iter().enumerate().map(|(index, value)| if answered(index) { *value } else { f64::NAN }).collect()
}

/// A phase as a band; its name is one of three, so that no text of a document's gets into a chart.
fn band(phase: &Phase) -> Band {
    let name = match phase.name.as_str() {
        "increase" => "increase",
        "maintain" => "maintain",
        "decrease" => "decrease",
        _ => "",
    };
    Band { name, from: phase.start_s, to: phase.start_s + phase.duration_s }
}

fn curves(outcome: &Outcome) -> Result<Vec<Curve>, ReportError> {
    let stored = &outcome.histogram;
    let refused = |cause| ReportError::Histogram { of: "the whole run".to_owned(), cause };
    let mut curves = Vec::new();
    for (name, class, text) in
        [("from sending", "c1", &stored.latency), ("corrected", "c3", &stored.corrected)]
    {
        let histogram = decode(text).map_err(refused)?;
        if !histogram.is_empty() {
            curves.push(Curve { name, class, points: points(&histogram) });
        }
    }
    Ok(curves)
}

/// The curve up to the last percentile that one request stands for.
fn points(histogram: &Histogram<u64>) -> Vec<(f64, f64)> {
    let end = (histogram.len() as f64).log10().clamp(1.0, 6.0);
    let share = |step: u32| 1.0 - 10_f64.powf(-end * f64::from(step) / 160.0);
    (0..=160).map(share).map(|q| (q, histogram.value_at_quantile(q) as f64 / 1000.0)).collect()
}

/// A part of the response time, for the bar of an expanded row.
pub struct Part {
    pub name: String,
    pub width: f64,
}

/// The share of each part in the average request, in percent of their sum, in the order in which
/// they happen.
pub fn parts(request: &RequestStats) -> Vec<Part> {
    let known = ORDER.iter().filter_map(|name| Some((*name, request.timings_ms.get(*name)?)));
    let times: Vec<_> = known.map(|(name, part)| (name, part.avg.max(0.0) * part.count as f64)).collect();
    let total: f64 = times.iter().map(|(_, time)| time).sum();
    let width = |time: f64| if total > 0.0 { time / total * 100.0 } else { 0.0 };
    times.into_iter().map(|(name, time)| Part { name: name.to_owned(), width: width(time) }).collect()
}

/// The parts of a response time in the order in which they happen.
pub const ORDER: [&str; 7] = ["blocked", "dns", "connect", "tls", "send", "wait", "receive"];

/// The configuration as indented JSON.
pub fn pretty(config: &serde_json::Value) -> String {
    serde_json::to_string_pretty(config).unwrap_or_default()
}
