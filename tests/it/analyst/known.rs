//! Runs with a cause, each with what the analyst has to put first; and healthy ones.

use maid::engine::{
    live::Phase,
    outcome::{Kind, Outcome},
};

use super::simulator::{Effect, Failure, Request, Sim, request};

/// A run whose cause is known.
pub struct Case {
    pub name: String,
    /// What is to be first.
    pub kind: Kind,
    /// The request that is to be named.
    pub request: Option<&'static str>,
    /// The host that is to be named.
    pub host: Option<&'static str>,
    pub sim: Box<dyn FnOnce() -> Outcome + Send>,
    /// Earlier runs of the same test.
    pub earlier: Vec<Box<dyn FnOnce() -> Outcome + Send>>,
}

fn case(name: String, kind: Kind, sim: impl FnOnce() -> Sim + Send + 'static) -> Case {
    Case { name, kind, request: None, host: None, sim: Box::new(move || sim().run()), earlier: Vec::new() }
}

fn effect(
    sim: Sim,
    effects: impl Fn(&super::simulator::Moment, &mut fastrand::Rng) -> Effect + Send + Sync + 'static,
) -> Sim {
    Sim { effects: Box::new(effects), ..sim }
}

/// All runs with a cause. Other seeds make other runs of the same causes.
#[expect(clippy::too_many_lines, reason = "one cause after the other")]
pub fn ill(seed: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut seeds = (seed * 1000..).step_by(7);
    let mut next = move || seeds.next().expect("no end");
    // Saturated: capacity is servers by service time.
    for (servers, users, think) in [(4, 80, 100.0), (8, 200, 300.0), (2, 30, 50.0), (6, 100, 150.0)] {
        let seed = next();
        cases.push(case(format!("knee, closed, {servers} servers, {users} users"), Kind::Knee, move || {
            Sim { servers, think_ms: think, ..Sim::ramp(seed, users, 80) }
        }));
    }
    for (servers, to) in [(4, 400.0), (6, 500.0), (3, 260.0)] {
        let seed = next();
        cases.push(case(format!("knee, open, {servers} servers up to {to}/s"), Kind::Knee, move || Sim {
            servers,
            ..Sim::open(seed, 10.0, to, 400, 60)
        }));
    }
    {
        let seed = next();
        cases.push(case("knee, an asked rate that is not reached".into(), Kind::Knee, move || Sim {
            servers: 4,
            ..Sim::open(seed, 300.0, 300.0, 50, 40)
        }));
    }
    // Errors: from a moment on, from a load on, of one request, now and then, at once.
    for (from, status) in [(20.0, 503), (35.0, 500), (10.0, 429)] {
        let seed = next();
        cases.push(case(format!("errors {status} from {from} s on"), Kind::Errors, move || {
            effect(Sim::steady(seed, 30, 60), move |moment, rng| Effect {
                failure: (moment.at >= from && rng.f64() < 0.3).then_some(Failure::Status(status)),
                ..Effect::default()
            })
        }));
    }
    for share in [0.02, 0.1, 0.6] {
        let seed = next();
        let case_of = case(format!("errors of one request, {share}"), Kind::Errors, move || {
            effect(Sim::steady(seed, 30, 60), move |moment, rng| Effect {
                failure: (moment.request == 2 && rng.f64() < share).then_some(Failure::Status(500)),
                ..Effect::default()
            })
        });
        cases.push(Case { request: Some("POST /cart"), ..case_of });
    }
    for limit in [40.0, 70.0] {
        let seed = next();
        cases.push(case(format!("errors from {limit} users on"), Kind::Errors, move || {
            effect(Sim::ramp(seed, 100, 80), move |moment, rng| {
                let users = moment.at / 60.0 * 100.0;
                Effect {
                    failure: (users > limit && rng.f64() < 0.25).then_some(Failure::Status(503)),
                    ..Effect::default()
                }
            })
        }));
    }
    for (from, to) in [(20.0, 30.0), (40.0, 46.0)] {
        let seed = next();
        cases.push(case(format!("refused between {from} and {to} s"), Kind::Errors, move || {
            effect(Sim::steady(seed, 30, 60), move |moment, _| Effect {
                failure: (from..to).contains(&moment.at).then_some(Failure::Refused),
                ..Effect::default()
            })
        }));
    }
    {
        let seed = next();
        let case_of = case("timeouts of one request".into(), Kind::Errors, move || {
            effect(Sim::steady(seed, 30, 60), move |moment, rng| Effect {
                failure: (moment.request == 1 && rng.f64() < 0.15).then_some(Failure::Timeout(1000.0)),
                ..Effect::default()
            })
        });
        cases.push(Case { request: Some("GET /search"), ..case_of });
    }
    // Slow requests, and what around them is slow.
    for (slow, users) in [(400.0, 20), (250.0, 40), (1500.0, 15)] {
        let seed = next();
        let case_of = case(format!("search takes {slow} ms"), Kind::SlowRequest, move || Sim {
            requests: vec![
                request("GET /products", 15.0, 4),
                request("GET /search", slow, 2),
                request("POST /cart", 20.0, 2),
            ],
            ..Sim::steady(seed, users, 60)
        });
        cases.push(Case { request: Some("GET /search"), ..case_of });
    }
    for (name, around) in [
        ("tls", Effect { tls_ms: 90.0, connect_ms: 10.0, ..Effect::default() }),
        ("connect", Effect { connect_ms: 120.0, ..Effect::default() }),
        ("dns", Effect { dns_ms: 80.0, ..Effect::default() }),
    ] {
        let seed = next();
        cases.push(case(format!("{name} at every request"), Kind::SlowRequest, move || {
            effect(Sim::steady(seed, 30, 50), move |_, rng| {
                let vary = 0.8 + 0.4 * rng.f64();
                Effect {
                    tls_ms: around.tls_ms * vary,
                    connect_ms: around.connect_ms * vary,
                    dns_ms: around.dns_ms * vary,
                    ..Effect::default()
                }
            })
        }));
    }
    {
        let seed = next();
        let case_of = case("a download that takes long to receive".into(), Kind::SlowRequest, move || {
            effect(Sim::steady(seed, 20, 50), |moment, rng| Effect {
                receive_ms: if moment.request == 1 { 300.0 + 100.0 * rng.f64() } else { 0.0 },
                ..Effect::default()
            })
        });
        cases.push(Case { request: Some("GET /search"), ..case_of });
    }
    // The generator.
    for (cpu, lag) in [(97.0, 4_000), (60.0, 25_000), (95.0, 300)] {
        let seed = next();
        cases.push(case(
            format!("generator at {cpu} %, lag {lag} µs"),
            Kind::GeneratorSaturated,
            move || {
                let sim = effect(Sim::ramp(seed, 60, 60), |moment, _| Effect {
                    times: Some(1.0 + moment.at / 20.0),
                    ..Effect::default()
                });
                Sim { cpu_percent: cpu, lag_us: lag, thresholds: vec!["p95 < 30ms".into()], ..sim }
            },
        ));
    }
    // Warm-up.
    for (seconds, times) in [(8.0, 4.0), (15.0, 2.5), (5.0, 6.0)] {
        let seed = next();
        cases.push(case(format!("warm-up of {seconds} s"), Kind::WarmUp, move || {
            effect(Sim::steady(seed, 30, 80), move |moment, _| Effect {
                times: Some(if moment.at < seconds {
                    1.0 + (times - 1.0) * (1.0 - moment.at / seconds / 2.0)
                } else {
                    1.0
                }),
                ..Effect::default()
            })
        }));
    }
    // Stalls.
    for (every, length, seconds) in [(10.0, 0.6, 90), (15.0, 1.2, 120), (7.0, 0.4, 70), (20.0, 2.0, 140)] {
        let seed = next();
        cases.push(case(format!("stalls every {every} s for {length} s"), Kind::Stalls, move || Sim {
            standstills: (1..50).map(|k| (3.0 + every * f64::from(k), length)).collect(),
            ..Sim::steady(seed, 30, seconds)
        }));
    }
    {
        let seed = next();
        cases.push(case("one stall of 4 s".into(), Kind::Stalls, move || Sim {
            standstills: vec![(31.3, 4.0)],
            ..Sim::steady(seed, 30, 80)
        }));
    }
    // Drift and a jump.
    for (grows, seconds) in [(1.0, 240), (0.6, 300), (3.0, 150)] {
        let seed = next();
        cases.push(case(format!("drift by {grows} in {seconds} s"), Kind::Drift, move || {
            effect(Sim::steady(seed, 15, seconds), move |moment, _| Effect {
                times: Some(1.0 + grows * moment.at / f64::from(seconds)),
                ..Effect::default()
            })
        }));
    }
    for (at, times) in [(40.0, 2.0), (60.0, 3.0)] {
        let seed = next();
        cases.push(case(format!("{times} times as slow from {at} s on"), Kind::Shift, move || {
            effect(Sim::steady(seed, 20, 100), move |moment, _| Effect {
                times: Some(if moment.at >= at { times } else { 1.0 }),
                ..Effect::default()
            })
        }));
    }
    {
        let seed = next();
        let case_of = case("one request becomes slow at 45 s".into(), Kind::Shift, move || {
            effect(Sim::steady(seed, 25, 100), move |moment, _| Effect {
                times: Some(if moment.at >= 45.0 && moment.request == 0 { 3.0 } else { 1.0 }),
                ..Effect::default()
            })
        });
        cases.push(Case { request: Some("GET /products"), ..case_of });
    }
    // One bad host.
    for (hosts, times) in [(2, 3.0), (4, 2.5), (3, 5.0)] {
        let seed = next();
        let case_of =
            case(format!("one of {hosts} hosts is {times} times as slow"), Kind::BadHost, move || {
                effect(Sim { hosts, ..Sim::steady(seed, 36, 60) }, move |moment, _| Effect {
                    times: Some(if moment.host == 1 { times } else { 1.0 }),
                    ..Effect::default()
                })
            });
        cases.push(Case { host: Some("http://127.0.0.1:8081"), ..case_of });
    }
    for share in [0.05, 0.5] {
        let seed = next();
        let case_of = case(format!("one of 3 hosts fails, {share}"), Kind::BadHost, move || {
            effect(Sim { hosts: 3, ..Sim::steady(seed, 36, 60) }, move |moment, rng| Effect {
                failure: (moment.host == 2 && rng.f64() < share).then_some(Failure::Status(502)),
                ..Effect::default()
            })
        });
        cases.push(Case { host: Some("http://127.0.0.1:8082"), ..case_of });
    }
    // Thresholds alone.
    for (rule, kind) in [("p95 < 30ms", Kind::Threshold), ("rps > 5000", Kind::Threshold)] {
        let seed = next();
        cases.push(case(format!("threshold {rule}"), kind, move || Sim {
            thresholds: vec![rule.into()],
            ..Sim::steady(seed, 30, 60)
        }));
    }
    // Worse than before.
    for (times, runs) in [(1.6, 3), (2.5, 1), (1.4, 4)] {
        let (seed, old) = (next(), [next(), next(), next(), next()]);
        let case_of =
            case(format!("{times} times as slow as {runs} earlier runs"), Kind::Regression, move || {
                effect(Sim::steady(seed, 20, 60), move |_, _| Effect {
                    times: Some(times),
                    ..Effect::default()
                })
            });
        cases.push(Case { earlier: healthy_before(&old[..runs]), ..case_of });
    }
    {
        let (seed, old) = (next(), [next(), next(), next()]);
        let case_of = case("one request is worse than before".into(), Kind::Regression, move || {
            effect(Sim::steady(seed, 20, 60), move |moment, _| Effect {
                times: Some(if moment.request == 1 { 2.2 } else { 1.0 }),
                ..Effect::default()
            })
        });
        cases.push(Case { request: Some("GET /search"), earlier: healthy_before(&old), ..case_of });
    }
    // Two groups.
    for (share, slow) in [(0.2, 8.0), (0.4, 12.0)] {
        let seed = next();
        let case_of = case(format!("a cache that misses {share}"), Kind::Bimodal, move || {
            effect(Sim::steady(seed, 30, 60), move |moment, rng| Effect {
                times: Some(if moment.request == 0 && rng.f64() < share { slow } else { 1.0 }),
                ..Effect::default()
            })
        });
        cases.push(Case { request: Some("GET /products"), ..case_of });
    }
    cases
}

fn healthy_before(seeds: &[u64]) -> Vec<Box<dyn FnOnce() -> Outcome + Send>> {
    let of =
        |seed: u64| Box::new(move || Sim::steady(seed, 20, 60).run()) as Box<dyn FnOnce() -> Outcome + Send>;
    seeds.iter().map(|seed| of(*seed)).collect()
}

/// Healthy runs of many sorts.
#[expect(clippy::too_many_lines, reason = "one run after the other")]
pub fn healthy(seed: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut seeds = (seed * 1000 + 500..).step_by(3);
    let mut next = move || seeds.next().expect("no end");
    let mut add =
        |name: String, sim: Box<dyn FnOnce() -> Sim + Send>| cases.push(case(name, Kind::Threshold, sim));
    for (users, seconds) in [(1, 30), (5, 60), (30, 60), (60, 90), (10, 300), (3, 20)] {
        let seed = next();
        add(
            format!("steady, {users} users, {seconds} s"),
            Box::new(move || Sim::steady(seed, users, seconds)),
        );
    }
    for users in [20, 60, 120] {
        let seed = next();
        add(format!("ramp to {users} within capacity"), Box::new(move || Sim::ramp(seed, users, 60)));
    }
    for (from, to) in [(50.0, 50.0), (200.0, 200.0), (10.0, 200.0)] {
        let seed = next();
        add(format!("open, {from} to {to}/s"), Box::new(move || Sim::open(seed, from, to, 200, 60)));
    }
    for sigma in [0.1, 0.6, 0.9] {
        let seed = next();
        let wide = move |name, ms, weight| Request { sigma, ..request(name, ms, weight) };
        add(
            format!("wide spread, {sigma}"),
            Box::new(move || Sim {
                requests: vec![
                    wide("GET /products", 12.0, 5),
                    wide("GET /search", 30.0, 2),
                    wide("POST /checkout", 45.0, 1),
                ],
                ..Sim::steady(seed, 25, 60)
            }),
        );
    }
    for hosts in [2, 5] {
        let seed = next();
        add(format!("{hosts} hosts alike"), Box::new(move || Sim { hosts, ..Sim::steady(seed, 40, 60) }));
    }
    for think in [0.0, 1000.0] {
        let seed = next();
        add(
            format!("think time {think} ms"),
            Box::new(move || Sim { think_ms: think, ..Sim::steady(seed, 12, 45) }),
        );
    }
    {
        let seed = next();
        add(
            "thresholds that hold".into(),
            Box::new(move || Sim {
                thresholds: vec!["p95 < 200ms".into(), "error_rate < 1%".into(), "rps > 50".into()],
                ..Sim::steady(seed, 30, 60)
            }),
        );
    }
    {
        let seed = next();
        add(
            "a single failure in thousands".into(),
            Box::new(move || {
                let once = std::sync::atomic::AtomicBool::new(false);
                effect(Sim::steady(seed, 30, 60), move |moment, _| Effect {
                    failure: (moment.at > 30.0 && !once.swap(true, std::sync::atomic::Ordering::Relaxed))
                        .then_some(Failure::Status(500)),
                    ..Effect::default()
                })
            }),
        );
    }
    {
        let seed = next();
        add(
            "connections opened once".into(),
            Box::new(move || {
                effect(Sim::steady(seed, 30, 60), |moment, _| Effect {
                    connect_ms: if moment.at < 0.4 { 15.0 } else { 0.0 },
                    tls_ms: if moment.at < 0.4 { 30.0 } else { 0.0 },
                    ..Effect::default()
                })
            }),
        );
    }
    {
        let seed = next();
        add(
            "up, hold, down".into(),
            Box::new(move || {
                Sim {
            users: Box::new(|at| (if at < 20.0 { at * 2.0 } else if at < 50.0 { 40.0 } else { (70.0 - at) * 2.0 }).max(1.0) as u32),
            load: "{ stages: [{ duration: 20s, target: 40 }, { duration: 30s, target: 40 }, { duration: 20s, target: 0 }] }".into(),
            phases: vec![(Phase::Increase, 0), (Phase::Maintain, 20), (Phase::Decrease, 50)],
            ..Sim::steady(seed, 40, 70)
        }
            }),
        );
    }
    {
        let seed = next();
        add(
            "noise from second to second".into(),
            Box::new(move || {
                effect(Sim::steady(seed, 30, 90), |moment, _| {
                    let wave = fastrand::Rng::with_seed(moment.at as u64 * 31 + 7).f64();
                    Effect { times: Some(0.9 + 0.25 * wave), ..Effect::default() }
                })
            }),
        );
    }
    for runs in [1, 3, 4] {
        let (seed, old) = (next(), [next(), next(), next(), next()]);
        let of =
            case(format!("like {runs} earlier runs"), Kind::Threshold, move || Sim::steady(seed, 20, 60));
        cases.push(Case { earlier: healthy_before(&old[..runs]), ..of });
    }
    {
        let (seed, old) = (next(), [next(), next(), next()]);
        let of = case("a tenth slower than before, as machines are".into(), Kind::Threshold, move || {
            effect(Sim::steady(seed, 20, 60), |_, _| Effect { times: Some(1.1), ..Effect::default() })
        });
        cases.push(Case { earlier: healthy_before(&old), ..of });
    }
    cases
}
