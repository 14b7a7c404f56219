//! Providers that are down, hang, or answer what no provider should.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use maid::auth::oidc::{Oidc, OidcError, PATIENCE, SetupError};
use serde_json::json;
use tokio::runtime::Runtime;

use super::{
    KEY,
    forger::{Forger, Key},
    provider,
};
use crate::support::{
    byte_server::{Act, ByteServer, once, send},
    tls::Authority,
};

const REDIRECT: &str = "https://maid.example.com/api/maid/auth/oidc/company/callback";

/// Why no sign-in begins with the provider at `issuer`.
fn refused(issuer: &str, patience: Duration) -> String {
    let oidc =
        Oidc::new(&[provider("company", issuer, &json!({}))], &KEY, patience).expect("nothing is asked yet");
    let begun = Runtime::new().expect("a runtime").block_on(oidc.begin("company", REDIRECT, None));
    match begun.expect_err("it cannot be used") {
        OidcError::Unavailable { cause, .. } => cause,
        other => panic!("{other}"),
    }
}

fn json_answer(body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
}

#[test]
fn one_that_hangs_is_given_up() {
    for script in [vec![Act::Stall], vec![Act::Request, Act::Stall], {
        vec![Act::Request, send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"), Act::Stall]
    }] {
        let server = ByteServer::start(vec![script]);
        let since = Instant::now();
        let told = refused(&server.url(), Duration::from_millis(300));
        assert!(told.contains("timed out"), "{told}");
        assert!(since.elapsed() < PATIENCE, "it was not waited for for long");
    }
}

#[test]
fn one_that_answers_garbage_is_refused() {
    for (answer, told) in [
        (json_answer("{"), "cannot be read"),
        (json_answer("[]"), "cannot be read"),
        (json_answer(r#"{"issuer": 7}"#), "cannot be read"),
        (json_answer(&"[".repeat(100_000)), "cannot be read"),
        (
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\n{}".to_owned(),
            "Content-Type",
        ),
        ("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n".to_owned(), "500"),
        ("HTTP/1.1 302 Go\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".to_owned(), "302"),
        ("no HTTP at all\r\n\r\n".to_owned(), "error sending request"),
    ] {
        let server = ByteServer::start(vec![once(&answer)]);
        let cause = refused(&server.url(), PATIENCE);
        assert!(cause.contains(told), "{}: {cause}", &answer[..answer.len().min(60)]);
        assert_eq!(server.requests().len(), 1, "no redirect is followed");
    }
    let reset = ByteServer::start(vec![vec![Act::Request, Act::Reset]]);
    assert!(refused(&reset.url(), PATIENCE).contains("error sending request"));
}

#[test]
fn a_hundred_megabytes_are_not_read() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
    let server = ByteServer::start(vec![vec![Act::Request, send(head), Act::Flood(b' ', 100 << 20)]]);
    let told = refused(&server.url(), PATIENCE);
    assert!(told.contains("larger than 1024 KiB"), "{told}");
    assert!(server.flooded() < 20 << 20, "{} bytes were taken", server.flooded());
}

#[test]
fn one_that_calls_itself_otherwise_is_refused() {
    for other in ["https://id.example.com", "http://127.0.0.1:1"] {
        let forger = Forger::start(&Key::ed25519(1));
        forger.tell(|script| script.metadata["issuer"] = json!(other));
        let told = refused(&forger.issuer, PATIENCE);
        assert!(told.contains("unexpected issuer"), "{told}");
    }
    let forger = Forger::start(&Key::ed25519(1));
    let told = refused(&format!("{}/", forger.issuer), PATIENCE);
    assert!(told.contains("unexpected issuer"), "a `/` more is another issuer: {told}");
}

#[test]
fn one_that_leads_to_a_public_way_is_refused() {
    for endpoint in ["authorization_endpoint", "jwks_uri"] {
        let forger = Forger::start(&Key::ed25519(1));
        forger.tell(|script| script.metadata[endpoint] = json!("http://id.example.com/here"));
        let told = refused(&forger.issuer, PATIENCE);
        assert!(told.contains("must begin with https://"), "{endpoint}: {told}");
    }
}

#[test]
fn many_who_wait_ask_once() {
    let forger = Forger::start(&Key::ed25519(1));
    let oidc =
        Oidc::new(&[provider("company", &forger.issuer, &json!({}))], &KEY, PATIENCE).expect("it is right");
    let begun = Runtime::new()
        .expect("a runtime")
        .block_on(async { join_all((0..50).map(|_| oidc.begin("company", REDIRECT, None))).await });
    assert!(begun.iter().all(Result::is_ok));
    assert_eq!((forger.asked("/.well-known/openid-configuration"), forger.asked("/jwks")), (1, 1));

    // A failure is everybody's as well, or each would wait for one of its own.
    let server = ByteServer::start(vec![vec![Act::Request, Act::Stall]]);
    let patience = Duration::from_millis(300);
    let oidc =
        Oidc::new(&[provider("company", &server.url(), &json!({}))], &KEY, patience).expect("it is right");
    let begun = Runtime::new()
        .expect("a runtime")
        .block_on(async { join_all((0..50).map(|_| oidc.begin("company", REDIRECT, None))).await });
    assert!(begun.iter().all(Result::is_err));
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_private_authority_has_to_be_named() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"]);
    let server = ByteServer::start_tls(vec![once(json_answer("{}"))], identity.server(&[]));
    let issuer = format!("https://localhost:{}", server.address().port());
    let told = refused(&issuer, PATIENCE);
    assert!(told.to_lowercase().contains("certificate"), "{told}");

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, authority.pem()).expect("a file");
    let config = provider("company", &issuer, &json!({"ca_file": file}));
    let oidc = Oidc::new(&[config], &KEY, PATIENCE).expect("it is right");
    let begun = Runtime::new().expect("a runtime").block_on(oidc.begin("company", REDIRECT, None));
    let told = begun.expect_err("it says nothing of use").to_string();
    assert!(told.contains("cannot be read"), "its certificate is good: {told}");

    for (text, told) in [("", "no certificate"), ("-----BEGIN CERTIFICATE-----\nx", "cannot be used")] {
        std::fs::write(&file, text).expect("a file");
        let error = Oidc::new(&[provider("company", &issuer, &json!({"ca_file": file}))], &KEY, PATIENCE);
        let error = error.expect_err("it is no certificate");
        assert!(matches!(error, SetupError::CaFile { .. }) && error.to_string().contains(told), "{error}");
    }
    let missing = provider("company", &issuer, &json!({"ca_file": "/nowhere/ca.pem"}));
    assert!(
        Oidc::new(&[missing], &KEY, PATIENCE)
            .expect_err("it is not there")
            .to_string()
            .contains("/nowhere/ca.pem")
    );
}
