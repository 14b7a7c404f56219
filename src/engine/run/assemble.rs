//! From what was recorded to the outcome that is stored.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;
use jiff::Timestamp;

use super::{
    ending::Ending,
    generator::{generator, warnings},
    judge::Evidence,
};
use crate::engine::{
    histogram,
    live::Phase as LivePhase,
    outcome::{
        CheckStats, ErrorExample, ErrorGroup, FORMAT, Histograms, HostStats, Latency, Outcome, Phase,
        RequestStats, ScenarioStats, Status, StatusStats, Summary, TimingStats, TransactionStats, Verdict,
    },
    plan::RequestName,
    recorder::{
        Collector, Counted, HostTotals, MAX_PHASES, NO_STATUS, PARTS, RequestTotals, ms, quantile_ms,
    },
    session::Shared,
};

/// Puts the outcome together.
pub(super) fn outcome(ending: Ending) -> Outcome {
    let (shared, test, collector) = (&*ending.shared, &*ending.test, &ending.collector);
    let (latency, corrected) = overall(collector, shared.slots.is_some());
    let (started_at, ended_at) = wall_clock(shared.started, ending.over);
    Outcome {
        summary: summary(&ending, &latency, &corrected),
        format: FORMAT,
        maid_version: env!("CARGO_PKG_VERSION").to_owned(),
        name: test.loadtest().name.clone(),
        hosts: test.loadtest().target.hosts.clone(),
        started_at,
        ended_at,
        ended_because: ending.end.because.clone(),
        notes: ending.settings.notes.clone(),
        warnings: warnings(&ending),
        measure: if shared.plan.steady { "steady" } else { "all" }.to_owned(),
        phases: phases(&ending),
        by_transaction: transactions(shared, collector),
        by_scenario: scenarios(&ending),
        checks: checks(shared, collector),
        histogram: histograms(&latency, Some(&corrected)),
        config: test.frozen(),
        series_by_request: ending.series.of_names(&most_telling(&shared.plan.requests, collector)),
        by_host: hosts(&shared.plan.hosts, collector),
        analysis: None,
        series: ending.series.finish(),
    }
    .masked(test.mask())
}

/// Request names that have values over time in an outcome.
const MOST_SERIES: usize = 8;

/// The request names whose values over time are kept: those with most of the requests, of their time
/// and of the failures.
fn most_telling(names: &[RequestName], collector: &Collector) -> Vec<(usize, String)> {
    let seen = |totals: &RequestTotals| {
        let latency = totals.latency();
        let requests = as_f64(latency.len());
        [requests, latency.mean() * requests, as_f64(totals.failures)]
    };
    let seen: Vec<[f64; 3]> = collector.totals.requests.iter().map(|totals| seen(totals)).collect();
    let all = [0, 1, 2].map(|of| seen.iter().map(|figures| figures[of]).sum::<f64>().max(1.0));
    let weight = |figures: &[f64; 3]| figures.iter().zip(all).map(|(figure, all)| figure / all).sum::<f64>();
    let mut places: Vec<usize> = (0..collector.totals.names.len()).collect();
    places.sort_by(|a, b| weight(&seen[*b]).total_cmp(&weight(&seen[*a])));
    places.truncate(MOST_SERIES);
    places.into_iter().map(|place| (place, names[place].name.clone())).collect()
}

fn hosts(names: &[String], collector: &Collector) -> Vec<HostStats> {
    let of = |(host, totals): (&String, &HostTotals)| HostStats {
        host: host.clone(),
        requests: totals.latency.len(),
        failures: totals.failures,
        error_rate: ratio(totals.failures, totals.latency.len()),
        latency_ms: latency_of(&totals.latency),
        histogram: histogram::encode(&totals.latency),
    };
    names.iter().zip(&collector.totals.hosts).map(of).collect()
}

/// Latency and corrected latency over all requests.
fn overall(collector: &Collector, open: bool) -> (Histogram<u64>, Histogram<u64>) {
    let (mut latency, mut corrected) = (histogram::empty(), histogram::empty());
    for totals in &collector.totals.requests {
        totals.add_latency(&mut latency);
        totals.add_corrected(&mut corrected, open);
    }
    (latency, corrected)
}

fn summary(ending: &Ending, latency: &Histogram<u64>, corrected: &Histogram<u64>) -> Summary {
    let (shared, collector) = (&*ending.shared, &ending.collector);
    let seconds = measured(ending).as_secs_f64();
    let generator = generator(ending);
    let evidence = Evidence { shared, collector, seconds, limited: generator.limited };
    let verdict = evidence.verdict();
    let names = collector.totals.requests.iter().zip(&shared.plan.requests);
    let by_request: Vec<_> =
        names.map(|(totals, name)| request(totals, name, seconds, shared.slots.is_some())).collect();
    let sum = |of: fn(&RequestStats) -> u64| by_request.iter().map(of).sum::<u64>();
    let (requests, failures) = (sum(|r| r.requests), sum(|r| r.failures));
    Summary {
        run_id: ending.settings.run_id.to_string(),
        status: ending.end.status,
        verdict: Verdict { passed: verdict.passed && ending.end.status != Status::Failed, ..verdict },
        duration_s: round(seconds),
        users_max: ending.users_peak,
        requests,
        failures,
        interrupted: collector.interrupted,
        error_rate: ratio(failures, requests),
        rps: per_second(requests, seconds),
        bytes_in: sum(|r| r.bytes_in),
        bytes_out: sum(|r| r.bytes_out),
        latency_ms: latency_of(latency),
        corrected_latency_ms: latency_of(corrected),
        status_codes: status_codes(collector.totals.requests.iter().map(Arc::as_ref)),
        errors: errors(collector, &shared.plan.requests),
        by_request,
        generator,
    }
}

/// Time that totals cover. The open model counts from the beginning of its schedule, so that getting
/// its users ready does not water the rate down.
fn measured(ending: &Ending) -> Duration {
    let at = counted_until(ending);
    match ending.base {
        Some(base) if ending.shared.slots.is_some() && !ending.shared.plan.steady => {
            at.saturating_duration_since(base)
        }
        _ => ending.phases.measured(at),
    }
}

/// The end, as figures see it: requests that were under way then count, and so does their time. That the
/// engine noticed it some time later does not.
fn counted_until(ending: &Ending) -> Instant {
    ending.end.at.max(ending.shared.started + ending.last_finish)
}

fn request(totals: &RequestTotals, name: &RequestName, seconds: f64, open: bool) -> RequestStats {
    let (latency, corrected) = (totals.latency(), totals.corrected(open));
    let latency_ms = latency_of(&latency);
    let statuses = totals.statuses.iter().map(|(status, latency)| {
        (status_name(*status), StatusStats { requests: latency.len(), latency_ms: latency_of(latency) })
    });
    let parts = totals.parts.iter().zip(PARTS).filter_map(|(part, name)| {
        let part = part.as_ref()?;
        Some((name.to_owned(), timing_of(part)))
    });
    RequestStats {
        name: name.name.clone(),
        method: name.method.clone(),
        requests: latency.len(),
        failures: totals.failures,
        error_rate: ratio(totals.failures, latency.len()),
        rps: per_second(latency.len(), seconds),
        redirects: totals.redirects,
        bytes_in: totals.bytes_in,
        bytes_out: totals.bytes_out,
        latency_ms,
        corrected_latency_ms: corrected.as_ref().map_or(latency_ms, latency_of),
        timings_ms: parts.collect(),
        status_codes: status_codes([totals]),
        by_status: statuses.collect(),
        histogram: histograms(&latency, corrected.as_ref()),
    }
}

/// Without corrections, the corrected latency is the latency.
fn histograms(latency: &Histogram<u64>, corrected: Option<&Histogram<u64>>) -> Histograms {
    let latency = histogram::encode(latency);
    Histograms { corrected: corrected.map_or_else(|| latency.clone(), histogram::encode), latency }
}

/// Percentiles of a histogram of microseconds.
fn latency_of(histogram: &Histogram<u64>) -> Latency {
    if histogram.is_empty() {
        return Latency::default();
    }
    let at = |quantile| quantile_ms(histogram, quantile);
    Latency {
        min: ms(histogram.min()),
        avg: round(histogram.mean() / 1000.0),
        p50: at(0.50),
        p90: at(0.90),
        p95: at(0.95),
        p99: at(0.99),
        p999: at(0.999),
        max: ms(histogram.max()),
    }
}

fn timing_of(histogram: &Histogram<u64>) -> TimingStats {
    let at = |quantile| quantile_ms(histogram, quantile);
    TimingStats {
        count: histogram.len(),
        avg: round(histogram.mean() / 1000.0),
        p50: at(0.50),
        p95: at(0.95),
        p99: at(0.99),
        max: ms(histogram.max()),
    }
}

pub(super) fn status_codes<'a>(
    requests: impl IntoIterator<Item = &'a RequestTotals>,
) -> BTreeMap<String, u64> {
    let mut codes = BTreeMap::new();
    for (status, latency) in requests.into_iter().flat_map(|totals| &totals.statuses) {
        if *status != NO_STATUS {
            *codes.entry(status_name(*status)).or_default() += latency.len();
        }
    }
    codes
}

fn status_name(status: u16) -> String {
    match status {
        NO_STATUS => "none".to_owned(),
        class if class < 100 => format!("{class}xx"),
        status => status.to_string(),
    }
}

fn errors(collector: &Collector, names: &[RequestName]) -> Vec<ErrorGroup> {
    let (groups, others) = collector.errors.by_count();
    let mut errors: Vec<_> = groups
        .into_iter()
        .map(|Counted { kind, message, count, example }| ErrorGroup {
            kind: kind.name().to_owned(),
            message: message.to_string(),
            count,
            request: names[example.request as usize].name.clone(),
            example: Some(ErrorExample {
                url: example.url.clone(),
                status: example.status,
                body: example.body.clone(),
                at_s: round(ms(example.at_us) / 1000.0),
            }),
        })
        .collect();
    if others > 0 {
        errors.push(ErrorGroup {
            kind: "other".to_owned(),
            message: "further kinds of failures, which are counted but not kept apart".to_owned(),
            count: others,
            request: String::new(),
            example: None,
        });
    }
    errors
}

fn phases(ending: &Ending) -> Vec<Phase> {
    let begun: Vec<_> = ending.phases.all(counted_until(ending)).collect();
    let mut phases = Vec::new();
    for (number, totals) in ending.collector.totals.phases.iter().enumerate() {
        // The last histogram is shared by all phases that come after it.
        let rest = if number + 1 == MAX_PHASES { begun.len() } else { number + 1 };
        let Some(&[(first, _), ..]) = begun.get(number..rest) else { continue };
        let length: Duration = begun[number..rest].iter().map(|(_, length)| *length).sum();
        let requests = totals.latency.len();
        if requests == 0 && first.phase == LivePhase::Shutdown {
            continue;
        }
        phases.push(Phase {
            name: if rest > number + 1 { "later" } else { phase_name(first.phase) }.to_owned(),
            start_s: round(first.at.saturating_duration_since(ending.shared.started).as_secs_f64()),
            duration_s: round(length.as_secs_f64()),
            users: begun[rest - 1].0.users,
            requests,
            failures: totals.failures,
            rps: per_second(requests, length.as_secs_f64()),
            latency_ms: latency_of(&totals.latency),
        });
    }
    phases
}

const fn phase_name(phase: LivePhase) -> &'static str {
    match phase {
        LivePhase::Increase => "increase",
        LivePhase::Maintain => "maintain",
        LivePhase::Decrease => "decrease",
        LivePhase::Idle | LivePhase::Shutdown => "shutdown",
    }
}

fn transactions(shared: &Shared, collector: &Collector) -> Vec<TransactionStats> {
    let names = shared.plan.transactions.iter().zip(&collector.totals.transactions);
    names
        .map(|((scenario, name), totals)| TransactionStats {
            scenario: scenario.to_string(),
            name: name.to_string(),
            count: totals.took.as_ref().map_or(0, |took| took.len()),
            failures: totals.failures,
            latency_ms: totals.took.as_deref().map(latency_of).unwrap_or_default(),
        })
        .collect()
}

fn scenarios(ending: &Ending) -> Vec<ScenarioStats> {
    let (shared, collector) = (&ending.shared, &ending.collector);
    let of = |plan: &crate::engine::plan::ScenarioPlan| {
        let totals = plan.transactions.iter().map(|t| &collector.totals.transactions[t.id as usize]);
        totals.fold((0, 0), |(count, failures), t| {
            (count + t.took.as_ref().map_or(0, |took| took.len()), failures + t.failures)
        })
    };
    shared
        .plan
        .scenarios
        .iter()
        .zip(&ending.users_by_scenario)
        .enumerate()
        .map(|(number, (plan, users))| {
            let (transactions, failures) = of(plan);
            let passes = collector.totals.transactions[shared.plan.pass_id(number) as usize].took.as_deref();
            ScenarioStats {
                name: plan.name.to_string(),
                users: *users,
                transactions,
                failures,
                iterations: passes.map_or(0, Histogram::len),
                latency_ms: passes.map(latency_of).unwrap_or_default(),
            }
        })
        .collect()
}

fn checks(shared: &Shared, collector: &Collector) -> Vec<CheckStats> {
    let checks = shared.plan.checks.iter().zip(&collector.totals.checks);
    checks
        .map(|(check, [failed, passed])| CheckStats {
            request: shared.plan.requests[check.request as usize].name.clone(),
            name: check.words.clone(),
            passed: *passed,
            failed: *failed,
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts stay below 2^52")]
pub(super) const fn as_f64(count: u64) -> f64 {
    count as f64
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { as_f64(part) / as_f64(whole) }
}

fn per_second(count: u64, seconds: f64) -> f64 {
    if seconds > 0.0 { round(as_f64(count) / seconds) } else { 0.0 }
}

/// Three decimals: finer digits are noise.
pub(super) fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// Start and end by the calendar, both worked out from one reading so that they agree.
fn wall_clock(started: Instant, ended: Instant) -> (String, String) {
    let (now, since) = (Timestamp::now(), Instant::now());
    let at = |instant: Instant| {
        let ago = since.saturating_duration_since(instant);
        let time =
            jiff::SignedDuration::try_from(ago).ok().and_then(|ago| now.checked_sub(ago).ok()).unwrap_or(now);
        format!("{time:.3}")
    };
    (at(started), at(ended))
}
