//! A LoadTest from nothing but a URL.

use indexmap::IndexMap;
use url::Url;

use super::{
    HttpVersion, Load, LoadTest, Protocol, Request, Scenario, Scheduler, Target, Tls, TraceContext,
    Transaction,
};
use crate::loadtest::{
    place::Path,
    problem::{Problem, Problems},
    span::Span,
};

impl LoadTest {
    /// A test of one URL: GET by 10 users for 10 seconds.
    pub fn for_url(url: &str) -> Result<Self, Problems> {
        let refused = |message: &str| Problems::one(url, Problem::new(&Path::root(), None, message));
        let parsed = Url::parse(url).map_err(|error| {
            refused(&format!("is not a URL ({error}): write it like http://127.0.0.1:8080/products?page=1"))
        })?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(refused("is not an http:// or https:// URL; other protocols are not supported yet"));
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            let without = Problem::new(
                &Path::root(),
                None,
                "holds credentials: leave them out of the URL, and put them under `auth` in a document",
            );
            return Err(Problems::one("URL", without));
        }
        Ok(Self::of(&parsed))
    }

    fn of(url: &Url) -> Self {
        let host = url.origin().ascii_serialization();
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        // A brace in a URL is a brace, not the beginning of a template.
        let path = path.replace('{', "%7B").replace('}', "%7D");
        Self {
            version: 1,
            name: format!("{host}{}", url.path()).chars().take(200).collect(),
            description: None,
            target: Target::of(vec![host]),
            load: Load { users: Some(10), run_time: Some(Span::from_secs(10)), ..Load::default() },
            scheduler: Scheduler::default(),
            rate_limit: 0.0,
            variables: IndexMap::new(),
            data: Vec::new(),
            scenarios: vec![Scenario::of("url", vec![Transaction::of("get", vec![Request::of(&path)])])],
            thresholds: Vec::new(),
            abort_on_threshold: false,
        }
    }
}

impl Target {
    /// A target of some hosts, with all defaults.
    #[must_use]
    pub fn of(hosts: Vec<String>) -> Self {
        Self {
            hosts,
            timeout: super::default_timeout(),
            tls: Tls::default(),
            http_version: HttpVersion::default(),
            redirects: super::default_redirects(),
            headers: IndexMap::new(),
            sticky_redirects: false,
            trace_context: TraceContext::default(),
            cookies: true,
            compression: false,
        }
    }
}

impl Scenario {
    /// A scenario of some transactions, with all defaults.
    #[must_use]
    pub fn of(name: &str, transactions: Vec<Transaction>) -> Self {
        Self {
            name: name.to_owned(),
            weight: 1,
            hosts: Vec::new(),
            think_time: None,
            on_start: Vec::new(),
            transactions,
            on_stop: Vec::new(),
        }
    }
}

impl Transaction {
    /// A transaction of some requests, with all defaults.
    #[must_use]
    pub fn of(name: &str, requests: Vec<Request>) -> Self {
        Self { name: name.to_owned(), weight: 1, sequence: None, requests }
    }
}

impl Request {
    /// A GET of a path, with all defaults.
    #[must_use]
    pub fn of(path: &str) -> Self {
        Self {
            name: None,
            protocol: Protocol::default(),
            method: None,
            path: path.to_owned(),
            query: IndexMap::new(),
            headers: IndexMap::new(),
            body: None,
            auth: None,
            timeout: None,
            redirects: None,
            extract: Vec::new(),
            check: Vec::new(),
        }
    }
}
