//! Log files of whole runs: every line that belongs into one is there, and no secret is.

use std::{collections::HashSet, fs, path::Path};

use maid::engine::{self, EngineError, LogError, LogKind, LogPaths, Settings, outcome::Outcome};
use serde_json::Value;
use tempfile::TempDir;

use super::{settings, shop, turn, valid};
use crate::support::byte_server::{ByteServer, always};

const KINDS: [LogKind; 5] =
    [LogKind::Request, LogKind::Transaction, LogKind::Scenario, LogKind::Error, LogKind::Debug];

/// A run with all five logs in `folder`, under names that end in `end`.
fn logged(text: &str, host: &str, folder: &TempDir, end: &str) -> Outcome {
    let _turn = turn();
    let files = KINDS.map(|kind| (kind, folder.path().join(format!("{kind}.{end}"))));
    let logs = LogPaths { files: files.to_vec(), protected: Vec::new() };
    let run = engine::start(valid(text, host), Settings { logs, ..settings() }).expect("a run");
    run.wait().expect("an outcome")
}

fn text(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a log file")
}

fn lines(folder: &TempDir, kind: LogKind) -> Vec<Value> {
    let text = text(folder, &format!("{kind}.jsonl"));
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn answer(head: &str, body: &str) -> String {
    format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

const SHOP: &str = r#"
version: 1
name: logs
target: { hosts: ["HOST"] }
load: { users: 4, iterations: 10 }
scenarios:
  - name: browse
    transactions:
      - { name: look, requests: [ { name: list, path: "/products?api_key=hush" } ] }
      - name: order
        requests:
          - { name: broken, method: POST, path: "/fail?rate=1", auth: { bearer: s3cret },
              headers: { X-Api-Key: s3cret, Cookie: sid=s3cret, Proxy-Authorization: s3cret },
              body: { json: { password: s3cret, qty: 2 } } }
"#;

#[test]
fn each_request_has_its_line_and_failures_have_theirs() {
    let (shop, folder) = (shop(), folder());
    let outcome = logged(SHOP, &shop.url(), &folder, "jsonl");
    assert_eq!(outcome.warnings, Vec::<String>::new());
    assert_eq!((outcome.summary.requests, outcome.summary.failures), (80, 40));
    let requests = lines(&folder, LogKind::Request);
    assert_eq!(requests.len() as u64, shop.requests().total);
    let users: HashSet<u64> = requests.iter().filter_map(|line| line["user"].as_u64()).collect();
    assert_eq!(users, HashSet::from([0, 1, 2, 3]));
    let list = requests.iter().find(|line| line["request"] == "list").expect("a line");
    assert_eq!((&list["scenario"], &list["transaction"]), (&"browse".into(), &"look".into()));
    assert_eq!(
        (&list["method"], &list["status"], &list["failed"]),
        (&"GET".into(), &200.into(), &false.into())
    );
    assert_eq!(list["url"], format!("{}/products?api_key=***", shop.url()));
    assert!(list["corrected_ms"].is_null() && list["error_kind"].is_null(), "{list}");
    assert!(list["response_ms"].as_f64().is_some_and(|ms| ms > 0.0), "{list}");
    assert!(list["bytes_in"].as_u64().is_some_and(|bytes| bytes > 100), "{list}");
    let errors = lines(&folder, LogKind::Error);
    assert_eq!(errors.len(), 40);
    assert!(errors.iter().all(|line| line["request"] == "broken" && line["error_kind"] == "status"));
    assert_eq!(lines(&folder, LogKind::Transaction).len(), 80);
}

#[test]
fn exchanges_show_no_credentials() {
    let folder = folder();
    let head = "HTTP/1.1 500 No\r\nSet-Cookie: sid=s3cret\r\nX-Trace: 42";
    let server = ByteServer::start(vec![always(answer(head, r#"{"token":"s3cret","why":"no stock"}"#))]);
    logged(SHOP, &server.url(), &folder, "jsonl");
    let exchanges = lines(&folder, LogKind::Debug);
    assert_eq!(exchanges.len(), 80);
    let order = exchanges.iter().find(|line| line["request"] == "broken").expect("a line");
    let part = |name: &str| order[name].as_str().unwrap_or_default().to_owned();
    assert!(
        part("request_head").starts_with("POST http://") && part("request_head").contains("x-api-key: ***")
    );
    assert_eq!(part("request_body"), r#"{"password":"***","qty":2}"#);
    assert!(part("response_head").starts_with("500\n") && part("response_head").contains("x-trace: 42"));
    assert_eq!(part("response_body"), r#"{"token":"***","why":"no stock"}"#);
    for kind in KINDS {
        assert!(!text(&folder, &format!("{kind}.jsonl")).contains("s3cret"), "{kind}");
    }
}

#[test]
fn a_large_body_is_cut_and_an_unread_one_is_there() {
    let folder = folder();
    let body = "é".repeat(70_000);
    let server = ByteServer::start(vec![always(answer("HTTP/1.1 200 OK", &body))]);
    // The check reads no body, and the answer is one that would pass else.
    let test = r#"
version: 1
name: large
target: { hosts: ["HOST"] }
load: { users: 1, iterations: 2 }
scenarios:
  - name: s
    transactions: [ { name: t, requests: [ { name: r, path: /, check: [ { status: 204 } ] } ] } ]
"#;
    logged(test, &server.url(), &folder, "jsonl");
    let exchanges = lines(&folder, LogKind::Debug);
    assert_eq!(exchanges.len(), 2);
    assert_eq!(exchanges[0]["response_body"].as_str().map(str::len), Some(64 * 1024));
    assert_eq!(exchanges[0]["response_body_bytes"], 140_000);
    let errors = lines(&folder, LogKind::Error);
    assert_eq!(errors[0]["body_excerpt"].as_str().map(str::len), Some(512));
}

#[test]
fn csv_can_be_read_and_holds_no_formula() {
    let folder = folder();
    let server = ByteServer::start(vec![always(answer("HTTP/1.1 500 No", "=cmd(\"a\",\r\n\"b\")"))]);
    logged(SHOP, &server.url(), &folder, "csv");
    for (kind, rows) in KINDS.into_iter().zip([80, 80, 40, 80, 80]) {
        let path = folder.path().join(format!("{kind}.csv"));
        let mut reader = csv::Reader::from_path(&path).expect("a log file");
        let records: Vec<_> = reader.records().collect::<Result<_, _>>().expect("CSV");
        assert_eq!(records.len(), rows, "{kind}");
        let headers = reader.headers().expect("a header").clone();
        if let Some(at) = headers.iter().position(|name| name == "body_excerpt" || name == "response_body") {
            assert_eq!(&records[0][at], "'=cmd(\"a\",\r\n\"b\")", "{kind}");
        }
    }
}

#[test]
fn the_open_model_logs_the_corrected_time() {
    let (shop, folder) = (shop(), folder());
    let test = r#"
version: 1
name: open
target: { hosts: ["HOST"] }
load: { arrival: { rate: 50, max_users: 5 }, run_time: 1s }
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { name: r, path: /health } ] } ] } ]
"#;
    let outcome = logged(test, &shop.url(), &folder, "jsonl");
    let requests = lines(&folder, LogKind::Request);
    assert_eq!(requests.len() as u64, outcome.summary.requests);
    let ms = |line: &Value, name: &str| line[name].as_f64().expect("a time");
    assert!(requests.iter().all(|line| ms(line, "corrected_ms") >= ms(line, "response_ms")));
}

#[test]
fn a_disk_that_is_full_is_told_once_and_ends_nothing() {
    let (shop, _turn) = (shop(), turn());
    let logs = LogPaths { files: vec![(LogKind::Request, "/dev/full".into())], protected: Vec::new() };
    let run = engine::start(valid(SHOP, &shop.url()), Settings { logs, ..settings() }).expect("a run");
    let outcome = run.wait().expect("an outcome");
    assert_eq!(outcome.summary.requests, 80);
    assert_eq!(outcome.warnings.len(), 1, "{:?}", outcome.warnings);
    assert!(outcome.warnings[0].contains("/dev/full"), "{:?}", outcome.warnings);
}

#[test]
fn a_file_that_cannot_be_written_is_refused_before_the_first_packet() {
    let _turn = turn();
    let server = ByteServer::start(vec![always("HTTP/1.1 204 No\r\n\r\n")]);
    let path = Path::new("/no/such/folder/r.jsonl");
    let logs = LogPaths { files: vec![(LogKind::Request, path.into())], protected: Vec::new() };
    let refused = engine::start(valid(SHOP, &server.url()), Settings { logs, ..settings() }).err();
    assert!(matches!(&refused, Some(EngineError::Log(LogError::Unwritable { .. }))), "{refused:?}");
    assert!(refused.is_some_and(|error| error.to_string().contains("/no/such/folder/r.jsonl")));
    assert_eq!(server.connections(), 0);
}
