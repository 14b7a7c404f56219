//! The library: recipes of the binary, run for real against the demo shop; those that people write, on both
//! databases; the command line that shows them.

mod command_line;
mod described;
mod documented;
mod generator;
mod probed;
mod running;
mod runs;
mod searched;
mod texts;
mod written;

use reqwest::blocking::RequestBuilder;
use serde_json::{Value, json};

use crate::support::server::{Maid, answer};

/// A recipe that fits the demo shop.
pub fn recipe(title: &str) -> Value {
    json!({
        "title": title,
        "summary": "Somebody looks for something and looks at it.",
        "category": "web",
        "tags": ["search", "read-only"],
        "parameters": [
            {"name": "host", "type": "string", "help": "Where the shop is.", "required": true,
                "example": "http://127.0.0.1:43180"},
            {"name": "users", "type": "integer", "help": "How many at once.", "default": 2, "min": 1, "max": 50},
            {"name": "run_time", "type": "duration", "help": "How long.", "default": "300ms"},
            {"name": "word", "type": "string", "help": "What for.", "default": "lamp"},
            {"name": "pass", "type": "secret", "help": "What the shop wants to see.", "default": "a-long-secret-9"}
        ],
        "best_practices": ["Warm it up."],
        "good_result": ["No error."],
        "loadtest": {
            "version": 1,
            "name": title,
            "target": {"hosts": ["${param:host}"]},
            "load": {"users": "${param:users}", "run_time": "${param:run_time}"},
            "scenarios": [{"name": "search", "transactions": [{"name": "search", "requests": [
                {"name": "search", "path": "/search", "query": {"q": "${param:word}"},
                    "headers": {"X-Pass": "${param:pass}"}, "check": [{"status": 200}]}
            ]}]}]
        }
    })
}

fn put(maid: &Maid, path: &str, body: &Value) -> RequestBuilder {
    maid.http.put(format!("{}/api/maid{path}", maid.url)).json(body)
}

/// Stores a recipe and answers its id.
pub fn stored(maid: &Maid, token: &str, recipe: &Value) -> String {
    let (status, body) = answer(maid.post("/recipes", recipe).bearer_auth(token));
    assert_eq!(status, 201, "{body}");
    assert_eq!(body["version"], 1);
    body["id"].as_str().expect("an id").to_owned()
}
