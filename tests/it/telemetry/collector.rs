//! A collector of traces on loopback, which keeps what it is sent.

use std::{io::Read, net::TcpListener, sync::mpsc, thread, time::Duration};

/// A W3C `traceparent`: this trace is sampled.
pub const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
pub const PARENT: &str = "00f067aa0ba902b7";

/// What a collector was sent: the head as text, and the body.
pub struct Sent {
    pub head: String,
    pub body: Vec<u8>,
}

/// Answers every request with `200 OK`, as a collector does.
pub fn collector() -> (String, mpsc::Receiver<Sent>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it has an address"));
    let (told, heard) = mpsc::sync_channel(16);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            stream.set_read_timeout(Some(Duration::from_secs(10))).expect("it is set");
            let mut bytes = Vec::new();
            let mut chunk = [0; 4096];
            let sent = loop {
                let read = stream.read(&mut chunk).expect("a request");
                bytes.extend_from_slice(&chunk[..read]);
                if let Some(sent) = whole(&bytes) {
                    break sent;
                }
                assert!(read > 0, "it ended too early");
            };
            std::io::Write::write_all(
                &mut stream,
                b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            )
            .expect("it takes an answer");
            if told.send(sent).is_err() {
                return;
            }
        }
    });
    (url, heard)
}

/// A request, once it is there as a whole.
fn whole(bytes: &[u8]) -> Option<Sent> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
    let length: usize = length.trim().parse().expect("a length");
    let body = &bytes[end + 4..];
    (body.len() == length).then(|| Sent { head, body: body.to_vec() })
}

pub fn holds(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

pub fn bytes_of(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect()
}
