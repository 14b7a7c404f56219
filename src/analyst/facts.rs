//! What findings are made from: an outcome, with its series cut to the time under load.

use std::ops::Range;

use super::statistics::median;
use crate::{
    engine::outcome::{Outcome, RequestSeries, RequestStats},
    loadtest::types::Load,
};

/// Requests below which nothing is said of response times: a p95 of fewer is a matter of two or three.
const LEAST_REQUESTS: u64 = 100;
/// Request names that are looked at, those with most requests.
const MOST_NAMES: usize = 1000;
/// Request names with values over time that are looked at.
const MOST_SERIES: usize = 16;
/// Phases are rounded to milliseconds, and a step ends a moment after its second.
const ROUNDING_S: f64 = 0.05;
/// Points below which nothing is said of the course of a run.
pub(super) const LEAST_POINTS: usize = 10;
/// Requests that a point needs for its percentiles to say anything.
pub(super) const LEAST_A_POINT: f64 = 5.0;

/// One step of the series.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    /// Its place in the series.
    pub place: usize,
    /// Its beginning, in seconds since the start.
    pub at: f64,
    /// Finished requests.
    pub requests: f64,
    /// Failed ones.
    pub failures: f64,
    /// Users in its middle.
    pub users: f64,
    /// Requests per second that passed.
    pub passed: f64,
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
}

impl Point {
    /// Whether its percentiles say anything.
    pub fn tells(&self) -> bool {
        self.requests >= LEAST_A_POINT
    }
}

/// One run, as findings look at it.
pub(super) struct Facts<'a> {
    pub outcome: &'a Outcome,
    /// The whole steps under load.
    pub points: Vec<Point>,
    /// Those of them in which the load stayed the same.
    pub steady: Range<usize>,
    /// Seconds between two points.
    pub step: f64,
    /// How the load was meant, where the document says so.
    pub load: Option<Load>,
}

impl<'a> Facts<'a> {
    pub fn of(outcome: &'a Outcome) -> Self {
        let points = points(outcome);
        let load = outcome.config.get("load").and_then(|load| serde_json::from_value(load.clone()).ok());
        Self {
            steady: steady(outcome, &points),
            step: f64::from(outcome.series.step_s.max(1)),
            outcome,
            points,
            load,
        }
    }

    /// Whether there is enough to judge response times at all.
    pub fn enough(&self) -> bool {
        self.outcome.summary.requests >= LEAST_REQUESTS
    }

    /// What cannot be judged of this run, and what it would take.
    pub fn not_judged(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        let requests = self.outcome.summary.requests;
        if !self.enough() {
            sentences.push(format!(
                "{requests} requests are too few to judge response times by, which takes {LEAST_REQUESTS}: run \
                 it for longer or with more users."
            ));
        } else if self.points.len() < LEAST_POINTS {
            sentences.push(format!(
                "The run was too short to judge its course by, which takes {LEAST_POINTS} seconds under load."
            ));
        }
        if self.outcome.summary.generator.limited {
            sentences.push(
                "The generator was the bottleneck: what else was found says little about the target."
                    .to_owned(),
            );
        }
        sentences
    }

    /// Points of the steady part.
    pub fn steady(&self) -> &[Point] {
        &self.points[self.steady.clone()]
    }

    /// How long the steady part is, in seconds.
    pub fn steady_s(&self) -> f64 {
        self.steady.len() as f64 * self.step
    }

    /// Values over time of one request name.
    pub fn series_of(&self, name: &str) -> Option<&'a RequestSeries> {
        let series = self.outcome.series_by_request.iter().find(|series| series.name == name)?;
        let length = self.outcome.series.at_s.len();
        let whole = [series.requests.len(), series.failures.len(), series.p50_ms.len(), series.p95_ms.len()];
        whole.iter().all(|column| *column == length).then_some(series)
    }

    /// Requests that say something, with most requests first.
    pub fn requests(&self, least: u64) -> Vec<&'a RequestStats> {
        let mut all: Vec<_> =
            self.outcome.summary.by_request.iter().filter(|request| request.requests >= least).collect();
        all.sort_by_key(|request| std::cmp::Reverse(request.requests));
        all.truncate(MOST_NAMES);
        all
    }

    /// Values over time by request name; a report that somebody sent may have more than any run.
    pub fn series(&self) -> impl Iterator<Item = &'a RequestSeries> + use<'a> {
        self.outcome.series_by_request.iter().take(MOST_SERIES)
    }

    /// The request whose own series shows what `shows` asks for, where it is one alone among several.
    pub fn only_request(&self, shows: impl Fn(&RequestSeries) -> bool) -> Option<String> {
        let known: Vec<_> = self.series().filter_map(|series| self.series_of(&series.name)).collect();
        let showing: Vec<_> = known.iter().filter(|series| shows(series)).collect();
        match showing.as_slice() {
            [one] if known.len() > 1 => Some(one.name.clone()),
            _ => None,
        }
    }
}

/// The median of what `of` gives for `points` that tell something.
pub(super) fn level(points: &[Point], of: impl Fn(&Point) -> f64) -> Option<f64> {
    let values: Vec<f64> = points.iter().filter(|point| point.tells()).map(of).collect();
    median(&values)
}

fn points(outcome: &Outcome) -> Vec<Point> {
    let s = &outcome.series;
    let step = f64::from(s.step_s.max(1));
    let load = outcome.phases.iter().filter(|phase| phase.name != "shutdown");
    let end = load.map(|phase| phase.start_s + phase.duration_s).fold(0.0, f64::max);
    let columns = [s.requests.len(), s.failures.len(), s.users.len(), s.p50_ms.len(), s.p95_ms.len()];
    let length = columns.iter().copied().chain([s.p99_ms.len(), s.at_s.len()]).min().unwrap_or_default();
    let whole = |place: &usize| {
        let at = f64::from(s.at_s[*place]);
        outcome.phases.is_empty() || at + step <= end + ROUNDING_S
    };
    let of = |place: usize| {
        let (requests, failures) = (s.requests[place] as f64, s.failures[place] as f64);
        let users = f64::from(s.users[place]);
        let before = place.checked_sub(1).map_or(0.0, |before| f64::from(s.users[before]));
        Point {
            place,
            at: f64::from(s.at_s[place]),
            requests,
            failures,
            users: f64::midpoint(before, users),
            passed: (requests - failures).max(0.0) / step,
            p50: s.p50_ms[place],
            p95: s.p95_ms[place],
            p99: s.p99_ms[place],
        }
    };
    (0..length).take_while(whole).map(of).collect()
}

/// The longest phase in which the load stayed the same.
fn steady(outcome: &Outcome, points: &[Point]) -> Range<usize> {
    let step = f64::from(outcome.series.step_s.max(1));
    let within = |phase: &crate::engine::outcome::Phase| {
        let (from, to) = (phase.start_s, phase.start_s + phase.duration_s + ROUNDING_S);
        let first = points.iter().position(|point| point.at >= from).unwrap_or(points.len());
        let last = points.iter().rposition(|point| point.at + step <= to).map_or(0, |last| last + 1);
        first..last.max(first)
    };
    let maintained = outcome.phases.iter().filter(|phase| phase.name == "maintain").map(within);
    maintained.max_by_key(ExactSizeIterator::len).unwrap_or(0..0)
}
