//! Deeplinks and presets as their users meet them, on both databases.

mod command_line;
mod counted;
mod followed;
mod made;
mod presets;
mod walked;

use serde_json::{Value, json};

use crate::{
    server::loadtest,
    support::server::{Maid, answer},
};

/// Makes a link and answers what is told of it.
fn made(maid: &Maid, token: &str, new: &Value) -> Value {
    let (status, body) = answer(maid.post("/deeplinks", new).bearer_auth(token));
    assert_eq!(status, 201, "{body}");
    body
}

/// A text of an answer.
fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_else(|| panic!("`{name}` is a text: {body}"))
}

/// Looks at a link, given as its whole address or as its id.
fn open(maid: &Maid, token: &str, link: &str) -> (u16, Value) {
    let query = match link.split_once('?') {
        Some((_, query)) => query.to_owned(),
        None => format!("link={link}"),
    };
    answer(maid.get(&format!("/deeplinks/open?{query}")).bearer_auth(token))
}

/// Starts a run from a link.
fn start(maid: &Maid, token: &str, asked: &Value) -> (u16, Value) {
    answer(maid.post("/run", asked).bearer_auth(token))
}

/// A test that is over at once.
fn short(target: &str) -> Value {
    let mut test = loadtest(&target, 1, "10m");
    test["load"] = json!({"users": 1, "iterations": 1});
    test
}

/// Waits until a run is over.
fn until_over(maid: &Maid, token: &str, run: &Value) -> Value {
    let id = text(run, "run_id");
    crate::support::server::wait_for("the run is over", || {
        let (_, run) = answer(maid.get(&format!("/runs/{id}")).bearer_auth(token));
        (!matches!(run["status"].as_str(), Some("queued" | "running"))).then_some(run)
    })
}

/// How many runs there are.
fn runs(maid: &Maid, token: &str) -> usize {
    let (status, page) = answer(maid.get("/history").bearer_auth(token));
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().expect("a list").len()
}
