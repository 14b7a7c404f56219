//! The closed model: users, iterations, stages, weights, order, checks, extraction.

use super::{requests, run, shop};
use crate::support::byte_server::{ByteServer, always};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// The paths that a server was asked for, in order.
fn paths(server: &ByteServer) -> Vec<String> {
    let path = |request: String| request.split(' ').nth(1).unwrap_or_default().to_owned();
    server.requests().into_iter().map(path).collect()
}

#[test]
fn totals_agree_with_the_targets_own_count() {
    let shop = shop();
    let outcome = run(
        r#"
version: 1
name: shop
target: { hosts: ["HOST"] }
load: { users: 5, iterations: 20 }
scenarios:
  - name: buy
    on_start:
      - name: login
        requests:
          - { name: login, method: POST, path: /login, body: { json: { username: ann, password: demo } },
              extract: [ { name: token, from: json, path: $.token } ] }
    transactions:
      - name: look
        weight: 2
        requests:
          - { name: product, path: "/products/{{ random_int(1, 9) }}", check: [ { status: 200 }, { json: $.id, op: ">", value: 0 } ] }
      - name: who
        requests:
          - { name: me, path: /me, auth: { bearer: "{{ token }}" } }
    on_stop:
      - name: bye
        requests: [ { name: health, path: /health } ]
thresholds: [ "error_rate < 1%", "p95 < 5s", "checks > 99%", "p99{me} < 5s", "p95{2xx} < 5s", "p50{200} < 5s" ]
"#,
        &shop.url(),
    );
    let summary = &outcome.summary;
    assert_eq!(summary.failures, 0, "{:?}", summary.errors);
    assert_eq!(requests(&outcome, "login"), 5);
    assert_eq!(requests(&outcome, "product"), 5 * 20 * 2);
    assert_eq!(requests(&outcome, "me"), 5 * 20);
    assert_eq!(requests(&outcome, "health"), 5);
    assert_eq!(summary.requests, shop.requests().total, "the shop's own count");
    assert!((1..=5).contains(&summary.users_max), "{}", summary.users_max);
    assert!(summary.verdict.passed, "{:?}", summary.verdict);
    let points: u64 = outcome.series.requests.iter().sum();
    assert_eq!(points, summary.requests, "the series holds every request");
    let phases: u64 = outcome.phases.iter().map(|phase| phase.requests).sum();
    assert_eq!(phases, summary.requests, "the phases hold every request");
    assert_eq!(outcome.checks.iter().map(|check| check.passed).sum::<u64>(), 2 * 5 * 20 * 2);
}

#[test]
fn a_failed_request_ends_its_transaction_and_is_told_apart() {
    let server = ByteServer::start(vec![always("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy")]);
    let outcome = run(
        r#"
version: 1
name: failing
target: { hosts: ["HOST"] }
load: { users: 1, iterations: 3 }
scenarios:
  - name: s
    transactions:
      - name: t
        requests: [ { name: first, path: /first }, { name: second, path: /second } ]
thresholds: [ "error_rate < 1%", "p95{second} < 1s" ]
"#,
        &server.url(),
    );
    let summary = &outcome.summary;
    assert_eq!((summary.requests, summary.failures), (3, 3));
    assert_eq!(paths(&server), ["/first", "/first", "/first"]);
    assert_eq!(summary.status_codes["503"], 3);
    let error = &summary.errors[0];
    assert_eq!((error.kind.as_str(), error.message.as_str(), error.count), ("status", "status 503", 3));
    let example = error.example.as_ref().expect("an example");
    assert_eq!((example.status, example.body.as_str()), (Some(503), "busy"));
    assert!(example.url.ends_with("/first"));
    assert_eq!(outcome.by_transaction[0].failures, 3);
    let verdict = &summary.verdict;
    assert!(!verdict.passed);
    assert!(!verdict.thresholds[1].passed, "a rule about what never happened does not hold");
}

#[test]
fn weights_and_sequences_give_every_pass_its_requests() {
    let server = ByteServer::start(vec![always(OK)]);
    let outcome = run(
        r#"
version: 1
name: order
target: { hosts: ["HOST"] }
load: { users: 1, iterations: 2 }
scheduler: round_robin
scenarios:
  - name: s
    on_start: [ { name: a, requests: [ { path: /start1 } ] }, { name: b, requests: [ { path: /start2 } ] } ]
    transactions:
      - { name: late, weight: 4, requests: [ { path: /late } ] }
      - { name: two, weight: 2, sequence: 2, requests: [ { path: /two } ] }
      - { name: one, weight: 6, sequence: 1, requests: [ { path: /one } ] }
      - { name: also, weight: 2, sequence: 1, requests: [ { path: /also } ] }
    on_stop: [ { name: z, requests: [ { path: /stop } ] } ]
"#,
        &server.url(),
    );
    let pass = ["/one", "/also", "/one", "/one", "/two", "/late", "/late"];
    let wanted: Vec<_> = ["/start1", "/start2"].iter().chain(&pass).chain(&pass).chain(&["/stop"]).collect();
    assert_eq!(paths(&server).iter().collect::<Vec<_>>(), wanted);
    assert_eq!(outcome.summary.requests, wanted.len() as u64);
}

#[test]
fn stages_ramp_users_and_phases_are_reported_apart() {
    let server = ByteServer::start(vec![always(OK)]);
    let outcome = run(
        r#"
version: 1
name: stages
target: { hosts: ["HOST"] }
load:
  measure: steady
  stages: [ { duration: 1s, target: 4 }, { duration: 2s, target: 4 }, { duration: 1s, target: 0 } ]
scenarios:
  - name: s
    think_time: { min: 5ms, max: 10ms }
    transactions: [ { name: t, requests: [ { name: get, path: / } ] } ]
"#,
        &server.url(),
    );
    let names: Vec<_> = outcome.phases.iter().map(|phase| phase.name.as_str()).collect();
    assert_eq!(names[..3], ["increase", "maintain", "decrease"], "{names:?}");
    let maintain = &outcome.phases[1];
    assert!((maintain.duration_s - 2.0).abs() < 0.5, "{maintain:?}");
    assert_eq!(outcome.summary.requests, maintain.requests, "only the steady phase is measured");
    let all: u64 = outcome.phases.iter().map(|phase| phase.requests).sum();
    assert_eq!(all, server.requests().len() as u64, "and the phases hold the rest");
    assert!((outcome.summary.duration_s - maintain.duration_s).abs() < 0.01);
    assert_eq!(outcome.summary.users_max, 4);
}

#[test]
fn a_transaction_counts_where_its_request_does() {
    let shop = shop();
    // The first user's request begins in the ramp and ends after it.
    let outcome = run(
        r#"
version: 1
name: across the ramp
target: { hosts: ["HOST"] }
load: { measure: steady, users: 2, hatch_rate: 2, iterations: 1 }
scenarios:
  - name: s
    transactions: [ { name: t, requests: [ { name: slow, path: "/slow?ms=900" } ] } ]
"#,
        &shop.url(),
    );
    let phases: u64 = outcome.phases.iter().map(|phase| phase.requests).sum();
    assert_eq!((phases, shop.requests().total), (2, 2));
    let measured = outcome.summary.requests;
    assert!(measured < 2, "the ramp is left out: {:?}", outcome.phases);
    assert_eq!(outcome.by_transaction[0].count, measured);
    assert_eq!(outcome.by_scenario[0].iterations, measured);
}

#[test]
fn the_run_time_counts_from_when_all_users_run() {
    let server = ByteServer::start(vec![always(OK)]);
    let outcome = run(
        r#"
version: 1
name: hatch
target: { hosts: ["HOST"] }
load: { users: 4, hatch_rate: 4, run_time: 1s }
scenarios:
  - { name: s, think_time: { min: 20ms, max: 20ms }, transactions: [ { name: t, requests: [ { path: / } ] } ] }
"#,
        &server.url(),
    );
    let lengths: Vec<_> =
        outcome.phases.iter().map(|phase| (phase.name.as_str(), phase.duration_s)).collect();
    // The first user starts at once, so four users take three quarters of a second.
    assert!(lengths[0].1 >= 0.74, "{lengths:?}");
    assert!(lengths[1].1 >= 0.99, "{lengths:?}");
    assert_eq!(outcome.summary.requests + outcome.summary.interrupted, server.requests().len() as u64);
}

#[test]
fn a_rate_limit_holds_over_all_users() {
    let server = ByteServer::start(vec![always(OK)]);
    let outcome = run(
        r#"
version: 1
name: limited
target: { hosts: ["HOST"] }
load: { users: 8, run_time: 2s }
rate_limit: 50
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { path: / } ] } ] } ]
"#,
        &server.url(),
    );
    let requests = outcome.summary.requests;
    let seconds = outcome.summary.duration_s;
    let most = 50.0 * seconds + 2.0;
    assert!((requests as f64) <= most && requests > 10, "{requests} in {seconds} s");
}

#[test]
fn a_user_keeps_its_row_of_data_that_set_it_up_and_draws_others_anew() {
    let server = ByteServer::start(vec![always(OK)]);
    let outcome = run(
        r#"
version: 1
name: rows
target: { hosts: ["HOST"] }
load: { users: 2, iterations: 2 }
data:
  - { name: accounts, file: people.csv, mode: unique }
  - { name: goods, file: people.csv, mode: sequential }
scenarios:
  - name: s
    on_start: [ { name: login, requests: [ { name: login, path: "/login/{{ accounts.name }}" } ] } ]
    transactions:
      - name: t
        requests:
          - { name: get, path: "/{{ accounts.name }}/{{ goods.id }}" }
          - { name: again, path: "/{{ accounts.name }}/{{ goods.id }}/again" }
"#,
        &server.url(),
    );
    assert_eq!(outcome.summary.failures, 0);
    let mut asked = paths(&server);
    asked.sort();
    let names: Vec<_> = ["Ann", "Ben"].iter().flat_map(|name| [*name; 4]).collect();
    let loops: Vec<_> = asked.iter().filter(|path| !path.starts_with("/login")).collect();
    let owners: Vec<_> = loops.iter().map(|path| path.split('/').nth(1).unwrap_or_default()).collect();
    assert_eq!(owners, names, "{asked:?}");
    let mut drawn: Vec<_> = loops.iter().filter_map(|path| path.split('/').nth(2)).collect();
    drawn.sort_unstable();
    assert_eq!(drawn, ["1", "1", "2", "2", "3", "3", "4", "4"], "a row a pass, the same for both requests");
}

#[test]
fn a_user_that_stays_where_a_redirect_led_takes_nothing_else_along() {
    let home = ByteServer::start(vec![always(OK)]);
    let other = ByteServer::start(vec![always(OK)]);
    let moved = format!("HTTP/1.1 302 Found\r\nLocation: {}/new\r\nContent-Length: 0\r\n\r\n", other.url());
    let front = ByteServer::start(vec![always(moved)]);
    let text = r#"
version: 1
name: sticky
target: { hosts: ["HOST"], sticky_redirects: true }
load: { users: 1, iterations: 1 }
scenarios:
  - name: s
    transactions:
      - name: t
        requests: [ { name: first, path: /old }, { name: then, path: /cart }, { name: whole, path: "WHOLE/asset" } ]
"#;
    let outcome = run(&text.replace("WHOLE", &home.url()), &front.url());
    assert_eq!(outcome.summary.failures, 0, "{:?}", outcome.summary.errors);
    assert_eq!(paths(&front), ["/old"]);
    assert_eq!(paths(&other), ["/new", "/cart"]);
    assert_eq!(paths(&home), ["/asset"], "a whole URL goes where it says");
}

#[test]
fn checks_are_judged_by_scenario_and_by_what_is_measured() {
    let server = ByteServer::start(vec![always(OK)]);
    let outcome = run(
        r#"
version: 1
name: checks
target: { hosts: ["HOST"] }
load: { users: 2, iterations: 3 }
scenarios:
  - { name: good, transactions: [ { name: t, requests: [ { name: get, path: /, check: [ { body_contains: ok } ] } ] } ] }
  - { name: bad, transactions: [ { name: t, requests: [ { name: other, path: /, check: [ { body_contains: no } ] } ] } ] }
thresholds: [ "checks{good} > 99%", "checks{bad} < 1%", "checks > 99%" ]
"#,
        &server.url(),
    );
    let passed: Vec<_> = outcome.summary.verdict.thresholds.iter().map(|t| t.passed).collect();
    assert_eq!(passed, [true, true, false], "{:?}", outcome.summary.verdict);
    let steady = run(
        r#"
version: 1
name: checks of ramps
target: { hosts: ["HOST"] }
load: { measure: steady, stages: [ { duration: 1s, target: 2 }, { duration: 1s, target: 2 } ] }
scenarios:
  - name: s
    think_time: { min: 10ms, max: 10ms }
    transactions: [ { name: t, requests: [ { name: get, path: /, check: [ { body_contains: ok } ] } ] } ]
"#,
        &server.url(),
    );
    assert!(steady.phases[0].requests > 0);
    assert_eq!(steady.checks[0].passed, steady.summary.requests, "a ramp is not measured");
}

#[test]
fn passes_are_counted_whatever_the_weights_and_the_order() {
    let server = ByteServer::start(vec![always(OK)]);
    for scheduler in ["round_robin", "serial", "random"] {
        let test = r#"
version: 1
name: passes
target: { hosts: ["HOST"] }
load: { users: 3, iterations: 4 }
scheduler: SCHEDULER
scenarios:
  - name: browse
    on_start: [ { name: hello, requests: [ { path: /hello } ] } ]
    transactions:
      - { name: first, sequence: 1, weight: 4, requests: [ { path: /first } ] }
      - { name: also, sequence: 1, weight: 2, requests: [ { path: /also } ] }
      - { name: last, weight: 6, requests: [ { path: /last } ] }
    on_stop: [ { name: bye, requests: [ { path: /bye } ] } ]
"#;
        let outcome = run(&test.replace("SCHEDULER", scheduler), &server.url());
        let scenario = &outcome.by_scenario[0];
        assert_eq!((scenario.users, scenario.iterations), (3, 12), "{scheduler}");
        let latency = scenario.latency_ms;
        assert!(0.0 < latency.min && latency.min <= latency.p50 && latency.p50 <= latency.max, "{latency:?}");
    }
}

/// A path may begin with a variable or with what an answer gave; it is on the user's host like every other.
#[test]
fn a_path_may_come_from_a_variable_or_from_an_answer() {
    let link = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n<a href=\"/found?a=1\">";
    let server = ByteServer::start(vec![always(link)]);
    let outcome = run(
        r#"
version: 1
name: links
target: { hosts: ["HOST/base"] }
load: { users: 1, iterations: 1 }
variables: { front: /front, list: /list }
scenarios:
  - name: s
    transactions:
      - name: t
        requests:
          - { path: "{{ front }}", extract: [ { name: link, from: regex, pattern: 'href="([^"]+)"' } ] }
          - { path: "{{ list }}/{{ random_int(7, 7) }}", query: { b: 2 } }
          - { path: "{{ link }}" }
"#,
        &server.url(),
    );
    assert_eq!(outcome.summary.failures, 0, "{:?}", outcome.summary.errors);
    assert_eq!(paths(&server), ["/base/front", "/base/list/7?b=2", "/base/found?a=1"]);
}
