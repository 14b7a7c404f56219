//! Servers that misbehave, and targets that must not be reached, as a whole run sees them.

use maid::engine::{EngineError, outcome::Outcome};

use super::{run, start, turn};
use crate::support::byte_server::{Act, ByteServer, always, once, send};

const TWICE: &str = r#"
version: 1
name: twice
target: { hosts: ["HOST"], timeout: 500ms }
load: { users: 1, iterations: 2 }
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { name: get, path: / } ] } ] } ]
"#;

fn only_error(outcome: &Outcome) -> (&str, &str, u64) {
    assert_eq!(outcome.summary.errors.len(), 1, "{:?}", outcome.summary.errors);
    let error = &outcome.summary.errors[0];
    (&error.kind, &error.message, error.count)
}

#[test]
fn each_way_to_misbehave_is_a_failure_of_its_own_kind() {
    let large = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "a".repeat(100_000));
    let cases: Vec<(&str, Vec<Act>, &str)> = vec![
        ("garbage", once("\x00\x01garbage\r\n\r\n"), "protocol"),
        ("half a chunk", once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), "closed"),
        ("a wrong length", once("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"), "closed"),
        ("a huge header", once(&large), "too_large"),
        ("closes early", vec![Act::Request], "closed"),
        ("a reset", vec![Act::Request, Act::Reset], "closed"),
        ("never answers", vec![Act::Request, Act::Stall], "timeout"),
        (
            "a slow body",
            vec![Act::Request, send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), Act::Stall],
            "timeout",
        ),
    ];
    for (name, script, kind) in cases {
        let server = ByteServer::start(vec![script]);
        let outcome = run(TWICE, &server.url());
        assert_eq!(outcome.summary.requests, 2, "{name}");
        let (found, message, count) = only_error(&outcome);
        assert_eq!((found, count), (kind, 2), "{name}: {message}");
    }
}

#[test]
fn a_refused_connection_is_a_failure_and_not_the_end() {
    let gone = ByteServer::start(vec![always("")]).url();
    let outcome = run(TWICE, &gone);
    let (kind, message, count) = only_error(&outcome);
    assert_eq!((kind, count), ("connect", 2), "{message}");
    assert!(message.contains("refused"), "{message}");
}

#[test]
fn a_run_that_reaches_nobody_is_ended_by_the_breaker() {
    let _turn = turn();
    let gone = ByteServer::start(vec![always("")]).url();
    let text = TWICE.replace("iterations: 2", "run_time: 10m");
    let settings = maid::engine::Settings {
        breaker: maid::engine::BreakerRule { after: std::time::Duration::from_secs(1), share: 1.0 },
        ..super::settings()
    };
    let outcome =
        maid::engine::start(super::valid(&text, &gone), settings).expect("a run").wait().expect("an outcome");
    assert_eq!(outcome.summary.status, maid::engine::outcome::Status::Failed);
    let because = outcome.ended_because.expect("a reason");
    assert!(because.contains("found no connection"), "{because}");
}

#[test]
fn targets_outside_the_policy_are_refused_before_the_first_packet() {
    let _turn = turn();
    for host in ["http://192.0.2.1", "http://169.254.169.254"] {
        let error = start(TWICE, host).map(|_| ()).expect_err("refused");
        assert!(matches!(error, EngineError::Policy(_)), "{host}: {error}");
    }
    let error = start(TWICE, "http://192.0.2.1").map(|_| ()).expect_err("refused").to_string();
    assert!(error.contains("--allow-target") && error.contains("load.targets.allow"), "{error}");
}

#[test]
fn a_redirect_out_of_the_policy_is_not_followed() {
    let away = "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n";
    let server = ByteServer::start(vec![always(away)]);
    let outcome = run(TWICE, &server.url());
    let (kind, message, _) = only_error(&outcome);
    assert_eq!(kind, "policy", "{message}");
}

#[test]
fn a_name_that_does_not_resolve_is_told_before_the_run() {
    let _turn = turn();
    let error = start(TWICE, "http://no-such-host.invalid").map(|_| ()).expect_err("refused");
    assert!(matches!(error, EngineError::Unresolved { .. }), "{error}");
    assert!(error.to_string().contains("no-such-host.invalid"), "{error}");
}
