//! Slow requests, and the part of the response time that makes them slow.

use std::collections::BTreeMap;

use super::{
    facts::Facts,
    finding::{Draft, short},
    statistics::median,
};
use crate::engine::outcome::{Finding, Kind, RequestStats, Severity, TimingStats, Unit};

/// Requests of a name that is judged at least.
const LEAST: u64 = 30;
/// How many times as long as the other requests one takes in the middle to stand out.
const STANDS_OUT: f64 = 4.0;
/// p95 from which one that stands out matters, ms: people see a delay from a tenth of a second on
/// (R. B. Miller, 1968; J. Nielsen, *Usability Engineering*, 1993, section 5.5); twice that leaves room for what
/// lies between a server and a person.
const SEEN_MS: f64 = 200.0;
/// Response time that breaks a person's flow, ms (the same sources).
const BREAKS_MS: f64 = 1000.0;
/// Findings of this kind at most: a test of slow requests alone is one statement, not twenty.
const MOST: usize = 2;
/// Share of the response time that lies outside of the target's own work before that is what is told.
const AROUND: f64 = 0.5;
/// And how long it is in the average request, ms.
const AROUND_MS: f64 = 20.0;
/// Share of failed requests beyond which their times are those of failing.
const FAILING: f64 = 0.5;

/// A part of the response time in words, and what to do about it.
fn part(name: &str) -> (&'static str, &'static str) {
    match name {
        "blocked" => (
            "waiting for a free connection",
            "Look at how many connections may be open; run it with HTTP/1.1 and with HTTP/2 to compare.",
        ),
        "dns" => (
            "resolving names",
            "Run it once with the address in place of the name: what then is gone was the resolver's.",
        ),
        "connect" => (
            "opening connections",
            "See whether the target closes connections that could be kept (keep-alive); then run it again.",
        ),
        "tls" => (
            "TLS handshakes",
            "See whether the target keeps connections open and resumes sessions; then run it again.",
        ),
        "send" => {
            ("sending the request", "Run it with a smaller body, to see whether the way there is the limit.")
        }
        "receive" => (
            "receiving the answer",
            "Run it with a smaller answer or with compression, to see whether the way back is the limit.",
        ),
        _ => (
            "waiting for the first byte of the answer",
            "Run that request alone with few users: if it is slow then too, profile its handler and what that asks, \
             such as a database; if not, look for what it shares with the others.",
        ),
    }
}

/// Milliseconds that each part takes in the average request.
fn parts(timings: &BTreeMap<String, TimingStats>, requests: u64) -> BTreeMap<&str, f64> {
    let of = |part: &TimingStats| part.avg.max(0.0) * part.count as f64 / requests.max(1) as f64;
    timings.iter().map(|(name, part)| (name.as_str(), of(part))).collect()
}

/// Slow requests, or what around them is slow.
pub(super) fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let requests = facts.requests(LEAST);
    if let Some(around) = around(&requests) {
        return vec![around];
    }
    let mut slow: Vec<(&RequestStats, Option<f64>)> = requests
        .iter()
        .filter(|request| request.error_rate < FAILING)
        .filter_map(|request| {
            let others: Vec<f64> = requests
                .iter()
                .filter(|other| other.name != request.name)
                .map(|other| other.latency_ms.p50)
                .collect();
            let others = median(&others);
            let l = &request.latency_ms;
            let stands_out = others.is_some_and(|others| {
                l.p50 >= STANDS_OUT * others && l.p95 >= SEEN_MS && l.p50 >= SEEN_MS / 2.0
            });
            let breaks = l.p95 >= BREAKS_MS && l.p50 >= BREAKS_MS / 2.0;
            (stands_out || breaks).then_some((*request, others.filter(|_| stands_out)))
        })
        .collect();
    let time = |request: &RequestStats| request.latency_ms.avg * request.requests as f64;
    slow.sort_by(|a, b| time(b.0).total_cmp(&time(a.0)));
    slow.truncate(MOST);
    slow.into_iter().map(|(request, others)| told(request, others)).collect()
}

fn told(request: &RequestStats, others: Option<f64>) -> Finding {
    let l = &request.latency_ms;
    let mut draft =
        Draft::new(Kind::SlowRequest, Severity::Warning, if request.requests >= 200 { 0.95 } else { 0.8 });
    let p50 = draft.figure("p50", l.p50, Unit::Ms);
    let p95 = draft.figure("p95", l.p95, Unit::Ms);
    let count = draft.figure("requests", request.requests as f64, Unit::Count);
    let name = short(&request.name);
    let mut text = format!("{name} takes {p50} at p50 and {p95} at p95, over {count} requests.");
    if let Some(others) = others {
        let others = draft.figure("p50 of the other requests", others, Unit::Ms);
        text.push_str(&format!(" The other requests take {others} at p50."));
    }
    let parts = parts(&request.timings_ms, request.requests);
    let all: f64 = parts.values().sum();
    let longest = parts.iter().max_by(|a, b| a.1.total_cmp(b.1)).filter(|_| all > 0.0);
    let (words, advice) = part(longest.map_or("wait", |(name, _)| name));
    let mut title = format!("{name} is slow");
    if let Some((phase, time)) = longest {
        let share = draft.figure(format!("share of {phase} in its time"), time / all, Unit::Share);
        let p50 = request.timings_ms.get(*phase).map_or(0.0, |part| part.p50);
        let p50 = draft.figure(format!("{phase} p50"), p50, Unit::Ms);
        text.push_str(&format!(" {share} of that is {words} ({phase}), {p50} at p50."));
        title.push_str(&format!(": its time goes into {words}"));
    }
    draft.request(Some(request.name.clone())).next(advice, None).told(title, text)
}

/// Time that lies around the target's own work, whatever is requested.
fn around(requests: &[&RequestStats]) -> Option<Finding> {
    let count: u64 = requests.iter().map(|request| request.requests).fold(0, u64::saturating_add);
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for request in requests {
        for (name, time) in parts(&request.timings_ms, 1) {
            *sums.entry(name).or_default() += time;
        }
    }
    let all: f64 = sums.values().sum();
    let (phase, time) = sums.iter().max_by(|a, b| a.1.total_cmp(b.1))?;
    let mean = time / count.max(1) as f64;
    if !["blocked", "dns", "connect", "tls"].contains(phase) || *time < AROUND * all || mean < AROUND_MS {
        return None;
    }
    let (words, advice) = part(phase);
    let mut draft = Draft::new(Kind::SlowRequest, Severity::Warning, 0.9);
    let share = draft.figure(format!("share of {phase} in the response time"), time / all, Unit::Share);
    let mean = draft.figure(format!("{phase} in the average request"), mean, Unit::Ms);
    let times: u64 = requests
        .iter()
        .filter_map(|request| request.timings_ms.get(*phase))
        .map(|part| part.count)
        .fold(0, u64::saturating_add);
    let of = draft.figure(format!("requests with {phase}"), times as f64, Unit::Count);
    let count = draft.figure("requests", count as f64, Unit::Count);
    let text = format!(
        "{share} of the response time is {words} ({phase}), {mean} in the average request; it happened in {of} of \
         {count} requests."
    );
    let request = match requests {
        [one] => Some(one.name.clone()),
        _ => None,
    };
    Some(
        draft
            .request(request)
            .next(advice, None)
            .told(format!("Most of the response time goes into {words}"), text),
    )
}
