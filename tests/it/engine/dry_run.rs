//! Dry runs against real servers: what is shown is what the target has seen and said.

use std::{
    io::Write,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use flate2::{Compression, write::GzEncoder};
use maid::engine::{
    EngineError, Settings,
    dry_run::{DryRun, MAX_REQUESTS, Part, Step, dry_run},
    policy::{DenyRule, TargetPolicy},
    signal::{Stage, StopSignal},
};

use super::{settings, shop, turn, valid};
use crate::support::byte_server::{Act, ByteServer, always, once, send};

fn walk(text: &str, host: &str) -> DryRun {
    dry_run(&valid(text, host), &settings(), &StopSignal::new()).expect("a dry run")
}

fn answer(head: &str, body: &str) -> String {
    format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn header<'a>(step: &'a Step, name: &str) -> Option<&'a str> {
    let sent = step.sent.as_ref().expect("it was sent");
    sent.headers.iter().find(|field| field.name == name).map(|field| field.value.as_str())
}

fn names(walked: &DryRun) -> Vec<&str> {
    walked.steps.iter().map(|step| step.request.as_str()).collect()
}

const TEST: &str = r#"
version: 1
name: walk
target: { hosts: ["HOST"] }
load: { users: 500, run_time: 10m }
rate_limit: 0
scenarios:
  - name: buy
    weight: 9
    think_time: { min: 1m, max: 1m }
    on_start: [ { name: in, requests: [ { name: login, path: /login, method: POST,
      body: { json: { user: ada, password: s3cret-word } },
      extract: [ { name: id, from: json, path: $.id }, { name: token, from: json, path: $.token },
                 { name: shop, from: header, key: x-shop, default: none }, { name: sid, from: cookie, key: sid },
                 { name: pin, from: json, path: "$.access_token[0]" } ] } ] } ]
    transactions:
      - { name: last, requests: [ { name: last, path: /last } ] }
      - { name: second, sequence: 2, weight: 4, requests: [ { name: second, path: "/items/{{ id }}",
          auth: { bearer: "{{ token }}" },
          check: [ { status: 200 }, { json: $.stock, op: ">", value: 0 }, { time: "< 10s" }, { body_contains: lamp } ] },
          { name: never, path: /never } ] }
      - { name: first, sequence: 1, requests: [ { name: first, path: /first } ] }
    on_stop: [ { name: out, requests: [ { name: logout, path: "/logout/{{ token }}", headers: { X-Sess: "{{ sid }}" } } ] } ]
  - { name: look, transactions: [ { name: t, requests: [ { name: missing, path: "/x/{{ nothing }}" } ] } ] }
variables: { nothing: "there" }
"#;

#[test]
fn each_request_is_shown_with_its_answer_values_and_checks() {
    let body = r#"{"id": 7, "token": "t0ken-t0ken-t0k", "access_token": ["p1n-p1n"]}"#;
    let login = answer("200 OK\r\nSet-Cookie: sid=c00kie", body);
    let server = ByteServer::start(vec![
        vec![
            Act::Request,
            send(login),
            Act::Request,
            send(answer("200 OK", "first")),
            Act::Request,
            send(answer("200 OK", r#"{"stock": 0, "name": "lamp"}"#)),
            Act::Request,
            send(answer("200 OK", "last")),
            Act::Request,
            send(answer("204 No Content", "")),
        ],
        once(answer("404 Not Found", "no such thing")),
    ]);
    let walked = walk(TEST, &server.url());
    assert_eq!(names(&walked), ["login", "first", "second", "last", "logout", "missing"], "{walked:#?}");
    assert_eq!((walked.requests, walked.failures, walked.passed), (6, 2, false));
    assert_eq!(walked.ended_because, None);
    // Nobody waited a minute to think, or sent a second pass.
    assert_eq!(server.requests().len(), 6);

    let [login, first, second, _, logout, missing] = &walked.steps[..] else { panic!("six steps") };
    assert_eq!(
        (login.scenario.as_str(), login.transaction.as_str(), login.part),
        ("buy", "in", Part::OnStart)
    );
    assert_eq!((first.part, logout.part), (Part::Transactions, Part::OnStop));
    let values: Vec<_> = login
        .extracts
        .iter()
        .map(|one| (one.name.as_str(), one.from.as_str(), one.value.as_deref(), one.is_default))
        .collect();
    assert_eq!(
        values,
        [
            ("id", "$.id", Some("7"), false),
            ("token", "$.token", Some("***"), false),
            ("shop", "header x-shop", Some("none"), true),
            ("sid", "cookie sid", Some("***"), false),
            ("pin", "$.access_token[0]", Some("***"), false)
        ]
    );
    // A cookie goes with what follows, and neither it nor any other secret is shown.
    assert_eq!(header(login, "cookie"), None);
    assert_eq!(header(first, "cookie"), Some("***"));
    assert_eq!(header(second, "authorization"), Some("***"));
    assert!(server.requests()[2].contains("Bearer t0ken-t0ken-t0k"), "{:?}", server.requests());
    assert!(
        logout.url.ends_with("/logout/***"),
        "what is secret stays so under another name: {}",
        logout.url
    );
    assert_eq!(header(logout, "x-sess"), Some("***"));
    assert!(server.requests()[4].contains("/logout/t0ken-t0ken-t0k"), "{:?}", server.requests());
    let json = serde_json::to_string(&walked).expect("JSON");
    for secret in ["s3cret-word", "t0ken-t0ken-t0k", "c00kie", "p1n-p1n"] {
        assert!(!json.contains(secret), "{secret} is shown: {json}");
    }

    checked(second);
    let reply = missing.answer.as_ref().expect("an answer");
    assert_eq!((reply.status, reply.message.body.as_deref()), (404, Some("no such thing")));
    assert_eq!(missing.scenario, "look");
}

/// The step whose checks hold but for one.
fn checked(second: &Step) {
    let checks: Vec<_> =
        second.checks.iter().map(|one| (one.check.as_str(), one.passed, one.found.is_some())).collect();
    assert_eq!(
        checks,
        [
            ("status 200", true, true),
            ("$.stock > 0", false, true),
            ("time < 10s", true, true),
            ("body contains \"lamp\"", true, false)
        ]
    );
    assert_eq!(second.checks[1].found.as_deref(), Some("0"));
    assert_eq!(second.failure.as_ref().map(|why| why.kind.as_str()), Some("check"));
    assert!(second.url.ends_with("/items/7"), "{}", second.url);
}

fn one(requests: &str) -> String {
    format!(
        "version: 1\nname: one\ntarget: {{ hosts: [HOST] }}\nload: {{ users: 1, iterations: 1 }}\nscenarios:\n  \
         - name: s\n    transactions: [{{ name: t, requests: [{requests}] }}]\n"
    )
}

#[test]
fn bodies_are_shown_as_text_decompressed_and_cut() {
    let long = "ä".repeat(40 * 1024);
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(long.as_bytes()).expect("memory");
    let packed = packed.finish().expect("memory");
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", packed.len());
    let gzip = [head.into_bytes(), packed.clone()].concat();
    let binary = [b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n".as_slice(), &[0xff, 0xfe, 0, 1]].concat();
    let plain = answer("200 OK", &"x".repeat(100 * 1024));
    let server = ByteServer::start(vec![vec![
        Act::Request,
        send(gzip.clone()),
        Act::Request,
        send(gzip),
        Act::Request,
        send(binary),
        Act::Request,
        send(plain),
    ]]);
    let requests = "{ path: /a }, { path: /b, check: [ { body_contains: ä } ] }, { path: /c }, { path: /d }";
    let walked = walk(&one(requests), &server.url());
    assert!(walked.passed, "{walked:#?}");
    let shown: Vec<_> =
        walked.steps.iter().map(|step| &step.answer.as_ref().expect("answered").message).collect();
    for packed_one in &shown[..2] {
        let body = packed_one.body.as_deref().expect("text");
        assert!(
            body.len() <= 16 * 1024 && body.len() > 16_000 && body.chars().all(|c| c == 'ä'),
            "{}",
            body.len()
        );
        assert!(packed_one.body_cut);
        assert_eq!(packed_one.body_bytes, packed.len() as u64);
    }
    assert_eq!((shown[2].body.as_deref(), shown[2].body_bytes, shown[2].body_cut), (None, 4, false));
    assert_eq!((shown[3].body_bytes, shown[3].body_cut), (100 * 1024, true));
    assert_eq!(shown[3].body.as_ref().map(String::len), Some(16 * 1024));
}

#[test]
fn what_the_policy_forbids_is_refused_before_the_first_packet() {
    let server = ByteServer::start(vec![always(answer("200 OK", "ok"))]);
    let test = one("{ path: / }, { path: \"http://192.0.2.1/x\" }");
    let refused = dry_run(&valid(&test, &server.url()), &settings(), &StopSignal::new());
    assert!(matches!(refused, Err(EngineError::Policy(_))), "{refused:?}");
    assert_eq!(server.requests(), Vec::<String>::new());
}

#[test]
fn a_closed_path_is_a_failure_of_its_request() {
    let server = ByteServer::start(vec![always(answer("200 OK", "ok"))]);
    let denied = DenyRule::new("*/logout", |_, path| path == "/logout");
    let policy = TargetPolicy::new(&[], Vec::new(), vec![denied]).expect("a policy");
    let settings = Settings { policy: Arc::new(policy), ..settings() };
    let test = valid(&one("{ path: / }, { path: /logout }"), &server.url());
    let walked = dry_run(&test, &settings, &StopSignal::new()).expect("a dry run");
    assert_eq!(walked.steps[1].failure.as_ref().map(|why| why.kind.as_str()), Some("policy"), "{walked:#?}");
    assert!(walked.steps[1].sent.is_none() && walked.requests == 1, "nothing of it left: {walked:#?}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn what_cannot_be_written_down_is_shown_and_was_not_sent() {
    let server = ByteServer::start(vec![always(answer("200 OK", "{}"))]);
    let take = "extract: [ { name: id, from: json, path: $.id } ]";
    let test = format!(
        "version: 1\nname: two\ntarget: {{ hosts: [HOST] }}\nload: {{ users: 1, iterations: 1 }}\nscenarios:\n  \
         - name: s\n    transactions:\n      - {{ name: a, requests: [{{ path: /a, {take} }}] }}\n      \
         - {{ name: b, requests: [{{ path: \"/b/{{{{ id }}}}\" }}] }}\n      \
         - {{ name: c, requests: [{{ path: \"{{{{ id }}}}\" }}] }}\n"
    );
    let walked = walk(&test, &server.url());
    let kinds: Vec<_> =
        walked.steps.iter().map(|step| step.failure.as_ref().map(|why| why.kind.as_str())).collect();
    assert_eq!(kinds, [Some("extract"), Some("template"), Some("template")], "{walked:#?}");
    assert_eq!((walked.requests, walked.failures), (1, 3));
    assert_eq!(walked.steps[0].extracts[0].value, None);
    assert!(walked.steps[1].sent.is_none() && walked.steps[1].answer.is_none());
}

#[test]
fn it_is_bounded_by_its_requests_and_says_so() {
    let server = ByteServer::start(vec![always(answer("200 OK", "ok"))]);
    let many = |count: usize| vec!["{ path: / }"; count].join(", ");
    let whole = walk(&one(&many(MAX_REQUESTS)), &server.url());
    assert_eq!((whole.passed, whole.requests), (true, MAX_REQUESTS));
    let more = walk(&one(&many(MAX_REQUESTS + 1)), &server.url());
    assert!(!more.passed, "{}", more.requests);
    assert_eq!(more.ended_because.as_deref(), Some("a dry run sends 200 requests at most"));
    assert_eq!(more.requests, MAX_REQUESTS);
}

#[test]
fn it_is_given_up_when_it_is_told_to() {
    let server = ByteServer::start(vec![vec![Act::Request, Act::Stall]]);
    let (stop, test) = (StopSignal::new(), valid(&one("{ path: /slow }, { path: /more }"), &server.url()));
    let given = stop.clone();
    let walking = thread::spawn(move || dry_run(&test, &settings(), &given).expect("a dry run"));
    let began = Instant::now();
    while server.requests().is_empty() {
        assert!(began.elapsed() < Duration::from_secs(20), "nothing was sent");
        thread::yield_now();
    }
    stop.advance(Stage::Cut);
    let walked = walking.join().expect("it does not panic");
    assert_eq!(names(&walked), ["GET /slow"]);
    assert_eq!(walked.ended_because.as_deref(), Some("it was given up"));
    assert_eq!(
        walked.steps[0].failure.as_ref().map(|why| why.message.as_str()),
        Some("no answer before the end")
    );
}

#[test]
fn nobody_there_and_data_that_runs_out_are_told() {
    let walked = walk(&one("{ path: / }"), "http://127.0.0.1:1");
    assert_eq!(walked.steps[0].failure.as_ref().map(|why| why.kind.as_str()), Some("connect"), "{walked:#?}");
    assert!(walked.steps[0].answer.is_none());
}

#[test]
fn it_needs_no_turn_and_leaves_a_run_alone() {
    let _turn = turn();
    let shop = shop();
    let load = "load: { users: 1, iterations: 1 }";
    let long = one("{ path: /products }").replace(load, "load: { users: 2, run_time: 1m }");
    let run = super::start(&long, &shop.url()).expect("a run");
    let walked = walk(&one("{ path: /products/1 }"), &shop.url());
    assert!(walked.passed, "{walked:#?}");
    run.handle().kill();
    let outcome = run.wait().expect("an outcome");
    assert!(outcome.summary.by_request.iter().all(|request| request.name == "GET /products"));
}
