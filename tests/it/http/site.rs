//! A server of small sample modules, and a client that sends exactly the bytes it is told to.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use actix_web::{
    HttpResponse, delete,
    dev::{self, ServerHandle},
    get, post,
    web::ServiceConfig,
};
use maid::{
    app::{
        docs,
        mount::{self, Module},
        openapi,
    },
    auth::{Authorized, MaidRead, MaidWrite},
    config,
    http::{Json, Limit, OptionalJson, Path, Problem, Query, Surface},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config;
use uuid::Uuid;

/// What the sample modules answer and take.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "a", "users": 1}))]
pub struct Sample {
    name: String,
    #[serde(default)]
    users: u8,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    name: Option<String>,
}

/// Take a sample
#[utoipa::path(responses((status = 202, description = "taken", body = Sample)))]
#[post("/run")]
async fn run(_: Authorized<MaidWrite>, Json(sample): Json<Sample>) -> HttpResponse {
    HttpResponse::Accepted().json(sample)
}

/// Stop
#[utoipa::path(request_body = Option<Sample>, responses((status = 200, description = "stopped", body = Sample)))]
#[post("/stop")]
async fn stop(_: Authorized<MaidWrite>, OptionalJson(sample): OptionalJson<Sample>) -> HttpResponse {
    HttpResponse::Ok().json(sample)
}

/// Something that is not well, and says so itself
#[utoipa::path(responses((status = 503, description = "not well", body = Sample)))]
#[get("/unwell")]
async fn unwell(_: Authorized<MaidRead>) -> HttpResponse {
    HttpResponse::ServiceUnavailable().json(Sample { name: "disk".to_owned(), users: 0 })
}

/// List
#[utoipa::path(params(ListQuery), responses((status = 200, description = "some", body = Sample)))]
#[get("/history")]
async fn history(_: Authorized<MaidRead>, Query(query): Query<ListQuery>) -> HttpResponse {
    HttpResponse::Ok().json(Sample { name: query.name.unwrap_or_default(), users: query.limit.get() as u8 })
}

/// One
#[utoipa::path(responses((status = 200, description = "one", body = Sample)))]
#[get("/runs/{id}")]
async fn one(_: Authorized<MaidRead>, id: Path<Uuid>) -> HttpResponse {
    HttpResponse::Ok().json(Sample { name: id.to_string(), users: 0 })
}

/// Delete
#[utoipa::path(responses((status = 204, description = "gone")))]
#[delete("/runs/{id}")]
async fn remove(_: Authorized<MaidWrite>, _: Path<Uuid>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::NoContent().finish())
}

/// A defect
#[utoipa::path(responses((status = 200, description = "never", body = Sample)))]
#[get("/defect")]
async fn defect(_: Authorized<MaidRead>) -> Result<HttpResponse, actix_web::Error> {
    Err(std::io::Error::other("/etc/secret could not be opened").into())
}

fn sample(config: &mut service_config::ServiceConfig<'_>) {
    config
        .service(run)
        .service(stop)
        .service(history)
        .service(one)
        .service(remove)
        .service(defect)
        .service(unwell);
}

const SAMPLE: Module = Module { tag: "sample", about: "Samples.", under_api: true, routes: sample };

const DOCS: Module = Module { tag: "docs", about: "The document.", under_api: false, routes: docs::routes };

/// A server on a free port, stopped when it is dropped.
pub struct Site {
    pub address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Site {
    /// Sample modules beside the document and its page, in the configuration's default bounds.
    pub fn start() -> Self {
        Self::with(config::Server::default())
    }

    pub fn with(config: config::Server) -> Self {
        const SAMPLES: &[Module] = &[SAMPLE, DOCS];
        Self::of(SAMPLES, config, |_| {})
    }

    pub fn of(
        modules: &'static [Module],
        config: config::Server,
        provide: impl Fn(&mut ServiceConfig) + Clone + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("its address");
        Self::run(address, move || {
            let surface = Arc::new(Surface::new(&openapi::as_json(&openapi::describe(modules))));
            let config = config::Server { workers: 2, ..config };
            mount::serve(modules, surface, &config, listener, None, provide).expect("it listens")
        })
    }

    /// What `serve` makes, listening on `address`.
    pub fn run(address: SocketAddr, serve: impl FnOnce() -> dev::Server + Send + 'static) -> Self {
        let (tell, started) = mpsc::sync_channel(1);
        let thread = thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = serve();
                tell.send(server.handle()).expect("the test waits");
                server.await.expect("it runs");
            });
        });
        Self { address, handle: started.recv().expect("it starts"), thread: Some(thread) }
    }

    /// Sends `request` as it is and reads the answer.
    pub fn send(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        // A server that refuses early may close before it has read everything.
        stream.write_all(request).ok();
        Answer::read(&mut stream)
    }

    /// Sends a request without a body.
    pub fn ask(&self, method: &str, path: &str) -> Answer {
        self.send(
            format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address)
                .as_bytes(),
        )
    }

    /// Sends a request with a body and further headers, each with its line end.
    pub fn post(&self, path: &str, headers: &str, body: &[u8]) -> Answer {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n",
            self.address,
            body.len()
        );
        self.send(&[head.as_bytes(), body].concat())
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        stream
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        self.thread.take().map(JoinHandle::join);
    }
}

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// Reads until the server closes, or as far as Content-Length says.
    pub fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        let mut part = [0; 16 << 10];
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            match stream.read(&mut part) {
                Ok(0) | Err(_) => break bytes.len(),
                Ok(read) => bytes.extend_from_slice(&part[..read]),
            }
        };
        let mut body = bytes.split_off(end);
        let head = String::from_utf8(bytes).expect("a head is text").to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let mut answer = Self { status, head, body: Vec::new() };
        let length =
            answer.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(usize::MAX);
        while body.len() < length {
            match stream.read(&mut part) {
                Ok(0) | Err(_) => break,
                Ok(read) => body.extend_from_slice(&part[..read]),
            }
        }
        answer.body = body;
        answer
    }

    /// The value of a header, in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{error}: {} {:?}", self.head, String::from_utf8_lossy(&self.body))
        })
    }

    /// The code of the problem that it is; everything else about a problem is checked here.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.head);
        self.stands();
        let body = self.json();
        assert_eq!(body["status"], self.status, "{body}");
        let code = body["code"].as_str().expect("a code").to_owned();
        assert_eq!(body["type"], format!("urn:maid:problem:{code}"));
        assert!(!body["title"].as_str().expect("a title").is_empty());
        assert!(!body["detail"].as_str().expect("a detail").is_empty());
        assert!(body["errors"].is_array());
        code
    }

    /// What is true of every answer.
    pub fn stands(&self) {
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"), "{}", self.head);
        assert_eq!(self.header("referrer-policy"), Some("no-referrer"), "{}", self.head);
        let policy = self.header("content-security-policy").expect("a policy");
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.starts_with("default-src 'none'"),
            "{policy}"
        );
        assert!(self.header("x-request-id").is_some_and(|id| !id.is_empty()), "{}", self.head);
        assert!(self.header("cache-control").is_some(), "{}", self.head);
    }
}
