//! A real server, behind a proxy that the configuration trusts: its clients are limited by their own
//! addresses, and the limits change while it runs.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::support::server::{Maid, Start, answer, wait_for};

fn status(maid: &Maid, client: &str) -> u16 {
    let request = maid.http.get(format!("{}/api/openapi.json", maid.url)).header("x-forwarded-for", client);
    request.send().expect("an answer").status().as_u16()
}

fn started(folder: &std::path::Path) -> Maid {
    Start::in_folder(folder)
        .with("MAID__SERVER__TRUSTED_PROXIES", r#"["127.0.0.0/8"]"#)
        .with("MAID__RATE_LIMIT__ADDRESS_BURST", 5)
        .with("MAID__RATE_LIMIT__ADDRESS_PER_MINUTE", 1)
        .start()
}

#[test]
fn clients_behind_a_proxy_are_limited_one_by_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let maid = started(folder.path());
    let answers: Vec<u16> = (0..7).map(|_| status(&maid, "198.51.100.7")).collect();
    assert_eq!(answers, [200, 200, 200, 200, 200, 429, 429]);
    assert_eq!(status(&maid, "198.51.100.8"), 200, "its neighbour is not meant");
    assert_eq!(status(&maid, "6.6.6.6, 198.51.100.7"), 429, "and what it writes itself is not believed");
    let request = maid.http.get(format!("{}/healthz", maid.url)).header("x-forwarded-for", "198.51.100.7");
    assert_eq!(answer(request).0, 200, "probes are not limited");
}

#[test]
fn limits_change_while_the_server_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let maid = Start::in_folder(folder.path())
        .with("MAID__SERVER__TRUSTED_PROXIES", r#"["10.0.0.0/8", "127.0.0.1"]"#)
        // Behind a proxy nobody sits at this machine, whatever the connection says.
        .with("MAID__AUTH__REQUIRED", "true")
        .with("MAID__AUTH__ADMIN_PASSWORD", "seven lazy otters")
        .start();
    assert_eq!(status(&maid, "198.51.100.7"), 200);
    let credentials = json!({"username": "admin", "password": "seven lazy otters"});
    let (_, session) = answer(maid.post("/auth/login", &credentials));
    let token = session["access_token"].as_str().expect("a token").to_owned();
    let change = |config| {
        let request =
            maid.http.put(format!("{}/api/maid/config", maid.url)).json(&config).bearer_auth(&token);
        let (status, body) = answer(request);
        assert_eq!(status, 200, "{body}");
    };
    change(json!({"rate_limit": {"address_burst": 1, "address_per_minute": 1}}));
    wait_for("the new limit holds", || (status(&maid, "198.51.100.8") == 429).then_some(()));
    change(json!({"rate_limit": {"enabled": false}}));
    wait_for("nothing is limited", || (status(&maid, "198.51.100.8") == 200).then_some(()));
    assert!((0..20).all(|_| status(&maid, "198.51.100.8") == 200));
}

#[test]
fn a_proxy_that_is_none_is_refused_at_the_start() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let start = Start::in_folder(folder.path()).with("MAID__SERVER__TRUSTED_PROXIES", r#"["proxy.example"]"#);
    let said = start.attempt().expect_err("it does not start");
    assert!(said.contains("server.trusted_proxies") && said.contains("proxy.example"), "{said}");
}

/// Connections without a request are closed; one that has become a WebSocket has none for hours.
#[test]
fn a_websocket_outlives_what_a_connection_may_rest() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let maid = Start::in_folder(folder.path()).with("MAID__SERVER__CLIENT_TIMEOUT", "1s").start();
    let mut stream = TcpStream::connect(("127.0.0.1", maid.port())).expect("it listens");
    let head = "GET /api/maid/ws HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("it is taken");
    stream.set_read_timeout(Some(Duration::from_millis(200))).expect("a timeout");
    let (began, mut got, mut part) = (Instant::now(), Vec::new(), [0; 4096]);
    // Longer than the 5 s of rest and the second for a head that other connections have.
    while began.elapsed() < Duration::from_secs(8) {
        match stream.read(&mut part) {
            Ok(0) => panic!("it was closed: {}", String::from_utf8_lossy(&got)),
            Ok(read) => got.extend_from_slice(&part[..read]),
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
    }
    assert!(got.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&got));
}
