//! What is filled in is a value, whatever it holds.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::loadtest::valid::{Context, ValidLoadTest};

const RECIPE: &str = r#"
title: Search
summary: People search.
category: api
tags: [search, read-only]
parameters:
  - { name: host, type: string, help: Where it is., required: true, example: "http://127.0.0.1:8080" }
  - { name: users, type: integer, help: How many., default: 5, min: 1, max: 100, unit: users }
  - { name: length, type: duration, help: How long., default: 10s, min: 1s, max: 1h }
  - { name: query, type: string, help: What for., default: lamp }
  - { name: most, type: integer, help: Pages., default: 3 }
  - { name: token, type: secret, help: What it wants to be shown., default: s3cret-token }
best_practices: [Warm it up.]
good_result: [No error.]
loadtest:
  version: 1
  name: Search for ${param:query}
  target: { hosts: ["${param:host}"] }
  load: { users: "${param:users}", run_time: "${param:length}" }
  scenarios:
    - name: search
      transactions:
        - name: search
          requests:
            - path: /search/${param:query}?page={{ random_int(1, ${param:most}) }}
              headers: { X-Token: "${param:token}" }
            - path: /search
              body: { json: { q: "${param:query}", n: "${param:most}", text: "for ${param:query}" } }
  thresholds: ["p95 < ${param:length}"]
"#;

fn given(value: Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

fn filled(recipe: &str, values: Value) -> Result<Filled, Problems> {
    Recipe::parse(recipe, "a recipe").expect("it is right").fill(&given(values))
}

fn valid(filled: Filled) -> ValidLoadTest {
    let context = Context { env: filled.env, ..Context::new(".") };
    filled.document.validate(&context).unwrap_or_else(|problems| panic!("{problems}"))
}

/// What is wrong with a recipe that differs from the one above.
fn wrong(from: &str, to: &str) -> String {
    assert!(RECIPE.contains(from), "{from}");
    Recipe::parse(&RECIPE.replace(from, to), "r").expect_err("it is wrong").to_string()
}

#[test]
fn values_take_their_places_with_their_types() {
    let filled = filled(RECIPE, json!({"host": "http://127.0.0.1:1", "users": "7", "query": "desk lamp"}));
    let filled = filled.unwrap_or_else(|problems| panic!("{problems}"));
    let value = filled.document.value();
    assert_eq!(value["load"], json!({"users": 7, "run_time": "10s"}));
    assert_eq!(value["name"], "Search for desk lamp");
    assert_eq!(value["thresholds"], json!(["p95 < 10s"]));
    let requests = &value["scenarios"][0]["transactions"][0]["requests"];
    assert_eq!(requests[0]["path"], "/search/{{ query }}?page={{ random_int(1, 3) }}");
    assert_eq!(requests[1]["body"]["json"], json!({"q": "{{ query }}", "n": 3, "text": "for {{ query }}"}));
    assert_eq!(value["variables"], json!({"query": "desk lamp"}));
    let test = valid(filled);
    assert!(!test.frozen().to_string().contains("s3cret-token"), "{}", test.frozen());
    assert_eq!(
        test.frozen()["scenarios"][0]["transactions"][0]["requests"][0]["headers"]["X-Token"],
        "${env:RECIPE_TOKEN}"
    );
}

#[test]
fn every_value_that_will_not_do_is_told_at_once() {
    let problems =
        filled(RECIPE, json!({"users": 101, "length": "2h", "query": "a\nb", "user": 1, "most": 1.5}));
    let problems = problems.expect_err("they will not do").to_string();
    for told in [
        "parameters.host: is missing: Where it is.",
        "parameters.users: must be 100 or less",
        "parameters.length: must be 1h or less",
        "parameters.query: must be one line without control characters",
        "parameters.most: must be a whole number",
        "parameters.user: no such parameter",
        "did you mean `users`?",
    ] {
        assert!(problems.contains(told), "{told}\n{problems}");
    }
}

#[test]
fn a_recipe_says_everything_that_is_wrong_with_it() {
    for (from, to, told) in [
        ("title: Search", "title: ''", "title: must be 1 to 200 characters"),
        ("read-only", "Read Only", "tags[1]: must be"),
        ("name: users,", "name: Users,", "parameters[1].name: must be"),
        ("name: most,", "name: query,", "parameters[4].name: `query` is declared twice"),
        ("default: 5,", "default: 500,", "parameters[1].default: must be 100 or less"),
        ("default: 5,", "", "parameters[1]: must have a `default`"),
        ("min: 1s", "min: soon", "parameters[2].min"),
        ("default: lamp", "default: lamp, min: 1", "only numbers and durations have bounds"),
        ("type: string, help: What for.", "type: choice, help: What for.", "a choice needs `choices`"),
        (", required: true, example", ", required: true, exampel", "unknown field `exampel`"),
        ("X-Token: \"${param:token}\"", "X-Token: no", "parameters[5].name: nothing uses it"),
        ("/search/${param:query}", "/search/${param:qeury}", "`${param:qeury}` is used and not declared"),
        ("category: api", "category: apis", "category: unknown variant `apis`"),
    ] {
        let problems = wrong(from, to);
        assert!(problems.contains(told), "{told}\n{problems}");
    }
    let positions = wrong("default: 5,", "default: 500,");
    assert!(positions.starts_with("r:8:"), "{positions}");
}

#[test]
fn a_text_is_no_piece_of_an_expression() {
    let recipe = RECIPE
        .replace("random_int(1, ${param:most})", "random_int(1, ${param:query}) }}${param:most}{{ uuid()");
    let problems =
        filled(&recipe, json!({"host": "http://127.0.0.1:1"})).expect_err("it is refused").to_string();
    assert!(
        problems.contains("scenarios[0].transactions[0].requests[0].path: `query` stands between"),
        "{problems}"
    );
}

proptest! {
    /// Whatever a value holds, the LoadTest has the shape that the recipe gives it, and the value goes out
    /// as it came in.
    #[test]
    fn no_value_breaks_out(query in "[^\\p{Cc}]{1,60}", token in "[ -~]{1,60}") {
        let values = json!({"host": "http://127.0.0.1:1", "query": query, "token": token});
        match filled(RECIPE, values) {
            Err(problems) => {
                prop_assert!(query.contains("${"), "{}", problems);
            }
            Ok(filled) => {
                let value = filled.document.value().clone();
                let requests = &value["scenarios"][0]["transactions"][0]["requests"];
                prop_assert_eq!(&requests[0]["path"], "/search/{{ query }}?page={{ random_int(1, 3) }}");
                prop_assert_eq!(&value["variables"]["query"], &json!(query));
                prop_assert!(!value.to_string().contains(&token) || token.len() < 12);
            }
        }
    }
}
