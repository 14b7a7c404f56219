//! Secrets of the environment, and literal ones, are in nothing that a run leaves behind.

use std::time::{Duration, Instant};

use maid::{
    engine::{self, Run, outcome::Outcome},
    loadtest::{parse::parse, secret::Secret, valid::Context},
    reports::{self, Format},
};

use super::{settings, turn};
use crate::support::byte_server::{ByteServer, always};

const DOCUMENT: &str = r#"
version: 1
name: secrets
target: { hosts: ["HOST"], headers: { X-Tenant: "${env:TENANT}" } }
load: { users: 1, iterations: 1 }
thresholds: [ "failures < 1" ]
scenarios:
  - name: s
    transactions:
      - name: query
        requests: [ { path: "/x?token=literal-token", query: { api_key: "${env:KEY}", k: "${env:KEY}" } } ]
      - name: body
        requests:
          - path: /b
            method: POST
            headers: { X-Plain: "${env:HEADER}" }
            auth: { bearer: "${env:BEARER}" }
            body: { json: { note: "${env:BODY}" } }
      - name: basic
        requests: [ { path: /basic, auth: { basic: { username: ada, password: "${env:BASIC}" } } } ]
      - name: check
        requests: [ { path: /c, check: [ { status: 404 }, { json: $.a, op: "==", value: "${env:WANTED}" } ] } ]
      - name: contains
        requests: [ { path: /d, check: [ { status: 404 }, { body_contains: "not ${env:CONTAINED}" } ] } ]
"#;

/// Names, and values that each need another way of escaping.
const SECRETS: [(&str, &str); 8] = [
    ("KEY", "key 7/&\u{e9}=x"),
    ("TENANT", "tenant-5531"),
    ("HEADER", "plain-header-5532"),
    ("BEARER", "bearer-5533"),
    ("BODY", "body \"q5534z\" <b>"),
    ("BASIC", "basic-5535"),
    ("WANTED", "wanted \"q5536z\""),
    ("CONTAINED", "contained-5537"),
];

/// Parts that would give the secrets away in any encoding. None of digits alone: a report is full of
/// those.
const TRACES: [&str; 11] = [
    "key 7",
    "key%207",
    "key+7",
    "tenant-5531",
    "header-5532",
    "bearer-5533",
    "q5534z",
    "basic-5535",
    "q5536z",
    "contained-5537",
    "literal-token",
];

/// An answer that says everything back that it was sent, and hands a token out.
fn echo() -> String {
    let said: Vec<String> = SECRETS.iter().map(|(_, value)| value.replace('"', "\\\"")).collect();
    let body = format!(
        r#"{{"a":"other","query":"k=key%207%2F%26%c3%a9%3Dx","token":"issued-token","basic":"Basic YWRhOmJhc2ljLTU1MzU=","said":"{}"}}"#,
        said.join(" ")
    );
    format!("HTTP/1.1 404 Not Found\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn outcome(server: &ByteServer) -> Outcome {
    begin(DOCUMENT, server).wait().expect("an outcome")
}

fn begin(document: &str, server: &ByteServer) -> Run {
    let document = parse(&document.replace("HOST", &server.url()), "test.yaml").expect("a document");
    let mut context = Context::new(".");
    context.env = SECRETS.map(|(name, value)| (name.to_owned(), Secret::new(value))).into();
    let test = document.validate(&context).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(!format!("{test:?}").contains("5531"), "Debug");
    engine::start(test, settings()).expect("a run")
}

#[test]
fn secrets_are_in_no_form_of_the_outcome() {
    let _turn = turn();
    let server = ByteServer::start(vec![always(echo())]);
    let outcome = outcome(&server);
    let sent = server.requests().concat();
    for trace in ["token=literal-token&api_key=key%207", "tenant-5531", "bearer-5533", "q5534z"] {
        assert!(sent.contains(trace), "{trace} was not sent: {sent}");
    }
    assert_eq!(outcome.summary.failures, 5, "{:?}", outcome.summary.errors);
    let mut forms = vec![
        ("text", reports::summary_text(&outcome, false, 100)),
        ("summary", serde_json::to_string(&outcome.summary.without_histograms()).expect("JSON")),
    ];
    for format in [Format::Json, Format::Csv, Format::Html, Format::Md, Format::Xml] {
        let bytes = reports::render(&outcome, format).expect("a report");
        forms.push((format.extension(), String::from_utf8(bytes).expect("UTF-8")));
    }
    for (form, text) in &forms {
        for trace in TRACES.iter().chain(&["issued-token", "YWRhOmJh"]) {
            let at = text.find(trace).map(|at| text[..at].chars().rev().take(80).collect::<String>());
            assert!(at.is_none(), "{form} shows {trace} after (backwards) {at:?}");
        }
    }
}

#[test]
fn what_is_masked_still_says_what_happened() {
    let _turn = turn();
    let server = ByteServer::start(vec![always(echo())]);
    let outcome = outcome(&server);
    let status =
        outcome.summary.errors.iter().find(|error| error.message == "status 404").expect("it failed");
    let example = status.example.as_ref().expect("an example");
    assert!(example.url.starts_with(&server.url()), "{}", example.url);
    assert!(
        example.body.contains(r#""a":"other""#) && example.body.contains(r#""token":"***""#),
        "{}",
        example.body
    );
    assert!(outcome.checks.iter().any(|check| check.name.contains("$.a == ")), "{:?}", outcome.checks);
}

/// A target that knows the secret and sends users to a host of that name.
#[test]
fn watchers_of_a_run_see_no_secret_either() {
    let _turn = turn();
    let there =
        "HTTP/1.1 302 Found\r\nLocation: http://plain-header-5532.invalid/\r\nContent-Length: 0\r\n\r\n";
    let server = ByteServer::start(vec![always(there)]);
    let document = r#"
version: 1
name: live secrets
target: { hosts: ["HOST"] }
load: { users: 1, run_time: 10m }
scenarios:
  - name: s
    transactions: [ { name: t, requests: [ { path: /x, headers: { X-Plain: "${env:HEADER}" } } ] } ]
"#;
    let run = begin(document, &server);
    let mut snapshots = run.snapshots();
    let deadline = Instant::now() + Duration::from_secs(20);
    while snapshots.borrow_and_update().top_errors.is_empty() {
        assert!(Instant::now() < deadline, "no failure is shown");
        std::thread::yield_now();
    }
    let shown = format!("{:?}", snapshots.borrow());
    assert!(shown.contains("***.invalid") && !shown.contains("5532"), "{shown}");
    run.handle().stop("enough");
    run.wait().expect("an outcome");
}
