//! Recipes that are run.

use serde_json::{Value, json};

use super::{recipe, stored};
use crate::{
    server::{on_each_database, shop},
    support::{
        people::{admin, asking},
        server::{answer, wait_for},
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

#[test]
fn an_earlier_run_is_run_again() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        let run = |body: &Value| answer(maid.post("/run", body).bearer_auth(&admin));
        let over = |(status, started): (u16, Value)| {
            assert_eq!(status, 202, "{started}");
            let place = format!("/runs/{}", started["run_id"].as_str().expect("an id"));
            wait_for("its end", || {
                let (_, run) = answer(maid.get(&place).bearer_auth(&admin));
                (run["status"] == "completed").then_some(run)
            })
        };
        let short = json!({"host": shop.url(), "users": 2, "hatch_rate": 2, "run_time": "1s"});
        let first = over(run(&json!({"recipe_id": "quickstart", "parameters": short})));
        let again = json!({"run_id": first["run_id"], "notes": "after the mend"});
        let second = over(run(&again));
        assert_ne!(second["run_id"], first["run_id"]);
        assert_eq!((&second["config"], &second["recipe_id"]), (&first["config"], &json!("quickstart")));
        assert_eq!(
            (&second["notes"], &second["failures"]),
            (&json!("after the mend"), &json!(0)),
            "{second}"
        );
        let (status, walked) =
            answer(maid.post("/dry-run", &json!({"run_id": first["run_id"]})).bearer_auth(&admin));
        assert_eq!((status, &walked["passed"]), (200, &json!(true)), "{walked}");

        // A secret is kept nowhere, so what had one cannot be run as it was stored.
        let mut test = second["config"].clone();
        test["scenarios"][0]["transactions"][0]["requests"][0]["headers"] =
            json!({"Authorization": "Bearer hunter2hunter2"});
        let hidden = over(run(&json!({"loadtest": test, "env": {"RECIPE_PASSWORD": "demo"}})));
        let (status, problem) = run(&json!({"run_id": hidden["run_id"]}));
        let place = "scenarios[0].transactions[0].requests[0].headers.Authorization";
        assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!(place)), "{problem}");
        assert!(
            problem["errors"][0]["message"].as_str().expect("words").contains("${env:NAME}"),
            "{problem}"
        );

        let (status, problem) = run(&json!({"run_id": "00000000-0000-7000-8000-000000000000"}));
        assert_eq!((status, &problem["code"]), (404, &json!("not_found")), "{problem}");
        let (status, problem) = run(&json!({"run_id": first["run_id"], "recipe_id": "smoke"}));
        assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!("loadtest")), "{problem}");
        let (status, problem) = run(&json!({"run_id": "first"}));
        assert_eq!((status, &problem["code"]), (422, &json!("invalid_body")), "{problem}");
        let (status, problem) = run(&json!({"run_id": first["run_id"], "parameters": {"users": 1}}));
        assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!("parameters")), "{problem}");
    });
}
