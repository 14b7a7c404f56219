//! WebSockets: opened by whoever may come in, closed when they no longer may.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use super::{admin, answer, asking, command, delete, key, patch, token, user};
use crate::{
    server::{block_on, loadtest, on_each_database, shop},
    support::server::{DEADLINE, Maid},
};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A socket that is opened with a credential and follows all of these topics.
async fn follow(maid: &Maid, bearer: &str, topics: &[&str]) -> Socket {
    let url = format!("{}/api/maid/ws", maid.url.replace("http:", "ws:"));
    let mut request = url.into_client_request().expect("a request");
    let authorization = format!("Bearer {bearer}").parse().expect("a header");
    request.headers_mut().insert("authorization", authorization);
    let (mut socket, _) = connect_async(request).await.expect("it is let in");
    say(&mut socket, json!({"subscribe": topics})).await;
    socket
}

async fn say(socket: &mut Socket, message: Value) {
    socket.send(Message::text(message.to_string())).await.expect("it is open");
}

/// What is heard until `enough`, or until the server closes.
async fn hear(socket: &mut Socket, enough: impl Fn(&Value) -> bool) -> Result<Vec<Value>, String> {
    let mut heard = Vec::new();
    loop {
        match timeout(DEADLINE, socket.next()).await.expect("something in time") {
            Some(Ok(Message::Text(text))) => {
                let message: Value = serde_json::from_str(&text).expect("JSON");
                let last = enough(&message);
                heard.push(message);
                if last {
                    return Ok(heard);
                }
            }
            Some(Ok(Message::Close(frame))) => {
                return Err(frame.map(|frame| frame.reason.to_string()).unwrap_or_default());
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(error.to_string()),
            None => return Err(String::new()),
        }
    }
}

#[test]
fn a_socket_ends_with_the_right_to_it() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let olga = user(&maid, &admin, "olga", "operator");
        let (id, key) = key(&maid, &olga, &json!({"name": "k", "scopes": ["maid.read"]}));
        let (_, me) = answer(maid.get("/auth/me").bearer_auth(&olga));
        let place = format!("/users/{}", me["id"].as_str().expect("an id"));
        let open = |bearer: &str| block_on_socket(&maid, bearer);
        for (bearer, end) in [
            (
                &key,
                Box::new(|| delete(&maid, &format!("/keys/{id}")).bearer_auth(&olga)) as Box<dyn Fn() -> _>,
            ),
            (&olga, Box::new(|| patch(&maid, &place, &json!({"role": "viewer"})).bearer_auth(&admin))),
        ] {
            let (runtime, mut socket) = open(bearer);
            assert!(end().send().expect("an answer").status().is_success());
            let closed = runtime.block_on(hear(&mut socket, |_| false)).expect_err("it is closed");
            assert!(closed.contains("sign in again"), "{closed}");
        }
    });
}

/// A socket with the runtime that it lives on.
fn block_on_socket(maid: &Maid, bearer: &str) -> (tokio::runtime::Runtime, Socket) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let socket = runtime.block_on(async {
        let mut socket = follow(maid, bearer, &["maid:status"]).await;
        hear(&mut socket, |message| message["topic"] == "maid:status").await.expect("the state");
        socket
    });
    (runtime, socket)
}

#[test]
fn a_tenant_hears_nothing_of_the_runs_of_another() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        let create = ["user", "create", "sam", "--role", "admin", "--tenant", "acme", "--password-stdin"];
        assert_eq!(command(home, &create, super::PASSWORD).0, 0);
        let sam = token(&maid, "acme/sam", super::PASSWORD);
        let all = ["maid:status", "maid:metrics", "maid:logs", "maid:test-completed"];
        let test = json!({"loadtest": loadtest(&shop.url(), 1, "1s")});
        block_on(async {
            let mut own = follow(&maid, &admin, &all).await;
            let mut other = follow(&maid, &sam, &all).await;
            // A blocking client must not be used where a runtime is.
            let run = std::thread::scope(|scope| {
                scope
                    .spawn(|| answer(maid.post("/run", &test).bearer_auth(&admin)).1)
                    .join()
                    .expect("it starts")
            });
            let run = run["run_id"].as_str().expect("an id").to_owned();
            let heard =
                hear(&mut own, |message| message["topic"] == "maid:test-completed").await.expect("all of it");
            assert!(heard.iter().any(|message| message["topic"] == "maid:metrics"), "{heard:?}");
            // Whoever joins late is told nothing of it either.
            let mut late = follow(&maid, &sam, &all).await;
            for socket in [&mut other, &mut late] {
                say(socket, json!({"call": "maid.status", "id": 7, "body": {}})).await;
                let heard = hear(socket, |message| message["reply"] == 7).await.expect("an answer");
                assert!(!format!("{heard:?}").contains(&run), "{heard:?}");
                let topics: Vec<_> = heard.iter().map(|message| message["topic"].clone()).collect();
                assert!(!topics.contains(&json!("maid:metrics")), "{topics:?}");
            }
            timeout(Duration::from_secs(1), own.close(None)).await.ok();
        });
    });
}

#[test]
fn calls_count_like_requests() {
    on_each_database(|home| {
        let maid = asking(home)
            .with("MAID__RATE_LIMIT__ENABLED", "true")
            .with("MAID__RATE_LIMIT__KEY_BURST", 5)
            .with("MAID__RATE_LIMIT__KEY_PER_MINUTE", 1)
            .start();
        let admin = admin(&maid);
        let (_, key) = key(&maid, &admin, &json!({"name": "k", "scopes": ["maid.read"]}));
        block_on(async {
            // Opening it was the first request.
            let mut socket = follow(&maid, &key, &["maid:status"]).await;
            let mut answers = Vec::new();
            for id in 0..6 {
                say(&mut socket, json!({"call": "maid.status", "id": id, "body": {}})).await;
                let heard = hear(&mut socket, |message| message["reply"] == id).await.expect("an answer");
                answers.extend(heard.into_iter().filter(|message| message["reply"] == id));
            }
            let refused = |answer: &Value| answer["error"]["code"] == "rate_limited";
            assert!(answers[..4].iter().all(|answer| answer["ok"].is_object()), "{answers:?}");
            assert!(answers[4..].iter().all(refused), "{answers:?}");
            assert!(answers[5]["error"]["retry_after_s"].as_u64() > Some(0), "{answers:?}");
        });
        let status = answer(maid.get("/status").header("x-api-key", &key)).0;
        assert_eq!(status, 429, "it is one bucket");
    });
}

/// Sockets are looked after each second; what they call is looked at at once.
#[test]
fn a_call_is_not_answered_after_the_right_to_it_ended() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let (id, key) = key(&maid, &admin, &json!({"name": "k", "scopes": ["maid.read"]}));
        let (runtime, mut socket) = block_on_socket(&maid, &key);
        assert_eq!(answer(delete(&maid, &format!("/keys/{id}")).bearer_auth(&admin)).0, 204);
        let heard = runtime.block_on(async {
            say(&mut socket, json!({"call": "maid.status", "id": 1, "body": {}})).await;
            hear(&mut socket, |message| message["reply"] == 1).await
        });
        match heard {
            Ok(heard) => {
                let answer = heard.last().expect("an answer");
                assert_eq!(answer["error"]["code"], "unauthenticated", "{answer}");
            }
            Err(closed) => assert!(closed.contains("sign in again"), "{closed}"),
        }
    });
}
