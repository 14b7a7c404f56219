//! A beginning that is slower than the rest: caches fill, code is compiled, pools grow.

use super::{
    facts::{Facts, LEAST_POINTS, Point, level},
    finding::Draft,
    statistics::mad,
};
use crate::engine::outcome::{Finding, Kind, Severity, Unit};

/// How many times as long requests take at the beginning at least, and by how many milliseconds.
const SLOWER: (f64, f64) = (1.5, 2.0);
/// How many deviations of the later half a slow point lies above its level.
const BEYOND: f64 = 4.0;
/// Points that are slow one after the other from the start at least: one is the opening of connections.
const LEAST: usize = 3;
/// Share of the run that a beginning takes at most.
const LONGEST: f64 = 0.4;

/// A slow beginning by the median or the p95 of each step, measured against the later half: the idea of
/// dropping the initial transient (P. D. Welch, 1983), turned around to name it.
pub(super) fn find(facts: &Facts<'_>) -> Option<Finding> {
    by(facts, "p50", |point| point.p50).or_else(|| by(facts, "p95", |point| point.p95))
}

fn by(facts: &Facts<'_>, name: &str, of: fn(&Point) -> f64) -> Option<Finding> {
    let points: Vec<Point> = facts.points.iter().filter(|point| point.tells()).copied().collect();
    if points.len() < 2 * LEAST_POINTS {
        return None;
    }
    let later = &points[points.len() / 2..];
    let usual = level(later, of)?;
    let spread = mad(&later.iter().map(of).collect::<Vec<_>>())?;
    let limit = (usual + BEYOND * spread).max(SLOWER.0 * usual).max(usual + SLOWER.1);
    let slow = points.iter().take_while(|point| of(point) > limit).count();
    if slow < LEAST || slow as f64 > LONGEST * points.len() as f64 {
        return None;
    }
    // What is slow again later is no beginning.
    let again = points[slow..].iter().filter(|point| of(point) > limit).count();
    if again > slow / 2 + 1 {
        return None;
    }
    let early = level(&points[..slow], of)?;
    let end = points[slow].at;
    let mut draft = Draft::new(Kind::WarmUp, Severity::Warning, 0.85);
    let first = draft.figure(format!("{name} at the beginning"), early, Unit::Ms);
    let then = draft.figure(format!("{name} later"), usual, Unit::Ms);
    let until = draft.figure("length of the beginning", end - points[0].at, Unit::S);
    let times =
        draft.figure(format!("{name} at the beginning by later"), early / usual.max(1e-9), Unit::Times);
    let text = format!(
        "In the first {until} requests took {first} at {name}, later {then}: {times} as long at the beginning. \
         Something had to warm up, such as caches, pools or compiled code."
    );
    Some(
        draft
            .at(points[0].at, Some(end))
            .next(
                "Run it again with a ramp or a first stage that is longer than the beginning, and `measure: steady`, \
                 so that figures and thresholds leave it out; or test the cold start by itself if that matters.",
                None,
            )
            .told(format!("The first {until} are slower than the rest"), text),
    )
}
