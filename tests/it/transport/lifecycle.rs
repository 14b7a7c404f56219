//! Connections over several requests: kept, closed in between, retried once.

use http::Method;
use maid::engine::transport::FailureKind;

use super::client::{Ask, answer, body, failure, until, user};
use crate::support::byte_server::{Act, ByteServer, always, once, send};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[tokio::test]
async fn one_connection_carries_all_requests() {
    let server = ByteServer::start(vec![always(OK)]);
    let mut user = user();
    for _ in 0..50 {
        assert_eq!(body(user.get(&server.url()).await), "ok");
    }
    assert_eq!((server.connections(), server.requests().len()), (1, 50));
    drop(user);
    until("the connection is closed with its user", || server.open() == 0).await;
}

#[tokio::test]
async fn a_server_that_wants_to_close_is_not_asked_again() {
    for text in [
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    ] {
        let server = ByteServer::start(vec![once(text)]);
        let mut user = user();
        for _ in 0..3 {
            assert_eq!(body(user.get(&server.url()).await), "ok", "{text:?}");
        }
        assert_eq!(server.connections(), 3, "{text:?}");
    }
}

#[tokio::test]
async fn an_old_server_may_keep_the_connection() {
    let server = ByteServer::start(vec![always(
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
    )]);
    let mut user = user();
    for _ in 0..3 {
        assert_eq!(body(user.get(&server.url()).await), "ok");
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_close_between_requests_is_no_failure_even_for_post() {
    let server = ByteServer::start(vec![once(OK)]);
    let ask = Ask { method: Method::POST, body: b"x".to_vec(), ..Ask::default() };
    let mut user = user();
    for turn in 1..4 {
        assert_eq!(body(user.ask(&server.url(), &ask).await), "ok");
        until("the server has closed", || server.open() == 0).await;
        // Lets the runtime look at its sockets.
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        assert_eq!(server.connections(), turn);
    }
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_close_under_a_request_is_retried_once_when_that_is_safe() {
    // The second request is read and then dropped, as when the server times an idle connection out.
    let closing = || vec![Act::Request, send(OK), Act::Request];
    for (method, works) in [(Method::GET, true), (Method::PUT, true), (Method::POST, false)] {
        let server = ByteServer::start(vec![closing(), always(OK)]);
        let ask = Ask { method: method.clone(), ..Ask::default() };
        let mut user = user();
        assert_eq!(body(user.ask(&server.url(), &ask).await), "ok");
        let exchange = user.ask(&server.url(), &ask).await;
        assert_eq!(exchange.result.is_ok(), works, "{method}");
        if !works {
            assert_eq!(failure(exchange).0, FailureKind::Closed);
        }
    }
}

#[tokio::test]
async fn a_new_connection_is_not_retried() {
    let server = ByteServer::start(vec![vec![Act::Request]]);
    assert_eq!(failure(user().get(&server.url()).await).0, FailureKind::Closed);
    assert_eq!(server.connections(), 1);
    // Nor is the retry retried.
    let server = ByteServer::start(vec![vec![Act::Request, send(OK), Act::Request], vec![Act::Request]]);
    let mut user = user();
    assert_eq!(answer(user.get(&server.url()).await).status, 200);
    assert_eq!(failure(user.get(&server.url()).await).0, FailureKind::Closed);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_failure_in_the_middle_costs_the_connection_but_not_the_next_request() {
    let script = vec![Act::Request, send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha")];
    let server = ByteServer::start(vec![script, always(OK)]);
    let mut user = user();
    assert_eq!(failure(user.get(&server.url()).await).0, FailureKind::Closed);
    assert_eq!(body(user.get(&server.url()).await), "ok");
}

#[tokio::test]
async fn a_dropped_call_leaves_no_half_read_connection() {
    let script = vec![Act::Request, send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha"), Act::Stall];
    let server = ByteServer::start(vec![script, always(OK)]);
    let mut user = user();
    let url = server.url();
    tokio::select! {
        biased;
        exchange = user.get(&url) => panic!("the server does not answer: {exchange:?}"),
        () = until("the request is read", || server.requests().len() == 1) => {}
    }
    assert_eq!(body(user.get(&url).await), "ok");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_target_s_log_and_the_exchanges_agree() {
    let server = ByteServer::start(vec![always(OK)]);
    let mut users = Vec::new();
    for _ in 0..8 {
        let url = server.url();
        users.push(tokio::spawn(async move {
            let mut user = user();
            let (mut answers, mut bytes) = (0, 0);
            for _ in 0..100 {
                let exchange = user.get(&url).await;
                bytes += exchange.bytes_out;
                answers += u64::from(exchange.result.is_ok());
            }
            (answers, bytes)
        }));
    }
    let mut totals = (0, 0);
    for user in users {
        let (answers, bytes) = user.await.expect("no panic");
        totals = (totals.0 + answers, totals.1 + bytes);
    }
    let requests = server.requests();
    assert_eq!(totals, (requests.len() as u64, requests.iter().map(|text| text.len() as u64).sum()));
}
