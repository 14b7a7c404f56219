//! Response times that grow under the same load: little by little, or from one moment on.

use super::{
    facts::{Facts, LEAST_POINTS, Point},
    finding::{Draft, named},
    statistics::{Step, Trend, median, step, trend},
};
use crate::engine::outcome::{Finding, Kind, RequestSeries, Severity, Unit};

/// Steady time that a drift takes at least, in seconds.
const LEAST_S: f64 = 60.0;
/// Steady time that a jump takes at least, in seconds.
const LEAST_JUMP_S: f64 = 20.0;
/// Points that the steady time is brought down to, each the median of its part: less noise, and less that
/// neighbours share.
const PARTS: usize = 60;
/// Share of the steady time that is left out at its beginning: what warms up goes down first.
const BEGINNING: f64 = 0.1;
/// Growth over the steady time at least, as a share and in milliseconds.
const GROWTH: (f64, f64) = (0.25, 2.0);
/// Growth at a jump at least: it has fewer points on either side than a drift has in all.
const JUMP: (f64, f64) = (0.4, 2.0);
/// The p-value of no trend, at most.
const BY_CHANCE: f64 = 1e-4;
/// How much of the variation two levels leave over, at most.
const LEFT: f64 = 0.4;
/// Growth of a request that has no part in it, at most.
const STILL: f64 = 0.15;

/// A drift or a jump, by the median or by the p95 of each step.
pub(super) fn find(facts: &Facts<'_>) -> Option<Finding> {
    let steady = facts.steady();
    let skip = (steady.len() as f64 * BEGINNING) as usize;
    let points: Vec<Point> = steady[skip..].iter().filter(|point| point.tells()).copied().collect();
    if points.len() < LEAST_POINTS {
        return None;
    }
    let by = |name: &str, of: fn(&Point) -> f64| {
        let (xs, ys) = parts(&points, of);
        grows(facts, &xs, &ys, name)
    };
    by("p50", |point| point.p50).or_else(|| by("p95", |point| point.p95))
}

/// Times and medians of parts of the steady time.
fn parts(points: &[Point], of: fn(&Point) -> f64) -> (Vec<f64>, Vec<f64>) {
    let size = points.len().div_ceil(PARTS).max(1);
    let part = |part: &[Point]| {
        let value = median(&part.iter().map(of).collect::<Vec<_>>())?;
        Some((part.first()?.at, value))
    };
    points.chunks(size).filter_map(part).unzip()
}

fn grows(facts: &Facts<'_>, xs: &[f64], ys: &[f64], name: &str) -> Option<Finding> {
    let line = trend(xs, ys)?;
    let long = xs.last()? - xs.first()?;
    let jump = step(ys, (ys.len() / 10).max(3))
        .filter(|jump| jump.left <= LEFT && by_enough(jump.before, jump.after, JUMP) && long >= LEAST_JUMP_S);
    let drifts = line.p <= BY_CHANCE && by_enough(line.at_start, line.at_end, GROWTH) && long >= LEAST_S;
    match jump {
        Some(jump) if !drifts || jump.left < left(xs, ys) => Some(jumped(facts, xs, &jump, name)),
        _ => drifts.then(|| drifted(facts, xs, &line, name)),
    }
}

fn by_enough(from: f64, to: f64, (share, ms): (f64, f64)) -> bool {
    to >= from * (1.0 + share) && to >= from + ms && from > 0.0
}

/// Share of the variation that a straight line leaves over.
fn left(xs: &[f64], ys: &[f64]) -> f64 {
    let n = xs.len() as f64;
    let (mx, my) = (xs.iter().sum::<f64>() / n, ys.iter().sum::<f64>() / n);
    let sxy: f64 = xs.iter().zip(ys).map(|(x, y)| (x - mx) * (y - my)).sum();
    let sxx: f64 = xs.iter().map(|x| (x - mx).powi(2)).sum();
    let syy: f64 = ys.iter().map(|y| (y - my).powi(2)).sum();
    if sxx * syy > 0.0 { 1.0 - sxy * sxy / (sxx * syy) } else { 1.0 }
}

fn jumped(facts: &Facts<'_>, xs: &[f64], jump: &Step, name: &str) -> Finding {
    let at = xs[jump.at.min(xs.len() - 1)];
    let mut draft = Draft::new(Kind::Shift, Severity::Warning, 0.9);
    let request = facts.only_request(|series| grew(facts, series, at));
    let request = request.or_else(|| alone(facts, at));
    let who = named(request.as_deref(), "the whole");
    let when = draft.figure("time of the jump", at, Unit::S);
    let before = draft.figure(format!("{name} before"), jump.before, Unit::Ms);
    let after = draft.figure(format!("{name} after"), jump.after, Unit::Ms);
    let text = format!(
        "{when} into the run {name} over all requests went from {before} to {after} and stayed there, under the same \
         load. Something changed at the target at that moment; the request that shows it: {who}."
    );
    let title = format!(
        "From {when} on {} slower",
        request
            .as_deref()
            .map_or("everything is".to_owned(), |name| format!("{} is", super::finding::short(name)))
    );
    let to = facts.steady().last().map(|last| last.at + facts.step);
    draft
        .request(request)
        .at(at, to)
        .next(
            "See what happened at the target at that moment (a deployment, a full cache, a lost replica), and run the \
             same load again: if it comes back at the same time, it comes with the load; if not, from outside.",
            None,
        )
        .told(title, text)
}

fn drifted(facts: &Facts<'_>, xs: &[f64], line: &Trend, name: &str) -> Finding {
    let (first, last) = (xs[0], xs[xs.len() - 1]);
    let mut draft = Draft::new(Kind::Drift, Severity::Warning, 0.9);
    let middle = f64::midpoint(first, last);
    let request = facts.only_request(|series| grew(facts, series, middle)).or_else(|| alone(facts, middle));
    let from = draft.figure(format!("{name} at the start of the steady load"), line.at_start, Unit::Ms);
    let to = draft.figure(format!("{name} at its end"), line.at_end, Unit::Ms);
    let over = draft.figure("time between them", last - first, Unit::S);
    let slope = draft.figure(format!("growth of {name} per minute"), line.slope * 60.0, Unit::Ms);
    let mut text = format!(
        "Under the same load {name} grows from {from} to {to} within {over}, by {slope} a minute. What grows with time \
         is most often memory, a table without an index, a queue or a log."
    );
    if let Some(name) = &request {
        text.push_str(&format!(" The request that shows it: {}.", super::finding::short(name)));
    }
    draft
        .request(request)
        .at(first, Some(last))
        .next(
            "Run the same load for an hour and watch the target's memory, connections and table sizes beside it; then \
             restart the target and see whether it begins anew.",
            same_load_for(facts, "1h"),
        )
        .told("Response times grow as time goes by under the same load", text)
}

/// The same load for longer.
fn same_load_for(facts: &Facts<'_>, time: &str) -> Option<serde_json::Value> {
    let mut load = facts.outcome.config.get("load")?.clone();
    load.get("run_time")?;
    load["run_time"] = serde_json::json!(time);
    Some(load)
}

/// Median of a request's own medians before and after a moment of the steady load.
fn around(facts: &Facts<'_>, series: &RequestSeries, at: f64) -> Option<(f64, f64)> {
    let middle = |points: &mut dyn Iterator<Item = &Point>| {
        let p50 = |point: &Point| series.p50_ms.get(point.place).copied().map(f64::from);
        median(&points.filter_map(p50).filter(|p50| *p50 > 0.0).collect::<Vec<_>>())
    };
    let steady = facts.steady();
    let before = middle(&mut steady.iter().filter(|point| point.at < at))?;
    let after = middle(&mut steady.iter().filter(|point| point.at >= at))?;
    Some((before, after))
}

fn grew(facts: &Facts<'_>, series: &RequestSeries, at: f64) -> bool {
    around(facts, series, at).is_some_and(|(before, after)| after >= before * (1.0 + STILL))
}

/// The request that grew far more than all others.
fn alone(facts: &Facts<'_>, at: f64) -> Option<String> {
    let mut grown: Vec<(f64, &str)> = facts
        .series()
        .filter_map(|series| {
            let (before, after) = around(facts, facts.series_of(&series.name)?, at)?;
            Some((after - before, series.name.as_str()))
        })
        .collect();
    grown.sort_by(|a, b| b.0.total_cmp(&a.0));
    match grown.as_slice() {
        [first, second, ..] if first.0 > 5.0 * second.0.max(0.0) && first.0 > GROWTH.1 => {
            Some(first.1.to_owned())
        }
        _ => None,
    }
}
