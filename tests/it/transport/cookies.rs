//! Cookies of one user.

use http::{HeaderValue, header};
use maid::engine::{policy::TargetPolicy, transport::HttpSettings};

use super::client::{Ask, User, answer, user};
use crate::support::byte_server::{Act, ByteServer, always, send};

const SETS: &str =
    "HTTP/1.1 200 OK\r\nSet-Cookie: id=7; Path=/; HttpOnly\r\nSet-Cookie: b=c\r\nContent-Length: 0\r\n\r\n";

fn cookies_of(request: &str) -> Vec<&str> {
    let lines = request.lines().filter_map(|line| line.strip_prefix("cookie: "));
    let mut cookies: Vec<&str> = lines.flat_map(|line| line.split("; ")).collect();
    cookies.sort_unstable();
    cookies
}

#[tokio::test]
async fn cookies_come_back_in_rendered_and_unrendered_requests() {
    let server = ByteServer::start(vec![always(SETS)]);
    let wire = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", server.address());
    let rendered = Ask { wire: Some(wire.into_bytes()), ..Ask::default() };
    let mut user = user();
    for _ in 0..2 {
        answer(user.ask(&server.url(), &rendered).await);
    }
    let exchange = user.get(&server.url()).await;
    let requests = server.requests();
    assert_eq!(exchange.bytes_out, requests[2].len() as u64);
    assert_eq!(cookies_of(&requests[0]), [""; 0]);
    assert_eq!(cookies_of(&requests[1]), ["b=c", "id=7"]);
    assert_eq!(cookies_of(&requests[2]), ["b=c", "id=7"]);
}

#[tokio::test]
async fn a_cookie_set_by_a_redirect_is_sent_to_where_it_leads() {
    let login =
        "HTTP/1.1 302 Found\r\nSet-Cookie: session=s; Path=/\r\nLocation: /home\r\nContent-Length: 0\r\n\r\n";
    let script = vec![Act::Request, send(login), Act::Request, send(SETS)];
    let server = ByteServer::start(vec![script]);
    answer(user().get(&format!("{}/login", server.url())).await);
    assert_eq!(cookies_of(&server.requests()[1]), ["session=s"]);
}

#[tokio::test]
async fn users_do_not_share_cookies_and_may_have_none() {
    let server = ByteServer::start(vec![always(SETS)]);
    answer(user().get(&server.url()).await);
    answer(user().get(&server.url()).await);
    let mut without = User::with(&HttpSettings::default(), TargetPolicy::default(), &[]);
    for _ in 0..2 {
        answer(without.get(&server.url()).await);
    }
    assert!(server.requests().iter().all(|request| cookies_of(request).is_empty()));
}

#[tokio::test]
async fn a_cookie_header_of_the_document_stands_alone() {
    let server = ByteServer::start(vec![always(SETS)]);
    let ask = Ask { headers: vec![(header::COOKIE, HeaderValue::from_static("own=1"))], ..Ask::default() };
    let mut user = user();
    for _ in 0..2 {
        answer(user.ask(&server.url(), &ask).await);
    }
    assert_eq!(cookies_of(&server.requests()[1]), ["own=1"]);
}
