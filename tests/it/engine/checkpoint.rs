//! Checkpoints: what a run would leave behind if it ended now, taken while it goes on.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use maid::engine::{
    Run, RunHandle,
    outcome::{Outcome, Status},
};
use tokio::runtime::{Builder, Runtime};

use super::{start, turn};
use crate::support::byte_server::{Act, ByteServer, always};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

const DOCUMENT: &str = r#"
version: 1
name: checkpoints
target: { hosts: ["HOST"] }
load: { users: 4, LOAD }
thresholds: [ "failures < 1" ]
scenarios:
  - name: s
    transactions:
      - { name: one, requests: [ { path: "/1?token=literal-token", check: [ { status: 200 } ] } ] }
      - { name: two, requests: [ { name: two, path: /2 } ] }
"#;

/// A runtime such as the server's, beside the engine's.
fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

fn begin(load: &str, server: &ByteServer) -> Run {
    start(&DOCUMENT.replace("LOAD", load), &server.url()).expect("a run")
}

/// The first checkpoint with a whole second of series and some requests in it.
async fn ripe(handle: &RunHandle) -> Outcome {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        assert!(Instant::now() < deadline, "no checkpoint with a second of requests");
        match handle.checkpoint().await {
            Some(taken) if taken.series.at_s.len() > 1 && taken.summary.requests > 0 => return *taken,
            _ => tokio::task::yield_now().await,
        }
    }
}

/// A checkpoint agrees with itself, whenever it is taken.
fn agrees(taken: &Outcome) {
    let summary = &taken.summary;
    let sum = |of: &dyn Fn(&Outcome) -> Vec<u64>| of(taken).iter().sum::<u64>();
    assert_eq!(sum(&|o| o.summary.by_request.iter().map(|r| r.requests).collect()), summary.requests);
    assert_eq!(sum(&|o| o.summary.status_codes.values().copied().collect()), summary.requests);
    assert_eq!(sum(&|o| o.phases.iter().map(|phase| phase.requests).collect()), summary.requests);
    assert_eq!(sum(&|o| o.series.requests.clone()), summary.requests, "{:?}", taken.series);
}

#[test]
fn a_checkpoint_is_the_outcome_of_a_run_that_ended_now() {
    let _turn = turn();
    let server = ByteServer::start(vec![always(OK)]);
    let run = begin("run_time: 10m", &server);
    let handle = run.handle();
    let runtime = runtime();
    let first = runtime.block_on(ripe(&handle));
    agrees(&first);
    assert_eq!((first.summary.status, &first.ended_because), (Status::Failed, &None));
    assert!(!first.summary.verdict.passed, "it has not come to its end");
    assert!(first.summary.verdict.thresholds[0].passed, "{:?}", first.summary.verdict);
    assert_eq!(first.summary.users_max, 4);
    assert!(first.summary.duration_s >= 1.0, "{}", first.summary.duration_s);
    let text = serde_json::to_string(&first).expect("JSON");
    assert!(text.contains("token=***") && !text.contains("literal-token"), "{text}");

    let second = runtime.block_on(ripe(&handle));
    agrees(&second);
    assert!(second.summary.requests > first.summary.requests);
    handle.stop("enough");
    let outcome = run.wait().expect("an outcome");
    agrees(&outcome);
    assert!(outcome.summary.requests >= second.summary.requests);
    assert_eq!(outcome.summary.status, Status::Stopped);
    assert!(runtime.block_on(handle.checkpoint()).is_none(), "the run is over");
}

/// What must not depend on whether anybody looked.
fn counts(outcome: &Outcome) -> BTreeMap<String, u64> {
    let summary = &outcome.summary;
    let names = summary.by_request.iter().map(|r| (r.name.clone(), r.requests));
    let transactions = outcome.by_transaction.iter().map(|t| (format!("t {}", t.name), t.count));
    let checks = outcome.checks.iter().map(|check| (format!("check {}", check.name), check.passed));
    let others = [
        ("requests", summary.requests),
        ("failures", summary.failures),
        ("interrupted", summary.interrupted),
        ("bytes out", summary.bytes_out),
        ("series", outcome.series.requests.iter().sum()),
        ("iterations", outcome.by_scenario[0].iterations),
    ];
    let others = others.map(|(name, count)| (name.to_owned(), count));
    names.chain(transactions).chain(checks).chain(others).collect()
}

#[test]
fn checkpoints_change_nothing_about_the_outcome() {
    let _turn = turn();
    let finished = |looked: bool| {
        let server = ByteServer::start(vec![always(OK)]);
        let run = begin("iterations: 400", &server);
        let (handle, runtime) = (run.handle(), runtime());
        let looks = runtime.spawn(async move {
            let mut taken = 0;
            // An answer of none while the run goes on only says that one is being taken.
            while looked && taken < 1000 {
                let Some(checkpoint) = handle.checkpoint().await else { break };
                agrees(&checkpoint);
                taken += 1;
            }
            taken
        });
        let outcome = run.wait().expect("an outcome");
        let taken = runtime.block_on(looks).expect("every checkpoint agrees with itself");
        assert_eq!(server.requests().len(), 3200, "4 users, 400 passes, 2 requests");
        (outcome, taken)
    };
    let ((plain, none), (looked_at, some)) = (finished(false), finished(true));
    assert_eq!(none, 0);
    assert!(some > 0, "no checkpoint was taken");
    assert_eq!(counts(&plain), counts(&looked_at));
    assert_eq!(plain.summary.verdict.passed, looked_at.summary.verdict.passed);
}

#[test]
fn a_run_that_is_asked_all_the_time_still_stops() {
    let _turn = turn();
    let server = ByteServer::start(vec![vec![Act::Request, Act::Stall]]);
    let run = begin("run_time: 10m", &server);
    let (handle, runtime) = (run.handle(), runtime());
    let askers: Vec<_> = (0..50)
        .map(|_| {
            let (handle, snapshots) = (handle.clone(), run.snapshots());
            runtime.spawn(async move {
                while snapshots.has_changed().is_ok() {
                    if handle.checkpoint().await.is_none() {
                        tokio::task::yield_now().await;
                    }
                }
            })
        })
        .collect();
    let deadline = Instant::now() + Duration::from_secs(20);
    while server.requests().len() < 4 {
        assert!(Instant::now() < deadline, "no requests");
        std::thread::yield_now();
    }
    let stopped = Instant::now();
    handle.stop("enough");
    let outcome = run.wait().expect("an outcome");
    assert!(stopped.elapsed() < Duration::from_secs(8), "{:?}", stopped.elapsed());
    assert_eq!((outcome.summary.requests, outcome.summary.interrupted), (0, 4));
    for asker in askers {
        runtime.block_on(asker).expect("whoever asks is answered");
    }
}
