//! Recipes that are sent as the text of their file: kept as they are written, on both databases.

use serde_json::{Value, json};

use super::put;
use crate::{
    server::on_each_database,
    support::{
        people::{admin, asking, user},
        server::{Maid, answer},
    },
};

const TEXT: &str = r#"# What the shop goes through in the morning.
title: Front page   # as people call it
summary: People look at the front page.
category: web
tags: [read-only]
parameters:
  # As many as come.
  - {name: users, type: integer, help: How many at once., default: 2, min: 1, max: 50}
loadtest:
  version: 1
  name: Front page
  target: {hosts: ["http://127.0.0.1:43180"]}   # the demo shop
  load: {users: "${param:users}", run_time: 300ms}
  scenarios:
    - name: front
      transactions: [{name: home, requests: [{path: /}]}]
"#;

fn shown(maid: &Maid, id: &str) -> Value {
    let (status, shown) = answer(maid.get(&format!("/recipes/{id}")));
    assert_eq!(status, 200, "{shown}");
    shown
}

#[test]
fn a_text_is_kept_as_it_is_written() {
    on_each_database(|home| {
        let maid = home.start().start();
        let (status, made) = answer(maid.post("/recipes", &json!({"text": TEXT})));
        assert_eq!(status, 201, "{made}");
        let id = made["id"].as_str().expect("an id");
        let first = shown(&maid, id);
        assert_eq!((&first["text"], &first["title"]), (&json!(TEXT), &json!("Front page")));
        assert_eq!(first["recipe"]["loadtest"]["load"]["users"], "${param:users}");

        // Another one, with all that stands beside its values but the title.
        let (_, copy) = answer(maid.post(&format!("/recipes/{id}/clone"), &json!({"title": "Home: \"us\""})));
        let copy = shown(&maid, copy["id"].as_str().expect("an id"));
        let titled = TEXT.replacen("title: Front page ", "title: \"Home: \\\"us\\\"\" ", 1);
        assert_eq!((&copy["text"], &copy["title"]), (&json!(titled), &json!("Home: \"us\"")));

        // A text over a text, then what a program has made: each version has what it was.
        let place = format!("/recipes/{id}");
        let more = TEXT.replace("# As many as come.", "# Fewer in summer.");
        assert_eq!(answer(put(&maid, &place, &json!({"text": more}))).0, 200);
        assert_eq!(shown(&maid, id)["text"], json!(more));
        assert_eq!(answer(put(&maid, &place, &first["recipe"])).0, 200);
        let last = shown(&maid, id);
        assert_eq!((&last["text"], &last["recipe"]), (&Value::Null, &first["recipe"]));
        let versions = [Value::Null, json!(more), json!(TEXT)];
        for (text, number) in versions.into_iter().zip([3, 2, 1]) {
            let (_, was) = answer(maid.get(&format!("{place}/versions/{number}")));
            assert_eq!(was["text"], text, "version {number}");
        }
        // JSON is a text too, and what is built in has one.
        let written = serde_json::to_string_pretty(&first["recipe"]).expect("JSON");
        assert_eq!(answer(put(&maid, &place, &json!({"text": written}))).0, 200);
        assert_eq!(shown(&maid, id)["text"], json!(written));
        let quickstart = shown(&maid, "quickstart");
        assert_eq!(quickstart["text"], include_str!("../../../assets/recipes/quickstart.yaml"));
    });
}

#[test]
fn what_is_wrong_with_a_text_is_told_with_its_line_and_not_stored() {
    on_each_database(|home| {
        let maid = home.start().start();
        let check = |text: &str| {
            let (status, checked) = answer(maid.post("/recipe-generator/validate", &json!({"recipe": text})));
            assert_eq!(status, 200, "{checked}");
            checked
        };
        assert_eq!((&check(TEXT)["valid"], &check(TEXT)["errors"]), (&json!(true), &json!([])));
        for (from, to, path, line) in [
            ("title: Front page", "title: ' '", "title", 2),
            ("default: 2", "default: 99", "parameters[0].default", 8),
            ("run_time: 300ms", "runtime: 300ms", "loadtest.load.runtime", 13),
            ("${param:users}", "${param:user}", "loadtest.load.users", 13),
            ("name: front\n", "name: ${param:users\n", "loadtest.scenarios[0].name", 15),
            ("name: front\n", "name: front\n      weight: -1\n", "loadtest.scenarios[0].weight", 16),
            ("tags: [read-only]", "tags: [read-only", "tags[0]", 6),
            ("# As many", "\u{0}# As many", "", 7),
            ("# As many", "\u{1b}# As many", "", 7),
        ] {
            let text = TEXT.replacen(from, to, 1);
            assert_ne!(text, TEXT);
            let checked = check(&text);
            assert_eq!(checked["valid"], false, "{to}: {checked}");
            let errors = checked["errors"].as_array().expect("a list");
            let error = errors.iter().find(|error| path.is_empty() || error["path"] == path);
            let error = error.unwrap_or_else(|| panic!("{to}: {checked}"));
            assert_eq!(error["line"], line, "{to}: {checked}");
            let (status, problem) = answer(maid.post("/recipes", &json!({"text": text})));
            assert_eq!((status, &problem["code"]), (422, &json!("invalid_recipe")), "{problem}");
            assert_eq!(problem["errors"].as_array().map(Vec::len), Some(errors.len()), "{problem}");
        }
        for (body, told) in [
            (json!({"text": TEXT, "title": "Twice"}), "title"),
            (json!({"text": 7}), "text"),
            (json!({"text": null}), "text"),
        ] {
            let (status, problem) = answer(maid.post("/recipes", &body));
            assert_eq!((status, &problem["code"]), (422, &json!("invalid_body")), "{problem}");
            assert_eq!(problem["errors"][0]["path"], told, "{problem}");
        }
        let (_, none) = answer(maid.get("/recipes?built_in=false"));
        assert_eq!(none["items"], json!([]));
    });
}

#[test]
fn a_copy_of_what_is_built_in_keeps_what_is_written_beside_it() {
    on_each_database(|home| {
        let maid = home.start().start();
        let (_, copy) = answer(maid.post("/recipes/banking-transfer/clone", &json!({})));
        let copy = shown(&maid, copy["id"].as_str().expect("an id"));
        let text = copy["text"].as_str().expect("a text");
        assert!(text.contains("# Down to account 1") && text.starts_with("title: \"Banking"), "{text}");
    });
}

#[test]
fn whoever_may_look_may_check_and_nothing_comes_of_it() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let vera = user(&maid, &admin, "vera", "viewer");
        let check = |recipe: Value| {
            let request = maid.post("/recipe-generator/validate", &json!({"recipe": recipe}));
            answer(request.bearer_auth(&vera)).1
        };
        // What a tester would say of it has its place in the recipe.
        let checked = check(json!(TEXT));
        assert_eq!(checked["valid"], true, "{checked}");
        let advice = checked["advice"].as_array().expect("a list");
        assert!(!advice.is_empty(), "{checked}");
        for one in advice {
            assert!(one["path"].as_str().is_some_and(|path| path.starts_with("loadtest.")), "{checked}");
        }
        assert_eq!(check(super::recipe("As an object"))["valid"], true);
        // What the engine does not speak is right, and nothing is said of its test.
        let grpc = json!(include_str!("../../../assets/recipes/grpc-unary.yaml"));
        assert_eq!(check(grpc), json!({"valid": true, "errors": [], "advice": []}));
        let (status, refused) = answer(maid.post("/recipes", &json!({"text": TEXT})).bearer_auth(&vera));
        assert_eq!((status, &refused["code"]), (403, &json!("forbidden")), "{refused}");
        let (_, none) = answer(maid.get("/recipes?built_in=false").bearer_auth(&vera));
        assert_eq!(none["items"], json!([]));
    });
}

#[test]
fn a_key_that_is_given_twice_is_refused() {
    on_each_database(|home| {
        let maid = home.start().start();
        for (body, path) in [
            (r#"{"text": "a", "text": "b"}"#.to_owned(), "text"),
            (super::recipe("Twice").to_string().replacen('{', r#"{"title": "Once","#, 1), "title"),
        ] {
            let request = maid.http.post(format!("{}/api/maid/recipes", maid.url));
            let (status, problem) = answer(request.header("content-type", "application/json").body(body));
            assert_eq!((status, &problem["code"]), (422, &json!("invalid_body")), "{problem}");
            assert_eq!(problem["errors"][0]["path"], path, "{problem}");
        }
    });
}
