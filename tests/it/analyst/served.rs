//! What was found, as the server and the command line tell it.

use serde_json::{Value, json};

use super::real;
use crate::{
    cli::{folder, told},
    reports::outcomes,
    server::{Maid, answer, on_each_database, shop},
};

fn search(host: &str) -> Value {
    json!({
        "version": 1, "name": "Search", "target": {"hosts": [host]},
        "load": {"users": 8, "run_time": "6s"},
        "scenarios": [{"name": "s", "transactions": [{"name": "t", "requests": [
            {"name": "products", "path": "/products?page=2"}, {"name": "search", "path": "/search?q=lamp"},
        ]}]}]
    })
}

fn ask(maid: &Maid, body: &Value) -> (u16, Value) {
    let url = format!("{}/v1/analysis", maid.url);
    answer(reqwest::blocking::Client::new().post(url).json(body))
}

fn found<'a>(analysis: &'a Value, kind: &str) -> &'a Value {
    let findings = analysis["findings"].as_array().expect("findings");
    findings.iter().find(|finding| finding["kind"] == kind).unwrap_or_else(|| panic!("no {kind}: {analysis}"))
}

#[test]
fn a_run_is_answered_with_what_was_found() {
    on_each_database(|home| {
        let (shop, maid) = (real::shop(&["GET /search=250ms"], &[]), home.start().start());
        let id = maid.run(&search(&shop.url()));
        let run = maid.until_over(&id);
        let slow = found(&run["analysis"], "slow_request");
        assert_eq!(
            (&slow["request"], &run["analysis"]["healthy"]),
            (&json!("search"), &json!(false)),
            "{slow}"
        );
        assert!(slow["explanation"].as_str().expect("text").contains("(wait)"), "{slow}");

        let (status, analysis) = ask(&maid, &json!({"run_id": id, "lang": "de"}));
        assert_eq!(status, 200, "{analysis}");
        assert_eq!(analysis["analysis"], run["analysis"]);
        assert_eq!(analysis["engine"]["route"], "deterministic");
        assert_eq!((&analysis["usage"]["tokens"], &analysis["usage"]["cost"]), (&json!(0), &json!(0.0)));
        assert!(analysis["degraded"].as_str().expect("why").contains("no model"), "{analysis}");

        for (format, told) in [
            ("json", "\"analysis\""),
            ("html", "What was found"),
            ("md", "### What was found"),
            ("xml", "top_finding"),
        ] {
            let report = maid
                .get(&format!("/runs/{id}/report.{format}"))
                .send()
                .expect("an answer")
                .text()
                .expect("text");
            assert!(report.contains(told) && report.contains("search"), "{format}");
        }
    });
}

/// A run of which the machine that runs the tests was not the bottleneck: others are compared with none.
fn calm(maid: &Maid, test: &Value) -> (String, Value) {
    let tries = std::iter::repeat_with(|| {
        let id = maid.run(test);
        let run = maid.until_over(&id);
        (id, run)
    });
    let calm = tries.take(6).find(|(_, run)| run["generator"]["limited"] == false);
    calm.expect("the machine is calm once in a while")
}

#[test]
fn a_run_is_compared_with_earlier_ones_of_the_same_test() {
    on_each_database(|home| {
        let maid = home.start().start();
        let (well, port) = {
            let shop = shop();
            let port = shop.addr().port();
            let test = search(&shop.url());
            let ids = [(); 2].map(|()| calm(&maid, &test).0);
            shop.stop();
            (ids, port)
        };
        let slow = vec!["GET /search=60ms".parse().expect("an operation")];
        let addr = std::net::SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, port));
        let shop = maid::demo::Shop::in_trouble(addr, maid::demo::Trouble::new(slow, Vec::new()))
            .expect("the same port");
        let (_, run) = calm(&maid, &search(&shop.url()));
        let worse = found(&run["analysis"], "regression");
        assert_eq!(worse["request"], "search", "{worse}");
        let with = run["analysis"]["compared_with"].as_array().expect("ids");
        assert!(with.ends_with(&[json!(well[1]), json!(well[0])]), "the newest first: {with:?}");
    });
}

#[test]
fn a_report_is_analysed_by_itself_and_what_is_none_is_refused() {
    on_each_database(|home| {
        let maid = home.start().start();
        let report = serde_json::to_value(outcomes::shop()).expect("json");
        let (status, analysis) = ask(&maid, &json!({"outcome": report}));
        assert_eq!(status, 200, "{analysis}");
        assert_eq!(analysis["analysis"]["findings"][0]["kind"], "generator_saturated", "{analysis}");
        assert!(analysis["text"].as_str().expect("text").contains("bottleneck"));
        for (body, path) in [
            (json!({}), "run_id"),
            (json!({"run_id": "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a", "outcome": report}), "run_id"),
            (json!({"outcome": {"format": 1}}), "outcome"),
            (json!({"outcome": 7}), "outcome"),
            (json!({"outcome": report, "lang": "tlh"}), "lang"),
        ] {
            let (status, problem) = ask(&maid, &body);
            assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!(path)), "{problem}");
        }
        let (status, problem) = ask(&maid, &json!({"run_id": "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a"}));
        assert_eq!(status, 404, "{problem}");
    });
}

#[test]
fn the_command_line_tells_it_like_a_colleague() {
    let folder = folder();
    maid::reports::write(&outcomes::shop(), &folder.path().join("run.json")).expect("a file");
    let (code, stdout, stderr) = told(&folder, &["analyze", "run.json"]);
    assert_eq!((code, stderr.as_str()), (0, ""), "{stdout}");
    assert!(stdout.contains("The load generator was the bottleneck") && stdout.contains("Next:"), "{stdout}");
    let (code, stdout, _) = told(&folder, &["analyze", "run.json", "--summary", "json"]);
    let analysis: Value = serde_json::from_str(&stdout).expect("one JSON object");
    assert_eq!((code, &analysis["healthy"]), (0, &json!(false)));
    let (code, _, stderr) = told(&folder, &["analyze", "nowhere.json"]);
    assert_eq!(code, 104, "{stderr}");
}
