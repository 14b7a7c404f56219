//! The point from which on more load brings no more throughput, only longer waits.

use serde_json::{Value, json};

use super::{
    facts::{Facts, Point, level},
    finding::Draft,
    statistics::{Hinge, hinge, median},
};
use crate::{
    engine::outcome::{Finding, Kind, Severity, Unit},
    loadtest::types::Arrival,
};

/// Groups that points are put into by their load.
const GROUPS: usize = 40;
/// Groups that a bend is looked for in at least.
const LEAST_GROUPS: usize = 8;
/// How many times as much the highest load is as the lowest at least.
const SPREAD: f64 = 3.0;
/// Slope of the throughput after the bend, by the slope before it, at most.
const FLAT: f64 = 0.35;
/// The F statistic of a bend at least: 1 in 10,000 by chance for the fewest groups.
const BEND: f64 = 18.0;
/// How many times as long requests take at the top as before the bend at least, and by how many milliseconds.
const CLIMB: (f64, f64) = (1.5, 1.0);
/// Throughput at the top by what it would be without the bend, at most.
const LOST: f64 = 0.8;
/// Share of the open model's slots that a target leaves behind before it counts.
const MISSED: f64 = 0.05;
/// Share of the knee that a target is to be run at.
const SAFE: f64 = 0.8;

/// The bend, or an asked rate that was never reached.
pub(super) fn find(facts: &Facts<'_>) -> Option<Finding> {
    let arrival = facts.load.as_ref().and_then(|load| load.arrival.as_ref());
    bend(facts, arrival).or_else(|| unreached(facts, arrival?))
}

/// What was asked of the target at a point: users, or requests per second.
fn asked(arrival: Option<&Arrival>, point: &Point, step: f64) -> f64 {
    let Some(arrival) = arrival else { return point.users };
    let (mut from, mut rate) = (0.0, arrival.rate);
    let at = point.at + step / 2.0;
    for stage in &arrival.stages {
        let length = stage.duration.get().as_secs_f64();
        if at < from + length {
            return rate + (stage.target - rate) * (at - from) / length.max(1e-9);
        }
        (from, rate) = (from + length, stage.target);
    }
    rate
}

/// Points of about the same load.
struct Group {
    load: f64,
    passed: f64,
    p50: f64,
    p95: f64,
}

fn bend(facts: &Facts<'_>, arrival: Option<&Arrival>) -> Option<Finding> {
    let loaded: Vec<(f64, Point)> =
        facts.points.iter().map(|point| (asked(arrival, point, facts.step), *point)).collect();
    let top = loaded.iter().map(|(load, _)| *load).fold(0.0, f64::max);
    // On the way down a queue is still being worked off: only the way up counts.
    let up_to = loaded.iter().rposition(|(load, _)| *load >= top * 0.98)?;
    let loaded = &loaded[..=up_to];
    let groups = grouped(loaded, top);
    let lowest = groups.first()?.load;
    if groups.len() < LEAST_GROUPS || top < SPREAD * lowest {
        return None;
    }
    let column = |of: fn(&Group) -> f64| groups.iter().map(of).collect::<Vec<f64>>();
    let found = hinge(&column(|g| g.load), &column(|g| g.passed))?;
    let flat = found.before > 0.0 && found.after <= FLAT * found.before && found.f >= BEND;
    let (low, high) = sides(&groups, &found, top)?;
    let climbs = high.p50 >= CLIMB.0 * low.p50 && high.p50 >= low.p50 + CLIMB.1;
    let expected = found.height + found.before * (high.load - found.at);
    if !flat || !climbs || high.passed > LOST * expected {
        return None;
    }
    Some(told(facts, arrival, &found, &low, &high, loaded))
}

fn grouped(loaded: &[(f64, Point)], top: f64) -> Vec<Group> {
    let mut groups: Vec<Vec<&(f64, Point)>> = (0..GROUPS).map(|_| Vec::new()).collect();
    for pair in loaded.iter().filter(|(load, point)| *load > 0.0 && point.requests > 0.0) {
        let place = (pair.0 / top * GROUPS as f64) as usize;
        groups[place.min(GROUPS - 1)].push(pair);
    }
    groups.retain(|group| !group.is_empty());
    let of = |group: Vec<&(f64, Point)>| {
        let mean = |of: fn(&(f64, Point)) -> f64| {
            group.iter().map(|pair| of(pair)).sum::<f64>() / group.len() as f64
        };
        let middle = |of: fn(&(f64, Point)) -> f64| {
            median(&group.iter().map(|pair| of(pair)).collect::<Vec<_>>()).unwrap_or_default()
        };
        Group {
            load: mean(|(load, _)| *load),
            passed: mean(|(_, point)| point.passed),
            p50: middle(|(_, point)| point.p50),
            p95: middle(|(_, point)| point.p95),
        }
    };
    groups.into_iter().map(of).collect()
}

/// What holds well before the bend, and at the top.
fn sides(groups: &[Group], found: &Hinge, top: f64) -> Option<(Group, Group)> {
    let part = |from: f64, to: f64| {
        let inside: Vec<&Group> =
            groups.iter().filter(|group| group.load >= from && group.load <= to).collect();
        let middle =
            |of: fn(&Group) -> f64| median(&inside.iter().map(|group| of(group)).collect::<Vec<_>>());
        Some(Group {
            load: middle(|g| g.load)?,
            passed: middle(|g| g.passed)?,
            p50: middle(|g| g.p50)?,
            p95: middle(|g| g.p95)?,
        })
    };
    // The last quarter of what lies beyond the bend.
    let beyond = found.at + (top - found.at) * 0.75;
    Some((part(0.0, found.at * 0.75)?, part(beyond, f64::INFINITY)?))
}

fn told(
    facts: &Facts<'_>,
    arrival: Option<&Arrival>,
    found: &Hinge,
    low: &Group,
    high: &Group,
    loaded: &[(f64, Point)],
) -> Finding {
    let unit = if arrival.is_some() { Unit::PerSecond } else { Unit::Users };
    let confidence = if found.f >= 4.0 * BEND { 0.95 } else { 0.85 };
    let mut draft = Draft::new(Kind::Knee, Severity::Warning, confidence);
    let at = draft.figure("load at the knee", found.at, unit);
    let rate = draft.figure("throughput at the knee", found.height, Unit::PerSecond);
    let top = draft.figure("highest load", loaded.iter().map(|(load, _)| *load).fold(0.0, f64::max), unit);
    let reached = draft.figure("throughput at the highest load", high.passed, Unit::PerSecond);
    let [low50, low95] = [("p50 before the knee", low.p50), ("p95 before the knee", low.p95)]
        .map(|(name, value)| draft.figure(name, value, Unit::Ms));
    let [high50, high95] = [("p50 at the highest load", high.p50), ("p95 at the highest load", high.p95)]
        .map(|(name, value)| draft.figure(name, value, Unit::Ms));
    let text = format!(
        "Throughput grows with the load up to about {at}, where it is {rate}; at {top} it is {reached}. Meanwhile \
         requests wait longer: p50 goes from {low50} to {high50}, p95 from {low95} to {high95}. Beyond that point \
         more load only makes the queue longer."
    );
    let from = loaded.iter().find(|(load, _)| *load >= found.at).map_or(0.0, |(_, point)| point.at);
    let to = facts.points.last().map(|last| last.at + facts.step);
    draft
        .at(from, to)
        .next(
            "Hold the load a fifth below the knee for some minutes, to see that it stands there; then find out what \
             is full at the knee: CPU, a pool, a lock.",
            Some(held(arrival, found.at * SAFE)),
        )
        .told(format!("The target is saturated from about {at} on"), text)
}

/// The load to hold: users, or a rate.
fn held(arrival: Option<&Arrival>, load: f64) -> Value {
    match arrival {
        Some(arrival) => json!({
            "arrival": { "rate": (load.max(1.0)).round(), "max_users": arrival.max_users },
            "run_time": "5m",
        }),
        None => json!({ "users": load.max(1.0).round() as u64, "run_time": "5m" }),
    }
}

/// An asked rate that the target did not take.
fn unreached(facts: &Facts<'_>, arrival: &Arrival) -> Option<Finding> {
    let steady = facts.steady();
    let generator = &facts.outcome.summary.generator;
    if steady.len() < LEAST_GROUPS || generator.limited {
        return None;
    }
    let asked_for =
        median(&steady.iter().map(|point| asked(Some(arrival), point, facts.step)).collect::<Vec<_>>())?;
    let reached = level(steady, |point| point.passed)?;
    let all = level(steady, |point| point.requests / facts.step)?;
    let missed = generator.dropped as f64 >= MISSED * asked_for * facts.steady_s();
    if !missed || all > (1.0 - MISSED) * asked_for {
        return None;
    }
    let mut draft = Draft::new(Kind::Knee, Severity::Critical, 0.85);
    let wanted = draft.figure("requests per second asked for", asked_for, Unit::PerSecond);
    let got = draft.figure("requests per second that passed", reached, Unit::PerSecond);
    let dropped =
        draft.figure("requests that were due and never sent", generator.dropped as f64, Unit::Count);
    let users = draft.figure("most users at once", f64::from(facts.outcome.summary.users_max), Unit::Users);
    let p95 = draft.figure("p95 under that load", level(steady, |point| point.p95)?, Unit::Ms);
    let text = format!(
        "{wanted} were asked for and {got} passed, with p95 at {p95}: {users} were busy waiting, and {dropped} \
         requests that were due were never sent. The target takes no more than that."
    );
    Some(
        draft
            .at(steady.first()?.at, steady.last().map(|last| last.at + facts.step))
            .next(
                "Ramp the rate up from a tenth of it, to see where throughput stops growing; raise \
                 load.arrival.max_users if the response time alone explains the busy users.",
                Some(json!({
                    "arrival": {
                        "rate": (asked_for / 10.0).max(1.0).round(),
                        "max_users": arrival.max_users,
                        "stages": [{ "duration": "2m", "target": asked_for.round() }],
                    },
                })),
            )
            .told("The target does not take the rate that was asked for", text),
    )
}
