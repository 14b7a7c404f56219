//! Every tool sends what MAID sends, as often as MAID does.

use std::{collections::BTreeMap, net::Ipv4Addr, process::Command};

use maid::demo::{Requests, Shop};
use serde_json::Value;

use super::{exported, shop_document, tools};
use crate::cli::{folder, maid};

/// Requests by name.
type Mix = BTreeMap<String, u64>;

fn shop() -> Shop {
    Shop::start((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port")
}

fn told_of<'c>(command: &'c mut Command, shop: &Shop) -> &'c mut Command {
    command.env("SHOP_URL", shop.url()).env("SHOP_PASSWORD", maid::demo::PASSWORD)
}

/// MAID's own run of the document: what it reports, and what the shop counted.
fn own() -> (Mix, Requests) {
    let (folder, shop) = (folder(), shop());
    let document = shop_document();
    let document = document.to_str().expect("a plain path");
    let (url, password) =
        (format!("SHOP_URL={}", shop.url()), format!("SHOP_PASSWORD={}", maid::demo::PASSWORD));
    let mut maid = maid(&folder, &["run", document, "-e", &url, "-e", &password, "--summary", "json"]);
    let summary: Value = serde_json::from_str(&tools::passed(&mut maid)).expect("JSON");
    let requests = summary["by_request"].as_array().expect("a list");
    let mix = requests.iter().map(|one| {
        (one["name"].as_str().expect("a name").to_owned(), one["requests"].as_u64().expect("a count"))
    });
    (mix.collect(), shop.requests())
}

#[test]
fn k6_sends_what_maid_sends() {
    let (mix, counted) = own();
    let (folder, script, _) = exported(&shop_document(), "k6");
    let (shop, points) = (shop(), folder.path().join("points.json"));
    let mut k6 = tools::k6(&["run", "--quiet", "--address", "", "--out"]);
    tools::passed(told_of(k6.arg(format!("json={}", points.display())).arg(&script), &shop));
    let mut sent = Mix::new();
    for line in std::fs::read_to_string(points).expect("k6 wrote them").lines() {
        let point: Value = serde_json::from_str(line).expect("JSON");
        if point["metric"] == "http_reqs" && point["type"] == "Point" {
            let name = point["data"]["tags"]["name"].as_str().expect("a name").to_owned();
            *sent.entry(name).or_default() += 1;
        }
    }
    let redirects = sent.get_mut("GET health").expect("it was sent");
    // k6 counts the redirect as a request of its own.
    *redirects -= 1;
    assert_eq!(sent, mix);
    assert_eq!(shop.requests(), counted);
}

#[test]
fn locust_sends_what_maid_sends() {
    let (mix, counted) = own();
    let (_folder, file, _) = exported(&shop_document(), "locust");
    let shop = shop();
    let mut locust = tools::locust();
    let printed = tools::passed(told_of(locust.arg("-f").arg(&file).args(["--headless", "--json"]), &shop));
    let stats: Value = serde_json::from_str(&printed).expect("JSON");
    let sent: Mix = stats
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            assert_eq!(one["num_failures"], 0, "{one}");
            (one["name"].as_str().expect("a name").to_owned(), one["num_requests"].as_u64().expect("a count"))
        })
        .collect();
    assert_eq!(sent, mix);
    assert_eq!(shop.requests(), counted);
}

#[test]
fn goose_sends_what_maid_sends() {
    let (_, counted) = own();
    let (_folder, source, _) = exported(&shop_document(), "goose");
    tools::goose(&source, |program| {
        let shop = shop();
        let output = tools::ended(told_of(program.args(["--no-telnet", "--no-websocket"]), &shop));
        if output.status.success() {
            assert_eq!(shop.requests(), counted, "{}", String::from_utf8_lossy(&output.stdout));
        }
        output.status.success()
    });
}

/// A collection has no weights: in one pass through it, every request comes once, and passes its tests.
#[test]
fn newman_sends_every_request_once() {
    let (mix, _) = own();
    let (folder, collection, _) = exported(&shop_document(), "postman");
    let run = |shop: &Shop, password: &str| {
        let mut newman = tools::newman();
        newman.arg("run").arg(&collection);
        for (name, value) in [("SHOP_URL", shop.url()), ("SHOP_PASSWORD", password.into())] {
            newman.arg("--env-var").arg(format!("{name}={value}"));
        }
        tools::report_of_newman(&mut newman, folder.path())
    };
    let shop_there = shop();
    let (output, report) = run(&shop_there, maid::demo::PASSWORD);
    let run_report = &report["run"];
    assert!(output.status.success(), "{}", run_report["failures"]);
    let mut sent = Mix::new();
    for one in run_report["executions"].as_array().expect("a list") {
        *sent.entry(one["item"]["name"].as_str().expect("a name").to_owned()).or_default() += 1;
    }
    assert_eq!(sent, mix.keys().map(|name| (name.clone(), 1)).collect(), "each once");
    let tests = &run_report["stats"]["assertions"];
    assert!(tests["total"].as_u64() > Some(10) && tests["failed"] == 0, "{tests}");
    // One of them is redirected.
    assert_eq!(shop_there.requests().total, mix.len() as u64 + 1);
    // A password that is wrong is a failed test, and an exit code.
    let (output, report) = run(&shop(), "wrong");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(report["run"]["failures"][0]["source"]["name"], "POST login", "{}", report["run"]["failures"]);
}

#[test]
fn the_script_of_curl_sends_every_request_once() {
    let (mix, _) = own();
    let (_folder, script, _) = exported(&shop_document(), "curl");
    let shop = shop();
    let printed = tools::passed(told_of(Command::new("bash").arg(&script), &shop));
    for name in mix.keys() {
        let lines = printed.matches(&format!("{name}: ")).count();
        assert_eq!(lines, 1, "{name}\n{printed}");
    }
    // One of them is redirected.
    assert_eq!(shop.requests().total, mix.len() as u64 + 1);
    // A password that is wrong is a failed check, and an exit code.
    let output =
        tools::ended(told_of(Command::new("bash").arg(&script), &shop).env("SHOP_PASSWORD", "wrong"));
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("FAILED: status 401"));
}
