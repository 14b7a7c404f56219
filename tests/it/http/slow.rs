//! Clients that take their time: a connection that nothing comes of is closed, whatever came before.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use maid::{config, loadtest::span::Span};

use super::{Answer, Site};

/// How long a connection may live that nothing comes of; a loaded machine takes its time too.
const PATIENCE: Duration = Duration::from_secs(30);

const ASK: &[u8] = b"GET /api/maid/history HTTP/1.1\r\nhost: localhost\r\n\r\n";

fn hasty() -> Site {
    Site::with(config::Server { client_timeout: Span::from_millis(1200), ..config::Server::default() })
}

/// Sends `bit` now and then, and takes what comes, until the server closes; all that came.
fn dribble(stream: &mut TcpStream, bit: &[u8]) -> String {
    stream.set_read_timeout(Some(Duration::from_millis(100))).expect("a timeout");
    let (began, mut got, mut part) = (Instant::now(), Vec::new(), [0; 4096]);
    loop {
        assert!(began.elapsed() < PATIENCE, "it is still served");
        if stream.write_all(bit).is_err() {
            break;
        }
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(read) => got.extend_from_slice(&part[..read]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&got).to_lowercase()
}

#[test]
fn a_second_head_on_a_connection_has_no_more_time_than_the_first() {
    let site = hasty();
    let mut stream = site.connect();
    stream.write_all(ASK).expect("it is taken");
    assert_eq!(Answer::read(&mut stream).status, 200);
    stream.write_all(b"GET /api/maid/history HTTP/1.1\r\nhost: localhost\r\nx: ").expect("it is taken");
    let got = dribble(&mut stream, b"a");
    assert!(got.is_empty() || got.starts_with("http/1.1 408"), "{got}");
}

#[test]
fn a_connection_that_rests_is_closed() {
    let site = hasty();
    let mut stream = site.connect();
    stream.write_all(ASK).expect("it is taken");
    assert_eq!(Answer::read(&mut stream).status, 200);
    let mut part = [0; 16];
    assert_eq!(stream.read(&mut part).expect("it ends in order"), 0);
}

#[test]
fn a_body_that_nobody_reads_does_not_keep_a_connection() {
    let site = hasty();
    // Routes that take no body, and one that refuses before it looks.
    for (head, status) in [
        ("GET /api/maid/history", "200"),
        ("GET /api/maid/nothing", "404"),
        ("POST /api/maid/run?x=1", "400"),
    ] {
        for (length, bit) in
            [("content-length: 100000000", &b"a"[..]), ("transfer-encoding: chunked", b"1\r\na\r\n")]
        {
            let mut stream = site.connect();
            let head = format!("{head} HTTP/1.1\r\nhost: localhost\r\n{length}\r\n\r\n");
            stream.write_all(head.as_bytes()).expect("the head is taken");
            let got = dribble(&mut stream, bit);
            assert!(got.starts_with(&format!("http/1.1 {status}")), "{head}: {got}");
        }
    }
}

#[test]
fn a_client_that_says_nothing_at_all_is_cut() {
    let site = hasty();
    let mut stream = site.connect();
    let mut got = Vec::new();
    stream.read_to_end(&mut got).ok();
    assert!(got.is_empty() || got.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&got));
}
