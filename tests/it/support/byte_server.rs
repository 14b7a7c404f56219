//! A server that says exactly the bytes it is told to, and knows nothing of HTTP but where a
//! request ends.

use std::{
    collections::HashMap,
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use rustls::{HandshakeKind, ServerConfig, ServerConnection, StreamOwned};

/// One step of a connection.
#[derive(Clone, Debug)]
pub enum Act {
    /// Read a whole request (head, and the body that Content-Length promises) and log it.
    Request,
    /// Send these bytes at once.
    Send(Vec<u8>),
    /// Send these bytes one by one.
    Trickle(Vec<u8>),
    /// Send this byte until so many are sent or the peer is gone; see [`ByteServer::flooded`].
    Flood(u8, u64),
    /// Say nothing more until the peer is gone.
    Stall,
    /// Close at once with a reset.
    Reset,
    /// Begin anew with the first step.
    Again,
}

/// Bytes to send.
pub fn send(bytes: impl AsRef<[u8]>) -> Act {
    Act::Send(bytes.as_ref().to_vec())
}

/// A keep-alive connection that answers every request with these bytes.
pub fn always(bytes: impl AsRef<[u8]>) -> Vec<Act> {
    vec![Act::Request, send(bytes), Act::Again]
}

/// A connection that reads a request, sends these bytes and closes.
pub fn once(bytes: impl AsRef<[u8]>) -> Vec<Act> {
    vec![Act::Request, send(bytes)]
}

#[derive(Debug, Default)]
struct Log {
    requests: Mutex<Vec<String>>,
    /// The open connections by number, so that dropping the server can end them.
    streams: Mutex<HashMap<usize, TcpStream>>,
    accepted: AtomicUsize,
    open: AtomicUsize,
    flooded: AtomicU64,
    resumed: AtomicUsize,
    over: AtomicBool,
}

/// A running server; dropping it ends it and all its connections.
#[derive(Debug)]
pub struct ByteServer {
    address: SocketAddr,
    log: Arc<Log>,
}

impl ByteServer {
    /// Plays one script for each connection in turn; the last one for all that follow.
    pub fn start(scripts: Vec<Vec<Act>>) -> Self {
        Self::launch(scripts, None)
    }

    /// The same over TLS.
    pub fn start_tls(scripts: Vec<Vec<Act>>, config: Arc<ServerConfig>) -> Self {
        Self::launch(scripts, Some(config))
    }

    fn launch(scripts: Vec<Vec<Act>>, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound socket");
        let log = Arc::new(Log::default());
        let shared = Arc::clone(&log);
        thread::spawn(move || accept(&listener, &scripts, tls.as_ref(), &shared));
        Self { address, log }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its base URL without TLS.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far, as they came.
    pub fn requests(&self) -> Vec<String> {
        lock(&self.log.requests).clone()
    }

    /// Connections accepted so far.
    pub fn connections(&self) -> usize {
        self.log.accepted.load(Ordering::SeqCst)
    }

    /// Connections that are open now.
    pub fn open(&self) -> usize {
        self.log.open.load(Ordering::SeqCst)
    }

    /// TLS sessions that were resumed so far.
    pub fn resumed(&self) -> usize {
        self.log.resumed.load(Ordering::SeqCst)
    }

    /// Bytes that [`Act::Flood`] got rid of.
    pub fn flooded(&self) -> u64 {
        self.log.flooded.load(Ordering::SeqCst)
    }
}

impl Drop for ByteServer {
    fn drop(&mut self) {
        self.log.over.store(true, Ordering::SeqCst);
        for (_, stream) in lock(&self.log.streams).drain() {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
        // Wakes the accept loop; a failure means that it has ended already.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn accept(listener: &TcpListener, scripts: &[Vec<Act>], tls: Option<&Arc<ServerConfig>>, log: &Arc<Log>) {
    for stream in listener.incoming().map_while(Result::ok) {
        if log.over.load(Ordering::SeqCst) {
            return;
        }
        let number = log.accepted.fetch_add(1, Ordering::SeqCst);
        let script = scripts.get(number).or(scripts.last()).cloned().unwrap_or_default();
        stream.set_nodelay(true).expect("a connected socket");
        lock(&log.streams).insert(number, stream.try_clone().expect("a connected socket"));
        let (log, tls) = (Arc::clone(log), tls.cloned());
        thread::spawn(move || {
            log.open.fetch_add(1, Ordering::SeqCst);
            // An error is the peer going away, which is its right.
            let _ = match tls {
                None => play(&mut &stream, &stream, &script, &log),
                Some(config) => play_tls(&stream, config, &script, &log),
            };
            lock(&log.streams).remove(&number);
            let lingers = socket2::SockRef::from(&stream).linger().ok().flatten();
            if lingers != Some(Duration::ZERO) {
                let _ = stream.shutdown(std::net::Shutdown::Both);
            }
            drop(stream);
            log.open.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

fn play_tls(tcp: &TcpStream, config: Arc<ServerConfig>, script: &[Act], log: &Log) -> io::Result<()> {
    let session = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(session, tcp.try_clone()?);
    while stream.conn.is_handshaking() {
        if let Err(error) = stream.conn.complete_io(&mut stream.sock) {
            // The alert that says why still has to go out.
            let _ = stream.conn.write_tls(&mut stream.sock);
            return Err(error);
        }
    }
    if stream.conn.handshake_kind() == Some(HandshakeKind::Resumed) {
        log.resumed.fetch_add(1, Ordering::SeqCst);
    }
    play(&mut stream, tcp, script, log)?;
    stream.conn.send_close_notify();
    stream.flush()
}

fn play(stream: &mut (impl Read + Write), tcp: &TcpStream, script: &[Act], log: &Log) -> io::Result<()> {
    let mut at = 0;
    while let Some(act) = script.get(at) {
        at += 1;
        match act {
            Act::Request => {
                let request = read_request(stream)?;
                lock(&log.requests).push(request);
            }
            Act::Send(bytes) => stream.write_all(bytes).and_then(|()| stream.flush())?,
            Act::Trickle(bytes) => {
                for byte in bytes {
                    stream.write_all(&[*byte])?;
                    stream.flush()?;
                }
            }
            Act::Flood(byte, total) => {
                let piece = vec![*byte; 16 * 1024];
                let mut left = *total;
                while left > 0 {
                    let next = left.min(piece.len() as u64);
                    stream.write_all(&piece[..usize::try_from(next).expect("at most 16 KB")])?;
                    log.flooded.fetch_add(next, Ordering::SeqCst);
                    left -= next;
                }
            }
            Act::Stall => {
                let mut rest = [0; 4096];
                while stream.read(&mut rest)? > 0 {}
            }
            Act::Reset => {
                return socket2::SockRef::from(tcp).set_linger(Some(Duration::ZERO));
            }
            Act::Again => at = 0,
        }
    }
    Ok(())
}

/// Reads up to the end of the body; an error when the peer ends before that.
fn read_request(stream: &mut impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        bytes.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(head + &String::from_utf8_lossy(&body))
}
