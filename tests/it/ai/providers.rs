//! Providers that speak OpenAI's API, as they are and as they should not be: asked by the real server over real HTTP.

use std::fs;

use serde_json::{Value, json};

use super::models;
use crate::{
    reports::outcomes,
    server::{Home, on_each_database, on_one_database},
    support::{
        byte_server::{Act, ByteServer, once, send},
        people::{admin, asking, user},
        server::{Maid, Start, answer, wait_for},
    },
};

/// An answer of a provider, as it goes over the wire.
fn said(status: &str, headers: &str, body: impl ToString) -> String {
    let body = body.to_string();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// Name, what the provider does, the status that MAID answers, what it says, and how often the provider was asked.
type Misbehaviour = (&'static str, Vec<Vec<Act>>, u16, &'static str, usize);

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

/// The beginning of an answer that is streamed.
const STREAM: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

/// An event that says `text`.
fn delta(text: &str) -> String {
    format!(
        "data: {}\n\n",
        json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]})
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

fn write(file: &std::path::Path, stub: &ByteServer, policy: &str, provider: &str) {
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
fn a_provider_that_misbehaves_is_asked_again_or_told_of() {
    on_one_database(|home| {
        let busy = once(said("503 Service Unavailable", "", "down"));
        let limited = once(said("429 Too Many Requests", "retry-after: 0\r\n", "{}"));
        let for_long = once(said("429 Too Many Requests", "retry-after: 3600\r\n", "{}"));
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
            ("limited for an hour", vec![for_long], 503, "429 Too Many Requests", 1),
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
        let maid = start(home, &stub, REMOTE, &breaker("1h")).with("MAID__AI__MODELS_DIR", standard).start();
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
            engine();
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

#[test]
fn nothing_leaves_that_the_policy_keeps() {
    on_one_database(|home| {
        let stub = ByteServer::start(vec![once(completion("hello"))]);
        let cases = [
            ("", "Hi", "privacy: local-only", 503),
            ("privacy: hybrid", "mail ada@example.com", "privacy: hybrid", 503),
            ("privacy: allow-api\nbudget: { per_answer: 0.00001 }", "Hi", "budget.per_answer", 403),
            ("privacy: allow-api\nbudget: { per_day: 0 }", "Hi", "budget.per_day", 403),
        ];
        for (policy, text, told, else_status) in cases {
            let maid = start(home, &stub, policy, "").start();
            let (status, problem) = chat(&maid, "stub", text, json!({}));
            assert_eq!(
                (status, problem["code"].as_str()),
                (403, Some("policy_refused")),
                "{told}: {problem}"
            );
            assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(told)), "{problem}");
            // There is no model here: what is asked of nobody in particular stays all the same.
            let (status, problem) = chat(&maid, "default", text, json!({}));
            assert_eq!(status, else_status, "{told}: {problem}");
        }
        assert_eq!(stub.requests(), Vec::<String>::new(), "nothing was sent");
        let (status, problem) = {
            let maid = start(home, &stub, REMOTE, "").start();
            chat(&maid, "nobody/large", "Hi", json!({}))
        };
        assert_eq!((status, problem["code"].as_str()), (404, Some("not_found")), "{problem}");
    });
}

#[test]
fn a_day_costs_what_it_may_and_no_more() {
    on_each_database(|home| {
        let stub = ByteServer::start(vec![once(completion("hello"))]);
        let policy = format!("{REMOTE}\nbudget: {{ per_day: 0.0045 }}");
        // Each answer costs 0.002 dollars; the most that one of 50 tokens could cost is a little above 0.0001.
        let maid = start(home, &stub, &policy, "").start();
        let counted = |spent: f64| {
            wait_for("it is counted", || {
                let (_, shown) = answer(maid.get("/ai/status"));
                (shown["policy"]["spent_today"] == spent).then_some(())
            });
        };
        for (at, spent) in [0.002, 0.004, 0.006].into_iter().enumerate() {
            assert_eq!(chat(&maid, "stub", "Hi", json!({})).0, 200, "{at}");
            counted(spent);
        }
        let (status, problem) = chat(&maid, "stub", "Hi", json!({}));
        assert_eq!((status, problem["code"].as_str()), (403, Some("policy_refused")), "{problem}");
        drop(maid);
        let maid = start(home, &stub, &policy, "").start();
        assert_eq!(chat(&maid, "stub", "Hi", json!({})).0, 403, "a restart forgets nothing");
        assert_eq!(stub.requests().len(), 3);
    });
}

#[test]
fn a_policy_is_read_again_when_it_changes() {
    on_one_database(|home| {
        let stub = ByteServer::start(vec![once(completion("hello"))]);
        let maid = start(home, &stub, REMOTE, "").start();
        assert_eq!(chat(&maid, "default", "Hi", json!({})).0, 200);
        let file = home.folder.path().join("ai-policy.yaml");
        let status = |what: &str, of: fn(&Value) -> bool| {
            wait_for(what, || {
                let (_, shown) = answer(maid.get("/ai/status"));
                of(&shown["policy"]).then_some(shown)
            })
        };
        fs::write(&file, "privacy: alow-api").expect("written");
        let shown = status("it is refused", |policy| !policy["problem"].is_null());
        assert!(shown["policy"]["problem"].to_string().contains("alow-api"), "{shown}");
        assert_eq!(
            (&shown["policy"]["privacy"], &shown["policy"]["providers"]),
            (&json!("local-only"), &json!([]))
        );
        assert_eq!(
            chat(&maid, "default", "Hi", json!({})).0,
            503,
            "nothing leaves by a policy that is wrong"
        );
        write(&file, &stub, REMOTE, "");
        status("it is read again", |policy| policy["problem"].is_null());
        assert_eq!(chat(&maid, "default", "Hi", json!({})).0, 200);
        drop(maid);
        fs::write(&file, "providers: [{ id: a }]").expect("written");
        let start =
            home.start().with("MAID__AI__ENABLED", "true").with("MAID__AI__POLICY_FILE", file.display());
        let refused = start.attempt().expect_err("it does not start");
        assert!(
            refused.contains("ai-policy.yaml:1") && refused.contains("maid schema ai-policy"),
            "{refused}"
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
