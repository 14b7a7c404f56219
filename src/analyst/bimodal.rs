//! Response times in two groups: a request that is two things under one name.

use std::collections::BTreeMap;

use super::{
    facts::Facts,
    finding::{Draft, short},
    statistics::{Modes, modes},
};
use crate::engine::{
    histogram::decode,
    outcome::{Finding, Kind, RequestStats, Severity, StatusStats, Unit},
};

/// Requests of a name that is judged at least.
const LEAST: u64 = 300;
/// Milliseconds that the groups lie apart at least.
const APART_MS: f64 = 5.0;
/// Share of a group that a status makes up where it explains it.
const EXPLAINS: f64 = 0.7;
/// Findings of this kind at most.
const MOST: usize = 2;

/// Requests with two groups of response times, those with most requests first.
pub(super) fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let two = |request: &&RequestStats| {
        let found = modes(&decode(&request.histogram.latency).ok()?)?;
        (found.high - found.low >= APART_MS * 1000.0).then(|| told(request, &found))
    };
    facts.requests(LEAST).iter().filter_map(two).take(MOST).collect()
}

fn told(request: &RequestStats, found: &Modes) -> Finding {
    let name = short(&request.name);
    let by = by_status(&request.by_status, found);
    let failing = by.as_ref().is_some_and(|(fast, slow)| is_failure(fast) != is_failure(slow));
    let severity = if failing { Severity::Warning } else { Severity::Info };
    let mut draft = Draft::new(Kind::Bimodal, severity, if request.requests >= 1000 { 0.9 } else { 0.8 });
    let low = draft.figure("faster group", found.low / 1000.0, Unit::Ms);
    let high = draft.figure("slower group", found.high / 1000.0, Unit::Ms);
    let share = draft.figure("share of the faster group", found.below, Unit::Share);
    let rest = draft.figure("share of the slower group", 1.0 - found.below, Unit::Share);
    let mut text = format!(
        "Requests of {name} come in a fast group and a slow one: {share} take about {low}, {rest} about {high}. Its percentiles say \
         little: they lie in the one group or in the other."
    );
    match by {
        Some((fast, slow)) => {
            for (status, group) in [(&fast, "faster"), (&slow, "slower")] {
                let told = match status.parse::<f64>() {
                    Ok(code) => format!("answers with status {}", draft.figure("status", code, Unit::Status)),
                    Err(_) => "requests without an answer".to_owned(),
                };
                text.push_str(&format!(" The {group} ones are {told}."));
            }
        }
        None => text.push_str(
            " Both have the same status: think of a cache that hits and misses, or of data that differs.",
        ),
    }
    draft
        .request(Some(request.name.clone()))
        .next(
            "Give the two their own names in the test (one for each sort of data, or a check on the status), so that each \
             has percentiles of its own.",
            None,
        )
        .told(format!("{name} takes either {low} or {high}"), text)
}

/// The statuses that make up the two groups, where they do.
fn by_status(statuses: &BTreeMap<String, StatusStats>, found: &Modes) -> Option<(String, String)> {
    let valley = found.valley / 1000.0;
    let all: u64 = statuses.values().map(|status| status.requests).fold(0, u64::saturating_add);
    let most = |faster: bool, share: f64| {
        let inside = statuses.iter().filter(|(_, status)| (status.latency_ms.p50 < valley) == faster);
        let (name, status) = inside.max_by_key(|(_, status)| status.requests)?;
        // Nearly all of the status lie in the group: its own other end does not reach into the other one.
        let edge = if faster { status.latency_ms.p90 < valley } else { status.latency_ms.p50 > valley };
        (edge && status.requests as f64 >= EXPLAINS * share * all as f64).then(|| name.clone())
    };
    Some((most(true, found.below)?, most(false, 1.0 - found.below)?))
}

fn is_failure(status: &str) -> bool {
    !status.starts_with('2') && !status.starts_with('3')
}
