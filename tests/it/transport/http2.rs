//! HTTP/2, by prior knowledge and by ALPN.

use std::time::Duration;

use http::Method;
use maid::{
    engine::{
        policy::TargetPolicy,
        signal::Stage,
        transport::{Failure, FailureKind, HttpSettings, Pem, TlsSettings},
    },
    loadtest::types::HttpVersion,
};

use super::client::{Ask, LOCAL, User, answer, body, failure, until};
use crate::support::{
    byte_server::{Act, ByteServer, send},
    h2_server::H2Server,
    tls::Authority,
};

fn user(http_version: HttpVersion, tls: TlsSettings) -> User {
    let settings = HttpSettings { http_version, tls, cookies: true, debug: false };
    User::with(&settings, TargetPolicy::default(), &[("shop.test", LOCAL)])
}

fn plain() -> User {
    user(HttpVersion::Http2, TlsSettings::default())
}

#[tokio::test]
async fn prior_knowledge_keeps_one_connection() {
    let server = H2Server::start(None).await;
    let url = format!("http://{}", server.address);
    let mut user = plain();
    let ask = Ask { method: Method::POST, body: b"hello".to_vec(), ..Ask::default() };
    for turn in 0..5 {
        let exchange = user.ask(&format!("{url}/a?b=c"), &ask).await;
        assert!(exchange.bytes_in > 0 && exchange.bytes_out > 0);
        assert_eq!(exchange.timings.connect > 0, turn == 0);
        let answer = answer(exchange);
        let headers = answer.headers.expect("kept");
        assert_eq!(
            (answer.body.as_deref(), &headers["x-version"]),
            (Some(b"POST /a hello".as_slice()), &"2".parse().expect("text"))
        );
        assert_eq!(headers.get("x-cookie").is_some(), turn > 0);
    }
    assert_eq!(server.connections(), 1);
    drop(user);
    until("the connection ends with its user", || server.open() == 0).await;
}

#[tokio::test]
async fn redirects_statuses_and_dropped_bodies_are_as_in_http1() {
    let server = H2Server::start(None).await;
    let url = format!("http://{}", server.address);
    let mut user = plain();
    let moved = answer(user.get(&format!("{url}/moved")).await);
    assert_eq!((moved.redirects, moved.body.as_deref()), (1, Some(b"GET /there ".as_slice())));
    let failed = answer(user.ask(&format!("{url}/status/503"), &Ask { keep: false, ..Ask::default() }).await);
    assert_eq!(
        (failed.status, failed.body, failed.excerpt.as_slice()),
        (503, None, b"GET /status/503 ".as_slice())
    );
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn alpn_chooses_what_both_speak() {
    let authority = Authority::new();
    let identity = authority.issue(&["shop.test"]);
    let tls = TlsSettings {
        ca: Some(Pem { path: "ca.pem".to_owned(), bytes: authority.pem().into_bytes() }),
        ..TlsSettings::default()
    };
    for (offered, asked, expected) in [
        (["h2", "http/1.1"].as_slice(), HttpVersion::Auto, "2"),
        (&["http/1.1"], HttpVersion::Auto, "1.1"),
        (&["h2", "http/1.1"], HttpVersion::Http1, "1.1"),
        (&["h2"], HttpVersion::Http2, "2"),
        (&[], HttpVersion::Auto, "1.1"),
    ] {
        let server = H2Server::start(Some(identity.server(offered))).await;
        let mut user = user(asked, tls.clone());
        let url = format!("https://shop.test:{}/", server.address.port());
        for _ in 0..2 {
            let answer = answer(user.get(&url).await);
            assert_eq!(answer.headers.expect("kept")["x-version"], expected, "{offered:?} {asked:?}");
        }
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn a_slow_answer_ends_with_the_timeout_or_the_stop() {
    let server = H2Server::start(None).await;
    let url = format!("http://{}/slow", server.address);
    let ask = Ask { timeout: Duration::from_millis(60), ..Ask::default() };
    assert_eq!(failure(plain().ask(&url, &ask).await).0, FailureKind::Timeout);
    let mut user = plain();
    let stop = user.stop.clone();
    let cut = async {
        until("the connection is made", || server.connections() == 2).await;
        stop.advance(Stage::Cut);
    };
    let (exchange, ()) = tokio::join!(user.get(&url), cut);
    assert!(matches!(exchange.result, Err(Failure::Interrupted { .. })), "{:?}", exchange.result);
}

#[tokio::test]
async fn a_server_that_goes_away_between_requests_is_no_failure() {
    let server = H2Server::start(None).await;
    let url = format!("http://{}/", server.address);
    let mut user = plain();
    for turn in 1..4 {
        assert_eq!(body(user.get(&url).await), "GET / ");
        assert_eq!(server.connections(), turn);
        server.disconnect_all();
        until("the connection is gone", || server.open() == 0).await;
    }
}

#[tokio::test]
async fn a_server_that_has_no_http2_fails_the_protocol() {
    let server = ByteServer::start(vec![vec![send("HTTP/1.1 400 Bad Request\r\n\r\n"), Act::Stall]]);
    let (kind, message) = failure(plain().get(&server.url()).await);
    assert_eq!(kind, FailureKind::Protocol, "{message}");
    assert_eq!(message, "the server does not speak HTTP/2 here; see target.http_version");
    let server = ByteServer::start(vec![Vec::new()]);
    assert_eq!(failure(plain().get(&server.url()).await).0, FailureKind::Closed);
}
