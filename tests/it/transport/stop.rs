//! The end of the run reaches a request wherever it is.

use std::time::Duration;

use maid::engine::{signal::Stage, transport::Failure};

use super::client::{Ask, until, user};
use crate::support::byte_server::{Act, ByteServer, send};

fn sent(result: Result<maid::engine::transport::Answer, Failure>) -> bool {
    match result {
        Err(Failure::Interrupted { sent }) => sent,
        other => panic!("not interrupted: {other:?}"),
    }
}

#[tokio::test]
async fn a_waiting_request_is_cut_and_was_sent() {
    for script in [
        vec![Act::Request, Act::Stall],
        vec![Act::Request, send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha"), Act::Stall],
    ] {
        let server = ByteServer::start(vec![script]);
        let mut user = user();
        let (stop, url) = (user.stop.clone(), server.url());
        let cut = async {
            until("the request is read", || server.requests().len() == 1).await;
            // Draining lets it go on.
            stop.advance(Stage::Draining);
            stop.advance(Stage::Cut);
        };
        let (exchange, ()) = tokio::join!(user.get(&url), cut);
        assert!(sent(exchange.result));
        assert!(exchange.bytes_out > 0);
    }
}

#[tokio::test]
async fn a_request_after_the_cut_is_never_sent() {
    let server = ByteServer::start(vec![vec![Act::Stall]]);
    let mut user = user();
    user.stop.advance(Stage::Cut);
    let exchange = user.get(&server.url()).await;
    assert!(!sent(exchange.result));
    assert_eq!((server.connections(), exchange.bytes_out), (0, 0));
}

#[tokio::test]
async fn a_connection_in_the_making_is_cut_and_nothing_was_sent() {
    // A full backlog: the handshake is never answered.
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    socket
        .bind(&"127.0.0.1:0".parse::<std::net::SocketAddr>().expect("an address").into())
        .expect("a free port");
    socket.listen(0).expect("a bound socket");
    let address = socket.local_addr().expect("bound").as_socket().expect("IPv4");
    let _filling: Vec<_> =
        (0..8).map(|_| std::net::TcpStream::connect_timeout(&address, Duration::from_millis(50))).collect();
    let mut user = user();
    let (stop, url) = (user.stop.clone(), format!("http://{address}"));
    let cut = async {
        tokio::task::yield_now().await;
        stop.advance(Stage::Cut);
    };
    let (exchange, ()) = tokio::join!(user.get(&url), cut);
    assert!(!sent(exchange.result));
    // And without a stop its time runs out, which makes the target unreachable.
    let ask = Ask { timeout: Duration::from_millis(50), ..Ask::default() };
    let (kind, message) = super::client::failure(super::client::user().ask(&url, &ask).await);
    assert_eq!((kind.name(), message.as_str()), ("connect", "timed out after 50ms while connecting"));
}

#[tokio::test]
async fn an_upload_is_cut() {
    let server = ByteServer::start(vec![vec![Act::Request, Act::Stall]]);
    let mut user = user();
    let (stop, url) = (user.stop.clone(), server.url());
    let ask = Ask { method: http::Method::POST, body: vec![0; 100_000_000], ..Ask::default() };
    // The script reads a byte at a time, so that the upload takes long.
    let cut = async {
        until("the connection is made", || server.open() == 1).await;
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        stop.advance(Stage::Cut);
    };
    let (exchange, ()) = tokio::join!(user.ask(&url, &ask), cut);
    assert!(sent(exchange.result));
}
