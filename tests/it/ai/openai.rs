//! The API that OpenAI's clients speak, asked by the official one.

use serde_json::json;

use super::models;
use crate::{
    convert::export::tools,
    server::on_one_database,
    support::{
        people::{admin, asking, audited, key, user},
        server::answer,
    },
};

#[test]
fn the_official_client_passes_its_suite() {
    models();
    on_one_database(|home| {
        let maid = asking(home).with_models().start();
        let admin = admin(&maid);
        let (_, key) = key(&maid, &admin, &json!({"name": "openai", "scopes": ["maid.read", "maid.write"]}));
        let mut client = tools::python();
        client.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ai/client.py")).args([&maid.url, &key]);
        let output = client.output().expect("the client runs");
        let (told, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{told}\n{said}\n{}", maid.said());
        assert!(told.ends_with("left\n"), "{told}");

        let audited = audited(&maid, &admin, "ai.complete");
        assert!(audited.len() > 10, "each answer is noted: {audited:?}");
        let text = json!(audited).to_string();
        assert!(
            !text.contains("dragon") && !text.contains("France"),
            "nothing of what was said is kept: {text}"
        );

        let counted = |query: &str, token: &str| {
            let (status, page) = answer(maid.get(&format!("/ai/usage{query}")).bearer_auth(token));
            assert_eq!(status, 200, "{page}");
            page["items"].as_array().expect("a list").clone()
        };
        let by = counted("?by=principal&days=1", &admin);
        assert_eq!(by[0]["principal"].as_str().map(str::len), Some(36), "the key asked: {by:?}");
        let number = |name: &str| by[0][name].as_u64().expect(name);
        assert!(
            number("requests") > 10 && number("answer_tokens") > 100 && number("busy_ms") > 100,
            "{by:?}"
        );
        assert_eq!(counted("?by=model", &admin)[0]["model"], "smollm2-135m-instruct");
        let viewer = user(&maid, &admin, "vera", "viewer");
        assert_eq!(counted("", &viewer).len(), 0, "what others ask is none of their business");
    });
}

#[test]
fn models_answer_those_who_may_ask_them() {
    on_one_database(|home| {
        let maid = asking(home).with("MAID__AI__ENABLED", "true").start();
        let admin = admin(&maid);
        let viewer = user(&maid, &admin, "vera", "viewer");
        let ask = || {
            let body =
                json!({"model": "default", "max_tokens": 1, "messages": [{"role": "user", "content": "Hi"}]});
            maid.http.post(format!("{}/v1/chat/completions", maid.url)).json(&body)
        };
        assert_eq!(answer(ask()).0, 401);
        let (status, problem) = answer(ask().bearer_auth(&viewer));
        assert_eq!((status, problem["code"].as_str()), (403, Some("forbidden")), "{problem}");
        let (status, listed) = answer(maid.http.get(format!("{}/v1/models", maid.url)).bearer_auth(&viewer));
        assert_eq!(status, 200, "{listed}");
        let (status, shown) = answer(maid.get("/ai/status").bearer_auth(&viewer));
        assert_eq!(
            (status, shown["degraded"].as_bool(), shown["chat"]["state"].as_str()),
            (200, Some(false), Some("idle")),
            "{shown}"
        );
    });
}
