//! The prompt library as its users meet it, on both databases.

mod found;
mod shared;
mod used;
mod written;

use reqwest::blocking::RequestBuilder;
use serde_json::{Value, json};

use crate::support::server::{Maid, answer};

/// A prompt with a variable of its own.
fn prompt(title: &str) -> Value {
    json!({
        "title": title,
        "description": "What we ask for each night.",
        "category": "describe",
        "tags": ["nightly", "shop"],
        "variables": [
            {"name": "users", "type": "integer", "help": "How many.", "default": 20, "min": 1, "max": 500},
            {"name": "goal", "type": "string", "help": "What for.", "required": true, "example": "the sale"}
        ],
        "text": "Describe a load test with {{ users }} users for {{ goal }}.\nKeep \\{{ sku }} as it is."
    })
}

fn put(maid: &Maid, path: &str, body: &Value) -> RequestBuilder {
    maid.http.put(format!("{}/api/maid{path}", maid.url)).json(body)
}

/// Stores a prompt and answers its id.
fn stored(maid: &Maid, token: &str, prompt: &Value) -> String {
    let (status, body) = answer(maid.post("/prompts", prompt).bearer_auth(token));
    assert_eq!(status, 201, "{body}");
    assert_eq!(body["version"], 1);
    body["id"].as_str().expect("an id").to_owned()
}

/// Says who may read a prompt, and answers its link.
fn share(maid: &Maid, token: &str, id: &str, visibility: &str) -> Value {
    let sharing = json!({"visibility": visibility});
    let (status, body) = answer(maid.post(&format!("/prompts/{id}/share"), &sharing).bearer_auth(token));
    assert_eq!((status, &body["visibility"]), (200, &json!(visibility)), "{body}");
    body["link"].clone()
}

/// The ids of a page.
fn ids(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap_or_else(|| panic!("a page: {page}"));
    items.iter().map(|item| item["id"].as_str().expect("an id")).collect()
}
