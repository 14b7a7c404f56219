//! Clients: one that keeps to the protocol, and one that sends whatever it is told to.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Error, Message, protocol::WebSocketConfig},
};

use super::Server;

const PATIENCE: Duration = Duration::from_secs(20);

/// A client that keeps to the protocol.
pub struct Client {
    pub socket: WebSocketStream<tokio::net::TcpStream>,
}

impl Client {
    pub async fn of(server: &Server) -> Self {
        Self::at(server.site.address, "/api/maid/ws").await.expect("it is let in")
    }

    pub async fn at(address: SocketAddr, path: &str) -> Result<Self, Error> {
        let stream = tokio::net::TcpStream::connect(address).await.expect("it listens");
        let config = WebSocketConfig::default().read_buffer_size(4096);
        let url = format!("ws://{address}{path}");
        let opened = timeout(PATIENCE, client_async_with_config(url, stream, Some(config)));
        Ok(Self { socket: opened.await.expect("an answer in time")?.0 })
    }

    /// A client that is subscribed, and whose answer to that was taken.
    pub async fn subscribed(server: &Server, topics: &[&str]) -> Self {
        let mut client = Self::of(server).await;
        client.say(json!({"subscribe": topics})).await;
        assert_eq!(client.hear().await["topic"], "maid:subscribed");
        client
    }

    pub async fn say(&mut self, message: Value) {
        self.send(Message::text(message.to_string())).await;
    }

    pub async fn send(&mut self, message: Message) {
        self.socket.send(message).await.expect("it is open");
    }

    /// The next frame.
    pub async fn next(&mut self) -> Option<Message> {
        let next = timeout(PATIENCE, self.socket.next()).await.expect("something in time");
        next.map(|message| message.expect("it keeps to the protocol"))
    }

    /// The next text.
    pub async fn hear(&mut self) -> Value {
        loop {
            match self.next().await.expect("it is open") {
                Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The next text of a topic; others are passed over.
    pub async fn hear_of(&mut self, topic: &str) -> Value {
        loop {
            let message = self.hear().await;
            if message["topic"] == topic {
                return message;
            }
        }
    }

    /// The code that the server closes with; texts are passed over.
    pub async fn end(&mut self) -> u16 {
        loop {
            match self.next().await.expect("it says goodbye") {
                Message::Close(frame) => return frame.expect("a code").code.into(),
                Message::Text(_) | Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Nothing is there: asked last, it is answered next.
    pub async fn hears_nothing(&mut self) {
        self.say(json!({"ping": "still there"})).await;
        assert_eq!(self.hear().await, json!({"pong": "still there"}));
    }
}

/// A client that sends whatever it is told to.
pub struct Raw {
    pub stream: TcpStream,
}

impl Raw {
    pub fn of(server: &Server) -> Self {
        let mut stream = server.site.connect();
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let address = server.site.address;
        write!(
            stream,
            "GET /api/maid/ws HTTP/1.1\r\nHost: {address}\r\nConnection: keep-alive, Upgrade\r\n\
             Upgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        .expect("it reads");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("a head");
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).expect("a head is text").to_ascii_lowercase();
        assert!(head.starts_with("http/1.1 101 "), "{head}");
        assert!(head.contains("\r\nsec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n"), "{head}");
        Self { stream }
    }

    pub fn send(&mut self, bytes: &[u8]) {
        // A server that has had enough may have closed.
        self.stream.write_all(bytes).ok();
    }

    /// The next frame: its first byte and its payload.
    pub fn frame(&mut self) -> (u8, Vec<u8>) {
        let mut head = [0; 2];
        self.stream.read_exact(&mut head).expect("a frame");
        let mut take = |length: usize| {
            let mut bytes = vec![0; length];
            self.stream.read_exact(&mut bytes).expect("a frame");
            bytes
        };
        let length = match head[1] {
            126 => take(2),
            127 => take(8),
            short => vec![short],
        };
        let length = length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        (head[0], take(length))
    }

    /// The code of the next frame, which closes.
    pub fn close_code(&mut self) -> u16 {
        let (first, payload) = self.frame();
        assert_eq!(first, 0x88, "{:?}", String::from_utf8_lossy(&payload));
        assert!(payload.len() <= 125);
        u16::from_be_bytes([payload[0], payload[1]])
    }

    /// The next frame, which is a text.
    pub fn text(&mut self) -> Value {
        let (first, payload) = self.frame();
        assert_eq!(first, 0x81, "{payload:?}");
        serde_json::from_slice(&payload).expect("JSON")
    }
}

/// A frame as a client sends it, with a mask of zeros, which is allowed.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = match payload.len() {
        short @ ..126 => vec![0x80 | short as u8],
        middle @ ..65_536 => [&[0x80 | 126][..], &(middle as u16).to_be_bytes()].concat(),
        long => [&[0x80 | 127][..], &(long as u64).to_be_bytes()].concat(),
    };
    [&[first][..], &length, &[0; 4], payload].concat()
}
