//! TLS against servers with certificates of an authority of the test's own.

use std::sync::Arc;

use maid::{
    engine::{
        policy::TargetPolicy,
        transport::{FailureKind, HttpSettings, Pem, TlsSettings},
    },
    loadtest::types::HttpVersion,
};
use rustls::ServerConfig;

use super::client::{LOCAL, User, answer, body, failure};
use crate::support::{
    byte_server::{Act, ByteServer, always, once},
    h2_server::H2Server,
    tls::{Authority, Identity},
};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

fn pem(text: &str) -> Option<Pem> {
    Some(Pem { path: "test.pem".to_owned(), bytes: text.as_bytes().to_vec() })
}

fn trusting(authority: &Authority) -> TlsSettings {
    TlsSettings { ca: pem(&authority.pem()), ..TlsSettings::default() }
}

fn user(tls: TlsSettings) -> User {
    let settings = HttpSettings { tls, ..HttpSettings::default() };
    User::with(&settings, TargetPolicy::default(), &[("shop.test", LOCAL), ("other.test", LOCAL)])
}

fn url(server: &ByteServer, host: &str) -> String {
    format!("https://{host}:{}/", server.address().port())
}

fn serve(config: Arc<ServerConfig>) -> ByteServer {
    ByteServer::start_tls(vec![always(OK)], config)
}

#[tokio::test]
async fn a_trusted_server_is_spoken_to_over_one_connection() {
    let authority = Authority::new();
    let server = serve(authority.issue(&["shop.test"]).server(&[]));
    let mut user = user(trusting(&authority));
    for turn in 0..5 {
        let exchange = user.get(&url(&server, "shop.test")).await;
        assert_eq!(exchange.timings.tls > 0, turn == 0, "{:?}", exchange.timings);
        assert_eq!(body(exchange), "ok");
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_large_body_and_a_large_upload_cross_tls() {
    let authority = Authority::new();
    let script = vec![
        Act::Request,
        Act::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n".to_vec()),
        Act::Flood(b'x', 3_000_000),
        Act::Again,
    ];
    let server = ByteServer::start_tls(vec![script], authority.issue(&["shop.test"]).server(&[]));
    let ask =
        super::client::Ask { method: http::Method::POST, body: vec![b'y'; 2_000_000], ..Default::default() };
    let mut user = user(trusting(&authority));
    for _ in 0..2 {
        assert_eq!(answer(user.ask(&url(&server, "shop.test"), &ask).await).body_len, 3_000_000);
    }
    assert!(server.requests()[1].ends_with(&"y".repeat(2_000_000)));
}

async fn refused(tls: TlsSettings, identity: &Identity, host: &str) -> String {
    let server = serve(identity.server(&[]));
    let exchange = user(tls).get(&url(&server, host)).await;
    assert_eq!(exchange.bytes_out, 0);
    let (kind, message) = failure(exchange);
    assert_eq!(kind, FailureKind::Tls, "{message}");
    message
}

#[tokio::test]
async fn a_wrong_name_says_which_name_the_certificate_is_for() {
    let authority = Authority::new();
    let identity = authority.issue(&["other.test", "third.test"]);
    assert_eq!(
        refused(trusting(&authority), &identity, "shop.test").await,
        "the certificate of shop.test is not for that name; it is for other.test, third.test"
    );
}

#[tokio::test]
async fn an_unknown_authority_names_the_settings() {
    let message = refused(TlsSettings::default(), &Authority::new().issue(&["shop.test"]), "shop.test").await;
    assert!(message.contains("authority that this machine does not trust"), "{message}");
    assert!(message.contains("target.tls.ca_file") && message.contains("target.tls.verify"), "{message}");
}

#[tokio::test]
async fn an_expired_certificate_says_so() {
    let authority = Authority::new();
    let identity = authority.issue_with(&["shop.test"], |params| {
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    });
    let message = refused(trusting(&authority), &identity, "shop.test").await;
    assert!(message.starts_with("the certificate of shop.test has expired"), "{message}");
}

#[tokio::test]
async fn without_verification_any_certificate_will_do() {
    let server = serve(Authority::new().issue(&["other.test"]).server(&[]));
    let tls = TlsSettings { verify: false, ..TlsSettings::default() };
    assert_eq!(body(user(tls).get(&url(&server, "shop.test")).await), "ok");
}

#[tokio::test]
async fn a_client_certificate_is_shown_when_there_is_one() {
    let authority = Authority::new();
    let server = serve(authority.server_for_clients(&authority.issue(&["shop.test"])));
    let client = authority.issue(&["client.test"]);
    let with = TlsSettings {
        client_cert: pem(&client.cert_pem),
        client_key: pem(&client.key_pem),
        ..trusting(&authority)
    };
    assert_eq!(body(user(with).get(&url(&server, "shop.test")).await), "ok");
    let (kind, message) = failure(user(trusting(&authority)).get(&url(&server, "shop.test")).await);
    assert_eq!(kind, FailureKind::Tls, "{message}");
    assert!(message.contains("asks for a client certificate; give target.tls.client_cert"), "{message}");
}

#[tokio::test]
async fn a_server_without_tls_says_so() {
    let server =
        ByteServer::start(vec![vec![Act::Send(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()), Act::Stall]]);
    let (kind, message) = failure(user(TlsSettings::default()).get(&url(&server, "shop.test")).await);
    assert_eq!(kind, FailureKind::Tls);
    assert!(message.contains("use http:// for it"), "{message}");
}

#[tokio::test]
async fn a_close_between_requests_is_no_failure_over_tls() {
    let authority = Authority::new();
    let config = authority.issue(&["shop.test"]).server(&[]);
    let server = ByteServer::start_tls(vec![once(OK)], config);
    let mut user = user(trusting(&authority));
    for turn in 1..4 {
        assert_eq!(body(user.get(&url(&server, "shop.test")).await), "ok");
        assert_eq!((server.connections(), server.resumed()), (turn, turn - 1));
    }
}

#[tokio::test]
async fn a_redirect_may_lead_from_tls_to_plain() {
    let plain = ByteServer::start(vec![always(OK)]);
    let authority = Authority::new();
    let moved = format!("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", plain.url());
    let server = ByteServer::start_tls(vec![always(moved)], authority.issue(&["shop.test"]).server(&[]));
    let answer = answer(user(trusting(&authority)).get(&url(&server, "shop.test")).await);
    assert!(!answer.moved_to.expect("elsewhere").tls);
}

#[tokio::test]
async fn a_missing_client_certificate_is_named_over_http2_too() {
    let authority = Authority::new();
    let mut config = ServerConfig::clone(&authority.server_for_clients(&authority.issue(&["shop.test"])));
    config.alpn_protocols = vec![b"h2".to_vec()];
    let server = H2Server::start(Some(Arc::new(config))).await;
    let exchange =
        user(trusting(&authority)).get(&format!("https://shop.test:{}/", server.address.port())).await;
    let (kind, message) = failure(exchange);
    assert_eq!(kind, FailureKind::Tls, "{message}");
    assert!(message.contains("target.tls.client_cert"), "{message}");
}

#[tokio::test]
async fn http2_alone_is_refused_by_a_server_that_has_only_http1() {
    let authority = Authority::new();
    let server = serve(authority.issue(&["shop.test"]).server(&["http/1.1"]));
    let settings = HttpSettings {
        tls: trusting(&authority),
        http_version: HttpVersion::Http2,
        ..HttpSettings::default()
    };
    let mut user = User::with(&settings, TargetPolicy::default(), &[("shop.test", LOCAL)]);
    let (kind, message) = failure(user.get(&url(&server, "shop.test")).await);
    assert_eq!(kind, FailureKind::Tls);
    assert!(message.contains("target.http_version"), "{message}");
}
