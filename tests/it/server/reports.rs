//! Reports and comparisons of stored runs.

use serde_json::{Value, json};

use super::{answer, loadtest, on_each_database, shop};

#[test]
fn every_report_is_made_from_the_stored_run() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let id = maid.run(&loadtest(&shop.url(), 2, "1s"));
        let (status, unfinished) = answer(maid.get(&format!("/runs/{id}/report.json")));
        assert_eq!((status, &unfinished["code"]), (409, &json!("run_unfinished")));
        let run = maid.until_over(&id);
        for (form, media, part) in [
            ("json", "application/json", "\"series\""),
            ("csv", "text/csv; charset=utf-8", "GET products"),
            ("html", "text/html; charset=utf-8", "<svg"),
            ("md", "text/markdown; charset=utf-8", "GET products"),
            ("xml", "application/xml", "<testsuite"),
        ] {
            let response = maid.get(&format!("/runs/{id}/report.{form}")).send().expect("an answer");
            assert_eq!(response.status(), 200);
            assert_eq!(response.headers()["content-type"], media);
            let text = response.text().expect("a text");
            assert!(text.contains(part), "{form}: {text:.500}");
        }
        let (_, report): (_, Value) = answer(maid.get(&format!("/runs/{id}/report.json")));
        assert_eq!(report["requests"], run["requests"]);
        assert!(report["histogram"]["latency"].as_str().is_some_and(|text| !text.is_empty()));
        let (status, unknown) = answer(maid.get(&format!("/runs/{id}/report.pdf")));
        assert_eq!((status, &unknown["code"]), (404, &json!("no_route")));
    });
}

#[test]
fn two_stored_runs_compare_as_their_reports_do() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let one = || {
            let id = maid.run(&loadtest(&shop.url(), 2, "1s"));
            maid.until_over(&id);
            super::wait_for("the place is free", || {
                (answer(maid.get("/status")).1["phase"] == "completed").then_some(())
            });
            id
        };
        let (a, b) = (one(), one());
        let outcome = |id: &str| {
            let (_, report) = answer(maid.get(&format!("/runs/{id}/report.json")));
            serde_json::from_value(report).expect("it is an outcome")
        };
        let direct =
            maid::reports::compare::compare(&outcome(&a), &outcome(&b), Some(0.1)).expect("it compares");
        let (status, stored) = answer(maid.get(&format!("/runs/compare?a={a}&b={b}&max_regression=0.1")));
        assert_eq!((status, stored), (200, serde_json::to_value(direct).expect("JSON")));
        for (query, code) in [
            (format!("a={a}&b=7"), "bad_query"),
            (format!("a=x&b={b}"), "bad_id"),
            (format!("a={a}&b={b}&max_regression=-1"), "bad_query"),
        ] {
            let (status, problem) = answer(maid.get(&format!("/runs/compare?{query}")));
            assert_eq!((status, &problem["code"]), (400, &json!(code)), "{query}: {problem}");
        }
    });
}
