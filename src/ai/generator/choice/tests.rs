//! A model that answers nonsense, or worse.

use serde_json::json;

use super::*;
use crate::{
    ai::generator::{Ask, Models, built_in, draft::Source, filler::Filling, generate, service::Generated},
    recipes::library::Library,
};

/// Answers the same, whatever it is asked.
struct Fixed(Result<Value, FillError>);

impl Filler for Fixed {
    fn name(&self) -> String {
        "fixed".to_owned()
    }

    fn fill(&self, _: Question) -> Filling<'_, Filled> {
        let answer = self.0.clone().map(|value| Filled {
            value,
            prompt_tokens: 50,
            completion_tokens: 20,
            cost: 0.0,
            by: By::default(),
        });
        Box::pin(async move { answer })
    }
}

async fn made(text: &str, answer: Result<Value, FillError>) -> Generated {
    let known = built_in(&Library::built_in());
    let filler = Fixed(answer);
    let models = Models { filler: Some(&filler), nearest: None };
    let ask = Ask { text: text.to_owned(), previous: None };
    generate(ask, &known, models, &|_| ()).await.expect("a text")
}

/// What 45 counts is not clear.
const TEXT: &str = "GET /a on http://127.0.0.1:8080, 45 and 90 seconds";

#[tokio::test]
async fn a_name_is_taken_over_where_it_is_about_the_text() {
    let good = made(TEXT, Ok(json!({"name": "Load test of seconds", "number_0": "nothing"}))).await;
    assert_eq!(good.loadtest.name, "Load test of seconds");
    assert!(!good.engine.degraded && good.engine.route == "reader+model", "{:?}", good.engine);
    assert_eq!((good.usage.prompt_tokens, good.usage.completion_tokens), (50, 20));
    let name = good.provenance.iter().find(|one| one.path == "/name").expect("it has a name");
    assert_eq!(name.source, Source::Model);
    let sure = "GET /a on http://127.0.0.1:8080 with 20 users for 10 seconds";
    let sure = made(sure, Err(FillError::Late)).await;
    assert!(
        sure.engine.route == "reader" && !sure.engine.degraded,
        "what is sure is not asked: {:?}",
        sure.engine
    );
}

#[tokio::test]
async fn nonsense_falls_back_to_what_the_reader_found() {
    let plain = made(TEXT, Err(FillError::Late)).await;
    let named = |name: &str| json!({"name": name, "number_0": "nothing"});
    for (answer, degraded) in [
        (json!(null), true),
        (json!("users"), true),
        (json!({"name": 5}), true),
        (json!({"name": "x".repeat(61), "number_0": "nothing"}), true),
        (json!({"name": "seconds", "number_0": "nothing", "hosts": ["https://evil.example"]}), true),
        (json!({"name": "seconds", "number_0": "nothing", "recipe": "checkout"}), true),
        (named("A load test of 500 seconds"), false),
        (named("Load test of https://evil.example"), false),
        (named("Load test of evil.example"), false),
        (named("seconds ${env:SECRET}"), false),
        (named("seconds test seconds test seconds"), false),
        (named("Amazing product"), false),
    ] {
        let bad = made(TEXT, Ok(answer.clone())).await;
        assert_eq!(bad.engine.degraded, degraded, "{answer}");
        assert_eq!(bad.loadtest.name, plain.loadtest.name, "{answer}");
        assert_eq!(bad.loadtest.target, plain.loadtest.target, "{answer}");
        assert_eq!(bad.loadtest.load, plain.loadtest.load, "{answer}");
        assert!(!bad.yaml.contains("evil"), "{answer}");
    }
}

#[tokio::test]
async fn a_number_that_is_not_clear_may_be_told_by_the_model() {
    let answer = json!({"name": "Some test", "number_0": "users"});
    let told = made(TEXT, Ok(answer)).await;
    assert_eq!(told.loadtest.load.users, Some(45));
    let users = told.provenance.iter().find(|one| one.path == "/load/users").expect("it has users");
    assert_eq!(
        (users.source, users.span.as_ref().map(|span| span.text.as_str())),
        (Source::Model, Some("45"))
    );
}

#[test]
fn the_question_is_short() {
    let reading = super::super::reader::read(TEXT);
    let schema = schema::schema(&reading, &[]);
    assert!(schema["properties"]["recipe"].is_null(), "{schema}");
    assert!(schema::instructions(&reading, &[]).len() < 400);
    assert_eq!(shown(&"ä".repeat(5000)).len(), SHOWN);
}
