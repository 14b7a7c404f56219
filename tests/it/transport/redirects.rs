//! Redirects: each hop is a part of one request.

use http::{HeaderValue, Method, header};
use maid::engine::{policy::TargetPolicy, transport::FailureKind};

use super::client::{Ask, LOCAL, User, answer, body, failure, settings, user};
use crate::support::byte_server::{Act, ByteServer, always, send};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

fn moved(status: u16, location: &str) -> String {
    format!("HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 4\r\n\r\ngone")
}

fn request_line(request: &str) -> &str {
    request.lines().next().unwrap_or_default()
}

#[tokio::test]
async fn a_redirect_is_followed_on_the_same_connection() {
    let server =
        ByteServer::start(vec![vec![Act::Request, send(moved(302, "../b?c=d#e")), Act::Request, send(OK)]]);
    let exchange = user().get(&format!("{}/a/x/", server.url())).await;
    let sent: u64 = server.requests().iter().map(|text| text.len() as u64).sum();
    assert_eq!(
        (exchange.bytes_out, exchange.bytes_in),
        (sent, (moved(302, "../b?c=d#e").len() + OK.len()) as u64)
    );
    let answer = answer(exchange);
    assert_eq!((answer.status, answer.redirects, answer.moved_to), (200, 1, None));
    assert_eq!(answer.body.as_deref(), Some(b"ok".as_slice()));
    assert_eq!(request_line(&server.requests()[1]), "GET /a/b?c=d HTTP/1.1");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_form_becomes_a_get_and_307_repeats_it() {
    for (status, expected) in [(303, "GET /b HTTP/1.1"), (307, "POST /b HTTP/1.1")] {
        let script = vec![Act::Request, send(moved(status, "/b")), Act::Request, send(OK)];
        let server = ByteServer::start(vec![script]);
        let headers = vec![(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"))];
        let ask = Ask { method: Method::POST, body: b"hello".to_vec(), headers, ..Ask::default() };
        assert_eq!(answer(user().ask(&server.url(), &ask).await).status, 200);
        let second = &server.requests()[1];
        assert_eq!(request_line(second), expected);
        assert_eq!(second.ends_with("\r\n\r\nhello"), status == 307, "{second}");
        assert_eq!(second.contains("content-type"), status == 307, "{second}");
    }
}

#[tokio::test]
async fn loops_end_and_zero_means_not_to_follow() {
    let server = ByteServer::start(vec![always(moved(301, "/"))]);
    let (kind, message) = failure(user().get(&server.url()).await);
    assert_eq!(kind, FailureKind::Redirect);
    assert!(message.starts_with("more than 5 redirects"), "{message}");
    assert_eq!(server.requests().len(), 6);
    let answer = answer(user().ask(&server.url(), &Ask { redirects: 0, ..Ask::default() }).await);
    assert_eq!((answer.status, answer.redirects), (301, 0));
    assert_eq!(answer.headers.expect("kept")[header::LOCATION], "/");
}

#[tokio::test]
async fn a_redirect_without_a_place_is_an_answer() {
    let server = ByteServer::start(vec![always("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")]);
    assert_eq!(answer(user().get(&server.url()).await).status, 302);
    let server = ByteServer::start(vec![always(moved(304, "/"))]);
    assert_eq!(answer(user().get(&server.url()).await).status, 304);
}

#[tokio::test]
async fn another_origin_gets_no_credentials_and_home_stays_open() {
    let away = ByteServer::start(vec![always(OK)]);
    let home = ByteServer::start(vec![always(moved(307, &format!("{}/b", away.url())))]);
    let headers = vec![
        (header::AUTHORIZATION, HeaderValue::from_static("Bearer secret")),
        (header::ACCEPT, HeaderValue::from_static("*/*")),
    ];
    let ask = Ask { headers, ..Ask::default() };
    let mut user = user();
    for _ in 0..3 {
        let answer = answer(user.ask(&home.url(), &ask).await);
        assert_eq!(answer.moved_to.expect("elsewhere").authority, away.address().to_string());
    }
    assert_eq!((home.connections(), away.connections()), (1, 1));
    assert!(home.requests()[0].contains("authorization: Bearer secret"));
    let there = &away.requests()[0];
    assert!(!there.contains("secret") && there.contains("accept: */*"), "{there}");
    assert!(there.contains(&format!("host: {}", away.address())), "{there}");
}

#[tokio::test]
async fn far_travelled_users_keep_few_connections() {
    let others: Vec<_> = (0..8).map(|_| ByteServer::start(vec![always(OK)])).collect();
    let mut user = user();
    for _ in 0..2 {
        for other in &others {
            assert_eq!(body(user.get(&other.url()).await), "ok");
        }
    }
    let open: usize = others.iter().map(ByteServer::open).sum();
    assert_eq!(others[0].connections(), 1, "the first origin is home");
    assert!(open <= 8 && others[7].connections() <= 2);
}

#[tokio::test]
async fn what_cannot_be_followed_fails() {
    for location in ["ftp://a.test/", "http://", "http://a.test:99999/"] {
        let server = ByteServer::start(vec![always(moved(302, location))]);
        assert_eq!(failure(user().get(&server.url()).await).0, FailureKind::Redirect, "{location}");
    }
}

#[tokio::test]
async fn a_redirect_out_of_the_policy_is_refused_before_a_packet() {
    let private = [std::net::IpAddr::from([10, 0, 0, 1])];
    for (location, expected) in [
        ("http://169.254.169.254/latest/meta-data/", "cloud metadata address"),
        ("http://[::ffff:169.254.169.254]/", "cloud metadata address"),
        ("http://10.0.0.1/", "--allow-target 10.0.0.1"),
        ("http://shop.test/", "--allow-target shop.test"),
    ] {
        let server = ByteServer::start(vec![always(moved(302, location))]);
        let mut user = User::with(
            &settings(),
            TargetPolicy::default(),
            &[("shop.test", &private), ("home.test", LOCAL)],
        );
        let url = format!("http://home.test:{}/", server.address().port());
        let exchange = user.get(&url).await;
        let (kind, message) = failure(exchange);
        assert_eq!(kind, FailureKind::Policy, "{location}");
        assert!(message.contains(expected), "{message}");
    }
}
