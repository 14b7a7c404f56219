//! A model that answers nonsense, or worse.

use serde_json::json;

use super::*;
use crate::{
    ai::generator::{
        Ask, Models, Nearest, built_in, draft::Source, filler::Filling, generate, service::Generated,
    },
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
    let models = Models { filler: Some(&filler), nearest: None, teller: None };
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

/// Takes every text for one about the recipe with a phrase that begins so, as near as said.
struct Near(&'static str, f32);

/// What somebody says who means a transfer, and a search.
const TRANSFER: &str = "people wiring money";
const SEARCH: &str = "people hunt for articles";

impl Nearest for Near {
    fn name(&self) -> String {
        "near".to_owned()
    }

    fn rank(&self, _: String, among: Vec<String>) -> Filling<'_, Vec<f32>> {
        let scores: Vec<f32> =
            among.iter().map(|one| if one.starts_with(self.0) { self.1 } else { 0.1 }).collect();
        assert!(scores.iter().any(|score| *score > 0.1), "`{}` is a phrase", self.0);
        Box::pin(async move { Ok(scores) })
    }
}

async fn near(text: &str, nearest: Near, recipe: &str) -> Generated {
    let known = built_in(&Library::built_in());
    let filler = Fixed(Ok(json!({"recipe": recipe, "name": "Load test"})));
    let models = Models { filler: Some(&filler), nearest: Some(&nearest), teller: None };
    let ask = Ask { text: text.to_owned(), previous: None };
    generate(ask, &known, models, &|_| ()).await.expect("a text")
}

#[tokio::test]
async fn where_nothing_but_load_is_named_no_recipe_is_near() {
    for text in ["127.0.0.1:8080 with 20 users", "http://127.0.0.1:8080 mit 20 Nutzern für 1 Minute testen"]
    {
        for (phrase, recipe) in [(TRANSFER, "banking-transfer"), (SEARCH, "search")] {
            let made = near(text, Near(phrase, 0.9), recipe).await;
            assert_eq!(made.recipe, None, "{text}");
            assert!(made.recipes.is_empty(), "{text}: {:?}", made.recipes);
            assert_eq!(made.loadtest.load.users, Some(20), "{text}");
        }
    }
}

#[tokio::test]
async fn a_recipe_that_writes_needs_more_than_being_rather_near() {
    let text = "How do our branches cope on http://127.0.0.1:8080 with 20 users?";
    let vague = |phrase| Near(phrase, 0.42);
    let writes = near(text, vague(TRANSFER), "none").await;
    assert_eq!(writes.recipe, None);
    let agreed = near(text, vague(TRANSFER), "banking-transfer").await;
    assert_eq!(agreed.recipe.as_deref(), Some("banking-transfer"), "a second witness");
    let reads = near(text, vague(SEARCH), "none").await;
    assert_eq!(reads.recipe.as_deref(), Some("search"), "one that only reads may be");
    assert!(reads.notes.iter().any(|note| note.contains("no word of the text names")), "{:?}", reads.notes);
    let sure = near(text, Near(TRANSFER, 0.8), "none").await;
    assert_eq!(sure.recipe.as_deref(), Some("banking-transfer"), "hardly a doubt");
    assert!(sure.notes.iter().any(|note| note.contains("no word of the text names")), "{:?}", sure.notes);
    let named = near("Transfers on http://127.0.0.1:8080 with 20 users", vague(TRANSFER), "none").await;
    assert_eq!(named.recipe.as_deref(), Some("banking-transfer"), "the text names it");
    assert!(!named.notes.iter().any(|note| note.contains("no word of the text names")));
}
