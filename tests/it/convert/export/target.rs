//! A target that writes down what reaches it.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// What every answer says.
const ANSWER: &str = r#"{"id": 7, "list": [{"a b": "it's \"x\" % é"}], "big": 12.5, "link": "/to/é it"}"#;

/// A server that answers everything alike.
pub struct Target {
    url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Target {
    /// Starts one; its threads end with the test.
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let written = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let written = Arc::clone(&written);
                thread::spawn(move || serve(stream, &written));
            }
        });
        Self { url, seen }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// What reached it since it was last asked: request line, the headers that a test is about, body; sorted.
    pub fn taken(&self) -> Vec<String> {
        let mut seen = std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        seen.sort();
        seen
    }
}

fn serve(stream: TcpStream, written: &Mutex<Vec<String>>) -> Option<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let mut text = line.trim_end().to_owned();
        let mut headers = Vec::new();
        let mut length = 0;
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).ok().filter(|read| *read > 0)?;
            let header = header.trim_end();
            let Some((name, value)) = header.split_once(':') else { break };
            let (name, value) = (name.to_ascii_lowercase(), value.trim());
            match name.as_str() {
                "content-length" => length = value.parse().ok()?,
                "authorization" | "content-type" => headers.push(format!("{name}: {value}")),
                name if name.starts_with("x-") => headers.push(format!("{name}: {value}")),
                _ => {}
            }
        }
        headers.sort();
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        for header in headers {
            text.push('\n');
            text.push_str(&header);
        }
        text.push_str("\n\n");
        text.push_str(&String::from_utf8_lossy(&body));
        written.lock().unwrap_or_else(PoisonError::into_inner).push(text);
        write!(
            writer,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-answer: it's \"quoted\" %41\r\nset-cookie: c=v%20w; \
             Path=/\r\ncontent-length: {}\r\n\r\n{ANSWER}",
            ANSWER.len()
        )
        .ok()?;
    }
}
