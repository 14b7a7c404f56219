//! How sockets begin and end.

use std::time::Duration;

use maid::live::Timing;
use serde_json::json;
use tokio_tungstenite::tungstenite::{Error, Message, protocol::CloseFrame};

use super::{Client, Server};

const UPGRADE: &str = "connection: upgrade\r\nupgrade: websocket\r\n";
const KEY: &str = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

#[test]
fn what_is_no_handshake_is_refused() {
    let server = Server::start();
    let ask = |headers: &str| {
        let request = format!("GET /api/maid/ws HTTP/1.1\r\nhost: {}\r\n{headers}\r\n", server.site.address);
        let answer = server.site.send(request.as_bytes());
        (answer.status, answer.problem())
    };
    let bad = |code: &str| (400, code.to_owned());
    assert_eq!(ask(""), bad("bad_header"));
    assert_eq!(ask(&format!("{UPGRADE}{KEY}")), bad("bad_header"), "no version");
    assert_eq!(ask(&format!("{UPGRADE}{KEY}sec-websocket-version: 8\r\n")), bad("bad_header"));
    for key in ["", "AAAA", "not base 64 at all!!!", "dGhlIHNhbXBsZSBub25jZQ"] {
        let headers = format!("{UPGRADE}sec-websocket-version: 13\r\nsec-websocket-key: {key}\r\n");
        assert_eq!(ask(&headers), bad("bad_header"), "{key}");
    }
    let foreign = format!("{UPGRADE}{KEY}sec-websocket-version: 13\r\norigin: https://evil.example\r\n");
    assert_eq!(ask(&foreign), (403, "foreign_origin".to_owned()));
    assert_eq!(server.live.stats().opened, 0);
}

#[tokio::test]
async fn a_client_that_leaves_is_answered_and_forgotten() {
    let server = Server::start();
    let mut client = Client::subscribed(&server, &["maid:metrics"]).await;
    assert_eq!(server.live.connections(), 1);
    client.send(Message::Close(Some(CloseFrame { code: 3000.into(), reason: "enough".into() }))).await;
    assert_eq!(client.end().await, 3000);
    server.until("it is forgotten", |stats| stats.open == 0).await;

    // One that says nothing when it leaves is forgotten as well.
    drop(Client::subscribed(&server, &["maid:metrics"]).await);
    server.until("it is forgotten", |stats| stats.open == 0).await;
    // And so is one that leaves while much is on its way.
    let client = Client::subscribed(&server, &["maid:logs"]).await;
    (0..200).for_each(|_| server.log(maid::bus::LogLevel::Info, "x".repeat(4000)));
    drop(client);
    server.until("it is forgotten", |stats| stats.open == 0).await;
}

#[tokio::test]
async fn when_the_server_ends_all_are_told() {
    let server = Server::start();
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(Client::subscribed(&server, &["maid:metrics"]).await);
    }
    server.live.close();
    for client in &mut clients {
        assert_eq!(client.end().await, 1001);
    }
    let Err(Error::Http(answer)) = Client::at(server.site.address, "/api/maid/ws").await else {
        panic!("nobody is let in any more")
    };
    assert_eq!(answer.status(), 503);
    server.until("all are gone", |stats| stats.open == 0).await;
}

#[tokio::test]
async fn who_answers_pings_stays() {
    let timing = Timing {
        ping_every: Duration::from_millis(50),
        silent_for: Duration::from_millis(1500),
        look_every: Duration::from_millis(10),
        ..Timing::default()
    };
    let server = Server::with(100, timing);
    let mut client = Client::of(&server).await;
    let mut pings = 0;
    // Twice the time after which silence ends it.
    while pings < 60 {
        match client.next().await {
            Some(Message::Ping(_)) => pings += 1,
            other => panic!("{other:?}"),
        }
    }
    client.say(json!({"ping": 1})).await;
    assert_eq!(client.hear().await, json!({"pong": 1}));
}
