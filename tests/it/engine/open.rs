//! The open model: slots, late slots, and latency from the intended time.

use super::{requests, run};
use crate::support::byte_server::{Act, ByteServer, always, send};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[test]
fn every_slot_of_the_schedule_is_sent_once() {
    let server = ByteServer::start(vec![always(OK)]);
    let outcome = run(
        r#"
version: 1
name: arrival
target: { hosts: ["HOST"] }
load: { run_time: 2s, arrival: { rate: 100, max_users: 10 } }
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { path: /a }, { path: /b } ] } ] } ]
"#,
        &server.url(),
    );
    let summary = &outcome.summary;
    assert_eq!(summary.requests, 200);
    // The user that was busy last goes on, so that scenarios are gone through, and few users are enough.
    let (a, b) = (requests(&outcome, "GET /a"), requests(&outcome, "GET /b"));
    assert!(a.abs_diff(b) <= 10, "{a} and {b}");
    assert_eq!(summary.requests, server.requests().len() as u64);
    assert_eq!(summary.generator.dropped, 0);
    assert!((summary.rps - 100.0).abs() < 5.0, "{}", summary.rps);
}

#[test]
fn a_ramp_follows_the_integral_of_the_rate() {
    let server = ByteServer::start(vec![always(OK)]);
    let outcome = run(
        r#"
version: 1
name: ramp
target: { hosts: ["HOST"] }
load: { arrival: { rate: 0, max_users: 10, stages: [ { duration: 2s, target: 100 }, { duration: 1s, target: 100 } ] } }
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { path: / } ] } ] } ]
"#,
        &server.url(),
    );
    assert_eq!(outcome.summary.requests, 200);
    assert!(outcome.summary.duration_s >= 2.99, "{}", outcome.summary.duration_s);
}

#[test]
fn a_stall_shows_in_corrected_latency_and_late_slots_are_counted() {
    // One connection answers twice and then never again; one user waits for it.
    let silent = vec![Act::Request, send(OK), Act::Request, send(OK), Act::Request, Act::Stall];
    let server = ByteServer::start(vec![silent, always(OK)]);
    let outcome = run(
        r#"
version: 1
name: stall
target: { hosts: ["HOST"], timeout: 1s }
load: { run_time: 3s, arrival: { rate: 20, max_users: 1, late: queue } }
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { name: get, path: / } ] } ] } ]
"#,
        &server.url(),
    );
    let summary = &outcome.summary;
    assert_eq!(summary.failures, 1, "the request that the stall caught: {:?}", summary.errors);
    assert_eq!(summary.errors[0].kind, "timeout");
    // 20 slots were due during the second that the user waited.
    assert!(summary.generator.late >= 15, "{}", summary.generator.late);
    assert!(summary.corrected_latency_ms.p90 > 500.0, "{:?}", summary.corrected_latency_ms);
    assert!(summary.latency_ms.p90 < summary.corrected_latency_ms.p90 / 2.0, "{:?}", summary.latency_ms);
    assert_eq!((summary.requests, summary.generator.dropped), (60, 0), "every slot is sent, late or not");
}

#[test]
fn late_slots_can_be_dropped() {
    let server = ByteServer::start(vec![vec![Act::Request, Act::Stall], always(OK)]);
    let outcome = run(
        r#"
version: 1
name: drop
target: { hosts: ["HOST"], timeout: 2s }
load: { run_time: 3s, arrival: { rate: 20, max_users: 1, late: drop } }
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { path: / } ] } ] } ]
"#,
        &server.url(),
    );
    let summary = &outcome.summary;
    // Two seconds of slots were missed; those of the first are more than a second late.
    assert!(summary.generator.dropped >= 15, "{:?}", summary.generator);
    assert_eq!(summary.requests + summary.generator.dropped + summary.interrupted, 60);
    assert!(
        outcome.warnings.iter().any(|warning| warning.contains("60 requests were due")),
        "{:?}",
        outcome.warnings
    );
    assert_eq!(summary.requests, server.requests().len() as u64);
}

#[test]
fn a_backlog_is_worked_off_after_the_schedule() {
    // The one user is kept for the last second of the schedule.
    let mut script: Vec<Act> = (0..20).flat_map(|_| [Act::Request, send(OK)]).collect();
    script.extend([Act::Request, Act::Stall]);
    let server = ByteServer::start(vec![script, always(OK)]);
    let outcome = run(
        r#"
version: 1
name: backlog
target: { hosts: ["HOST"], timeout: 1500ms }
load: { run_time: 2s, arrival: { rate: 20, max_users: 1 } }
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { path: / } ] } ] } ]
"#,
        &server.url(),
    );
    let summary = &outcome.summary;
    assert_eq!((summary.requests, summary.generator.dropped), (40, 0), "{:?}", summary.generator);
    assert!(summary.duration_s > 2.0, "the time it took counts: {}", summary.duration_s);
}

#[test]
fn setting_users_up_is_part_of_the_rate_and_only_needed_users_are() {
    let server = ByteServer::start(vec![always(OK)]);
    let outcome = run(
        r#"
version: 1
name: set up
target: { hosts: ["HOST"] }
load: { run_time: 1s, arrival: { rate: 50, max_users: 200 } }
scenarios:
  - name: s
    on_start: [ { name: in, requests: [ { path: /in } ] } ]
    transactions: [ { name: t, requests: [ { path: /a } ] } ]
    on_stop: [ { name: out, requests: [ { path: /out } ] } ]
"#,
        &server.url(),
    );
    let (set_up, torn_down) = (requests(&outcome, "GET /in"), requests(&outcome, "GET /out"));
    assert_eq!(outcome.summary.requests - torn_down, 50, "the rate is what was asked for");
    assert_eq!((set_up, set_up), (torn_down, u64::from(outcome.summary.users_max)));
    assert!(set_up < 50, "{set_up} of 200 users were needed");
}
