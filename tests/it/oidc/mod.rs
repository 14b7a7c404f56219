//! Signing in with OpenID providers: a real one, which is a program of its own, and one that forges what it says.

pub mod browser;
mod callback;
mod door;
mod forger;
pub mod node;
mod people;
mod tokens;
mod unwell;
mod whole;

use maid::config::OidcProvider;
use serde_json::{Value, json};

/// What seals the cookies of these tests.
const KEY: [u8; 32] = [42; 32];

/// The configuration of a provider: `id` at `issuer`, and what `further` says.
fn provider(id: &str, issuer: &str, further: &Value) -> OidcProvider {
    let mut config = json!({
        "id": id, "name": format!("Account at {id}"), "issuer": issuer, "client_id": "maid",
        "client_secret": "hunter2", "default_role": "viewer",
    });
    for (key, value) in further.as_object().expect("an object") {
        config[key] = value.clone();
    }
    serde_json::from_value(config).expect("a provider")
}
