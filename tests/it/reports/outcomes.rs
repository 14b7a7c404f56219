//! Outcomes as an engine would leave them behind, made without running one.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use maid::engine::{
    histogram::{empty, encode},
    outcome::*,
};
use serde_json::json;

/// A request name with the response times that it had.
pub struct Requests {
    pub name: String,
    pub times_us: Vec<u64>,
    pub failures: u64,
}

/// Times around `typical` with a long tail, the same at every call with the same seed.
pub fn times(seed: u64, count: usize, typical_us: f64) -> Vec<u64> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut one = || {
        // The logarithm of a response time is about normal: a sum of twelve uniform values is.
        let normal = (0..12).map(|_| random.f64()).sum::<f64>() - 6.0;
        (typical_us * (0.4 * normal).exp()) as u64
    };
    (0..count).map(|_| one()).collect()
}

/// A run of `requests` that takes `seconds`.
pub fn outcome(requests: &[Requests], seconds: u32) -> Outcome {
    let all: Vec<u64> = requests.iter().flat_map(|r| r.times_us.clone()).collect();
    let whole = histogram(&all);
    let failures: u64 = requests.iter().map(|r| r.failures).sum();
    let count = all.len() as u64;
    Outcome {
        summary: Summary {
            run_id: "0199f3a2-7c00-7abc-8000-0123456789ab".into(),
            status: Status::Completed,
            verdict: Verdict { passed: true, thresholds: Vec::new() },
            duration_s: f64::from(seconds),
            users_max: 50,
            requests: count,
            failures,
            interrupted: 0,
            error_rate: failures as f64 / count.max(1) as f64,
            rps: count as f64 / f64::from(seconds.max(1)),
            bytes_in: count * 2311,
            bytes_out: count * 187,
            latency_ms: latency(&whole),
            corrected_latency_ms: latency(&whole),
            by_request: requests.iter().map(|r| stats(r, seconds)).collect(),
            status_codes: codes(count, failures),
            errors: Vec::new(),
            generator: Generator {
                cpu_percent: 41.7,
                cpu_us_per_request: 9.31,
                rss_mb: 23.4,
                open_fds: 73,
                dispatch_lag_ms: DispatchLag { p50: 0.021, p99: 0.42, max: 3.1 },
                cores: 2,
                fd_limit: 1_048_576,
                ..Generator::default()
            },
        },
        format: FORMAT,
        maid_version: "0.1.0".into(),
        name: "Shop checkout".into(),
        hosts: vec!["http://127.0.0.1:8080".into()],
        started_at: "2026-03-01T12:00:00Z".into(),
        ended_at: "2026-03-01T12:01:00Z".into(),
        ended_because: None,
        notes: None,
        warnings: Vec::new(),
        measure: "all".into(),
        phases: Vec::new(),
        series: steady(&all, failures, seconds),
        series_by_request: Vec::new(),
        by_host: Vec::new(),
        analysis: None,
        by_transaction: Vec::new(),
        by_scenario: Vec::new(),
        checks: Vec::new(),
        histogram: Histograms { latency: encode(&whole), corrected: encode(&whole) },
        config: json!({ "version": 1, "name": "Shop checkout", "load": { "users": 50, "run_time": "1m" } }),
    }
}

/// A run with everything in it: errors, phases, checks, failed thresholds, a limited generator.
#[expect(clippy::too_many_lines, reason = "one value, written out")]
pub fn shop() -> Outcome {
    let long = "GET /products/{id}/reviews/with/a/path/that/goes/on/and/on/and/on?sort=newest&page=1";
    let requests = [
        Requests { name: "GET /products".into(), times_us: times(1, 6000, 12_000.0), failures: 0 },
        Requests { name: "POST /cart".into(), times_us: times(2, 2500, 31_000.0), failures: 37 },
        Requests { name: long.into(), times_us: times(3, 900, 180_000.0), failures: 4 },
        Requests { name: "POST /checkout".into(), times_us: Vec::new(), failures: 0 },
    ];
    let mut outcome = outcome(&requests, 60);
    outcome.series = series(60);
    let threshold = |rule: &str, passed, observed, text: &str| ThresholdResult {
        rule: rule.into(),
        passed,
        observed: Some(observed),
        observed_text: text.into(),
    };
    outcome.summary.verdict = Verdict {
        passed: false,
        thresholds: vec![
            threshold("p95 < 500ms", true, 123.0, "123 ms"),
            threshold("error_rate < 0.1%", false, 0.0044, "0.44%"),
            threshold("rps > 100", true, 156.7, "156.7"),
        ],
    };
    outcome.summary.interrupted = 3;
    outcome.summary.errors = errors();
    outcome.summary.generator.limited = true;
    outcome.summary.generator.limited_because = vec!["CPU was at 97 % of 2 cores for 41 s".into()];
    outcome.summary.generator.late = 12;
    let mut stalled = empty();
    for time in times(9, 9400, 14_000.0) {
        stalled.saturating_record(time + if time > 30_000 { 1_900_000 } else { 0 });
    }
    outcome.summary.corrected_latency_ms = latency(&stalled);
    outcome.histogram.corrected = encode(&stalled);
    outcome.phases = phases();
    outcome.by_transaction = vec![TransactionStats {
        scenario: "browse".into(),
        name: "look at a product".into(),
        count: 2100,
        failures: 12,
        latency_ms: latency(&histogram(&times(5, 2100, 60_000.0))),
    }];
    outcome.by_scenario = vec![ScenarioStats {
        name: "browse".into(),
        users: 50,
        transactions: 2100,
        failures: 12,
        iterations: 700,
        latency_ms: latency(&histogram(&times(6, 700, 180_000.0))),
    }];
    outcome.checks = vec![
        CheckStats {
            request: "POST /cart".into(),
            name: "status is 200 or 201".into(),
            passed: 2463,
            failed: 37,
        },
        CheckStats {
            request: "GET /products".into(),
            name: "body contains \"ok\"".into(),
            passed: 6000,
            failed: 0,
        },
    ];
    outcome
}

/// A run that finished no request.
pub fn nothing() -> Outcome {
    let mut outcome = outcome(&[], 0);
    outcome.series = Series::default();
    outcome.summary.status = Status::Stopped;
    outcome.ended_because = Some("stopped by a signal".into());
    outcome
}

fn errors() -> Vec<ErrorGroup> {
    let group = |kind: &str, message: &str, count, request: &str, example| ErrorGroup {
        kind: kind.into(),
        message: message.into(),
        count,
        request: request.into(),
        example,
    };
    let example = ErrorExample {
        url: "http://127.0.0.1:8080/cart".into(),
        status: Some(503),
        body: "<html><script>alert(1)</script>busy</html>".into(),
        at_s: 12.4,
    };
    vec![
        group("status", "status 503 is not one of 200, 201", 37, "POST /cart", Some(example)),
        group("timeout", "no answer within 5s", 4, "GET /products", None),
    ]
}

fn phases() -> Vec<Phase> {
    let phase = |name: &str, start_s, duration_s, users| Phase {
        name: name.into(),
        start_s,
        duration_s,
        users,
        requests: (duration_s * 150.0) as u64,
        failures: 4,
        rps: 150.0,
        latency_ms: latency(&histogram(&times(6, 800, 14_000.0))),
    };
    vec![phase("increase", 0.0, 5.0, 50), phase("maintain", 5.0, 50.0, 50), phase("decrease", 55.0, 5.0, 0)]
}

fn stats(requests: &Requests, seconds: u32) -> RequestStats {
    let histogram = histogram(&requests.times_us);
    let count = histogram.len();
    let latency = latency(&histogram);
    let part = |share: f64, count: u64| TimingStats {
        count,
        avg: latency.avg * share,
        p50: latency.p50 * share,
        p95: latency.p95 * share,
        p99: latency.p99 * share,
        max: latency.max * share,
    };
    let parts = [("connect", 0.02), ("tls", 0.05), ("send", 0.01), ("wait", 0.8), ("receive", 0.1)];
    let timings = parts.map(|(name, share)| (name.to_owned(), part(share, count.max(1))));
    let class = |requests| StatusStats { requests, latency_ms: latency };
    let classes = [("2xx", count - requests.failures), ("5xx", requests.failures)];
    RequestStats {
        name: requests.name.clone(),
        method: requests.name.split(' ').next().unwrap_or("GET").into(),
        requests: count,
        failures: requests.failures,
        redirects: 0,
        error_rate: requests.failures as f64 / count.max(1) as f64,
        rps: count as f64 / f64::from(seconds.max(1)),
        bytes_in: count * 2311,
        bytes_out: count * 187,
        latency_ms: latency,
        corrected_latency_ms: latency,
        timings_ms: if count == 0 { BTreeMap::new() } else { timings.into() },
        status_codes: codes(count, requests.failures),
        by_status: classes.into_iter().filter(|(_, n)| *n > 0).map(|(c, n)| (c.into(), class(n))).collect(),
        histogram: Histograms { latency: encode(&histogram), corrected: encode(&histogram) },
    }
}

fn codes(count: u64, failures: u64) -> BTreeMap<String, u64> {
    let codes = [("200", count - failures), ("503", failures)];
    codes.into_iter().filter(|(_, n)| *n > 0).map(|(code, n)| (code.to_owned(), n)).collect()
}

/// The series of a run in which every second takes its turn at `times_us`.
fn steady(times_us: &[u64], failures: u64, seconds: u32) -> Series {
    let mut turns = vec![Vec::new(); seconds as usize];
    for (index, time) in times_us.iter().enumerate() {
        turns[index % seconds.max(1) as usize].push(*time);
    }
    let mut series = by_second(&turns);
    for failure in 0..failures {
        series.failures[(failure % u64::from(seconds)) as usize] += 1;
    }
    series
}

/// The series of a run, given what each of its seconds holds.
pub fn by_second(seconds: &[Vec<u64>]) -> Series {
    let mut series = Series { step_s: 1, ..Series::default() };
    for (at, times_us) in seconds.iter().enumerate() {
        let latency = latency(&histogram(times_us));
        series.at_s.push(at as u32);
        series.users.push(50);
        series.requests.push(times_us.len() as u64);
        series.failures.push(0);
        series.p50_ms.push(latency.p50);
        series.p95_ms.push(latency.p95);
        series.p99_ms.push(latency.p99);
        series.classes.push(maid::engine::classes::counted(&histogram(times_us)).into());
    }
    series
}

fn series(seconds: u32) -> Series {
    let mut random = fastrand::Rng::with_seed(8);
    let mut around = |base: f64| base * (0.9 + 0.2 * random.f64());
    let mut series = Series { step_s: 1, ..Series::default() };
    for at in 0..seconds {
        let users = (at * 10).min(50).min((seconds - at) * 10);
        series.at_s.push(at);
        series.users.push(users);
        series.requests.push(around(f64::from(users) * 3.1) as u64);
        series.failures.push(if at % 17 == 12 { 12 } else { 0 });
        series.p50_ms.push(around(13.0));
        series.p95_ms.push(around(60.0));
        series.p99_ms.push(around(if (30..34).contains(&at) { 480.0 } else { 130.0 }));
    }
    series
}

/// The histogram of `times_us`.
pub fn histogram(times_us: &[u64]) -> Histogram<u64> {
    let mut histogram = empty();
    times_us.iter().for_each(|time| histogram.saturating_record(*time));
    histogram
}

fn latency(histogram: &Histogram<u64>) -> Latency {
    let at = |q: f64| histogram.value_at_quantile(q) as f64 / 1000.0;
    Latency {
        min: histogram.min() as f64 / 1000.0,
        avg: histogram.mean() / 1000.0,
        p50: at(0.5),
        p90: at(0.9),
        p95: at(0.95),
        p99: at(0.99),
        p999: at(0.999),
        max: histogram.max() as f64 / 1000.0,
    }
}
