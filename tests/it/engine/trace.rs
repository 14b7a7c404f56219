//! The trace context that requests carry to the target.

use std::collections::HashSet;

use maid::engine::{self, LogKind, LogPaths, Settings};
use tokio::runtime::Builder;
use uuid::Uuid;

use super::{settings, turn, valid};
use crate::support::{
    byte_server::{Act, ByteServer, always, send},
    h2_server::H2Server,
};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: id=7\r\n\r\nok";
const MOVED: &str = "HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n";

/// A request that never differs, one that is rendered, and one with a body.
const DOCUMENT: &str = r#"
version: 1
name: traces
target: { hosts: ["HOST"], MORE }
load: { users: 2, iterations: 5 }
scenarios:
  - name: s
    transactions:
      - name: t
        requests:
          - { path: /fixed }
          - { path: "/rendered/{{ random_int(1, 9) }}", headers: { X-Id: "{{ random_int(1, 9) }}" } }
          - { path: /body, method: POST, body: { text: "a body" } }
"#;

/// What one request said of its trace.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Said {
    trace: String,
    span: String,
    state: Option<String>,
}

/// The value of a header in a request as text; it must not be there twice.
fn value(request: &str, name: &str) -> Option<String> {
    let head = request.split("\r\n\r\n").next().unwrap_or_default();
    let mut found = head.lines().filter_map(|line| line.split_once(": ")).filter(|(key, _)| *key == name);
    let value = found.next().map(|(_, value)| value.to_owned());
    assert!(found.next().is_none(), "twice {name}: {request}");
    value
}

fn said(parent: &str, state: Option<String>) -> Said {
    let parts: Vec<&str> = parent.split('-').collect();
    let [version, trace, span, flags] = parts[..] else { panic!("{parent}") };
    assert_eq!((version, trace.len(), span.len(), flags), ("00", 32, 16, "01"), "{parent}");
    let hex = |id: &str| {
        id.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')) && id.bytes().any(|c| c != b'0')
    };
    assert!(hex(trace) && hex(span), "{parent}");
    Said { trace: trace.to_owned(), span: span.to_owned(), state }
}

/// Runs the document and gives the requests that the server has seen, and the id of the run.
fn requests(server: &ByteServer, document: &str, more: &str, trace: Option<[u8; 16]>) -> (Vec<String>, Uuid) {
    let _turn = turn();
    let settings = Settings { trace, ..settings() };
    let id = settings.run_id;
    let test = valid(&document.replace("MORE", more), &server.url());
    let outcome = engine::start(test, settings).expect("a run").wait().expect("an outcome");
    assert_eq!(outcome.summary.failures, 0, "{:?}", outcome.summary.errors);
    (server.requests(), id)
}

fn all_said(requests: &[String]) -> Vec<Said> {
    let one = |request: &String| {
        let parent = value(request, "traceparent").unwrap_or_else(|| panic!("no trace: {request}"));
        said(&parent, value(request, "tracestate"))
    };
    requests.iter().map(one).collect()
}

fn distinct<'a>(ids: impl Iterator<Item = &'a String>) -> usize {
    ids.collect::<HashSet<_>>().len()
}

#[test]
fn nothing_is_sent_unless_it_is_asked_for() {
    for more in ["cookies: true", "trace_context: off"] {
        let server = ByteServer::start(vec![always(OK)]);
        let (requests, _) = requests(&server, DOCUMENT, more, None);
        assert_eq!(requests.len(), 30);
        assert!(requests.iter().all(|request| !request.contains("trace")), "{requests:?}");
    }
}

#[test]
fn requests_of_a_run_share_its_trace_and_have_spans_of_their_own() {
    let given = 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128;
    for trace in [None, Some(given.to_be_bytes()), Some([0; 16])] {
        let server = ByteServer::start(vec![always(OK)]);
        let (requests, id) = requests(&server, DOCUMENT, "trace_context: run", trace);
        assert!(requests.iter().any(|request| value(request, "cookie").is_some()), "cookies go along");
        let said = all_said(&requests);
        assert_eq!((said.len(), distinct(said.iter().map(|said| &said.span))), (30, 30), "{said:?}");
        let expected = match trace {
            Some(trace) if trace != [0; 16] => format!("{given:032x}"),
            _ => id.simple().to_string(),
        };
        assert!(
            said.iter().all(|said| said.trace == expected && said.state.is_none()),
            "{expected}: {said:?}"
        );
    }
}

#[test]
fn each_request_can_have_a_trace_that_names_the_run() {
    let server = ByteServer::start(vec![always(OK)]);
    let (requests, id) = requests(&server, DOCUMENT, "trace_context: request", None);
    let said = all_said(&requests);
    let ids = (distinct(said.iter().map(|said| &said.trace)), distinct(said.iter().map(|said| &said.span)));
    assert_eq!(ids, (30, 30), "{said:?}");
    let state = Some(format!("maid={id}"));
    assert!(said.iter().all(|said| said.state == state), "{said:?}");
    let body = requests.iter().find(|request| request.starts_with("POST")).expect("a body was sent");
    assert!(body.ends_with("\r\n\r\na body"), "{body}");
}

#[test]
fn a_redirect_belongs_to_the_request_that_was_led_through_it() {
    let server = ByteServer::start(vec![vec![Act::Request, send(MOVED), Act::Request, send(OK), Act::Again]]);
    let document = r#"
version: 1
name: redirect
target: { hosts: ["HOST"], MORE }
load: { users: 1, iterations: 3 }
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { path: /fixed } ] } ] } ]
"#;
    let (requests, _) = requests(&server, document, "trace_context: request", None);
    let said = all_said(&requests);
    assert_eq!((said.len(), distinct(said.iter().map(|said| &said.span))), (6, 3), "{said:?}");
    for hops in said.chunks(2) {
        assert_eq!(hops[0], hops[1]);
    }
}

#[test]
fn what_a_request_says_itself_stands() {
    let server = ByteServer::start(vec![always(OK)]);
    let document = r#"
version: 1
name: own
target: { hosts: ["HOST"], MORE }
load: { users: 1, iterations: 1 }
scenarios:
  - name: s
    transactions:
      - name: t
        requests:
          - { path: /parent, headers: { TraceParent: "00-own-{{ random_int(1, 1) }}" } }
          - { path: /state, headers: { tracestate: "own=1" } }
"#;
    let (requests, _) = requests(&server, document, "trace_context: request", None);
    assert_eq!(value(&requests[0], "traceparent").as_deref(), Some("00-own-1"));
    assert_eq!(value(&requests[0], "tracestate"), None);
    assert_eq!(all_said(&requests[1..])[0].state.as_deref(), Some("own=1"));
}

#[test]
fn a_failed_request_can_be_found_by_its_trace() {
    let _turn = turn();
    let server = ByteServer::start(vec![always("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("debug.jsonl");
    let logs = LogPaths { files: vec![(LogKind::Debug, file.clone())], protected: Vec::new() };
    let test = valid(&DOCUMENT.replace("MORE", "trace_context: request"), &server.url());
    engine::start(test, Settings { logs, ..settings() }).expect("a run").wait().expect("an outcome");
    let log = std::fs::read_to_string(file).expect("a log");
    let failed = server.requests();
    assert_eq!(failed.len(), 10, "the first request ends each pass");
    for said in all_said(&failed) {
        assert!(log.contains(&format!("00-{}-{}-01", said.trace, said.span)), "{said:?} is not in {log}");
    }
}

#[test]
fn the_trace_goes_over_http_2_as_well() {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let server = runtime.block_on(H2Server::start(None));
    let _turn = turn();
    let settings = settings();
    let id = settings.run_id;
    let document = DOCUMENT.replace("MORE", "trace_context: request, http_version: '2'");
    let test = valid(&document, &format!("http://{}", server.address));
    let outcome = engine::start(test, settings).expect("a run").wait().expect("an outcome");
    assert_eq!((outcome.summary.requests, outcome.summary.failures), (30, 0));
    let text = |name: &str, head: &http::HeaderMap| {
        assert!(head.get_all(name).iter().count() <= 1, "{head:?}");
        head.get(name).map(|value| value.to_str().expect("text").to_owned())
    };
    let heads = server.heads();
    assert!(heads.iter().any(|head| head.contains_key("cookie")), "cookies go along");
    let said: Vec<Said> = heads
        .iter()
        .map(|head| said(&text("traceparent", head).expect("a trace"), text("tracestate", head)))
        .collect();
    let state = Some(format!("maid={id}"));
    assert!(said.len() == 30 && said.iter().all(|said| said.state == state), "{said:?}");
    assert_eq!(distinct(said.iter().map(|said| &said.trace)), 30);
}
