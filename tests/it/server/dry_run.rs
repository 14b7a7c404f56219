//! Dry runs over the API: beside a run, bounded, written down, ended when nobody waits.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{answer, loadtest, on_each_database, on_one_database, shop, wait_for};
use crate::support::{
    byte_server::{Act, ByteServer},
    people::{admin, asking, user},
};

/// Where a dry run waits until it is ended.
fn stalling() -> ByteServer {
    ByteServer::start(vec![vec![Act::Request, Act::Stall]])
}

#[test]
fn it_goes_beside_a_run_and_leaves_nothing_but_a_line_in_the_audit_log() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let id = maid.run(&loadtest(&shop.url(), 1, "10m"));
        maid.until_busy(&id);
        let (status, walked) =
            answer(maid.post("/dry-run", &json!({"loadtest": loadtest(&shop.url(), 300, "1h")})));
        assert_eq!(status, 200, "{walked}");
        assert_eq!((&walked["passed"], &walked["requests"]), (&json!(true), &json!(1)), "{walked}");
        let step = &walked["steps"][0];
        assert_eq!((&step["answer"]["status"], &step["method"]), (&json!(200), &json!("GET")));
        assert!(step["answer"]["body"].as_str().is_some_and(|body| body.contains("items")), "{step}");
        let (_, history) = answer(maid.get("/history"));
        assert_eq!(history["items"].as_array().map(Vec::len), Some(1), "{history}");
        let (_, audit) = answer(maid.get("/audit?action=test.dry_run"));
        assert_eq!(
            (&audit["items"][0]["outcome"], audit["items"].as_array().map(Vec::len)),
            (&json!("done"), Some(1))
        );
    });
}

#[test]
fn what_is_wrong_is_refused_with_its_place() {
    on_one_database(|home| {
        let maid = home.start().start();
        let ask = |body: Value| answer(maid.post("/dry-run", &body));
        let (status, problem) = ask(json!({"loadtest": "version: 1\nname: x\n"}));
        assert_eq!((status, &problem["code"]), (422, &json!("invalid_loadtest")), "{problem}");
        assert!(problem["errors"].as_array().is_some_and(|errors| !errors.is_empty()), "{problem}");
        let (status, problem) = ask(json!({"loadtest": loadtest(&"http://192.0.2.1", 1, "1s")}));
        assert_eq!((status, &problem["code"]), (403, &json!("target_refused")), "{problem}");
        assert_eq!(problem["errors"][0]["path"], "target.hosts[0]", "{problem}");
        for (body, path) in [
            (json!({}), "loadtest"),
            (json!({"loadtest": "x", "recipe_id": "smoke"}), "loadtest"),
            (json!({"loadtest": "x", "parameters": {}}), "parameters"),
        ] {
            let (status, problem) = ask(body);
            assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!(path)), "{problem}");
        }
        // How it came out is noted a moment later.
        wait_for("it is noted that it was denied", || {
            let (_, audit) = answer(maid.get("/audit?action=test.dry_run"));
            (audit["items"][0]["outcome"] == "denied").then_some(())
        });
    });
}

#[test]
fn a_recipe_is_walked_with_its_parameters() {
    on_one_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let parameters = json!({"host": shop.url(), "path": "/products"});
        let (status, walked) =
            answer(maid.post("/dry-run", &json!({"recipe_id": "smoke", "parameters": parameters})));
        assert_eq!((status, &walked["passed"]), (200, &json!(true)), "{walked}");
        assert!(walked["steps"][1]["url"].as_str().is_some_and(|url| url.ends_with("/products")), "{walked}");
    });
}

#[test]
fn there_are_few_at_once_and_the_killswitch_ends_them() {
    on_one_database(|home| {
        let (server, maid) = (stalling(), home.start().start());
        let test = json!({"loadtest": loadtest(&server.url(), 1, "1s")});
        thread::scope(|scope| {
            let walking: Vec<_> =
                (0..4).map(|_| scope.spawn(|| answer(maid.post("/dry-run", &test)))).collect();
            wait_for("all are under way", || (server.requests().len() == 4).then_some(()));
            let (status, problem) = answer(maid.post("/dry-run", &test));
            assert_eq!((status, &problem["code"]), (429, &json!("full")), "{problem}");
            assert_eq!(maid.post("/kill", &json!(null)).send().expect("an answer").status(), 200);
            for walk in walking {
                let (status, walked) = walk.join().expect("it does not panic");
                assert_eq!((status, &walked["passed"]), (200, &json!(false)), "{walked}");
                assert_eq!(walked["ended_because"], "it was given up", "{walked}");
            }
        });
        // Their places are free again.
        let shop = shop();
        let (status, _) = answer(maid.post("/dry-run", &json!({"loadtest": loadtest(&shop.url(), 1, "1s")})));
        assert_eq!(status, 200);
    });
}

#[test]
fn who_may_only_read_sends_nothing() {
    on_one_database(|home| {
        let (server, maid) = (stalling(), asking(home).start());
        let admin = admin(&maid);
        let reader = user(&maid, &admin, "vera", "viewer");
        let test = json!({"loadtest": loadtest(&server.url(), 1, "1s")});
        let (status, problem) = answer(maid.post("/dry-run", &test).bearer_auth(reader));
        assert_eq!((status, &problem["code"]), (403, &json!("forbidden")), "{problem}");
        assert_eq!(server.requests(), Vec::<String>::new());
    });
}

#[test]
fn a_client_that_leaves_ends_it() {
    on_one_database(|home| {
        let (server, maid) = (stalling(), home.start().start());
        let test = json!({"loadtest": loadtest(&server.url(), 1, "1s")});
        let left = maid.post("/dry-run", &test).timeout(Duration::from_millis(500)).send();
        assert!(left.is_err_and(|error| error.is_timeout()));
        assert_eq!(server.requests().len(), 1);
        let since = Instant::now();
        wait_for("its connection is closed", || (server.open() == 0).then_some(()));
        assert!(since.elapsed() < Duration::from_secs(15), "the request's own timeout of 30 s ended it");
    });
}
