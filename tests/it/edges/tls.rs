//! What can be asked over TLS: everything that can be asked without.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpStream},
    process::Command,
    sync::Arc,
};

use futures_util::{SinkExt, StreamExt};
use rustls::{
    pki_types::ServerName,
    version::{TLS12, TLS13},
};
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::{client_async, tungstenite::Message};

use super::secure::{Place, ask};
use crate::support::server::{DEADLINE, Maid, loadtest};
use maid::demo::Shop;

#[test]
fn both_versions_are_spoken_and_the_greeting_says_https() {
    let (place, _) = Place::with_certificate();
    let maid = place.start().start();
    assert!(maid.url.starts_with("https://127.0.0.1:"), "{}", maid.url);
    for version in [&TLS12, &TLS13] {
        let mut stream = place.connect_as(&maid, place.trust(&[version])).expect("it shakes hands");
        assert_eq!(stream.conn.protocol_version(), Some(version.version));
        let answer = ask(&mut stream).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("strict-transport-security: max-age=2592000\r\n"), "{answer}");
    }
    let mut old = rustls::ALL_VERSIONS.to_vec();
    old.sort_by_key(|version| u16::from(version.version));
    assert_eq!(u16::from(old[0].version), 0x0303, "nothing older than 1.2 can be spoken at all");
}

#[test]
fn who_speaks_plain_http_is_not_answered() {
    let (place, _) = Place::with_certificate();
    let maid = place.start().start();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, maid.port())).expect("it listens");
    stream.set_read_timeout(Some(DEADLINE)).expect("a timeout");
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("it takes it");
    let mut answer = Vec::new();
    // Closed in good order or not: it is closed.
    stream.read_to_end(&mut answer).ok();
    assert!(!answer.windows(4).any(|window| window == b"HTTP"), "{answer:?}");
    place.connect(&maid).expect("others are served");
}

#[test]
fn who_offers_http_2_is_answered_by_http_1_1() {
    let (place, _) = Place::with_certificate();
    let maid = place.start().start();
    let mut config = place.trust(&[&TLS13]);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let mut stream = place.connect_as(&maid, config).expect("it shakes hands");
    assert_eq!(stream.conn.alpn_protocol(), Some(b"http/1.1".as_slice()));
    assert!(ask(&mut stream).expect("an answer").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_web_socket_is_one_over_tls_too() {
    let (place, _) = Place::with_certificate();
    let maid = place.start().start();
    Runtime::new().expect("a runtime").block_on(is_a_web_socket(&place, &maid));
}

async fn is_a_web_socket(place: &Place, maid: &Maid) {
    let stream =
        tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, maid.port())).await.expect("it listens");
    let name = ServerName::try_from("localhost").expect("a name");
    let connector = TlsConnector::from(Arc::new(place.trust(rustls::ALL_VERSIONS)));
    let stream = connector.connect(name, stream).await.expect("a handshake");
    let url = format!("wss://localhost:{}/api/maid/ws", maid.port());
    let (mut socket, _) = client_async(url, stream).await.expect("it is let in");
    socket.send(Message::text(r#"{"subscribe":["maid:status"]}"#)).await.expect("it is open");
    let mut topics = Vec::new();
    while topics.len() < 2 {
        if let Message::Text(text) = socket.next().await.expect("it is open").expect("a message") {
            let message: Value = serde_json::from_str(&text).expect("JSON");
            topics.push(message["topic"].as_str().expect("a topic").to_owned());
        }
    }
    topics.sort();
    assert_eq!(topics, ["maid:status", "maid:subscribed"]);
}

#[test]
fn the_command_line_runs_on_a_server_with_a_certificate() {
    let (place, _) = Place::with_certificate();
    let maid = place.start().start();
    let shop = Shop::start((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
    let document = place.folder.path().join("test.json");
    std::fs::write(&document, loadtest(&shop.url(), 1, "300ms").to_string()).expect("a file");
    let ca = place.ca();
    let run = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_maid"));
        command.current_dir(place.folder.path()).args(["run", "test.json", "--server", &maid.url]);
        let output = command.args(more).output().expect("it starts");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = run(&["--ca-file", &ca.display().to_string()]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = run(&[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("--ca-file"), "{said}");
    let (code, said) = run(&["--ca-file", "test.json"]);
    assert_eq!(code, Some(104), "{said}");
    assert!(said.contains("test.json: it holds no PEM certificate"), "{said}");
}
