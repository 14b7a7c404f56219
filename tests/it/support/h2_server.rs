//! A server that speaks HTTP/1.1 and HTTP/2, with and without TLS, and echoes what it is sent.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::{HeaderMap, Request, Response, Version};
use http_body_util::{BodyExt, Full};
use hyper::{
    body::{Bytes, Incoming},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;

/// A running server on the test's own runtime; dropping it ends it.
#[derive(Debug)]
pub struct H2Server {
    pub address: SocketAddr,
    connections: Arc<AtomicUsize>,
    open: Arc<AtomicUsize>,
    kick: Arc<Notify>,
    heads: Heads,
    _tasks: JoinSet<()>,
}

/// Headers of all requests.
type Heads = Arc<Mutex<Vec<HeaderMap>>>;

/// Counts a connection as long as it lives.
struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl H2Server {
    pub async fn start(tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket");
        let mut server = Self {
            address,
            connections: Arc::default(),
            open: Arc::default(),
            kick: Arc::default(),
            heads: Arc::default(),
            _tasks: JoinSet::new(),
        };
        let (connections, open) = (Arc::clone(&server.connections), Arc::clone(&server.open));
        let (kick, heads) = (Arc::clone(&server.kick), Arc::clone(&server.heads));
        server._tasks.spawn(accept(listener, tls, (connections, open), kick, heads));
        server
    }

    /// Drops all connections and goes on listening.
    pub fn disconnect_all(&self) {
        self.kick.notify_one();
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Headers of all requests so far.
    pub fn heads(&self) -> Vec<HeaderMap> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }
}

async fn accept(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    (connections, open): (Arc<AtomicUsize>, Arc<AtomicUsize>),
    kick: Arc<Notify>,
    heads: Heads,
) {
    let mut tasks = JoinSet::new();
    loop {
        let tcp = tokio::select! {
            accepted = listener.accept() => accepted.expect("a listening socket").0,
            () = kick.notified() => {
                tasks.shutdown().await;
                continue;
            }
        };
        connections.fetch_add(1, Ordering::SeqCst);
        open.fetch_add(1, Ordering::SeqCst);
        let (open, tls, heads) = (Open(Arc::clone(&open)), tls.clone(), Arc::clone(&heads));
        tasks.spawn(async move {
            serve(tcp, tls, &heads).await;
            drop(open);
        });
    }
}

async fn serve(tcp: TcpStream, tls: Option<Arc<ServerConfig>>, heads: &Heads) {
    let builder = Builder::new(TokioExecutor::new());
    let heads = Arc::clone(heads);
    let answer = service_fn(move |request: Request<Incoming>| {
        heads.lock().unwrap_or_else(PoisonError::into_inner).push(request.headers().clone());
        answer(request)
    });
    // A connection that breaks is the client's business.
    let _ = match tls {
        None => builder.serve_connection(TokioIo::new(tcp), answer).await,
        Some(config) => match TlsAcceptor::from(config).accept(tcp).await {
            Ok(stream) => builder.serve_connection(TokioIo::new(stream), answer).await,
            Err(_) => Ok(()),
        },
    };
}

/// Answers by path: `/status/N`, `/moved`, `/slow`, `/close`; anything else is echoed.
async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    if path == "/slow" {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    let version = if request.version() == Version::HTTP_2 { "2" } else { "1.1" };
    let cookie = request.headers().get("cookie").cloned();
    let mut response = Response::builder().header("x-version", version).header("set-cookie", "id=7; Path=/");
    if let Some(cookie) = cookie {
        response = response.header("x-cookie", cookie);
    }
    if path == "/moved" {
        response = response.status(302).header("location", "/there");
    }
    if let Some(status) = path.strip_prefix("/status/") {
        response = response.status(status.parse::<u16>().expect("a status"));
    }
    let method = request.method().to_string();
    let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let text = [method.as_bytes(), b" ", path.as_bytes(), b" ", &body].concat();
    Ok(response.body(Full::new(text.into())).expect("a well-formed response"))
}
