//! Servers that break the rules, or the connection.

use std::time::Duration;

use maid::engine::transport::{FailureKind, MAX_KEPT_BODY};

use super::client::{Ask, answer, body, failure, until, user};
use crate::support::byte_server::{Act, ByteServer, always, once, send};

async fn failed(script: Vec<Act>) -> (FailureKind, String) {
    let server = ByteServer::start(vec![script]);
    failure(user().get(&server.url()).await)
}

#[tokio::test]
async fn rule_breakers_are_protocol_failures() {
    for (bytes, expected) in [
        ("garbage\r\n\r\n", "does not begin with an HTTP/1.x status line"),
        ("SSH-2.0-OpenSSH_9.2\r\n", "does not begin with an HTTP/1.x status line"),
        ("HTTP/3.0 200 OK\r\n\r\n", "HTTP version other than"),
        ("HTTP/1.1 20 OK\r\n\r\n", "status line"),
        ("HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n", "malformed header field"),
        ("HTTP/1.1 200 OK\r\nA: b\rB: c\r\n\r\n", "malformed header field"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n", "Content-Length that is not a number"),
        ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "Content-Length that is not a number"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "contradict each other"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "transfer coding other than chunked"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "malformed chunk size"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n",
            "does not end where its size says",
        ),
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "switched protocols"),
    ] {
        // A server that stays: the failure must come from the bytes alone.
        let (kind, message) = failed(vec![Act::Request, send(bytes), Act::Stall]).await;
        assert_eq!(kind, FailureKind::Protocol, "{bytes:?}: {message}");
        assert!(message.contains(expected), "{bytes:?}: {message}");
    }
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(200));
    assert!(
        failed(vec![Act::Request, send(many), Act::Stall]).await.1.contains("more than 128 header fields")
    );
}

#[tokio::test]
async fn early_ends_are_closed_connections() {
    for (bytes, expected) in [
        ("", "closed the connection without an answer"),
        ("HTTP/1.1 200 OK\r\nConte", "in the middle of the answer's head"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", "in the middle of the answer's body"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "in the middle of the answer's body"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
            "in the middle of the answer's body",
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", "answer's body"),
    ] {
        let (kind, message) = failed(once(bytes)).await;
        assert_eq!(kind, FailureKind::Closed, "{bytes:?}: {message}");
        assert!(message.contains(expected), "{bytes:?}: {message}");
    }
}

#[tokio::test]
async fn a_reset_is_a_closed_connection() {
    let (kind, message) = failed(vec![Act::Request, Act::Reset]).await;
    assert_eq!(kind, FailureKind::Closed);
    assert_eq!(message, "the server reset the connection without an answer");
}

#[tokio::test]
async fn an_endless_header_is_cut_off_early() {
    const GB: u64 = 1 << 30;
    let script = vec![Act::Request, send("HTTP/1.1 200 OK\r\nX: "), Act::Flood(b'a', GB)];
    let server = ByteServer::start(vec![script]);
    let exchange = user().get(&server.url()).await;
    assert!(exchange.bytes_in < 1_000_000, "{} bytes were read", exchange.bytes_in);
    assert_eq!(
        failure(exchange),
        (FailureKind::TooLarge, "the head of the answer is larger than 64 KB".into())
    );
    assert!(server.flooded() < GB / 8, "{} bytes were taken", server.flooded());
}

#[tokio::test]
async fn a_kept_body_is_bounded_whether_or_not_it_says_its_length() {
    let more = MAX_KEPT_BODY as u64 + 1;
    let said = format!("HTTP/1.1 200 OK\r\nContent-Length: {more}\r\n\r\n");
    for head in [said.as_str(), "HTTP/1.1 200 OK\r\n\r\n"] {
        let script = vec![Act::Request, send(head), Act::Flood(b'a', more), Act::Stall];
        let (kind, message) = failed(script).await;
        assert_eq!(kind, FailureKind::TooLarge, "{message}");
    }
}

#[tokio::test]
async fn silence_and_slowness_end_with_the_timeout() {
    let ask = Ask { timeout: Duration::from_millis(60), ..Ask::default() };
    for (script, expected) in [
        (vec![Act::Stall], "timed out after 60ms without an answer"),
        (
            vec![send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha"), Act::Stall],
            "in the middle of the answer",
        ),
    ] {
        let server = ByteServer::start(vec![script]);
        let exchange = user().ask(&server.url(), &ask).await;
        assert!(exchange.timings.total >= 60_000, "{:?}", exchange.timings);
        let (kind, message) = failure(exchange);
        assert_eq!(kind, FailureKind::Timeout);
        assert!(message.contains(expected), "{message}");
    }
}

#[tokio::test]
async fn an_endless_body_ends_with_the_timeout() {
    let script = vec![Act::Request, send("HTTP/1.1 200 OK\r\n\r\n"), Act::Flood(b'x', u64::MAX)];
    let server = ByteServer::start(vec![script]);
    let ask = Ask { timeout: Duration::from_millis(100), keep: false, ..Ask::default() };
    let exchange = user().ask(&server.url(), &ask).await;
    assert!(exchange.timings.total < 5_000_000, "{:?}", exchange.timings);
    assert_eq!(failure(exchange).0, FailureKind::Timeout);
}

#[tokio::test]
async fn one_timer_serves_calls_with_different_timeouts() {
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let server = ByteServer::start(vec![
        vec![Act::Request, send(ok), Act::Request, send(ok), Act::Stall],
        vec![Act::Stall],
    ]);
    let mut user = user();
    for (timeout, works) in [(40, true), (20_000, true), (60, false), (30, false)] {
        let ask = Ask { timeout: Duration::from_millis(timeout), ..Ask::default() };
        let exchange = user.ask(&server.url(), &ask).await;
        assert_eq!(exchange.result.is_ok(), works, "{timeout}: {:?}", exchange.result);
        if !works {
            assert!(u64::from(exchange.timings.total) >= timeout * 1000);
            assert_eq!(failure(exchange).0, FailureKind::Timeout);
        }
    }
}

#[tokio::test]
async fn a_path_that_would_smuggle_a_header_is_not_sent() {
    let server = ByteServer::start(vec![vec![Act::Stall]]);
    let exchange = user().ask_raw(&server.url(), "/a HTTP/1.1\r\nX: y\r\n\r\n", &Ask::default()).await;
    assert_eq!(failure(exchange).0, FailureKind::Template);
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_refused_connection_says_so() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = free.local_addr().expect("a bound socket");
    drop(free);
    let (kind, message) = failure(user().get(&format!("http://{address}")).await);
    assert_eq!(kind, FailureKind::Connect);
    assert_eq!(message, format!("{address} refused the connection: nothing listens there"));
}

#[tokio::test]
async fn a_name_that_does_not_resolve_says_so() {
    let (kind, message) = failure(user().get("http://shop.invalid/").await);
    assert_eq!(kind, FailureKind::Dns);
    assert!(message.starts_with("the name shop.invalid does not resolve"), "{message}");
}

#[tokio::test]
async fn surplus_bytes_cost_the_connection() {
    let script = always("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\nsmuggled");
    let server = ByteServer::start(vec![script]);
    let mut user = user();
    for _ in 0..3 {
        assert_eq!(answer(user.get(&server.url()).await).body.as_deref(), Some(b"ok".as_slice()));
    }
    assert_eq!((server.connections(), server.requests().len()), (3, 3));
}

#[tokio::test]
async fn bytes_that_nobody_asked_for_never_answer_the_next_request() {
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let server =
        ByteServer::start(vec![vec![Act::Request, send(ok), Act::Flood(b'x', 5), Act::Stall], always(ok)]);
    let mut user = user();
    assert_eq!(body(user.get(&server.url()).await), "ok");
    until("the stray bytes are sent", || server.flooded() == 5).await;
    // Lets the runtime look at its sockets.
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
    assert_eq!(body(user.get(&server.url()).await), "ok");
    assert_eq!((server.connections(), server.requests().len()), (2, 2));
}
