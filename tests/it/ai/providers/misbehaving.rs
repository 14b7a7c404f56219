//! Providers that fail, lie, or say nothing.

use serde_json::json;

use super::{REMOTE, chat, completion, models, once, said, start, write};
use crate::{
    server::on_one_database,
    support::{
        byte_server::{Act, ByteServer, send},
        server::{answer, wait_for},
    },
};

/// Name, what the provider does, the status that MAID answers, what it says, and how often the provider was asked.
type Misbehaviour = (&'static str, Vec<Vec<Act>>, u16, &'static str, usize);

#[test]
fn a_provider_that_misbehaves_is_asked_again_or_told_of() {
    on_one_database(|home| {
        let busy = once(said("503 Service Unavailable", "", "down"));
        let limited = once(said("429 Too Many Requests", "retry-after: 0\r\n", "{}"));
        let for_long = once(said("429 Too Many Requests", "retry-after: 18446744073709551615\r\n", "{}"));
        let key = json!({"error": {"message": "Incorrect key sk-very-secret-key-of-the-stub\u{7}"}});
        let wrong =
            json!({"choices": [{"message": {"content": "{\"n\": \"one\"}"}, "finish_reason": "stop"}]});
        let filtered = json!({"choices": [{"message": {"content": ""}, "finish_reason": "content_filter"}]});
        let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
        let fine = once(completion("{\"n\": 1}"));
        let form = json!({"response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema":
            {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}}}});
        let cases: Vec<Misbehaviour> = vec![
            ("down, then up", vec![busy.clone(), busy.clone(), fine.clone()], 200, "", 3),
            ("limited, then not", vec![limited, fine.clone()], 200, "", 2),
            ("reset, then up", vec![vec![Act::Request, Act::Reset], fine.clone()], 200, "", 2),
            ("no answer, then up", vec![vec![Act::Request], fine.clone()], 200, "", 2),
            ("down", vec![busy], 503, "503 Service Unavailable", 3),
            ("limited for ever", vec![for_long], 503, "429 Too Many Requests", 1),
            ("another key", vec![once(said("401 Unauthorized", "", key))], 503, "Incorrect key ***", 1),
            (
                "elsewhere",
                vec![once(said("302 Found", "location: http://127.0.0.1:1/\r\n", ""))],
                503,
                "302 Found",
                1,
            ),
            ("no JSON", vec![once(said("200 OK", "", "<html>"))], 503, "cannot be read", 3),
            ("no choices", vec![once(said("200 OK", "", json!({"choices": []})))], 503, "no choices", 3),
            ("another form", vec![once(said("200 OK", "", wrong))], 503, "the form", 1),
            ("filtered", vec![once(said("200 OK", "", filtered))], 503, "filtered", 1),
            ("cut", vec![once("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")], 503, "broke off", 3),
            (
                "no end",
                vec![vec![Act::Request, send(head), Act::Flood(b' ', 1 << 30)]],
                503,
                "larger than 8 MiB",
                1,
            ),
            ("silence", vec![vec![Act::Request, Act::Stall]], 504, "longer than 5 s", 1),
        ];
        for (name, scripts, status, told, requests) in cases {
            let stub = ByteServer::start(scripts);
            let maid = start(home, &stub, REMOTE, "").start();
            let (found, problem) = chat(&maid, "stub", "one", form.clone());
            assert_eq!(found, status, "{name}: {problem}");
            let detail = problem["detail"].as_str().unwrap_or_default();
            assert!(detail.contains(told), "{name}: {detail:?} does not say {told:?}");
            assert!(!problem.to_string().contains("very-secret"), "{name}: {problem}");
            assert_eq!(stub.requests().len(), requests, "{name}");
            assert!(stub.flooded() < 64 << 20, "{name}: {} bytes were taken", stub.flooded());
        }
    });
}

#[test]
fn where_no_provider_answers_the_model_inside_does() {
    models();
    on_one_database(|home| {
        let stub = ByteServer::start(vec![once(said("500 Internal Server Error", "", "oh"))]);
        let breaker = |rest: &str| format!(", retries: 0, breaker: {{ failures: 2, rest: {rest} }}");
        let standard = maid::ai::models::Catalogue::new(None).folder().display().to_string();
        let maid = start(home, &stub, REMOTE, &breaker("1h")).with_models();
        let maid = maid.with("MAID__AI__MODELS_DIR", standard).start();
        let engine = || {
            let (status, told) = chat(&maid, "default", "Hi", json!({"max_tokens": 2}));
            assert_eq!(status, 200, "{told}");
            assert_eq!(
                (&told["engine"]["route"], &told["usage"]["cost"]),
                (&json!("local"), &json!(0.0)),
                "{told}"
            );
            told["engine"].clone()
        };
        for _ in 0..2 {
            let engine = engine();
            assert_eq!(engine["chosen_by"], "fallback", "{engine}");
            assert!(engine["reason"].as_str().is_some_and(|why| why.contains("500 Internal")), "{engine}");
        }
        assert_eq!(engine()["chosen_by"], "breaker");
        let (_, shown) = answer(maid.get("/ai/status"));
        assert_eq!(shown["policy"]["providers"][0]["breaker"], "open", "{shown}");
        let (status, problem) = chat(&maid, "stub", "Hi", json!({}));
        assert_eq!((status, problem["code"].as_str()), (503, Some("model_unavailable")), "{problem}");
        assert_eq!(stub.requests().len(), 2, "it was let alone");
        // A policy that is another one gives it another chance, and then another one after a while.
        let file = home.folder.path().join("ai-policy.yaml");
        write(&file, &stub, REMOTE, &breaker("100ms"));
        wait_for("it is tried again and again", || {
            chat(&maid, "stub", "Hi", json!({}));
            (stub.requests().len() >= 5).then_some(())
        });
        // Asked for by name, the model inside answers whatever the policy says.
        let (_, told) = chat(&maid, "smollm2-135m-instruct", "Hi", json!({"max_tokens": 2}));
        assert_eq!(
            (&told["engine"]["route"], &told["engine"]["chosen_by"]),
            (&json!("local"), &json!("request"))
        );
    });
}
