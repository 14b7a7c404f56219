//! The hand-written HTTP/1.1 against hyper: same server, same bytes, same answers.

use http::{Request, Version};
use http_body_util::{BodyExt, Empty};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::client::{User, user};
use crate::support::byte_server::{ByteServer, once};

/// Status, body and a header, or that there was no answer.
type Seen = Option<(u16, Vec<u8>, Option<String>)>;

const ANSWERS: &[&str] = &[
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello",
    "HTTP/1.1 200 \r\nx:y\r\ncontent-length:5\r\n\r\nhello",
    "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nX: y\r\n\r\nto the end",
    "HTTP/1.0 404 Not Found\r\nX:   y  \r\n\r\nto the end",
    "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 103 Early Hints\r\nX: n\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n2;a=\"b\"\r\nhe\r\n003\r\nllo\r\n0\r\nT: u\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nG\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nX : y\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nX\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n folded\r\n\r\nok",
    "HTTP/1.1 200 OK\nX: y\nContent-Length: 2\n\nok",
    "HTTP/1.1 200 \u{fc}\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 099 OK\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 600 OK\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "<html>hello</html>",
    "\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "",
];

async fn by_maid(user: &mut User, url: &str) -> Seen {
    let answer = user.get(url).await.result.ok()?;
    let header = answer.headers.and_then(|headers| Some(headers.get("x")?.to_str().ok()?.to_owned()));
    Some((answer.status, answer.body?, header))
}

async fn by_hyper(server: &ByteServer) -> Option<Seen> {
    let tcp = TcpStream::connect(server.address()).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(tcp)).await.ok()?;
    let driver = tokio::spawn(connection);
    let request = Request::get("/").version(Version::HTTP_11).header("host", "reference");
    let request = request.body(Empty::<Bytes>::new()).ok()?;
    let seen = async {
        let response = sender.send_request(request).await.ok()?;
        let status = response.status().as_u16();
        let header = response.headers().get("x").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = response.into_body().collect().await.ok()?.to_bytes();
        Some((status, body.to_vec(), header))
    };
    let seen = seen.await;
    driver.abort();
    Some(seen)
}

#[tokio::test]
async fn whole_answers_and_every_beginning_of_them_are_read_alike() {
    let (mut compared, mut answered) = (0, 0);
    let mut user = user();
    for answer in ANSWERS {
        for end in 0..=answer.len() {
            let bytes = &answer.as_bytes()[..end];
            let server = ByteServer::start(vec![once(bytes)]);
            let maid = by_maid(&mut user, &server.url()).await;
            let hyper = by_hyper(&server).await.expect("hyper can connect");
            assert_eq!(maid, hyper, "{:?}", String::from_utf8_lossy(bytes));
            compared += 1;
            answered += usize::from(maid.is_some());
        }
    }
    assert!(compared > 1500 && answered > 30, "{answered} of {compared} were answered");
}
