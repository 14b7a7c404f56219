//! Help with writing a test.

use serde_json::{Value, json};

use super::recipe;
use crate::{
    server::{on_each_database, shop},
    support::server::answer,
};

#[test]
fn what_is_wrong_is_told_and_else_what_could_be_better() {
    on_each_database(|home| {
        let maid = home.start().start();
        let look = |body: Value| {
            let (status, answer) = answer(maid.post("/recipe-generator/validate", &body));
            assert_eq!(status, 200, "{answer}");
            answer
        };
        let codes = |answer: &Value| {
            let all = answer["advice"].as_array().expect("a list").iter();
            all.map(|one| one["code"].as_str().expect("text").to_owned()).collect::<Vec<_>>()
        };
        let good = look(json!({"recipe": recipe("Search")}));
        assert_eq!(
            (&good["valid"], codes(&good)),
            (&json!(true), vec!["short_run".into(), "no_thresholds".into()])
        );
        let mut heavy = recipe("Search");
        heavy["parameters"][1]["default"] = json!(40);
        assert!(codes(&look(json!({"recipe": heavy}))).contains(&"no_think_time".to_owned()));
        let text = "version: 1\nname: T\ntarget: { hosts: ['http://127.0.0.1:1'] }\nload: { user: 1 }\nscenarios: []\n";
        let wrong = look(json!({"loadtest": text}));
        assert_eq!((&wrong["valid"], &wrong["errors"][0]["line"]), (&json!(false), &json!(4)), "{wrong}");
        let wrong = look(json!({"recipe": "title: T\nsummary: S\ncategory: api\nloadtest: {}\n"}));
        assert_eq!(wrong["valid"], false, "{wrong}");
        for body in [json!({}), json!({"recipe": {}, "loadtest": {}})] {
            assert_eq!(answer(maid.post("/recipe-generator/validate", &body)).0, 422);
        }
    });
}

#[test]
fn values_are_suggested_by_what_has_passed() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let id = super::stored(&maid, "", &recipe("Search"));
        let ask = |host: Option<&str>| {
            let body = json!({"recipe_id": id, "host": host});
            let (status, answer) = answer(maid.post("/recipe-generator/suggest", &body));
            assert_eq!(status, 200, "{answer}");
            let of = |name: &str| {
                let items = answer["items"].as_array().expect("a list");
                let found = items.iter().find(|one| one["parameter"] == name);
                found.map(|one| (one["value"].clone(), one["source"].clone()))
            };
            assert_eq!(of("pass"), None, "no secret is suggested");
            [of("host").expect("a host"), of("users").expect("users")]
        };
        let of_recipe = json!("recipe");
        assert_eq!(
            ask(None),
            [(json!("http://127.0.0.1:43180"), of_recipe.clone()), (json!(2), of_recipe.clone())]
        );
        let run = json!({"parameters": {"host": shop.url(), "users": 4}});
        let (status, run) = answer(maid.post(&format!("/recipes/{id}/run"), &run));
        assert_eq!(status, 202, "{run}");
        maid.until_over(run["run_id"].as_str().expect("an id"));
        let seen = json!("earlier_runs");
        assert_eq!(ask(None), [(json!(shop.url()), seen.clone()), (json!(4), seen)]);
        assert_eq!(ask(Some("http://127.0.0.1:1"))[1], (json!(2), of_recipe));
        let (status, _) = answer(maid.post("/recipe-generator/suggest", &json!({"recipe_id": "no"})));
        assert_eq!(status, 404);
    });
}

/// Users of a test that counts passes may be over before the next one begins.
#[test]
fn users_are_suggested_by_what_was_asked_for() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let mut short = recipe("Short");
        short["parameters"][2] =
            json!({"name": "passes", "type": "integer", "help": "How many.", "default": 1});
        short["loadtest"]["load"] =
            json!({"users": "${param:users}", "iterations": "${param:passes}", "hatch_rate": 10});
        let id = super::stored(&maid, "", &short);
        let run = json!({"parameters": {"host": shop.url(), "users": 9}});
        let (status, run) = answer(maid.post(&format!("/recipes/{id}/run"), &run));
        assert_eq!(status, 202, "{run}");
        let over = maid.until_over(run["run_id"].as_str().expect("an id"));
        let (_, history) = answer(maid.get("/history"));
        let met = history["items"][0]["users_max"].as_u64().expect("a number");
        assert!(met < 9 && over["requests"] == 9, "{met} users met, so the two can be told apart: {over}");
        let (_, found) = answer(maid.post("/recipe-generator/suggest", &json!({"recipe_id": id})));
        let users = found["items"].as_array().expect("a list").iter().find(|one| one["parameter"] == "users");
        let users = users.expect("it is suggested");
        assert_eq!((&users["value"], &users["source"]), (&json!(9), &json!("earlier_runs")), "{found}");
        assert!(users["because"].as_str().is_some_and(|why| why.contains("asked for 9 users")), "{users}");
    });
}

#[test]
fn there_is_something_to_begin_with() {
    on_each_database(|home| {
        let maid = home.start().start();
        let (status, templates) = answer(maid.get("/recipe-generator/templates"));
        let (_, listed) = answer(maid.get("/recipes?built_in=true&limit=200"));
        assert_eq!(status, 200);
        let count = |page: &Value| page["items"].as_array().map(Vec::len);
        assert_eq!(count(&templates), count(&listed));
    });
}
