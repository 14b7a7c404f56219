//! Calls of capabilities over the socket.

use std::time::Duration;

use maid::live::Timing;
use serde_json::{Value, json};

use super::{Client, Server};

async fn call(client: &mut Client, name: &str, id: Value, body: Value) -> Value {
    client.say(json!({"call": name, "id": id, "body": body})).await;
    client.hear().await
}

#[tokio::test]
async fn a_capability_answers_with_the_id_of_the_call() {
    let server = Server::start();
    let mut client = Client::of(&server).await;
    let answer = call(&mut client, "test.echo", json!(1), json!({"a": [1, 2]})).await;
    assert_eq!(answer, json!({"reply": 1, "ok": {"by": "dev", "body": {"a": [1, 2]}}}));
    client.say(json!({"call": "test.echo", "id": "x"})).await;
    assert_eq!(client.hear().await, json!({"reply": "x", "ok": {"by": "dev", "body": {}}}));
    let answer = call(&mut client, "test.write", json!(2), json!(null)).await;
    assert_eq!(answer, json!({"reply": 2, "ok": "written"}));
}

#[tokio::test]
async fn what_goes_wrong_is_a_problem_with_the_id_of_the_call() {
    let server = Server::start();
    let mut client = Client::of(&server).await;
    for (name, code, status) in [
        ("test.nothing", "unknown_capability", 404),
        ("test.picky", "invalid_body", 422),
        ("test.broken", "internal", 500),
        ("test.long", "too_large", 413),
    ] {
        let answer = call(&mut client, name, json!(7), json!({})).await;
        assert_eq!(answer["reply"], 7, "{name}: {answer}");
        assert_eq!((&answer["error"]["code"], &answer["error"]["status"]), (&json!(code), &json!(status)));
        assert!(answer.get("ok").is_none() && !answer.to_string().contains("a defect"), "{answer}");
    }
    let mut reader = Client::at(server.site.address, "/api/maid/reader/ws").await.expect("it is let in");
    let answer = call(&mut reader, "test.write", json!(8), json!({})).await;
    assert_eq!((&answer["reply"], &answer["error"]["code"]), (&json!(8), &json!("forbidden")));
    assert_eq!(call(&mut reader, "test.echo", json!(9), json!({})).await["ok"]["by"], "dev");
    // Not one of these is a mistake of the conversation itself.
    assert_eq!(server.live.stats().mistakes, 0);
}

#[tokio::test]
async fn a_slow_call_holds_up_nothing_and_is_given_up() {
    let limit = Duration::from_secs(2);
    let server = Server::with(100, Timing { call_limit: limit, ..Timing::default() });
    let mut client = Client::subscribed(&server, &["maid:metrics"]).await;
    for id in 0..8 {
        client.say(json!({"call": "test.endless", "id": id})).await;
    }
    let ninth = call(&mut client, "test.echo", json!("ninth"), json!({})).await;
    assert_eq!((&ninth["reply"], &ninth["error"]["code"]), (&json!("ninth"), &json!("full")));
    server.metrics(1);
    assert_eq!(client.hear().await["seq"], 1);
    let mut overdue = Vec::new();
    for _ in 0..8 {
        let answer = client.hear().await;
        assert_eq!(answer["error"]["code"], "overdue", "{answer}");
        overdue.push(answer["reply"].as_u64().expect("an id"));
    }
    overdue.sort_unstable();
    assert_eq!(overdue, (0..8).collect::<Vec<_>>());
    assert!(
        call(&mut client, "test.echo", json!(1), json!({})).await["ok"].is_object(),
        "there is room again"
    );
}
