//! Clients that send garbage: told what is wrong while that helps, and then closed.

use std::time::{Duration, Instant};

use maid::live::Timing;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{Client, Raw, Server, client::frame};

/// The problem that a client is told.
fn problem(message: &Value) -> (&str, &str) {
    assert_eq!((&message["topic"], &message["seq"]), (&json!("maid:error"), &json!(0)), "{message}");
    assert!(message["run_id"].is_null() && message["at"].is_string());
    let problem = &message["data"];
    assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{message}");
    let place = problem["errors"][0]["path"].as_str().unwrap_or("-");
    (problem["code"].as_str().expect("a code"), place)
}

#[tokio::test]
async fn a_message_without_sense_is_told_and_the_socket_lives_on() {
    let server = Server::start();
    let mut client = Client::of(&server).await;
    for (message, code, place) in [
        (Message::text("nonsense"), "malformed_body", "-"),
        (Message::text(""), "malformed_body", "-"),
        (Message::text("{\"ping\": 1} {}"), "malformed_body", "-"),
        (Message::text("[".repeat(60_000)), "invalid_body", ""),
        (
            Message::text(format!("{{\"call\":\"x\",\"id\":1,\"body\":{}", "[".repeat(60_000))),
            "malformed_body",
            "-",
        ),
        (Message::text("{}"), "invalid_body", ""),
        (Message::text(r#"{"subscribe": ["maid:nothing"]}"#), "invalid_body", "subscribe[0]"),
        (Message::text(r#"{"subscribe": ["maid:logs"], "lvl": "warn"}"#), "invalid_body", "lvl"),
        (Message::text(r#"{"call": "test.echo"}"#), "invalid_body", "id"),
        (Message::binary(vec![0xFF; 100]), "unsupported_media_type", "-"),
        (Message::text("x".repeat((64 << 10) + 1)), "too_large", "-"),
        (Message::text("x".repeat(1 << 20)), "too_large", "-"),
    ] {
        client.send(message).await;
        let told = client.hear().await;
        assert_eq!(problem(&told), (code, place), "{told}");
    }
    assert_eq!(server.live.stats().mistakes, 12);
    client.say(json!({"subscribe": ["maid:metrics"]})).await;
    assert_eq!(client.hear().await["topic"], "maid:subscribed");
    server.metrics(1);
    assert_eq!(client.hear().await["seq"], 1);
    for _ in 12..20 {
        client.send(Message::text("nonsense")).await;
        problem(&client.hear().await);
    }
    assert_eq!(client.end().await, 1008);
}

#[test]
fn what_breaks_the_protocol_closes_with_its_code() {
    let server = Server::start();
    let huge = [&[0x81, 0xFF][..], &(1_u64 << 40).to_be_bytes(), &[0; 4]].concat();
    for (what, bytes, code) in [
        ("a text that is not UTF-8", frame(0x81, b"\xff\xfe"), 1007),
        ("no mask", vec![0x81, 2, b'{', b'}'], 1002),
        ("a huge length", huge, 1009),
        ("a length without end", [&[0x81][..], &[0xFF; 13]].concat(), 1009),
        ("endless fragments", [frame(0x01, b""), frame(0x00, &[b'x'; 4096]).repeat(300)].concat(), 1009),
        ("endless empty fragments", [frame(0x01, b""), frame(0x00, b"").repeat(2000)].concat(), 1008),
        ("reserved bits", frame(0xC1, b"{}"), 1002),
        ("a reserved opcode", frame(0x83, b""), 1002),
        ("a ping that is too long", frame(0x89, &[0; 126]), 1002),
        ("a ping in fragments", frame(0x09, b"x"), 1002),
        ("a continuation of nothing", frame(0x80, b"x"), 1002),
        ("half a close code", frame(0x88, b"\x03"), 1002),
        ("a close code that is none", frame(0x88, b"\x03\xee"), 1002),
        ("another protocol", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(), 1002),
    ] {
        let mut client = Raw::of(&server);
        client.send(&bytes);
        assert_eq!(client.close_code(), code, "{what}");
    }
    // Nothing of this is left.
    let end = Instant::now() + Duration::from_secs(20);
    while server.live.connections() > 0 {
        assert!(Instant::now() < end, "{:?}", server.live.stats());
        std::thread::yield_now();
    }
}

#[test]
fn frames_may_come_bit_by_bit_and_pings_in_between() {
    let server = Server::start();
    let mut client = Raw::of(&server);
    let bytes = [
        frame(0x01, br#"{"ping""#),
        frame(0x89, b"are you there"),
        frame(0x00, b""),
        frame(0x80, br#": "bit by bit"}"#),
    ]
    .concat();
    for byte in bytes {
        client.send(&[byte]);
    }
    assert_eq!(client.frame(), (0x8A, b"are you there".to_vec()));
    assert_eq!(client.text(), json!({"pong": "bit by bit"}));
    client.send(&frame(0x88, b"\x0f\xa1bye"));
    assert_eq!(client.close_code(), 4001, "the code is sent back");
}

#[test]
fn ten_thousand_pings_are_no_ten_thousand_answers() {
    let server = Server::start();
    let mut client = Raw::of(&server);
    for number in 0..10_000_u32 {
        client.send(&frame(0x89, &number.to_be_bytes()));
    }
    client.send(&frame(0x81, br#"{"ping": 1}"#));
    let mut last = 0;
    let answered = loop {
        match client.frame() {
            (0x8A, payload) => {
                let number = u32::from_be_bytes(payload.try_into().expect("a number"));
                assert!(number >= last, "{number} after {last}");
                last = number;
            }
            (_, text) => break text,
        }
    };
    assert_eq!(answered, br#"{"pong":1}"#);
    assert_eq!(last, 9999, "the last one is answered");
}

#[test]
fn half_a_frame_and_then_silence_is_closed() {
    let timing = Timing {
        ping_every: Duration::from_millis(100),
        silent_for: Duration::from_millis(500),
        look_every: Duration::from_millis(20),
        ..Timing::default()
    };
    let server = Server::with(100, timing);
    let mut client = Raw::of(&server);
    client.send(&frame(0x81, br#"{"subscribe": ["maid:logs"]}"#)[..10]);
    let mut pings = 0;
    let code = loop {
        match client.frame() {
            (0x89, _) => pings += 1,
            (0x88, payload) => break u16::from_be_bytes([payload[0], payload[1]]),
            other => panic!("{other:?}"),
        }
    };
    assert!(pings >= 2, "it was asked {pings} times");
    assert_eq!(code, 1008);
}
