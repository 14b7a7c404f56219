//! Moments in which the target stands still: at intervals, now and then, or once.

use super::{
    facts::{Facts, LEAST_POINTS, Point},
    finding::{Draft, named},
    statistics::{autocorrelation, mad, median},
};
use crate::engine::outcome::{Finding, Kind, RequestSeries, Severity, Unit};

/// Deviations (of the logarithm) by which a point sticks out.
const STICKS_OUT: f64 = 5.0;
/// How many times the usual a point that sticks out is at least, and by how many milliseconds.
const HIGHER: (f64, f64) = (2.0, 10.0);
/// Stalls that make a rhythm at least: two intervals may be equal by chance, of three less likely.
const RHYTHM: usize = 3;
/// Deviation of the intervals by their mean at most, for a rhythm; and one point, which is how finely they
/// are seen.
const REGULAR: f64 = 0.15;
/// How much the stalls go together with themselves an interval later at least.
const TOGETHER: f64 = 0.25;
/// Stalls without a rhythm that are told at least.
const OFTEN: usize = 4;
/// How many times the usual they are.
const HIGHER_OFTEN: f64 = 3.0;
/// Throughput in a single stall by the usual one, at most.
const STANDS: f64 = 0.4;
/// Share of the stalls that a request takes part in where it is named, and others at most.
const PART: (f64, f64) = (0.7, 0.35);

/// A moment at which requests stuck.
#[derive(Clone, Copy, Debug)]
struct Stall {
    first: usize,
    last: usize,
    peak: f64,
    lowest: f64,
}

/// Stalls under the steady load, by p99 or by p95, whichever shows more of them.
pub(super) fn find(facts: &Facts<'_>) -> Option<Finding> {
    let points = facts.steady();
    if points.len() < 2 * LEAST_POINTS {
        return None;
    }
    let by = |name: &'static str, of: fn(&Point) -> f64| {
        let (stalls, usual) = stalls(points, of)?;
        told(facts, points, &stalls, usual, name)
    };
    let found: Vec<Finding> =
        [by("p95", |point| point.p95), by("p99", |point| point.p99)].into_iter().flatten().collect();
    found.into_iter().max_by(|a, b| a.confidence.total_cmp(&b.confidence))
}

/// Points that stick out, neighbours joined, and what is usual.
fn stalls(points: &[Point], of: fn(&Point) -> f64) -> Option<(Vec<Stall>, f64)> {
    let logs: Vec<f64> =
        points.iter().filter(|point| point.tells()).map(|point| of(point).max(0.001).ln()).collect();
    let (usual, spread) = (median(&logs)?, mad(&logs)?);
    let limit = (usual + (STICKS_OUT * spread).max(HIGHER.0.ln())).exp().max(usual.exp() + HIGHER.1);
    let passed = median(&points.iter().map(|point| point.passed).collect::<Vec<_>>())?;
    let mut stalls: Vec<Stall> = Vec::new();
    for (place, point) in points.iter().enumerate() {
        // A step in which nothing was answered is part of the stall that it is.
        let still = point.requests == 0.0;
        let high = of(point) > limit && point.requests >= 2.0;
        if !still && !high {
            continue;
        }
        let before = place.checked_sub(1).map_or(point.passed, |before| points[before].passed);
        let lowest = point.passed.min(before) / passed.max(1e-9);
        let peak = if still { 0.0 } else { of(point) };
        match stalls.last_mut() {
            Some(last) if last.last + 1 == place => {
                last.last = place;
                last.peak = last.peak.max(peak);
                last.lowest = last.lowest.min(lowest);
            }
            _ => stalls.push(Stall { first: place, last: place, peak, lowest }),
        }
    }
    stalls.retain(|stall| stall.peak > 0.0);
    // What fills a good part of the run is another state, not a stall.
    let filled: usize = stalls.iter().map(|stall| stall.last - stall.first + 1).sum();
    (filled * 3 < points.len()).then_some((stalls, usual.exp()))
}

/// The interval of a rhythm, in points.
fn rhythm(stalls: &[Stall], points: usize) -> Option<f64> {
    if stalls.len() < RHYTHM {
        return None;
    }
    let gaps: Vec<f64> = stalls.windows(2).map(|pair| (pair[1].first - pair[0].first) as f64).collect();
    let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
    let deviation = (gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / gaps.len() as f64).sqrt();
    let mut seen = vec![0.0; points];
    for stall in stalls {
        // A point wider on either side: a stall begins anywhere within a step.
        seen[stall.first.saturating_sub(1)..(stall.last + 2).min(points)].fill(1.0);
    }
    let together = autocorrelation(&seen, mean.round() as usize);
    // As many as there is room for: three in a hundred intervals are no rhythm.
    let full = stalls.len() as f64 >= 0.7 * (points as f64 / mean).floor();
    let regular = deviation <= (REGULAR * mean).max(0.75) && mean >= 3.0;
    (regular && full && together >= TOGETHER).then_some(mean)
}

fn told(facts: &Facts<'_>, points: &[Point], stalls: &[Stall], usual: f64, name: &str) -> Option<Finding> {
    let interval = rhythm(stalls, points.len());
    let peaks = median(&stalls.iter().map(|stall| stall.peak).collect::<Vec<_>>())?;
    let often = stalls.len() >= OFTEN && peaks >= HIGHER_OFTEN * usual;
    let single = stalls.iter().find(|stall| stall.lowest <= STANDS && stall.peak >= HIGHER_OFTEN * usual);
    let confidence = match (interval, often, single) {
        (Some(_), ..) if stalls.len() > RHYTHM => 0.95,
        (Some(_), ..) => 0.85,
        (None, true, _) => 0.7,
        (None, false, Some(_)) => 0.75,
        _ => return None,
    };
    let mut draft = Draft::new(Kind::Stalls, Severity::Warning, confidence);
    let request = facts
        .only_request(|series| takes_part(series, points, stalls, PART.0))
        .filter(|_| facts.series().filter(|series| takes_part(series, points, stalls, PART.1)).count() == 1);
    let who = named(request.as_deref(), "The target");
    let usually = draft.figure(format!("{name} between the stalls"), usual, Unit::Ms);
    let peak = draft.figure(format!("{name} in the stalls"), peaks, Unit::Ms);
    let mut at = |place: usize, what: &str| draft.figure(what, points[place].at, Unit::S);
    let (title, text) = if let Some(interval) = interval {
        let first = at(stalls[0].first, "first stall");
        let count = draft.figure("stalls", stalls.len() as f64, Unit::Count);
        let every = draft.figure("time from one stall to the next", interval * facts.step, Unit::S);
        let title = format!("{who} stalls about every {every}");
        let text = format!(
            "{title}, {count} times from {first} on: {name} then is {peak}, between them {usually}. What comes at \
             intervals is most often a job, a flush, a checkpoint or a garbage collection."
        );
        (title, text)
    } else if often {
        let count = draft.figure("stalls", stalls.len() as f64, Unit::Count);
        let text = format!(
            "{who} stalls {count} times without a rhythm: {name} then is {peak}, between them {usually}."
        );
        (format!("{who} stalls now and then"), text)
    } else {
        let at = at(single?.first, "begin of the stall");
        let title = format!("{who} stalls once, {at} into the run");
        let text =
            format!("{title}, while the load stays the same: {name} then is {peak}, otherwise {usually}.");
        (title, text)
    };
    let (first, last) = (stalls.first()?, stalls.last()?);
    let draft = draft.request(request).at(points[first.first].at, Some(points[last.last].at + facts.step));
    let next = "Hold the same load for several of these intervals, and lay the times beside the target's log and its \
                machine's figures.";
    Some(draft.next(next, None).told(title, text))
}

/// Whether a request is slow in at least `share` of the stalls.
fn takes_part(series: &RequestSeries, points: &[Point], stalls: &[Stall], share: f64) -> bool {
    let p95 = |place: usize| series.p95_ms.get(place).copied().map_or(0.0, f64::from);
    let all: Vec<f64> = points.iter().map(|point| p95(point.place)).filter(|p95| *p95 > 0.0).collect();
    let Some(usual) = median(&all) else { return false };
    let slow =
        |stall: &&Stall| (stall.first..=stall.last).any(|place| p95(points[place].place) > HIGHER.0 * usual);
    stalls.iter().filter(slow).count() as f64 >= share * stalls.len() as f64
}
