//! Runs from their start to their end.

use serde_json::{Value, json};

use super::{answer, loadtest, on_each_database, shop, wait_for};

#[test]
fn a_run_is_started_watched_and_stored() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let (_, idle) = answer(maid.get("/status"));
        assert_eq!((&idle["phase"], &idle["run_id"]), (&json!("idle"), &Value::Null));
        let test = loadtest(&shop.url(), 3, "1s");
        let response = maid.post("/run", &json!({"loadtest": test})).send().expect("an answer");
        assert_eq!(response.status(), 202);
        let location = response.headers()["location"].to_str().expect("text").to_owned();
        let started: Value = response.json().expect("JSON");
        assert_eq!(started["status"], "running");
        let id = started["run_id"].as_str().expect("an id");
        assert_eq!(location, format!("/api/maid/runs/{id}"));
        maid.until_busy(id);
        wait_for("all users run", || {
            let (_, status) = answer(maid.get("/status"));
            assert_eq!((&status["run_id"], &status["name"]), (&json!(id), &json!("A test")));
            (status["users"] == 3).then_some(())
        });
        let run = maid.until_over(id);
        assert_eq!((&run["status"], &run["passed"]), (&json!("completed"), &json!(true)));
        // What the target saw and what is stored agree to the request.
        assert_eq!(run["requests"], shop.requests().total);
        assert_eq!(run["config"]["load"]["users"], 3);
        assert_eq!(run["by_request"][0]["name"], "GET products");
        assert!(run["latency_ms"]["p95"].as_f64().expect("a number") > 0.0);
        wait_for("the server rests", || {
            let (_, status) = answer(maid.get("/status"));
            let rests = status["phase"] == "completed" && status["users"] == 0;
            rests.then(|| {
                assert_eq!((&status["progress"], &status["requests"]), (&json!(1.0), &run["requests"]));
            })
        });
        let (_, logs) = answer(maid.get(&format!("/runs/{id}/logs")));
        let all = logs["items"].as_array().expect("a list");
        assert!(all.len() > 1, "{logs}");
        let (mut page, mut lines) = (json!({"next_cursor": ""}), Vec::new());
        while let Some(cursor) = page["next_cursor"].as_str() {
            let after = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
            page = answer(maid.get(&format!("/runs/{id}/logs?limit=1{after}"))).1;
            lines.extend(page["items"].as_array().expect("a list").clone());
        }
        assert_eq!(&lines, all, "a line a page");
    });
}

#[test]
fn one_run_is_active_and_others_wait_for_their_turn() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let long = loadtest(&shop.url(), 1, "10m");
        let first = maid.run(&long);
        let running = wait_for("its first figures are stored", || {
            Some(maid.detail(&first)).filter(|run| run["latency_ms"].is_object())
        });
        assert_eq!((&running["passed"], running.get("verdict")), (&Value::Null, None), "{running}");
        let (status, refused) = answer(maid.post("/run", &json!({"loadtest": long})));
        assert_eq!(
            (status, &refused["code"], &refused["run_id"]),
            (409, &json!("run_active"), &json!(first))
        );
        let short = loadtest(&shop.url(), 1, "1s");
        let queued: Vec<String> = (0..2)
            .map(|_| {
                let (status, body) = answer(maid.post("/run", &json!({"loadtest": short, "queue": true})));
                assert_eq!((status, &body["status"]), (202, &json!("queued")), "{body}");
                body["run_id"].as_str().expect("an id").to_owned()
            })
            .collect();
        assert_eq!(answer(maid.get("/status")).1["queued"], 2);
        assert_eq!(maid.detail(&queued[0])["status"], "queued");
        let (status, stopped) = answer(maid.post("/stop", &json!({})));
        assert_eq!((status, &stopped["run_id"]), (202, &json!(first)));
        assert_eq!(maid.until_over(&first)["status"], "stopped");
        for id in &queued {
            assert_eq!(maid.until_over(id)["status"], "completed");
        }
        let ended = |id: &str| maid.detail(id)["ended_at"].as_str().expect("a time").to_owned();
        assert!(ended(&first) <= ended(&queued[0]) && ended(&queued[0]) <= ended(&queued[1]));
    });
}

#[test]
fn a_queued_run_survives_a_restart() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let active = maid.run(&loadtest(&shop.url(), 1, "10m"));
        let (_, queued) =
            answer(maid.post("/run", &json!({"loadtest": loadtest(&shop.url(), 1, "1s"), "queue": true})));
        let queued = queued["run_id"].as_str().expect("an id").to_owned();
        maid.kill();
        let maid = home.start().start();
        assert_eq!(maid.detail(&active)["status"], "failed");
        assert_eq!(maid.until_over(&queued)["status"], "completed");
    });
}

#[test]
fn a_queued_run_can_be_taken_back_and_the_killswitch_ends_everything() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let test = loadtest(&shop.url(), 2, "10m");
        let active = maid.run(&test);
        let queue = || {
            let (_, body) = answer(maid.post("/run", &json!({"loadtest": test, "queue": true})));
            body["run_id"].as_str().expect("an id").to_owned()
        };
        let (one, other) = (queue(), queue());
        let (status, _) = answer(maid.post("/stop", &json!({"run_id": one})));
        assert_eq!(status, 202);
        assert_eq!(maid.detail(&one)["status"], "stopped");
        let (status, killed) = answer(maid.post("/kill", &json!({})));
        assert_eq!(status, 200);
        assert_eq!(killed, json!({"run_id": active, "cancelled": [other]}));
        assert_eq!(maid.until_over(&active)["status"], "stopped");
        let (status, none) = answer(maid.post("/stop", &json!({})));
        assert_eq!((status, &none["code"]), (409, &json!("no_run_active")));
        let (status, over) = answer(maid.post("/stop", &json!({"run_id": active})));
        assert_eq!((status, &over["code"]), (409, &json!("no_run_active")));
    });
}

#[test]
fn whoever_cannot_follow_a_run_asks_how_it_goes() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let mut test = loadtest(&shop.url(), 2, "10m");
        test["thresholds"] = json!(["p95 < 10s", "failures < 0", "p95{503} < 1s"]);
        let id = maid.run(&test);
        let ask = || answer(maid.get(&format!("/runs/{id}/metrics")));
        let told = wait_for("two steps are there", || {
            let (status, told) = ask();
            assert_eq!(status, 200, "{told}");
            let judged = told["thresholds"][0]["observed"].is_number();
            (judged && told["series"]["at_s"].as_array().is_some_and(|steps| steps.len() >= 2))
                .then_some(told)
        });
        // As they stand: a rule about what never happened is not judged before the end.
        let stands = ["p95 < 10s", "failures < 0", "p95{503} < 1s"].iter().zip([
            json!(true),
            json!(false),
            json!(null),
        ]);
        for ((rule, holds), now) in stands.zip(told["thresholds"].as_array().expect("a list")) {
            assert_eq!((&now["rule"], &now["holds"]), (&json!(rule), &holds), "{told}");
        }
        assert!(told["requests"].as_u64() > Some(0) && told["p95_ms"].as_f64() > Some(0.0), "{told}");
        assert_eq!(told["by_request"][0]["name"], "GET products");
        assert_eq!(told["phases"][0], json!({"phase": "increase", "start_s": 0.0}), "{told}");
        assert_eq!(answer(maid.post("/stop", &json!({}))).0, 202);
        maid.until_over(&id);
        let (status, over) = ask();
        assert_eq!((status, &over["code"]), (409, &json!("no_run_active")), "{over}");
        let (status, none) = answer(maid.get("/runs/01980000-0000-7000-8000-000000000001/metrics"));
        assert_eq!((status, &none["code"]), (404, &json!("not_found")), "{none}");
    });
}

#[test]
fn what_cannot_run_is_refused_before_the_first_packet_and_leaves_no_row() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let refused = |test: &Value| answer(maid.post("/run", &json!({"loadtest": test})));
        let (status, foreign) = refused(&loadtest(&"http://192.0.2.1", 1, "1s"));
        assert_eq!((status, &foreign["code"]), (403, &json!("target_refused")), "{foreign}");
        let (status, own) = refused(&loadtest(&maid.url, 1, "1s"));
        assert_eq!((status, &own["code"]), (403, &json!("target_refused")), "never MAID itself: {own}");
        let (status, wrong) = refused(&json!({"name": "x", "laod": {}}));
        assert_eq!((status, &wrong["code"]), (422, &json!("invalid_loadtest")));
        let places: Vec<&str> =
            wrong["errors"].as_array().expect("a list").iter().filter_map(|e| e["path"].as_str()).collect();
        assert!(places.contains(&"laod"), "{wrong}");
        // As it was sent: a key that is there twice is not one of the two.
        let text = loadtest(&shop.url(), 1, "1s").to_string().replacen('{', r#"{"name": "first", "#, 1);
        let body = format!(r#"{{"loadtest": {text}}}"#);
        let request = maid.http.post(format!("{}/api/maid/run", maid.url)).body(body);
        let (status, doubled) = answer(request.header("content-type", "application/json"));
        let told = doubled["errors"][0]["message"].as_str().expect("a message");
        assert_eq!((status, told), (422, "this key is given twice: keep one of the two"), "{doubled}");
        let (status, many) = refused(&loadtest(&shop.url(), 5_000_000, "1s"));
        assert_eq!(status, 422, "{many}");
        let (status, both) =
            answer(maid.post("/run", &json!({"loadtest": loadtest(&shop.url(), 1, "1s"), "recipe_id": "x"})));
        assert_eq!((status, &both["code"]), (422, &json!("invalid_body")), "{both}");
        let (_, history) = answer(maid.get("/history"));
        assert_eq!(history, json!({"items": [], "next_cursor": null}));
        assert_eq!(shop.requests().total, 0);
        // The place is free after all that.
        let id = maid.run(&loadtest(&shop.url(), 1, "1s"));
        assert_eq!(maid.until_over(&id)["status"], "completed");
    });
}

#[test]
fn a_draining_server_finishes_and_accepts_nothing_new() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let plugin = |verb: &str| answer(maid.http.post(format!("{}/api/plugins/maid/{verb}", maid.url)));
        let test = loadtest(&shop.url(), 1, "2s");
        let active = maid.run(&test);
        let (status, described) = plugin("drain");
        assert_eq!((status, &described["status"]), (200, &json!("draining")), "{described}");
        let (status, refused) = answer(maid.post("/run", &json!({"loadtest": test, "queue": true})));
        assert_eq!((status, &refused["code"]), (503, &json!("draining")));
        assert_eq!(maid.until_over(&active)["status"], "completed");
        assert_eq!(plugin("start").1["status"], "ready");
        let long = maid.run(&loadtest(&shop.url(), 1, "10m"));
        maid.until_busy(&long);
        let (status, restarted) = plugin("restart");
        assert_eq!((status, &restarted["status"]), (200, &json!("ready")), "{restarted}");
        assert_eq!(maid.detail(&long)["status"], "stopped");
        let (_, described) = answer(maid.http.get(format!("{}/api/plugins/maid", maid.url)));
        assert_eq!(
            (&described["name"], &described["menu"]["path"]),
            (&json!("maid"), &json!("/plugins/maid"))
        );
        let names: Vec<&str> = described["capabilities"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|c| c["name"].as_str())
            .collect();
        assert_eq!(names, ["maid.history", "maid.run", "maid.status", "maid.stop"]);
    });
}

#[test]
fn a_repeated_request_starts_nothing_twice_even_after_a_crash() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let body = json!({"loadtest": loadtest(&shop.url(), 1, "10m")});
        let ask = |maid: &super::Maid| answer(maid.post("/run", &body).header("idempotency-key", "once"));
        let (status, first) = ask(&maid);
        assert_eq!(status, 202);
        assert_eq!(ask(&maid), (202, first.clone()));
        let other = json!({"loadtest": loadtest(&shop.url(), 2, "10m")});
        let (status, mismatch) = answer(maid.post("/run", &other).header("idempotency-key", "once"));
        assert_eq!((status, &mismatch["code"]), (422, &json!("idempotency_mismatch")));
        maid.kill();
        let maid = home.start().start();
        assert_eq!(ask(&maid), (202, first));
        let (_, history) = answer(maid.get("/history"));
        assert_eq!(history["items"].as_array().expect("a list").len(), 1);
    });
}

#[test]
fn a_queued_run_that_cannot_start_at_its_turn_has_failed_and_says_why() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let rows = home.folder.path().join("data/files/people.csv");
        std::fs::write(&rows, "id\n1\n2\n").expect("a file");
        let active = maid.run(&loadtest(&shop.url(), 1, "10m"));
        let mut test = loadtest(&shop.url(), 1, "1s");
        test["data"] = json!([{"name": "people", "file": "people.csv"}]);
        test["scenarios"][0]["transactions"][0]["requests"][0]["path"] = json!("/products/{{ people.id }}");
        let (status, queued) = answer(maid.post("/run", &json!({"loadtest": test, "queue": true})));
        assert_eq!(status, 202, "{queued}");
        std::fs::remove_file(rows).expect("it is there");
        answer(maid.post("/stop", &json!({"run_id": active})));
        let id = queued["run_id"].as_str().expect("an id");
        let run = maid.until_over(id);
        assert_eq!((&run["status"], &run["passed"]), (&json!("failed"), &json!(false)), "{run}");
        assert!(run["ended_because"].as_str().is_some_and(|why| why.contains("people.csv")), "{run}");
        assert_eq!(run["config"]["data"][0]["name"], "people");
        wait_for("it is told", || {
            let (_, status) = answer(maid.get("/status"));
            (status["run_id"] == id && status["phase"] == "failed").then_some(())
        });
        let next = maid.run(&loadtest(&shop.url(), 1, "1s"));
        assert_eq!(maid.until_over(&next)["status"], "completed");
    });
}
