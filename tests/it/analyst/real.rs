//! Real runs against servers in trouble.

use std::net::{Ipv4Addr, SocketAddr};

use maid::{
    analyst::analyse,
    demo::{Shop, Trouble},
    engine::outcome::{Analysis, Finding, Kind, Outcome},
};

use crate::{
    engine::run,
    support::byte_server::{Act, ByteServer, send},
};

const SHOPPING: &str = r#"
version: 1
name: shopping
target: { hosts: ["HOST"] }
load: { users: 8, run_time: 3s }
scenarios:
  - name: s
    transactions:
      - name: t
        requests:
          - { name: GET products, path: "/products?page=2" }
          - { name: search, path: "/search?q=lamp" }
          - { name: one product, path: "/products/7" }
"#;

/// A shop in which these operations are slow and those fail.
pub fn shop(slow: &[&str], failing: &[&str]) -> Shop {
    let slow = slow.iter().map(|text| text.parse().expect("an operation")).collect();
    let failing = failing.iter().map(|text| text.parse().expect("an operation")).collect();
    Shop::in_trouble(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), Trouble::new(slow, failing)).expect("a shop")
}

/// What is found, apart from what the machine that runs the tests is to blame for.
fn first(outcome: &Outcome) -> (Analysis, Option<Finding>) {
    let analysis = analyse(outcome, &[]);
    let first = analysis.findings.iter().find(|finding| finding.kind != Kind::GeneratorSaturated).cloned();
    (analysis, first)
}

#[test]
fn a_slow_search_is_named_with_its_wait_time() {
    let shop = shop(&["GET /search=250ms"], &[]);
    let (analysis, first) = first(&run(SHOPPING, &shop.url()));
    let first = first.unwrap_or_else(|| panic!("{analysis:?}"));
    assert_eq!((first.kind, first.request.as_deref()), (Kind::SlowRequest, Some("search")), "{analysis:?}");
    assert!(first.explanation.contains("(wait)") && first.title.contains("first byte"), "{first:?}");
    let wait = first.evidence.iter().find(|figure| figure.name == "wait p50").expect("its wait time");
    assert!((245.0..2000.0).contains(&wait.value), "{wait:?}");
}

#[test]
fn a_failing_search_is_named_with_its_status() {
    let shop = shop(&[], &["GET /search=25%"]);
    let (analysis, first) = first(&run(SHOPPING, &shop.url()));
    let first = first.unwrap_or_else(|| panic!("{analysis:?}"));
    assert_eq!((first.kind, first.request.as_deref()), (Kind::Errors, Some("search")), "{analysis:?}");
    assert!(first.explanation.contains("status 503"), "{first:?}");
}

#[test]
fn connections_that_break_are_told_as_such() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let broken = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort";
    let server = ByteServer::start(vec![vec![
        Act::Request,
        send(answer),
        Act::Request,
        send(answer),
        Act::Request,
        send(answer),
        Act::Request,
        send(broken),
    ]]);
    let text = r#"
version: 1
name: breaks
target: { hosts: ["HOST"] }
load: { users: 2, iterations: 100 }
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { name: get, path: / } ] } ] } ]
"#;
    let (analysis, first) = first(&run(text, &server.url()));
    let first = first.unwrap_or_else(|| panic!("{analysis:?}"));
    assert_eq!(first.kind, Kind::Errors, "{analysis:?}");
    assert!(first.explanation.contains("connections that broke"), "{first:?}");
}

#[test]
fn hosts_are_told_apart_and_add_up() {
    let (good, slow) =
        (shop(&[], &[]), shop(&["GET /products=80ms", "GET /search=80ms", "GET /products/{id}=80ms"], &[]));
    let text = SHOPPING.replace("[\"HOST\"]", &format!("[\"{}\", \"{}\"]", good.url(), slow.url()));
    let outcome = run(&text, "");
    let hosts: Vec<(&str, u64)> =
        outcome.by_host.iter().map(|host| (host.host.as_str(), host.requests)).collect();
    assert_eq!(hosts.iter().map(|host| host.0).collect::<Vec<_>>(), [good.url(), slow.url()]);
    assert_eq!(hosts.iter().map(|host| host.1).sum::<u64>(), outcome.summary.requests);
    assert_eq!(outcome.series_by_request.len(), 3);
    let seen: u64 =
        outcome.series_by_request.iter().flat_map(|series| &series.requests).map(|n| u64::from(*n)).sum();
    assert_eq!(seen, outcome.series.requests.iter().sum::<u64>(), "each request is in one of them");
    let (analysis, first) = first(&outcome);
    let first = first.unwrap_or_else(|| panic!("{analysis:?}"));
    assert_eq!((first.kind, first.host), (Kind::BadHost, Some(slow.url())), "{analysis:?}");
}
