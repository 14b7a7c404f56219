//! How runs end early, and that nothing is lost when they do.

use std::time::{Duration, Instant};

use maid::engine::outcome::Status;

use super::{run, start, turn};
use crate::support::byte_server::{Act, ByteServer, always};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

const ENDLESS: &str = r#"
version: 1
name: endless
target: { hosts: ["HOST"] }
load: { users: 4, run_time: 10m }
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { path: / } ] } ] } ]
"#;

#[test]
fn a_stop_in_the_middle_keeps_every_count() {
    let _turn = turn();
    let server = ByteServer::start(vec![always(OK)]);
    let run = start(ENDLESS, &server.url()).expect("a run");
    let mut snapshots = run.snapshots();
    let deadline = Instant::now() + Duration::from_secs(20);
    while snapshots.borrow_and_update().requests < 200 {
        assert!(Instant::now() < deadline, "no requests");
        std::thread::yield_now();
    }
    run.handle().stop("enough");
    let outcome = run.wait().expect("an outcome");
    assert_eq!(outcome.summary.status, Status::Stopped);
    assert_eq!(outcome.ended_because.as_deref(), Some("enough"));
    let counted = outcome.summary.requests + outcome.summary.interrupted;
    assert_eq!(counted, server.requests().len() as u64);
}

#[test]
fn a_stop_does_not_wait_for_answers_that_never_come() {
    let _turn = turn();
    let server = ByteServer::start(vec![vec![Act::Request, Act::Stall]]);
    let run = start(ENDLESS, &server.url()).expect("a run");
    let deadline = Instant::now() + Duration::from_secs(20);
    while server.requests().len() < 4 {
        assert!(Instant::now() < deadline, "no requests");
        std::thread::yield_now();
    }
    let stopped = Instant::now();
    run.handle().stop("enough");
    let outcome = run.wait().expect("an outcome");
    // The grace of the test's settings is two seconds; the timeout of a request is thirty.
    assert!(stopped.elapsed() < Duration::from_secs(8), "{:?}", stopped.elapsed());
    assert_eq!((outcome.summary.requests, outcome.summary.interrupted), (0, 4));
    assert_eq!(outcome.summary.failures, 0);
}

#[test]
fn a_kill_ends_at_once() {
    let _turn = turn();
    let server = ByteServer::start(vec![vec![Act::Request, Act::Stall]]);
    let run = start(ENDLESS, &server.url()).expect("a run");
    run.handle().kill();
    let stopped = Instant::now();
    let outcome = run.wait().expect("an outcome");
    assert!(stopped.elapsed() < Duration::from_secs(3), "{:?}", stopped.elapsed());
    assert_eq!(outcome.summary.status, Status::Stopped);
}

#[test]
fn a_threshold_that_fails_can_end_the_run() {
    let server = ByteServer::start(vec![always("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")]);
    let document = ENDLESS
        .replace("scenarios:", "abort_on_threshold: true\nthresholds: ['error_rate < 10%']\nscenarios:");
    let outcome = run(&document, &server.url());
    assert_eq!(outcome.summary.status, Status::Failed);
    assert!(!outcome.summary.verdict.passed);
    assert_eq!(outcome.ended_because.as_deref(), Some("threshold `error_rate < 10%` failed"));
}

#[test]
fn a_rule_on_the_rate_does_not_end_a_run_that_is_still_warming_up() {
    let server = ByteServer::start(vec![always(OK)]);
    let document = ENDLESS.replace("run_time: 10m", "run_time: 2s").replace(
        "scenarios:",
        "abort_on_threshold: true\nthresholds: ['rps > 100000000', 'p95 < 10s']\nscenarios:",
    );
    let outcome = run(&document, &server.url());
    assert_eq!(outcome.summary.status, Status::Completed, "{:?}", outcome.ended_because);
    assert!(!outcome.summary.verdict.passed);
}

#[test]
fn users_that_can_send_nothing_neither_hold_up_the_run_nor_spin() {
    let server = ByteServer::start(vec![always("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")]);
    let outcome = run(
        r#"
version: 1
name: nothing to send
target: { hosts: ["HOST"] }
load: { users: 4, run_time: 1s }
scenarios:
  - name: s
    on_start:
      - { name: login, requests: [ { name: login, path: /, extract: [ { name: token, from: json, path: $.token } ] } ] }
    transactions: [ { name: t, requests: [ { name: get, path: /, auth: { bearer: "{{ token }}" } } ] } ]
"#,
        &server.url(),
    );
    assert_eq!(outcome.summary.status, Status::Completed);
    assert_eq!((outcome.summary.users_max, outcome.summary.requests), (4, 4), "only the logins were sent");
    let unsent = outcome.summary.errors.iter().find(|error| error.kind == "template").expect("it is told");
    assert!(unsent.count > 4 && unsent.count < 4000, "{}", unsent.count);
}

#[test]
fn data_that_runs_dry_ends_the_run_and_says_so() {
    let server = ByteServer::start(vec![always(OK)]);
    let outcome = run(
        r#"
version: 1
name: dry
target: { hosts: ["HOST"] }
load: { users: 1, run_time: 10m }
data: [ { name: people, file: people.csv, mode: unique } ]
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { name: get, path: "/{{ people.id }}" } ] } ] } ]
"#,
        &server.url(),
    );
    assert_eq!(outcome.summary.status, Status::Failed);
    let because = outcome.ended_because.expect("a reason");
    assert!(because.contains("`people` ran out of rows"), "{because}");
    assert_eq!(outcome.summary.requests, server.requests().len() as u64);
}
