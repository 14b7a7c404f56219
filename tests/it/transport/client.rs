//! One user with a transport, and calls that are easy to write down.

use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use http::{HeaderName, HeaderValue, Method};
use maid::engine::{
    policy::TargetPolicy,
    signal::{StopSignal, UserSignal},
    transport::{
        Answer, Call, Exchange, Failure, FailureKind, HttpCall, HttpSettings, HttpShared, HttpTransport,
        Origin, Resolver, Transport,
    },
};
use url::Url;

/// A request in the making.
pub struct Ask {
    pub method: Method,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Vec<u8>,
    pub wire: Option<Vec<u8>>,
    pub timeout: Duration,
    pub redirects: u8,
    pub keep: bool,
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            method: Method::GET,
            headers: Vec::new(),
            body: Vec::new(),
            wire: None,
            timeout: Duration::from_secs(20),
            redirects: 5,
            keep: true,
        }
    }
}

/// One user.
pub struct User {
    pub transport: HttpTransport,
    pub stop: StopSignal,
    signal: UserSignal,
}

/// A user that may go to loopback and keeps cookies.
pub fn user() -> User {
    User::with(&settings(), TargetPolicy::default(), &[])
}

pub fn settings() -> HttpSettings {
    HttpSettings { cookies: true, ..HttpSettings::default() }
}

impl User {
    /// A user for whom these names lead to these addresses.
    pub fn with(settings: &HttpSettings, policy: TargetPolicy, names: &[(&str, &[IpAddr])]) -> Self {
        let names = names.iter().map(|(name, found)| ((*name).to_owned(), found.to_vec()));
        let shared = HttpShared::with_resolver(settings, policy, Resolver::with_fixed(names));
        let stop = StopSignal::new();
        let signal = stop.user();
        Self { transport: HttpTransport::new(Arc::new(shared.expect("usable settings")), 0), stop, signal }
    }

    pub async fn get(&mut self, url: &str) -> Exchange {
        self.ask(url, &Ask::default()).await
    }

    pub async fn ask(&mut self, url: &str, ask: &Ask) -> Exchange {
        let parsed = Url::parse(url).expect("a URL");
        self.ask_raw(url, &parsed[url::Position::BeforePath..url::Position::AfterQuery], ask).await
    }

    /// Asks for a path that need not be one.
    pub async fn ask_raw(&mut self, url: &str, target: &str, ask: &Ask) -> Exchange {
        let origin = origin(url);
        let call = ask.call(&origin, target);
        self.transport.exchange(&Call::Http(&call), &self.signal).await
    }

    /// A request to the root as HTTP/1.1 bytes.
    pub fn wire(&self, url: &str, ask: &Ask) -> Vec<u8> {
        ask.call(&origin(url), "/").to_wire()
    }
}

fn origin(url: &str) -> Arc<Origin> {
    Arc::new(Origin::from_url(&Url::parse(url).expect("a URL")).expect("an origin"))
}

impl Ask {
    fn call<'a>(&'a self, origin: &'a Arc<Origin>, target: &'a str) -> HttpCall<'a> {
        HttpCall {
            origin,
            method: &self.method,
            target,
            headers: &self.headers,
            body: &self.body,
            wire: self.wire.as_deref(),
            lines: &[],
            timeout: self.timeout,
            redirects: self.redirects,
            keep_body: self.keep,
            keep_headers: self.keep,
        }
    }
}

/// The answer, or a panic that shows what came instead.
pub fn answer(exchange: Exchange) -> Answer {
    exchange.result.unwrap_or_else(|failure| panic!("no answer: {failure:?}"))
}

pub fn body(exchange: Exchange) -> String {
    String::from_utf8(answer(exchange).body.expect("a body that was asked for")).expect("text")
}

/// Kind and message of the failure, or a panic that shows what came instead.
pub fn failure(exchange: Exchange) -> (FailureKind, String) {
    match exchange.result {
        Err(Failure::Failed { kind, message }) => (kind, message.to_string()),
        other => panic!("not a failure: {other:?}"),
    }
}

/// Polls until something is so; panics after ten seconds.
pub async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(10), "still not so: {what}");
        tokio::task::yield_now().await;
    }
}

pub const LOCAL: &[IpAddr] = &[IpAddr::V4(std::net::Ipv4Addr::LOCALHOST)];
