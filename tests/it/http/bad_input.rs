//! What nobody should send.

use std::{
    io::{Read, Write},
    time::{Duration, Instant},
};

use maid::{config, loadtest::span::Span};

use super::{Answer, Site};

const JSON: &str = "content-type: application/json\r\n";

/// The site still answers.
fn is_well(site: &Site) {
    assert_eq!(site.ask("GET", "/api/maid/history").status, 200);
}

#[test]
fn a_body_that_says_it_is_too_large_is_not_read() {
    let site = Site::start();
    let mut stream = site.connect();
    let head = "POST /api/maid/run HTTP/1.1\r\nhost: localhost\r\ncontent-length: 20000000\r\n";
    stream.write_all(format!("{head}{JSON}\r\n").as_bytes()).expect("the head is taken");
    let answer = Answer::read(&mut stream);
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (413, "too_large"),
        "and not a byte of it was sent"
    );
    assert!(answer.json()["detail"].as_str().unwrap().contains("server.max_body"));
    is_well(&site);
}

#[test]
fn twenty_megabytes_are_refused_whether_or_not_their_length_is_said() {
    let site = Site::start();
    let body = vec![b' '; 20 << 20];
    let announced = site.post("/api/maid/run", JSON, &body);
    assert_eq!((announced.status, announced.problem().as_str()), (413, "too_large"));

    let mut request =
        format!("POST /api/maid/run HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n{JSON}\r\n")
            .into_bytes();
    for chunk in body.chunks(64 << 10) {
        request.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        request.extend_from_slice(chunk);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    let chunked = site.send(&request);
    assert_eq!((chunked.status, chunked.problem().as_str()), (413, "too_large"));
    is_well(&site);
}

#[test]
fn broken_texts_are_refused_with_their_place() {
    let site = Site::start();
    for (body, place) in [
        (&b"{\"name\": \"\xff\"}"[..], "line 1, column 11"),
        (b"{\"name\": \"a\",\n\"users\": ]", "line 2, column 10"),
        (b"{\"name\": \"a\"", "line 1, column 12"),
        (b"\xef\xbb\xbf{}", "line 1, column 1"),
        (b"{\"name\": \"a\"}\0", "line 1, column 14"),
        (b"", "empty"),
    ] {
        let answer = site.post("/api/maid/run", JSON, body);
        assert_eq!((answer.status, answer.problem().as_str()), (400, "malformed_body"), "{body:?}");
        let detail = answer.json()["detail"].as_str().expect("a detail").to_owned();
        assert!(detail.contains(place), "{detail}");
    }
    let deep = [vec![b'['; 1 << 20], vec![b']'; 1 << 20]].concat();
    let answer = site.post("/api/maid/run", JSON, &deep);
    assert_eq!(answer.status / 100, 4);
    answer.problem();
    let nested = format!("{{\"name\": \"a\", \"x\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(site.post("/api/maid/run", JSON, nested.as_bytes()).problem(), "invalid_body");
    is_well(&site);
}

#[test]
fn wrong_fields_are_named() {
    let site = Site::start();
    for (body, path, message) in [
        (r#"{"name": "a", "usres": 1}"#, "usres", "did you mean `users`?"),
        (r#"{"users": 1}"#, "name", "is missing"),
        (r#"{"name": "a", "users": 256}"#, "users", "a whole number from 0 to 255"),
        (r#"{"name": 7}"#, "name", "expected a string"),
    ] {
        let answer = site.post("/api/maid/run", JSON, body.as_bytes());
        assert_eq!((answer.status, answer.problem().as_str()), (422, "invalid_body"), "{body}");
        let error = &answer.json()["errors"][0];
        assert_eq!(error["path"], path, "{body}");
        assert!(error["message"].as_str().unwrap().contains(message), "{error}");
    }
    let huge = format!("{{\"name\": \"a\", \"{}\": 1}}", "x".repeat(5_000_000));
    let answer = site.post("/api/maid/run", JSON, huge.as_bytes());
    assert_eq!(answer.problem(), "invalid_body");
    assert!(answer.body.len() < 5000, "the answer repeats {} bytes", answer.body.len());
}

#[test]
fn bodies_of_other_types_are_refused() {
    let site = Site::start();
    for headers in [
        "",
        "content-type: text/plain\r\n",
        "content-type: application/x-www-form-urlencoded\r\n",
        "content-type: multipart/form-data; boundary=x\r\n",
        "content-type: application/json; charset=utf-16\r\n",
        "content-type: application/json\r\ncontent-encoding: gzip\r\n",
    ] {
        let answer = site.post("/api/maid/run", headers, br#"{"name": "a"}"#);
        assert_eq!((answer.status, answer.problem().as_str()), (415, "unsupported_media_type"), "{headers}");
    }
}

#[test]
fn wrong_queries_and_ids_are_refused() {
    let site = Site::start();
    for (query, told) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=1&limit=2", "limit"),
        ("lmit=1", "lmit"),
        ("%ff=1", ""),
    ] {
        let answer = site.ask("GET", &format!("/api/maid/history?{query}"));
        assert_eq!((answer.status, answer.problem().as_str()), (400, "bad_query"), "{query}");
        assert!(answer.json()["errors"][0]["path"].as_str().unwrap().contains(told), "{query}");
    }
    for id in [
        "7",
        "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6",
        "..",
        "%2e%2e%2f",
        "%00",
        "%ff",
        "'%20or%201=1--",
        &"a".repeat(5000),
    ] {
        let answer = site.ask("GET", &format!("/api/maid/runs/{id}"));
        let code = answer.problem();
        assert!(["bad_id", "no_route"].contains(&code.as_str()), "{id}: {code}");
        assert!(answer.body.len() < 2000);
    }
    assert_eq!(site.ask("GET", "/api/maid/runs/7").problem(), "bad_id");
    is_well(&site);
}

/// A slip must not pass for a default, and least of all where something is ended.
#[test]
fn what_a_route_does_not_take_is_refused() {
    let site = Site::start();
    for (method, path) in [
        ("GET", "/api/maid/unwell?x=1"),
        ("POST", "/api/maid/run?queue=true"),
        ("POST", "/api/goose/run?queue=true"),
        ("DELETE", "/api/maid/runs/0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a?x"),
    ] {
        let answer = site.ask(method, path);
        assert_eq!((answer.status, answer.problem().as_str()), (400, "bad_query"), "{method} {path}");
    }
    let json = "content-type: application/json\r\n";
    for (body, told) in [("[]", "a list"), ("[{}]", "a list"), ("7", "a number"), ("\"a\"", "a text")] {
        let answer = site.post("/api/maid/stop", json, body.as_bytes());
        assert_eq!((answer.status, answer.problem().as_str()), (422, "invalid_body"), "{body}");
        let detail = answer.json()["detail"].as_str().expect("a detail").to_owned();
        assert!(detail.contains(&format!("found {told}, expected an object")), "{body}: {detail}");
    }
    is_well(&site);
}

#[test]
fn huge_heads_are_refused() {
    let site = Site::start();
    let head = "GET /api/maid/history HTTP/1.1\r\nhost: localhost\r\n";
    let one = site.send(format!("{head}x: {}\r\n\r\n", "a".repeat(200 << 10)).as_bytes());
    assert!([400, 431].contains(&one.status), "{}", one.head);
    let many = (0..5000).map(|at| format!("x-{at}: 1\r\n")).collect::<String>();
    let many = site.send(format!("{head}{many}\r\n").as_bytes());
    assert!([400, 431].contains(&many.status), "{}", many.head);
    let path = site.ask("GET", &format!("/api/maid/{}", "a".repeat(200 << 10)));
    assert!([400, 404, 414, 431].contains(&path.status), "{}", path.head);
    is_well(&site);
}

#[test]
fn heads_are_bounded_in_length_number_and_size() {
    let site = Site::start();
    let path = |length: usize| format!("/api/maid/{}", "a".repeat(length - "/api/maid/".len()));
    assert_eq!(site.ask("GET", &path(8 << 10)).problem(), "no_route");
    let long = site.ask("GET", &path((8 << 10) + 1));
    assert_eq!((long.status, long.problem().as_str()), (414, "uri_too_long"));
    assert!(long.body.len() < 2000, "it is not repeated");
    let query = site.ask("GET", &format!("/api/maid/history?name={}", "a".repeat(9000)));
    assert_eq!((query.status, query.problem().as_str()), (414, "uri_too_long"));

    let with = |headers: &str| {
        let head = "GET /api/maid/history HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n";
        site.send(format!("{head}{headers}\r\n").as_bytes())
    };
    let many = |count: usize| (0..count).map(|at| format!("x-{at}: 1\r\n")).collect::<String>();
    assert_eq!(with(&many(94)).status, 200, "96 with host and connection");
    assert_eq!(with(&many(95)).status, 431, "the connection itself refuses it");
    let large = with(&format!("x: {}\r\n", "a".repeat(64 << 10)));
    assert_eq!((large.status, large.problem().as_str()), (431, "headers_too_large"));
    assert_eq!(with(&format!("x: {}\r\n", "a".repeat(60 << 10))).status, 200);
    assert_eq!(with(&format!("x: {}\r\n", "a".repeat(130 << 10))).status, 431);
    is_well(&site);
}

#[test]
fn no_http_at_all_is_cut() {
    let site = Site::start();
    for garbage in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..],
        b"hello\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
    ] {
        let answer = site.send(garbage);
        assert!([0, 400].contains(&answer.status), "{garbage:?}: {}", answer.head);
    }
    is_well(&site);
}

fn hasty() -> Site {
    Site::with(config::Server { client_timeout: Span::from_millis(1200), ..config::Server::default() })
}

#[test]
fn a_client_that_dribbles_its_head_is_cut() {
    let site = hasty();
    let mut stream = site.connect();
    let began = Instant::now();
    stream.set_read_timeout(Some(Duration::from_millis(50))).expect("a timeout");
    let mut head = b"GET /api/maid/history HTTP/1.1\r\nhost: localhost\r\nx: ".to_vec();
    let mut got = Vec::new();
    let mut part = [0; 1024];
    loop {
        assert!(began.elapsed() < Duration::from_secs(10), "it is still served");
        if stream.write_all(&head).is_err() {
            break;
        }
        head = b"a".to_vec();
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(read) => got.extend_from_slice(&part[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => break,
        }
    }
    let got = String::from_utf8_lossy(&got);
    assert!(got.is_empty() || got.starts_with("HTTP/1.1 408"), "{got}");
    is_well(&site);
}

#[test]
fn a_client_that_dribbles_its_body_is_cut() {
    let site = hasty();
    let mut stream = site.connect();
    let head = "POST /api/maid/run HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n";
    stream.write_all(format!("{head}{JSON}\r\n{{").as_bytes()).expect("the head is taken");
    let answer = Answer::read(&mut stream);
    assert_eq!((answer.status, answer.problem().as_str()), (408, "timeout"));

    // A byte now and then does not keep it open for ever either.
    let mut stream = site.connect();
    stream.write_all(format!("{head}{JSON}\r\n").as_bytes()).expect("the head is taken");
    stream.set_read_timeout(Some(Duration::from_millis(100))).expect("a timeout");
    let began = Instant::now();
    let mut first = [0; 1];
    while stream.peek(&mut first).is_err() {
        assert!(began.elapsed() < Duration::from_secs(20), "it is still served");
        stream.write_all(b" ").ok();
    }
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
    assert_eq!(Answer::read(&mut stream).problem(), "timeout");
    is_well(&site);
}
