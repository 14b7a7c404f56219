//! The search as its users meet it, and what it does with an embedder, on both databases.

mod meaning;
mod near;
mod served;
mod trend;

use maid::{
    ai::search::Search,
    auth::Principal,
    config::Config,
    db::Db,
    runs::{record::NewRun, store::Store},
};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::watch;

use crate::support::server::{Maid, answer, wait_for};

/// The search in `db`, without a model.
fn search(db: &Db) -> Search {
    Search::new(db.clone(), watch::channel(Arc::new(Config::default())).1, None)
}

/// Whoever asks.
fn somebody() -> Principal {
    Principal::local()
}

/// Kinds and ids of an answer.
fn ids(answer: &Value) -> Vec<&str> {
    let items = answer["items"].as_array().unwrap_or_else(|| panic!("an answer: {answer}"));
    items.iter().map(|item| item["id"].as_str().expect("an id")).collect()
}

/// What the server finds.
fn find(maid: &Maid, token: Option<&str>, query: &str) -> Value {
    let request = maid.get(&format!("/search?{query}"));
    let (status, body) = answer(match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    });
    assert_eq!(status, 200, "{body}");
    body
}

/// Waits until the server finds something.
fn until(maid: &Maid, token: Option<&str>, query: &str, found: impl Fn(&[&str]) -> bool) -> Value {
    wait_for(query, || {
        let body = find(maid, token, query);
        found(&ids(&body)).then_some(body)
    })
}

/// Stores a run that is over: of the test `name` against `host`, with the request `path`, from the recipe `recipe`.
async fn stored(
    store: &Store,
    number: u32,
    (name, host, path): (&str, &str, &str),
    recipe: Option<&str>,
) -> String {
    let id = crate::storage::id(number);
    let new = NewRun {
        name: name.to_owned(),
        recipe_id: recipe.map(str::to_owned),
        config: json!({"version": 1, "name": name, "target": {"hosts": [host]}, "scenarios": [{"name": "s",
            "transactions": [{"name": "t", "requests": [{"method": "POST", "path": path, "name": path}]}]}]}),
        ..crate::storage::asked(number)
    };
    let mut outcome = crate::storage::left(number, 100);
    outcome.name = name.to_owned();
    outcome.hosts = vec![host.to_owned()];
    outcome.config = new.config.clone();
    store.import(&new, &outcome).await.expect("stored");
    id.to_string()
}
