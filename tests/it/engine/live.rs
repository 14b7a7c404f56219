//! What watchers of a run are shown while it goes on: details once a second, and lines of a log.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use maid::{
    engine::{
        self, Run,
        live::{Level, Phase, RunEvent, Snapshot},
        outcome::Status,
    },
    loadtest::{parse::parse, secret::Secret, valid::Context},
};

use super::{settings, start, turn};
use crate::support::byte_server::{Act, ByteServer, always, send};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const NO: &str = "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";

/// The first snapshot that shows what is wanted.
fn seen(run: &Run, wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
    let mut snapshots = run.snapshots();
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let snapshot = Arc::clone(&snapshots.borrow_and_update());
        if wanted(&snapshot) {
            return snapshot;
        }
        assert!(Instant::now() < deadline, "{snapshot:?}");
        std::thread::yield_now();
    }
}

#[test]
fn details_of_each_request_are_shown_with_checks_statuses_and_the_series() {
    let _turn = turn();
    // Every third answer fails.
    let server = ByteServer::start(vec![
        (0..20_000).flat_map(|n| [Act::Request, send([OK, OK, NO][n % 3])]).collect(),
    ]);
    let text = r#"
version: 1
name: details
target: { hosts: ["HOST"] }
load: { users: 2, run_time: 10m }
rate_limit: 400
scenarios:
  - name: s
    transactions:
      - { name: a, requests: [ { path: "/a?token=literal-token", method: POST, check: [ { status: 200 } ] } ] }
      - { name: b, weight: 3, requests: [ { name: b, path: /b } ] }
"#;
    let run = start(text, &server.url()).expect("a run");
    assert!(run.snapshots().borrow().by_request.is_none(), "nothing has been measured yet");
    let shown = seen(&run, |shown| shown.series.at_s.len() >= 2);
    let by_request = shown.by_request.as_deref().expect("a second is over");
    let names: Vec<_> = by_request.iter().map(|request| (&*request.name, &*request.method)).collect();
    assert_eq!(names, [("b", "GET"), ("POST /a?token=***", "POST")], "most requests first");
    let [b, a] = by_request else { panic!("{by_request:?}") };
    assert!(b.requests > a.requests && a.requests > 0 && b.rps > a.rps, "{by_request:?}");
    assert!(b.failures > 0 && b.failures < b.requests, "{b:?}");
    assert!(b.p50_ms > 0.0 && b.p50_ms <= b.p95_ms && b.p95_ms <= b.p99_ms, "{b:?}");
    let requests = a.requests + b.requests;
    assert_eq!(shown.status_codes.values().sum::<u64>(), requests, "{:?}", shown.status_codes);
    assert_eq!(shown.status_codes.keys().collect::<Vec<_>>(), ["200", "503"]);
    // A check is counted a moment before its request.
    assert!(shown.checks.passed > 0 && shown.checks.failed > 0, "{:?}", shown.checks);
    assert!((shown.checks.passed + shown.checks.failed).abs_diff(a.requests) <= 2, "{:?}", shown.checks);
    assert_eq!(shown.series.requests.len(), shown.series.at_s.len());
    assert!(shown.requests >= requests, "{} < {requests}", shown.requests);

    let later = seen(&run, |later| later.series.at_s.len() > shown.series.at_s.len());
    assert_eq!(later.series.requests[..shown.series.requests.len()], shown.series.requests[..]);
    let renewed = later.by_request.as_deref().expect("still there");
    assert!(renewed[0].requests > b.requests, "{renewed:?}");
    run.handle().stop("enough");
    run.wait().expect("an outcome");
}

#[test]
fn at_most_a_hundred_names_are_shown() {
    let _turn = turn();
    let server = ByteServer::start(vec![always(OK)]);
    let requests: Vec<_> = (0..150).map(|n| format!("{{ name: 'request {n}', path: /{n} }}")).collect();
    let text = format!(
        "version: 1\nname: names\ntarget: {{ hosts: [HOST] }}\nload: {{ users: 2, run_time: 10m }}\n\
         scenarios: [ {{ name: s, transactions: [ {{ name: t, requests: [ {} ] }} ] }} ]\n",
        requests.join(", ")
    );
    let run = start(&text, &server.url()).expect("a run");
    let shown = seen(&run, |shown| shown.by_request.is_some());
    let by_request = shown.by_request.as_deref().expect("a second is over");
    assert_eq!(by_request.len(), 100);
    assert!(by_request.is_sorted_by(|a, b| a.requests >= b.requests));
    run.handle().stop("enough");
    assert_eq!(run.wait().expect("an outcome").summary.by_request.len(), 150);
}

#[test]
fn the_open_model_shows_slots_that_are_late_or_dropped() {
    let _turn = turn();
    let stalls = vec![Act::Request, Act::Stall];
    let server = ByteServer::start(vec![stalls, always(OK)]);
    let text = r#"
version: 1
name: drop
target: { hosts: ["HOST"], timeout: 2s }
load: { run_time: 4s, arrival: { rate: 20, max_users: 1, late: drop } }
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { path: / } ] } ] } ]
"#;
    let run = start(text, &server.url()).expect("a run");
    let stalled = seen(&run, |shown| shown.generator.dropped > 0);
    assert_eq!(stalled.requests, 0, "the only user still waits");
    let shown = seen(&run, |shown| shown.generator.late > 0 && shown.generator.dropped >= 15);
    let outcome = run.wait().expect("an outcome");
    assert!(shown.generator.dropped <= outcome.summary.generator.dropped, "{shown:?}");
}

/// All that was told, after the run is over.
fn told(run: &mut Run) -> tokio::sync::mpsc::Receiver<RunEvent> {
    run.take_events().expect("nobody has taken them")
}

fn lines(mut events: tokio::sync::mpsc::Receiver<RunEvent>) -> Vec<(Level, String)> {
    std::iter::from_fn(|| events.blocking_recv())
        .map(|event| {
            assert_eq!(event.lost, 0);
            (event.level, event.message)
        })
        .collect()
}

/// Each of `wanted` is a level and the beginning of a line, in this order.
fn in_order(lines: &[(Level, String)], wanted: &[(Level, &str)]) {
    let mut rest = lines.iter();
    for (level, beginning) in wanted {
        let found = rest.any(|(at, message)| at == level && message.starts_with(beginning));
        assert!(found, "{level:?} {beginning}: {lines:#?}");
    }
}

#[test]
fn a_run_tells_its_story_without_secrets() {
    let _turn = turn();
    let there = "HTTP/1.1 302 Found\r\nLocation: http://secret-of-5532.invalid/\r\nContent-Length: 0\r\n\r\n";
    let server = ByteServer::start(vec![always(there)]);
    let text = r#"
version: 1
name: story
target: { hosts: ["HOST"] }
load: { users: 2, run_time: 10m }
thresholds: [ "failures < 1" ]
scenarios:
  - name: s
    transactions: [ { name: t, requests: [ { path: "/x?token=${env:KEY}", headers: { X: "${env:KEY}" } } ] } ]
"#;
    let document = parse(&text.replace("HOST", &server.url()), "test.yaml").expect("a document");
    let mut context = Context::new(".");
    context.env = [("KEY".to_owned(), Secret::new("secret-of-5532"))].into();
    let test = document.validate(&context).unwrap_or_else(|problems| panic!("{problems}"));
    let mut run = engine::start(test, settings()).expect("a run");
    let events = told(&mut run);
    assert!(run.take_events().is_none(), "there is one reader");
    seen(&run, |shown| !shown.top_errors.is_empty() && shown.phase == Phase::Maintain);
    run.handle().stop("stopped by secret-of-5532 of ada");
    run.handle().stop("somebody else");
    let outcome = run.wait().expect("an outcome");
    assert_eq!(outcome.summary.status, Status::Stopped);
    let lines = lines(events);
    in_order(
        &lines,
        &[
            (
                Level::Info,
                "test `story` started: 2 users, 2 more a second, for 600s, against http://127.0.0.1:",
            ),
            (Level::Warn, "first failure of a kind, of `GET /x?token=***`: "),
            (Level::Warn, "stopping: stopped by *** of ada"),
            (Level::Warn, "threshold `failures < 1` failed: "),
            (Level::Error, "stopped and not passed: "),
        ],
    );
    in_order(&lines, &[(Level::Info, "all 2 users run"), (Level::Info, "load is steady: 2 users")]);
    let all = format!("{lines:?}");
    assert!(!all.contains("5532") && !all.contains("somebody else"), "{all}");
    assert!(all.contains("***.invalid"), "{all}");
}

#[test]
fn a_run_tells_why_it_ends_itself() {
    let server = ByteServer::start(vec![always(NO)]);
    let text = r#"
version: 1
name: abort
target: { hosts: ["HOST"] }
load: { users: 1, run_time: 10m }
abort_on_threshold: true
thresholds: [ "error_rate < 10%" ]
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { name: get, path: / } ] } ] } ]
"#;
    let _turn = turn();
    let mut run = start(text, &server.url()).expect("a run");
    let events = told(&mut run);
    assert_eq!(run.wait().expect("an outcome").summary.status, Status::Failed);
    in_order(
        &lines(events),
        &[
            (Level::Warn, "first failure of a kind, of `get`: status: status 503"),
            (Level::Error, "the run ends itself: threshold `error_rate < 10%` failed"),
            (Level::Error, "failed and not passed: "),
        ],
    );
}

#[test]
fn a_run_tells_what_it_cuts() {
    let _turn = turn();
    let server = ByteServer::start(vec![vec![Act::Request, Act::Stall]]);
    let text = r#"
version: 1
name: cut
target: { hosts: ["HOST"] }
load: { users: 3, run_time: 10m }
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { path: / } ] } ] } ]
"#;
    for kill in [false, true] {
        let mut run = start(text, &server.url()).expect("a run");
        let events = told(&mut run);
        let deadline = Instant::now() + Duration::from_secs(20);
        let before = server.requests().len();
        while server.requests().len() < before + 3 {
            assert!(Instant::now() < deadline, "no requests");
            std::thread::yield_now();
        }
        if kill {
            run.handle().kill()
        } else {
            run.handle().stop("enough")
        }
        let interrupted = run.wait().expect("an outcome").summary.interrupted;
        let cut =
            if kill { "killed: requests under way" } else { "requests still under way after 2s are dropped" };
        let counted = format!("{interrupted} requests were under way and count as interrupted");
        in_order(&lines(events), &[(Level::Warn, "stopping: "), (Level::Warn, cut), (Level::Warn, &counted)]);
    }
}
