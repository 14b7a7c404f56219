//! One host that is worse than its fellows.

use hdrhistogram::Histogram;

use super::{
    facts::Facts,
    finding::{Draft, short},
    statistics::{Sample, Widening, shares_differ, shift},
};
use crate::engine::{
    histogram::{decode, empty},
    outcome::{Finding, HostStats, Kind, Severity, Unit},
};

/// Hosts that are looked at; a run tells no more of them apart.
const MOST: usize = 32;
/// Requests that a host needs to be judged.
const LEAST: u64 = 50;
/// How many times as slow a host is in the middle, and by how many milliseconds.
const SLOWER: (f64, f64) = (1.5, 5.0);
/// The same at p95.
const SLOWER_P95: (f64, f64) = (2.0, 20.0);
/// How many times as often a host fails, and by which share.
const FAILS: (f64, f64) = (3.0, 0.01);

/// How much wider intervals are than those of independent requests: hosts are compared within the same seconds, so
/// that what moves from second to second moves them all, but the requests of one user go together.
const WIDER: f64 = 2.0;

fn sample(histogram: &Histogram<u64>) -> Sample {
    let widening = Widening { p50: WIDER, p95: WIDER, p99: WIDER };
    Sample { histogram: histogram.clone(), requests: histogram.len(), failures: 0, rps: 0.0, widening }
}

/// One host with its fellows taken together.
struct Side<'a> {
    host: &'a HostStats,
    own: Histogram<u64>,
    rest: Histogram<u64>,
    rest_failures: u64,
}

impl Side<'_> {
    fn at(histogram: &Histogram<u64>, q: f64) -> f64 {
        histogram.value_at_quantile(q) as f64 / 1000.0
    }

    fn rest_rate(&self) -> f64 {
        self.rest_failures as f64 / self.rest.len().max(1) as f64
    }

    fn slow(&self) -> bool {
        let slower = |q, (times, by): (f64, f64)| {
            let (own, rest) = (Self::at(&self.own, q), Self::at(&self.rest, q));
            own >= times * rest && own >= rest + by
        };
        (slower(0.5, SLOWER) || slower(0.95, SLOWER_P95))
            && shift(&sample(&self.rest), &sample(&self.own))
                .is_some_and(|shift| shift.beyond_noise && shift.b_slower > 0.5)
    }

    fn fails(&self) -> bool {
        let (own, rest) = (self.host.error_rate, self.rest_rate());
        own >= FAILS.0 * rest
            && own >= rest + FAILS.1
            && shares_differ((self.rest_failures, self.rest.len()), (self.host.failures, self.own.len()))
    }
}

/// The hosts that are worse than the others, where they are fewer than half of them, or one of two.
pub(super) fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let hosts = &facts.outcome.by_host;
    let known: Vec<(&HostStats, Histogram<u64>)> = hosts
        .iter()
        .take(MOST)
        .filter(|host| host.requests >= LEAST)
        .filter_map(|host| Some((host, decode(&host.histogram).ok()?)))
        .collect();
    if known.len() < 2 {
        return Vec::new();
    }
    let mut bad: Vec<Side<'_>> = Vec::new();
    for (place, (host, own)) in known.iter().enumerate() {
        let mut rest = empty();
        let others = known.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, other)| other);
        let rest_failures = others.clone().map(|(host, _)| host.failures).fold(0, u64::saturating_add);
        others.for_each(|(_, histogram)| {
            // Histograms of one layout take each other; one of another layout is left out.
            rest.add(histogram).ok();
        });
        let side = Side { host, own: own.clone(), rest, rest_failures };
        if side.fails() || side.slow() {
            bad.push(side);
        }
    }
    if bad.len() * 2 > known.len() {
        return Vec::new();
    }
    bad.iter().map(|side| told(side, side.fails())).collect()
}

fn told(side: &Side<'_>, fails: bool) -> Finding {
    let severity = if fails { Severity::Critical } else { Severity::Warning };
    let mut draft = Draft::new(Kind::BadHost, severity, 0.95);
    let requests = draft.figure("requests of the host", side.host.requests as f64, Unit::Count);
    let host = short(&side.host.host);
    let mut text = format!("{host} took {requests} requests.");
    let [p50, p95] = [0.5, 0.95].map(|q| (Side::at(&side.own, q), Side::at(&side.rest, q)));
    let own = draft.figure("p50 of the host", p50.0, Unit::Ms);
    let rest = draft.figure("p50 of the other hosts", p50.1, Unit::Ms);
    text.push_str(&format!(" It answers in {own} at p50, the others in {rest};"));
    let own = draft.figure("p95 of the host", p95.0, Unit::Ms);
    let rest = draft.figure("p95 of the other hosts", p95.1, Unit::Ms);
    text.push_str(&format!(" at p95 in {own}, the others in {rest}."));
    if side.host.failures > 0 {
        let own = draft.figure("share of failed requests of the host", side.host.error_rate, Unit::Share);
        let rest = draft.figure("share of failed requests of the other hosts", side.rest_rate(), Unit::Share);
        text.push_str(&format!(" {own} of its requests fail, of the others' {rest}."));
    }
    let title = if fails {
        format!("{host} fails, the other hosts do not")
    } else {
        format!("{host} is slower than the other hosts")
    };
    draft
        .host(Some(side.host.host.clone()))
        .next(
            "Run the same load with that host alone and then without it: what stays with the host is its own, such \
             as its machine, its version or its neighbours.",
            None,
        )
        .told(title, text)
}
