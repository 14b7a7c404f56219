//! Answers of providers: whole, streamed, of tools, and for what MAID itself asks.

use std::fs;

use serde_json::{Value, json};

use super::{REMOTE, asked, body, chat, completion, once, said, start, write};
use crate::{
    reports::outcomes,
    server::{on_each_database, on_one_database},
    support::{
        byte_server::{Act, ByteServer, send},
        people::{admin, asking, user},
        server::{Maid, answer, wait_for},
        tls::Authority,
    },
};

/// The beginning of an answer that is streamed.
const STREAM: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

/// An event that says `text`.
fn delta(text: &str) -> String {
    format!(
        "data: {}\n\n",
        json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]})
    )
}

#[test]
fn a_provider_answers_and_learns_no_secret() {
    on_each_database(|home| {
        let stub = ByteServer::start(vec![once(completion("Dear [email-3], hello from [word-2]."))]);
        let maid = start(home, &stub, &format!("{REMOTE}\nmask: [Falcon]"), "").start();
        let text = "Write to ada@example.com for falcon; token=abc123 and the password is hunter22.";
        let (status, told) =
            chat(&maid, "default", text, json!({"temperature": 0.5, "seed": 7, "stop": "END"}));
        assert_eq!(status, 200, "{told}");
        assert_eq!(told["choices"][0]["message"]["content"], "Dear ada@example.com, hello from [word-2].");
        let engine = &told["engine"];
        assert_eq!(
            (engine["route"].as_str(), engine["provider"].as_str(), engine["chosen_by"].as_str()),
            (Some("remote"), Some("stub"), Some("intent")),
            "{told}"
        );
        assert!(engine["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{told}");
        assert_eq!(told["model"], "stub/large");
        let usage = &told["usage"];
        assert_eq!((&usage["total_tokens"], &usage["cost"]), (&json!(1500), &json!(0.002)), "{told}");
        assert!(usage["latency_ms"].is_u64() && usage.get("estimated").is_none(), "{told}");

        let sent = stub.requests();
        let request = &sent[0];
        assert!(request.starts_with("POST /v1/chat/completions HTTP/1.1"), "{request}");
        assert!(request.contains("authorization: Bearer sk-very-secret-key-of-the-stub"), "{request}");
        let sent = body(request);
        let shown = sent["messages"][0]["content"].as_str().expect("a text");
        assert_eq!(shown, "Write to [email-3] for [word-1]; token=*** and the password is [secret-2].");
        assert_eq!(
            (&sent["model"], &sent["seed"], &sent["stop"], &sent["max_tokens"]),
            (&json!("large"), &json!(7), &json!(["END"]), &json!(50))
        );
        wait_for("what it cost is counted", || {
            let (_, counted) = answer(maid.get("/ai/usage?by=model"));
            let item = counted["items"].get(0)?;
            assert_eq!((&item["model"], &item["cost"]), (&json!("stub/large"), &json!(0.002)), "{counted}");
            let (_, shown) = answer(maid.get("/ai/status"));
            assert_eq!(shown["policy"]["spent_today"], 0.002, "{shown}");
            Some(())
        });
        let (_, shown) = answer(maid.get("/ai/status"));
        assert_eq!(
            (shown["policy"]["providers"][0]["breaker"].as_str(), shown["policy"]["chat"].as_str()),
            (Some("closed"), Some("remote")),
            "{shown}"
        );
        assert!(!shown.to_string().contains("very-secret") && !maid.said().contains("very-secret"));
        let (_, listed) = answer(maid.http.get(format!("{}/v1/models", maid.url)));
        assert_eq!(
            (&listed["data"][0]["id"], &listed["data"][0]["owned_by"]),
            (&json!("stub/large"), &json!("stub"))
        );
        let (status, one) = answer(maid.http.get(format!("{}/v1/models/stub/large", maid.url)));
        assert_eq!((status, &one["id"]), (200, &json!("stub/large")), "{one}");
    });
}

#[test]
fn an_answer_is_streamed_and_what_was_hidden_is_put_back_across_its_parts() {
    on_one_database(|home| {
        let parts = ["Hello [ema", "il-", "1], an", "d [e"].map(delta).concat();
        let end = format!(
            "data: {}\n\ndata: {}\n\ndata: [DONE]\n\n",
            json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}),
            json!({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4}})
        );
        let script =
            vec![Act::Request, send(STREAM), Act::Trickle((": hi\n\n".to_owned() + &parts + &end).into())];
        let cut = vec![Act::Request, send(format!("{STREAM}{}", delta("Hel")))];
        let stub = ByteServer::start(vec![script, cut]);
        let maid = start(home, &stub, REMOTE, "").start();
        let stream = |text| {
            let body =
                asked("default", text, json!({"stream": true, "stream_options": {"include_usage": true}}));
            let response = maid.http.post(format!("{}/v1/chat/completions", maid.url)).json(&body).send();
            response.expect("an answer").text().expect("events")
        };
        let events = stream("mail ada@example.com");
        let said: Vec<Value> = events
            .lines()
            .filter_map(|line| line.strip_prefix("data: "))
            .filter(|data| *data != "[DONE]")
            .map(|data| serde_json::from_str(data).expect("JSON"))
            .collect();
        let text: String =
            said.iter().filter_map(|one| one["choices"][0]["delta"]["content"].as_str()).collect();
        assert_eq!(text, "Hello ada@example.com, and [e", "{events}");
        let usage =
            said.iter().find_map(|one| one.get("usage").filter(|usage| usage.is_object())).expect("usage");
        assert_eq!((&usage["prompt_tokens"], &usage["completion_tokens"]), (&json!(9), &json!(4)));
        assert_eq!(said[0]["engine"]["route"], "remote");
        assert!(events.ends_with("data: [DONE]\n\n"), "{events}");

        let events = stream("go on");
        assert!(
            events.contains("Hel") && !events.contains("[DONE]") && events.contains("broke off"),
            "{events}"
        );
    });
}

#[test]
fn tools_are_called_by_providers_too() {
    on_one_database(|home| {
        let call = |arguments: &str| {
            said(
                "200 OK",
                "",
                json!({"choices": [{"finish_reason": "tool_calls", "message": {"content": null,
                "tool_calls": [{"id": "x", "type": "function", "function": {"name": "mail", "arguments": arguments}}]}}]}),
            )
        };
        let stub = ByteServer::start(vec![once(call("{\"to\": \"[email-1]\"}")), once(call("{\"to\": 5}"))]);
        let maid = start(home, &stub, REMOTE, "").start();
        let tools = json!({"tools": [{"type": "function", "function": {"name": "mail", "parameters":
            {"type": "object", "properties": {"to": {"type": "string"}}, "required": ["to"]}}}]});
        let (status, told) = chat(&maid, "stub", "mail \"ada\"@x ada@example.com", tools.clone());
        assert_eq!(status, 200, "{told}");
        let called = &told["choices"][0]["message"]["tool_calls"][0]["function"];
        let arguments: Value =
            serde_json::from_str(called["arguments"].as_str().expect("text")).expect("JSON");
        assert_eq!(
            (&called["name"], arguments),
            (&json!("mail"), json!({"to": "ada@example.com"})),
            "{told}"
        );
        assert_eq!(told["usage"]["estimated"], true, "this provider counts nothing: {told}");
        let sent = body(&stub.requests()[0]);
        assert_eq!(
            (&sent["tools"][0]["function"]["name"], &sent["tool_choice"]),
            (&json!("mail"), &json!("auto"))
        );
        let (status, problem) = chat(&maid, "stub", "mail", tools);
        assert_eq!(status, 503, "arguments that do not fit are nobody's: {problem}");
    });
}

#[test]
fn tests_are_made_and_results_worded_by_providers_where_the_policy_says_so() {
    on_one_database(|home| {
        let choice = json!({"name": "Load of products", "number_0": "users"});
        let made_up = "The search failed 77 % of 123456 requests.";
        let stub = ByteServer::start(vec![once(completion(&choice.to_string())), once(completion(made_up))]);
        let file = home.folder.path().join("ai-policy.yaml");
        write(&file, &stub, REMOTE, "");
        let maid = asking(home)
            .with("MAID__AI__ENABLED", "true")
            .with("MAID__AI__POLICY_FILE", file.display())
            .with("STUB_KEY", "sk-very-secret-key-of-the-stub")
            .with("MAID__AI__MODELS_DIR", home.folder.path().join("no models").display())
            .start();
        let admin = admin(&maid);
        let text = json!({"text": "GET /products on http://127.0.0.1:8080, 45 and 90 seconds"});
        let (status, made) = answer(maid.post("/recipe-generator/generate", &text).bearer_auth(&admin));
        assert_eq!(status, 200, "{made}");
        let engine = &made["engine"];
        assert_eq!(
            (engine["route"].as_str(), engine["model"].as_str(), engine["chosen_by"].as_str()),
            (Some("reader+model"), Some("stub/large"), Some("intent")),
            "{made}"
        );
        assert_eq!(
            (&made["usage"]["tokens"], &made["usage"]["cost"]),
            (&json!(1500), &json!(0.002)),
            "{made}"
        );
        assert_eq!(made["loadtest"]["target"]["hosts"], json!(["http://127.0.0.1:8080"]));

        let report = serde_json::to_value(outcomes::shop()).expect("json");
        let analyse = |token: &str| {
            let body = json!({"outcome": report, "lang": "en"});
            answer(maid.http.post(format!("{}/v1/analysis", maid.url)).json(&body).bearer_auth(token))
        };
        let (status, told) = analyse(&admin);
        assert_eq!(status, 200, "{told}");
        assert!(!told["text"].to_string().contains("77"), "what is made up is not told: {told}");
        assert_eq!(
            (&told["engine"]["route"], &told["usage"]["cost"]),
            (&json!("deterministic"), &json!(0.002)),
            "{told}"
        );
        let sent = stub.requests().len();
        let viewer = user(&maid, &admin, "vera", "viewer");
        let (status, told) = analyse(&viewer);
        assert_eq!((status, &told["engine"]["route"]), (200, &json!("deterministic")), "{told}");
        assert_eq!(stub.requests().len(), sent, "whoever may only look spends nobody's money");
    });
}

#[test]
fn texts_go_on_at_providers_that_are_reached_in_private_with_a_key_from_a_file() {
    on_one_database(|home| {
        let said =
            said("200 OK", "", json!({"choices": [{"text": " on and on", "finish_reason": "length"}]}));
        let authority = Authority::new();
        let stub = ByteServer::start_tls(vec![once(said)], authority.issue(&["127.0.0.1"]).server(&[]));
        let folder = home.folder.path();
        fs::write(folder.join("ca.pem"), authority.pem()).expect("written");
        fs::write(folder.join("key"), "a-key-of-a-file\n").expect("written");
        let policy = |ca: &str, key: &str| {
            format!(
                "privacy: allow-api\nproviders:\n  - {{ id: stub, url: 'https://127.0.0.1:{}/api', model: m, retries: 0, \
                 max_prompt_tokens: 64 {ca} {key} }}\n",
                stub.address().port()
            )
        };
        let ca = format!(", ca_file: '{}'", folder.join("ca.pem").display());
        let key = format!(", api_key_file: '{}'", folder.join("key").display());
        let start = |text: String| {
            fs::write(folder.join("ai-policy.yaml"), text).expect("written");
            home.start()
                .with("MAID__AI__ENABLED", "true")
                .with("MAID__AI__POLICY_FILE", folder.join("ai-policy.yaml").display())
                .start()
        };
        let go_on = |maid: &Maid, text: &str| {
            let body = json!({"model": "stub", "prompt": text, "max_tokens": 5});
            answer(maid.http.post(format!("{}/v1/completions", maid.url)).json(&body))
        };
        let maid = start(policy(&ca, &key));
        let (status, told) = go_on(&maid, "It goes");
        assert_eq!((status, &told["choices"][0]["text"]), (200, &json!(" on and on")), "{told}");
        assert_eq!(told["choices"][0]["finish_reason"], "length");
        let sent = stub.requests();
        assert!(sent[0].starts_with("POST /api/completions HTTP/1.1"), "{sent:?}");
        assert!(sent[0].contains("authorization: Bearer a-key-of-a-file\r\n"), "{sent:?}");
        assert_eq!(body(&sent[0])["prompt"], "It goes");
        let (status, problem) = go_on(&maid, &"long ".repeat(100));
        assert_eq!((status, problem["code"].as_str()), (422, Some("invalid_body")), "{problem}");
        drop(maid);
        for (ca, key, told) in [
            (String::new(), key.clone(), "certificate"),
            (", ca_file: nowhere.pem".to_owned(), key, "`ca_file` nowhere.pem"),
            (ca.clone(), ", api_key_file: nowhere".to_owned(), "the file nowhere"),
            (ca, ", api_key_env: NOBODY_HAS_SET_THIS".to_owned(), "`NOBODY_HAS_SET_THIS` is not set"),
        ] {
            let maid = start(policy(&ca, &key));
            let (status, problem) = go_on(&maid, "It goes");
            assert_eq!((status, problem["code"].as_str()), (503, Some("model_unavailable")), "{problem}");
            assert!(
                problem["detail"].as_str().is_some_and(|detail| detail.contains(told)),
                "{told}: {problem}"
            );
        }
        assert_eq!(stub.requests().len(), 1, "nothing else was sent");
    });
}
