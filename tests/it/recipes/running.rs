//! Recipes that are run.

use serde_json::{Value, json};

use super::{recipe, stored};
use crate::{
    server::{on_each_database, shop},
    support::{
        people::{admin, asking},
        server::{Maid, answer, wait_for},
    },
};

#[test]
fn a_recipe_runs_with_values_and_its_results_are_compared() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        let id = stored(&maid, &admin, &recipe("Search"));
        let until = |status: &str, run: &Value| {
            let place = format!("/runs/{}", run["run_id"].as_str().expect("an id"));
            wait_for(status, || {
                let (_, run) = answer(maid.get(&place).bearer_auth(&admin));
                (run["status"] == status).then_some(run)
            })
        };
        let over = |run: &Value| until("completed", run);
        let body = json!({"parameters": {"host": shop.url(), "users": "3", "word": "desk & lamp"}});
        let (status, run) = answer(maid.post(&format!("/recipes/{id}/run"), &body).bearer_auth(&admin));
        assert_eq!(status, 202, "{run}");
        let run = over(&run);
        assert_eq!((&run["recipe_id"], &run["config"]["load"]["users"]), (&json!(id), &json!(3)), "{run}");
        assert_eq!(run["failures"], 0, "{run}");
        assert!(!run.to_string().contains("a-long-secret-9"), "{run}");

        let body = json!({"recipe_id": id, "parameters": {"host": shop.url(), "pass": "another-secret"}});
        let (status, again) = answer(maid.post("/run", &body).bearer_auth(&admin));
        assert_eq!(status, 202, "{again}");
        assert!(!over(&again).to_string().contains("another-secret"));

        let (_, shown) = answer(maid.get(&format!("/recipes/{id}")).bearer_auth(&admin));
        assert_eq!((&shown["usage"]["runs"], &shown["usage"]["passed"]), (&json!(2), &json!(2)), "{shown}");
        let (_, results) = answer(maid.get(&format!("/recipes/{id}/results")).bearer_auth(&admin));
        assert_eq!(results["items"].as_array().map(Vec::len), Some(2), "{results}");
        let trend = &results["trend"];
        assert_eq!((&trend["run_id"], &trend["earlier"]), (&again["run_id"], &json!(1)), "{trend}");
        let rps = trend["measures"].as_array().expect("a list").iter().find(|line| line["measure"] == "rps");
        let (newest, earlier) = (results["items"][0]["rps"].as_f64(), results["items"][1]["rps"].as_f64());
        let rps = rps.expect("a line");
        assert_eq!((rps["newest"].as_f64(), rps["earlier"].as_f64()), (newest, earlier));
        assert_eq!((rps["earlier_min"].as_f64(), rps["earlier_max"].as_f64()), (earlier, earlier));

        // What somebody has stopped has not passed, whatever held until then.
        let body = json!({"recipe_id": id, "parameters": {"host": shop.url(), "run_time": "10m"}});
        let (status, long) = answer(maid.post("/run", &body).bearer_auth(&admin));
        assert_eq!(status, 202, "{long}");
        until("running", &long);
        let stop = json!({"run_id": long["run_id"]});
        assert_eq!(answer(maid.post("/stop", &stop).bearer_auth(&admin)).0, 202);
        until("stopped", &long);
        let (_, shown) = answer(maid.get(&format!("/recipes/{id}")).bearer_auth(&admin));
        assert_eq!((&shown["usage"]["runs"], &shown["usage"]["passed"]), (&json!(3), &json!(2)), "{shown}");
    });
}

#[test]
fn values_that_will_not_do_start_nothing() {
    on_each_database(|home| {
        let maid = home.start().start();
        let (_, made) = answer(maid.post("/recipes", &recipe("Search")));
        let id = made["id"].as_str().expect("an id").to_owned();
        let run = |parameters: Value| {
            answer(maid.post("/run", &json!({"recipe_id": id, "parameters": parameters})))
        };
        let (status, problem) = run(json!({"users": 51, "hots": "x", "word": "${env:HOME}"}));
        assert_eq!((status, &problem["code"]), (422, &json!("invalid_recipe")), "{problem}");
        let errors = problem["errors"].to_string();
        for told in [
            "\"parameters.host\"",
            "is missing: Where the shop is.",
            "\"parameters.users\"",
            "must be 50 or less",
            "did you mean `host`?",
            "must not contain `${`",
        ] {
            assert!(errors.contains(told), "{told}\n{errors}");
        }
        // A host is a host, and what is not one is refused where it goes.
        let (status, problem) = run(json!({"host": "127.0.0.1\"], \"x\": [\""}));
        assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!("target.hosts[0]")), "{problem}");
        let (status, problem) = run(json!({"host": "http://192.0.2.1"}));
        assert_eq!((status, &problem["code"]), (403, &json!("target_refused")), "{problem}");
        let (status, problem) = answer(maid.post("/run", &json!({"recipe_id": "nonsense"})));
        assert_eq!((status, &problem["code"]), (404, &json!("not_found")), "{problem}");
        let (status, problem) = answer(maid.post("/run", &json!({"loadtest": {}, "parameters": {"a": 1}})));
        assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!("parameters")), "{problem}");
        let (_, history) = answer(maid.get("/history"));
        assert_eq!(history["items"], json!([]));
    });
}

#[test]
fn the_first_recipe_has_its_shop_at_hand() {
    on_each_database(|home| {
        // What listens where the shop is most often is none of its business.
        let other = std::net::TcpListener::bind("127.0.0.1:43180");
        let maid = home.start().start();
        let body = json!({"parameters": {"users": 2, "hatch_rate": 2, "run_time": "1s"}});
        let hosts = [(); 2].map(|()| {
            let (status, started) = answer(maid.post("/recipes/quickstart/run", &body));
            assert_eq!(status, 202, "{started}");
            let run = maid.until_over(started["run_id"].as_str().expect("an id"));
            assert_eq!((&run["status"], &run["failures"]), (&json!("completed"), &json!(0)), "{run}");
            run["config"]["target"]["hosts"].clone()
        });
        assert_eq!(hosts[0], hosts[1], "one shop is enough");

        // A link to it finds it as well.
        let link = json!({"recipe_id": "quickstart", "parameters": {"users": 2, "run_time": "1s"}});
        let (status, link) = answer(maid.post("/deeplinks", &link));
        assert_eq!(status, 201, "{link}");
        let (status, started) = answer(maid.post("/run", &json!({"deeplink": link["url"]})));
        assert_eq!(status, 202, "{started}");
        let run = maid.until_over(started["run_id"].as_str().expect("an id"));
        assert_eq!((&run["config"]["target"]["hosts"], &run["failures"]), (&hosts[0], &json!(0)), "{run}");

        assert!(other.is_err() || hosts[0] != json!(["http://127.0.0.1:43180"]), "{hosts:?}");
    });
}

/// Runs what `body` says to its end.
fn ran(maid: &Maid, admin: &str, body: &Value) -> Value {
    let (status, started) = run(maid, admin, body);
    assert_eq!(status, 202, "{started}");
    let place = format!("/runs/{}", started["run_id"].as_str().expect("an id"));
    wait_for("its end", || {
        let (_, run) = answer(maid.get(&place).bearer_auth(admin));
        (run["status"] == "completed").then_some(run)
    })
}

fn run(maid: &Maid, admin: &str, body: &Value) -> (u16, Value) {
    answer(maid.post("/run", body).bearer_auth(admin))
}

/// Values of `quickstart` for a second of the shop.
fn short(shop: &str) -> Value {
    json!({"host": shop, "users": 2, "hatch_rate": 2, "run_time": "1s"})
}

#[test]
fn an_earlier_run_is_run_again() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        let run = |body: &Value| run(&maid, &admin, body);
        let first = ran(&maid, &admin, &json!({"recipe_id": "quickstart", "parameters": short(&shop.url())}));
        let again = json!({"run_id": first["run_id"], "notes": "after the mend"});
        let second = ran(&maid, &admin, &again);
        assert_ne!(second["run_id"], first["run_id"]);
        assert_eq!((&second["config"], &second["recipe_id"]), (&first["config"], &json!("quickstart")));
        assert_eq!(
            (&second["notes"], &second["failures"]),
            (&json!("after the mend"), &json!(0)),
            "{second}"
        );
        let walk = maid.post("/dry-run", &json!({"run_id": first["run_id"]})).bearer_auth(&admin);
        let (status, walked) = answer(walk);
        assert_eq!((status, &walked["passed"]), (200, &json!(true)), "{walked}");

        let (status, problem) = run(&json!({"run_id": "00000000-0000-7000-8000-000000000000"}));
        assert_eq!((status, &problem["code"]), (404, &json!("not_found")), "{problem}");
        let (status, problem) = run(&json!({"run_id": first["run_id"], "recipe_id": "smoke"}));
        assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!("loadtest")), "{problem}");
        let (status, problem) = run(&json!({"run_id": "first"}));
        assert_eq!((status, &problem["code"]), (422, &json!("invalid_body")), "{problem}");
        let (status, problem) = run(&json!({"run_id": first["run_id"], "parameters": {"users": 1}}));
        assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!("parameters")), "{problem}");

        // What an API key may start bounds it as well.
        let key =
            json!({"name": "small", "scopes": ["maid.read", "maid.write"], "metadata": {"max_users": 1}});
        let (status, key) = answer(maid.post("/keys", &key).bearer_auth(&admin));
        assert_eq!(status, 201, "{key}");
        let small = maid.post("/run", &json!({"run_id": first["run_id"]}));
        let (status, problem) = answer(small.header("x-api-key", key["key"].as_str().expect("a key")));
        assert_eq!((status, &problem["code"]), (422, &json!("beyond_limits")), "{problem}");
    });
}

#[test]
fn an_earlier_run_is_given_no_other_secrets_than_it_had() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        let run = |body: &Value| run(&maid, &admin, body);
        let mut with = short(&shop.url());
        with["password"] = json!("demo");
        let given = ran(&maid, &admin, &json!({"recipe_id": "quickstart", "parameters": with}));
        // One that somebody gave is not replaced by that of the recipe, which would be another test.
        let (status, problem) = run(&json!({"run_id": given["run_id"]}));
        assert_eq!(status, 422, "{problem}");
        assert!(problem["errors"].to_string().contains("${env:RECIPE_PASSWORD}"), "{problem}");
        let env = json!({"RECIPE_PASSWORD": "demo"});
        let third = ran(&maid, &admin, &json!({"run_id": given["run_id"], "env": env}));
        assert_eq!((&third["config"], &third["failures"]), (&given["config"], &json!(0)), "{third}");
        // Nor is it known of that one what it was.
        assert_eq!(run(&json!({"run_id": third["run_id"]})).0, 422);

        // Where one stood in the test itself, nothing of it is there.
        let mut test = given["config"].clone();
        test["scenarios"][0]["transactions"][0]["requests"][0]["headers"] =
            json!({"Authorization": "Bearer hunter2hunter2"});
        let hidden = ran(&maid, &admin, &json!({"loadtest": test, "env": env}));
        let (status, problem) = run(&json!({"run_id": hidden["run_id"], "env": env}));
        let place = "scenarios[0].transactions[0].requests[0].headers.Authorization";
        assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!(place)), "{problem}");
        assert!(
            problem["errors"][0]["message"].as_str().expect("words").contains("${env:NAME}"),
            "{problem}"
        );

        // A recipe that was changed meanwhile may have others.
        let mut mine = recipe("Search");
        let id = stored(&maid, &admin, &mine);
        let (host, secret) = (shop.url(), json!("another-secret-7"));
        let wanted = json!({"recipe_id": id, "parameters": {"host": host}});
        let before = ran(&maid, &admin, &wanted);
        ran(&maid, &admin, &json!({"run_id": before["run_id"]}));
        let parameters = mine["parameters"].as_array_mut().expect("a list");
        parameters
            .iter_mut()
            .filter(|one| one["name"] == "pass")
            .for_each(|one| one["default"] = secret.clone());
        let place = format!("{}/api/maid/recipes/{id}", maid.url);
        let change = maid.http.put(place).json(&mine).header("if-match", "*");
        let (status, changed) = answer(change.bearer_auth(&admin));
        assert_eq!(status, 200, "{changed}");
        assert_eq!(run(&json!({"run_id": before["run_id"]})).0, 422);
    });
}

#[test]
fn secrets_that_a_recipe_has_itself_can_wait() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        let run = |body: &Value| run(&maid, &admin, body);
        let values = short(&shop.url());
        let first = ran(&maid, &admin, &json!({"recipe_id": "quickstart", "parameters": values}));
        let mut long = values.clone();
        long["run_time"] = json!("10m");
        let (status, busy) = run(&json!({"recipe_id": "quickstart", "parameters": long}));
        assert_eq!(status, 202, "{busy}");
        let mut waiting =
            [json!({"run_id": first["run_id"]}), json!({"recipe_id": "quickstart", "parameters": values})];
        let waiting = waiting.each_mut().map(|test| {
            test["queue"] = json!(true);
            let (status, queued) = run(test);
            assert_eq!((status, &queued["status"]), (202, &json!("queued")), "{queued}");
            queued["run_id"].as_str().expect("an id").to_owned()
        });
        // What somebody gives is kept nowhere, and cannot.
        let env = json!({"RECIPE_PASSWORD": "demo"});
        let (status, problem) = run(&json!({"run_id": first["run_id"], "env": env, "queue": true}));
        assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!("env")), "{problem}");
        let stop = maid.post("/stop", &json!({"run_id": busy["run_id"]}));
        assert_eq!(answer(stop.bearer_auth(&admin)).0, 202);
        for id in waiting {
            let run = wait_for("its turn and its end", || {
                let (_, run) = answer(maid.get(&format!("/runs/{id}")).bearer_auth(&admin));
                (run["status"] != "queued" && run["status"] != "running").then_some(run)
            });
            assert_eq!((&run["status"], &run["failures"]), (&json!("completed"), &json!(0)), "{run}");
            assert!(run["requests"].as_u64() > Some(0), "{run}");
        }
    });
}
