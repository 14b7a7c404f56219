//! Providers that speak OpenAI's API, as they are and as they should not be: asked by the real server over real HTTP.

mod answers;
mod kept;
mod misbehaving;

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::models;
use crate::{
    server::Home,
    support::{
        byte_server::{ByteServer, once},
        server::{Maid, Start, answer},
    },
};

/// An answer of a provider, as it goes over the wire.
fn said(status: &str, headers: &str, body: impl ToString) -> String {
    let body = body.to_string();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// What a provider answers when all is well.
fn completion(text: &str) -> String {
    said(
        "200 OK",
        "content-type: application/json\r\n",
        json!({
            "id": "c-1", "object": "chat.completion", "created": 1, "model": "large",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500},
        }),
    )
}

/// A server whose policy names the provider `stub`, with whatever else `policy` and `provider` say.
fn start(home: &Home, stub: &ByteServer, policy: &str, provider: &str) -> Start {
    let file = home.folder.path().join("ai-policy.yaml");
    write(&file, stub, policy, provider);
    home.start()
        .with("MAID__AI__ENABLED", "true")
        .with("MAID__AI__MODELS_DIR", home.folder.path().join("no models").display())
        .with("MAID__AI__POLICY_FILE", file.display())
        .with("STUB_KEY", "sk-very-secret-key-of-the-stub")
}

fn write(file: &Path, stub: &ByteServer, policy: &str, provider: &str) {
    let url = stub.url();
    let text = format!(
        "{policy}\nproviders:\n  - {{ id: stub, url: '{url}/v1/', model: large, api_key_env: STUB_KEY, \
         input_price: 1, output_price: 2, timeout: 5s {provider} }}\n"
    );
    fs::write(file, text).expect("the policy is written");
}

fn chat(maid: &Maid, model: &str, text: &str, more: Value) -> (u16, Value) {
    answer(maid.http.post(format!("{}/v1/chat/completions", maid.url)).json(&asked(model, text, more)))
}

fn asked(model: &str, text: &str, more: Value) -> Value {
    let mut body = json!({"model": model, "messages": [{"role": "user", "content": text}], "max_tokens": 50});
    body.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    body
}

fn body(request: &str) -> Value {
    let (_, body) = request.split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).expect("JSON")
}

const REMOTE: &str = "privacy: allow-api\nintents: { chat: remote, generate: remote, explain: remote }";
