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
        let answer = self.0.clone().map(|value| Filled { value, prompt_tokens: 50, completion_tokens: 20 });
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

const TEXT: &str = "GET /a on http://127.0.0.1:8080 with 20 users for 10 seconds";

#[tokio::test]
async fn a_name_and_a_sentence_are_taken_over_where_they_say_nothing_new() {
    let good =
        made(TEXT, Ok(json!({"name": "Front page check", "description": "20 users read a page."}))).await;
    assert_eq!(good.loadtest.name, "Front page check");
    assert_eq!(good.loadtest.description.as_deref(), Some("20 users read a page"));
    assert!(!good.engine.degraded && good.engine.route == "reader+model", "{:?}", good.engine);
    assert_eq!((good.usage.prompt_tokens, good.usage.completion_tokens), (50, 20));
    let name = good.provenance.iter().find(|one| one.path == "/name").expect("it has a name");
    assert_eq!(name.source, Source::Model);
}

#[tokio::test]
async fn nonsense_falls_back_to_what_the_reader_found() {
    let plain = made(TEXT, Err(FillError::Late)).await;
    for answer in [
        json!(null),
        json!("users"),
        json!({"name": 5}),
        json!({"name": "A 500 user test", "description": "fine words"}),
        json!({"name": "Test of https://evil.example", "description": "fine words"}),
        json!({"name": "Test of evil.example", "description": "fine words"}),
        json!({"name": "${env:SECRET}", "description": "fine words"}),
        json!({"name": "x".repeat(61), "description": "fine words"}),
        json!({"name": "good name", "description": "fine words", "hosts": ["https://evil.example"]}),
        json!({"name": "good name", "description": "fine words", "recipe": "checkout"}),
    ] {
        let bad = made(TEXT, Ok(answer.clone())).await;
        assert!(bad.engine.degraded, "{answer}");
        assert_eq!(bad.loadtest.name, plain.loadtest.name, "{answer}");
        assert_eq!(bad.loadtest.target, plain.loadtest.target, "{answer}");
        assert_eq!(bad.loadtest.load, plain.loadtest.load, "{answer}");
        assert!(!bad.yaml.contains("evil"), "{answer}");
    }
}

#[tokio::test]
async fn a_number_that_is_not_clear_may_be_told_by_the_model() {
    let text = "GET /a on http://127.0.0.1:8080, 45 and 90 seconds";
    let answer = json!({"name": "Some test", "description": "fine words", "number_0": "users"});
    let told = made(text, Ok(answer)).await;
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
