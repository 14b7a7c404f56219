//! What a real server says about itself: the binary, started, asked, changed and ended.

use std::{collections::BTreeSet, fs, time::Duration};

use serde_json::json;

use super::collector::{PARENT, Sent, TRACE, bytes_of, collector, holds};
use crate::server::{Maid, Start, answer, loadtest, shop, wait_for};

fn started(environment: &[(&str, &str)]) -> (tempfile::TempDir, Maid) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("config.json"), "{}").expect("a file");
    let start = Start::in_folder(folder.path());
    let maid = environment.iter().fold(start, |start, (name, value)| start.with(name, value)).start();
    (folder, maid)
}

fn scraped(maid: &Maid) -> String {
    maid.http.get(format!("{}/metrics", maid.url)).send().and_then(|answer| answer.text()).expect("a scrape")
}

/// Names of the metrics in a scrape that `wanted` takes.
fn names(text: &str, wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    types.filter_map(|line| line.split(' ').next()).filter(|name| wanted(name)).map(str::to_owned).collect()
}

#[test]
fn the_log_follows_the_setting_and_names_its_request() {
    let (_folder, maid) = started(&[("MAID__TELEMETRY__LOG_FORMAT", "json")]);
    let ask = |id: &str| answer(maid.get("/status").header("x-request-id", id));
    assert_eq!(ask("before").0, 200);
    let change = maid.http.put(format!("{}/api/maid/config", maid.url));
    let (status, told) = answer(change.json(&json!({"telemetry": {"log": "info", "log_format": "text"}})));
    assert_eq!((status, &told["applied"]), (200, &json!(["telemetry.log"])), "{told}");
    assert_eq!(told["overridden"][0]["key"], "telemetry.log_format");
    let line = wait_for("a line names the request", || {
        assert_eq!(ask("after").0, 200);
        let said = maid.said();
        said.lines().find(|line| line.contains("\"after\"")).map(str::to_owned)
    });
    let line: serde_json::Value = serde_json::from_str(&line).expect("a line is JSON");
    assert_eq!((&line["level"], &line["span"]["request_id"]), (&json!("INFO"), &json!("after")));
    for line in maid.said().lines() {
        let told: Result<serde_json::Value, _> = serde_json::from_str(line);
        assert!(told.is_ok_and(|told| told["fields"]["message"].is_string()), "no line of the log: {line}");
    }
    assert!(!maid.said().contains("before"), "the level was `warn` then:\n{}", maid.said());
}

#[test]
fn what_is_left_of_the_traces_is_sent_at_the_end() {
    let (url, heard) = collector();
    let (_folder, maid) = started(&[("MAID__TELEMETRY__OTLP__ENDPOINT", &url)]);
    let traced = maid.get("/status").header("traceparent", format!("00-{TRACE}-{PARENT}-01"));
    assert_eq!(answer(traced).0, 200);
    assert_eq!(maid.terminate(), Some(0));
    let Sent { body, .. } = heard.recv_timeout(Duration::from_secs(10)).expect("a batch");
    assert!(holds(&body, &bytes_of(TRACE)) && holds(&body, b"GET /api/maid/status"));
}

#[test]
fn a_collector_that_never_answers_does_not_hold_up_the_end() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    let (_folder, maid) =
        started(&[("MAID__TELEMETRY__OTLP__ENDPOINT", &url), ("MAID__TELEMETRY__OTLP__TIMEOUT", "300ms")]);
    assert_eq!(answer(maid.get("/status")).0, 200);
    assert_eq!(maid.terminate(), Some(0));
}

#[test]
fn a_run_is_scraped_while_it_runs_and_gone_when_it_is_over() {
    let (shop, (_folder, maid)) = (shop(), started(&[]));
    let id = maid.run(&loadtest(&shop.url(), 2, "10m"));
    let about_run = |name: &str| name.starts_with("maid_run_") || name.starts_with("maid_request_");
    let labels = format!("run_id=\"{id}\",test=\"A test\"");
    let text = wait_for("names of requests are scraped", || {
        let text = scraped(&maid);
        text.contains(&format!("maid_request_finished_total{{{labels},request=\"GET products\""))
            .then_some(text)
    });
    assert!(text.contains(&format!("maid_run_users{{{labels}}} ")), "{text}");
    assert!(text.lines().any(|line| line == "maid_runs_active 1.0"), "{text}");

    let page = fs::read_to_string("docs/operations.md").expect("the page is there");
    let shown: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .map(|name| name.trim_end_matches("_total").to_owned())
        .filter(|name| about_run(name))
        .collect();
    let scraped_names = names(&text, about_run);
    let missing: Vec<&String> = shown.difference(&scraped_names).collect();
    // A test without checks has none to count.
    assert!(missing.is_empty(), "documented and not scraped: {missing:?}");

    assert_eq!(answer(maid.post("/stop", &json!({}))).0, 202);
    assert_eq!(maid.until_over(&id)["status"], "stopped");
    wait_for("its series end", || {
        let text = scraped(&maid);
        (!text.contains("run_id=") && text.contains("maid_runs_total{status=\"stopped\"} 1.0")).then_some(())
    });
    let (_, ready) = answer(maid.http.get(format!("{}/readyz", maid.url)));
    assert_eq!(ready["status"], "ready", "{ready}");
}
