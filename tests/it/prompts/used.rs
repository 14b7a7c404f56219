//! How prompts are used: counted by prompt, version, user and day, with what became of the runs.

use jiff::Timestamp;
use sea_orm::{
    ConnectionTrait,
    prelude::DateTimeUtc,
    sea_query::{Alias, Expr, Query},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{prompt, put, share, stored};
use crate::{
    server::{block_on, loadtest, on_each_database, shop},
    support::{
        people::{admin, asking, user},
        server::{Maid, answer, wait_for},
    },
};

/// A run that is over; one with a threshold that nothing meets has failed it.
fn run(maid: &Maid, admin: &str, host: &str, threshold: &str, passes: bool) -> String {
    let mut test = loadtest(&host, 1, "10m");
    test["load"] = json!({"users": 1, "iterations": 1});
    test["thresholds"] = json!([threshold]);
    let began = wait_for("the place is free", || {
        let (status, began) = answer(maid.post("/run", &json!({"loadtest": test})).bearer_auth(admin));
        (status == 202).then_some(began)
    });
    let id = began["run_id"].as_str().expect("an id").to_owned();
    let run = wait_for("the run is over", || {
        let (_, run) = answer(maid.get(&format!("/runs/{id}")).bearer_auth(admin));
        run["verdict"]["passed"].is_boolean().then_some(run)
    });
    assert_eq!(run["verdict"]["passed"], passes, "{run}");
    id
}

/// What is counted.
fn count(maid: &Maid, who: &str, query: &str) -> Vec<Value> {
    let (status, page) = answer(maid.get(&format!("/prompts/analytics?{query}")).bearer_auth(who));
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().expect("a list").clone()
}

#[test]
fn uses_are_counted_with_what_became_of_the_runs() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        let (erin, vera) = (user(&maid, &admin, "erin", "editor"), user(&maid, &admin, "vera", "viewer"));
        let id = stored(&maid, &erin, &prompt("Nightly"));
        let place = format!("/prompts/{id}");
        let note = |who: &str, of: &str, body: &Value| {
            answer(maid.post(&format!("/prompts/{of}/use"), body).bearer_auth(who))
        };
        let (passed, failed) = (
            run(&maid, &admin, &shop.url(), "error_rate < 100%", true),
            run(&maid, &admin, &shop.url(), "rps > 1000000", false),
        );
        assert_eq!(note(&erin, &id, &json!({"run_id": passed})).0, 201);
        assert_eq!(answer(put(&maid, &place, &prompt("Nightly 2")).bearer_auth(&erin)).0, 200);
        let (status, noted) = note(&erin, &id, &json!({"run_id": failed}));
        assert_eq!((status, &noted["version"], &noted["prompt"]), (201, &json!(2), &json!(id)), "{noted}");
        assert_eq!(note(&erin, &id, &json!({"version": 1})).0, 201);
        assert_eq!(note(&vera, &id, &json!({})).0, 404, "it is private");
        assert_eq!(note(&vera, "analyse-run", &json!({})).0, 201);
        let count = |who: &str, query: &str| count(&maid, who, query);
        let told = |group: &Value, keys: &[&str]| -> Vec<Value> {
            keys.iter().map(|key| group[key].clone()).collect()
        };
        let keys = ["uses", "users", "runs", "passed", "failed"];
        let by_prompt = count(&erin, "");
        assert_eq!(told(&by_prompt[0], &["prompt", "title"]), [json!(id), json!("Nightly 2")]);
        assert_eq!(told(&by_prompt[0], &keys), [3, 1, 2, 1, 1].map(Value::from));
        assert_eq!(told(&by_prompt[1], &["prompt", "uses"]), [json!("analyse-run"), json!(1)]);
        let by_version = count(&erin, &format!("by=version&prompt={id}"));
        assert_eq!(told(&by_version[0], &["version", "uses", "passed"]), [1, 2, 1].map(Value::from));
        assert_eq!(told(&by_version[1], &["version", "uses", "failed"]), [2, 1, 1].map(Value::from));
        let by_user = count(&erin, "by=user");
        assert_eq!(by_user.iter().map(|group| group["uses"].clone()).collect::<Vec<_>>(), [3, 1]);
        let by_day = count(&erin, "by=day&days=2");
        assert_eq!(by_day.iter().filter_map(|group| group["uses"].as_u64()).sum::<u64>(), 4);
        assert!(by_day[0]["day"].as_str().is_some_and(|day| day.len() == 10), "{by_day:?}");

        let seen = count(&vera, "");
        assert_eq!(seen.len(), 1, "nothing is told of what is private: {seen:?}");
        assert_eq!(count(&vera, "by=user").len(), 1);
        share(&maid, &erin, &id, "tenant");
        assert_eq!(count(&vera, "").len(), 2);
        assert_eq!(count(&admin, "by=user").len(), 2);

        let (_, page) = answer(maid.get("/prompts/analytics?limit=1").bearer_auth(&erin));
        let next = page["next_cursor"].as_str().expect("there is one more");
        let rest = count(&erin, &format!("limit=1&cursor={next}"));
        assert_eq!(rest[0]["prompt"], "analyse-run");
    });
}

#[test]
fn what_is_wrong_is_told_and_not_noted() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let erin = user(&maid, &admin, "erin", "editor");
        let id = stored(&maid, &erin, &prompt("Nightly"));
        let note = |who: &str, of: &str, body: &Value| {
            answer(maid.post(&format!("/prompts/{of}/use"), body).bearer_auth(who))
        };
        for (body, path) in [
            (json!({"version": 2}), "version"),
            (json!({"version": 0}), "version"),
            (json!({"run_id": "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a"}), "run_id"),
        ] {
            let (status, wrong) = note(&erin, &id, &body);
            assert_eq!((status, &wrong["errors"][0]["path"]), (422, &json!(path)), "{wrong}");
        }

        for wrong in ["by=version", "by=week", "days=0", "days=367", "cursor=x"] {
            assert_eq!(
                answer(maid.get(&format!("/prompts/analytics?{wrong}")).bearer_auth(&erin)).0,
                400,
                "{wrong}"
            );
        }
        assert_eq!(answer(maid.get("/prompts/analytics?prompt=nothing").bearer_auth(&erin)).0, 404);
        assert_eq!(count(&maid, &erin, "").len(), 0);
    });
}

#[test]
fn a_use_is_forgotten_after_a_year() {
    on_each_database(|home| {
        let today = Timestamp::now().as_second() / 86_400;
        let columns = ["id", "prompt_id", "version", "user_id", "at", "day"].map(Alias::new);
        let note = |days_ago: i64| {
            let values: [sea_orm::Value; 6] = [
                Uuid::now_v7().into(),
                Uuid::now_v7().into(),
                1_i64.into(),
                "ada".into(),
                DateTimeUtc::default().into(),
                (today - days_ago).into(),
            ];
            let values = values.map(Expr::val);
            let into = Alias::new("maid_prompt_uses");
            Query::insert().into_table(into).columns(columns.clone()).values_panic(values).take()
        };
        block_on(async {
            let db = home.database.ready().await;
            for days_ago in [10, 360, 370, 400] {
                db.connection().execute(&note(days_ago)).await.expect("a row");
            }
            db.close().await.expect("it closes");
        });
        let _maid = home.start().start();
        let left = || {
            block_on(async {
                let db = home.database.open().await;
                let uses = Alias::new("maid_prompt_uses");
                let days = Query::select().column(Alias::new("day")).from(uses).take();
                let rows = db.connection().query_all(&days).await.expect("rows");
                let mut days: Vec<i64> =
                    rows.iter().map(|row| today - row.try_get_by_index::<i64>(0).expect("a day")).collect();
                days.sort_unstable();
                db.close().await.expect("it closes");
                days
            })
        };
        wait_for("old ones are forgotten", || (left() == [10, 360]).then_some(()));
    });
}
