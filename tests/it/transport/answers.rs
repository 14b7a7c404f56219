//! Well-formed answers, however unusual.

use http::Method;
use maid::engine::transport::Answer;

use super::client::{Ask, answer, body, user};
use crate::support::byte_server::{Act, ByteServer, always, once, send};

async fn read(bytes: &str) -> (Answer, ByteServer) {
    let server = ByteServer::start(vec![once(bytes)]);
    let answer = answer(user().get(&server.url()).await);
    (answer, server)
}

#[tokio::test]
async fn bodies_end_where_their_framing_says() {
    for (bytes, expected) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: r\r\n\r\n", "hello"),
        ("HTTP/1.1 200 OK\r\n\r\nuntil the end", "until the end"),
        ("HTTP/1.0 200 OK\r\n\r\nold", "old"),
        ("HTTP/1.1 200\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nok", "ok"),
        ("HTTP/1.1 204 No Content\r\n\r\n", ""),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n", ""),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n\
             HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
            "ok",
        ),
    ] {
        let (answer, _server) = read(bytes).await;
        assert_eq!(answer.body.as_deref(), Some(expected.as_bytes()), "{bytes:?}");
        assert_eq!(answer.body_len, expected.len() as u64, "{bytes:?}");
    }
}

#[tokio::test]
async fn headers_are_kept_when_they_are_asked_for() {
    let (answer, _server) =
        read("HTTP/1.1 201 Created\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 0\r\n\r\n").await;
    assert_eq!(answer.status, 201);
    let headers = answer.headers.expect("asked for");
    assert_eq!(headers.get_all("x-a").iter().collect::<Vec<_>>(), ["1", "2"]);
}

#[tokio::test]
async fn head_has_no_body_whatever_it_says() {
    let server = ByteServer::start(vec![always("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]);
    let ask = Ask { method: Method::HEAD, ..Ask::default() };
    let mut user = user();
    for _ in 0..2 {
        assert_eq!(body(user.ask(&server.url(), &ask).await), "");
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn bytes_may_come_one_by_one() {
    let text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
    let server = ByteServer::start(vec![vec![Act::Request, Act::Trickle(text.into()), Act::Again]]);
    let mut user = user();
    for _ in 0..3 {
        assert_eq!(body(user.get(&server.url()).await), "hello world");
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_dropped_body_may_have_any_length() {
    let length = 50_000_000;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
    let server = ByteServer::start(vec![vec![
        Act::Request,
        send(head.as_bytes()),
        Act::Flood(b'x', length),
        Act::Again,
    ]]);
    let ask = Ask { keep: false, ..Ask::default() };
    let mut user = user();
    for _ in 0..2 {
        let exchange = user.ask(&server.url(), &ask).await;
        assert_eq!(exchange.bytes_in, length + head.len() as u64);
        let answer = answer(exchange);
        assert_eq!((answer.body, answer.body_len), (None, length));
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn bytes_and_times_add_up() {
    let text = "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nboom";
    let server = ByteServer::start(vec![always(text)]);
    let ask = Ask { keep: false, ..Ask::default() };
    let mut user = user();
    for turn in 0..3 {
        let exchange = user.ask(&server.url(), &ask).await;
        assert_eq!(exchange.bytes_in, text.len() as u64);
        assert_eq!(exchange.bytes_out, server.requests()[turn].len() as u64);
        let times = exchange.timings;
        assert_eq!(times.connect > 0, turn == 0, "{times:?}");
        let parts = times.dns + times.connect + times.tls + times.send + times.wait + times.receive;
        assert!(parts <= times.total + 6, "{times:?}");
        assert_eq!(answer(exchange).excerpt, b"boom");
    }
}

#[tokio::test]
async fn an_answer_before_the_request_is_read_counts() {
    // The server refuses a large upload without reading it, and leaves the connection open.
    let script = vec![send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig"), Act::Stall];
    let server = ByteServer::start(vec![script]);
    let ask = Ask { method: Method::POST, body: vec![b'x'; 30_000_000], ..Ask::default() };
    let answer = answer(user().ask(&server.url(), &ask).await);
    assert_eq!((answer.status, answer.body.as_deref()), (413, Some(b"big".as_slice())));
}

#[tokio::test]
async fn a_rendered_request_goes_out_as_it_would_unrendered() {
    let server = ByteServer::start(vec![always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]);
    let mut ask = Ask { method: Method::POST, body: b"hi".to_vec(), ..Ask::default() };
    let mut user = user();
    answer(user.ask(&server.url(), &ask).await);
    ask.wire = Some(user.wire(&server.url(), &ask));
    answer(user.ask(&server.url(), &ask).await);
    let [unrendered, rendered] = server.requests().try_into().expect("two requests");
    assert_eq!(unrendered, rendered);
    assert!(rendered.ends_with("content-length: 2\r\n\r\nhi"), "{rendered}");
}

#[tokio::test]
async fn compressed_bodies_are_decompressed_only_when_read() {
    let packed = zstd::encode_all(&b"plain text"[..], 3).expect("memory");
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: {}\r\n\r\n", packed.len());
    let server = ByteServer::start(vec![always([head.as_bytes(), &packed].concat())]);
    let mut user = user();
    let read = answer(user.get(&server.url()).await);
    assert_eq!(read.body.as_deref(), Some(b"plain text".as_slice()));
    assert_eq!(read.body_len, packed.len() as u64);
    let dropped = answer(user.ask(&server.url(), &Ask { keep: false, ..Ask::default() }).await);
    assert_eq!(dropped.body_len, packed.len() as u64);
}
