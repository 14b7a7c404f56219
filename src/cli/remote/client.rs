//! MAID's HTTP API, as far as `maid run --server` needs it.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::Path,
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use reqwest::{
    Response, StatusCode,
    header::{self, HeaderValue},
};
use rustls::ClientConfig;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::{Order, RemoteError, tls};
use crate::{
    config,
    engine::{
        dry_run::{self, DryRun},
        outcome::Outcome,
    },
    loadtest::secret::Secret,
};

/// How long an answer may take; a start waits for names to resolve.
const ANSWER: Duration = Duration::from_secs(60);

/// Where a MAID server is.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerUrl(Url);

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ServerUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| {
            format!("`{text}` is not a URL ({error}): write it such as http://127.0.0.1:43121")
        })?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(format!("`{text}` does not begin with http:// or https://"));
        }
        Ok(Self::of(url))
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Credentials in it are nobody's business.
        let mut shown = self.0.clone();
        shown.set_username("").and_then(|()| shown.set_password(None)).ok();
        f.write_str(shown.as_str().trim_end_matches('/'))
    }
}

impl ServerUrl {
    /// The server below an http or https address.
    pub(super) fn of(mut url: Url) -> Self {
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        url.set_query(None);
        url.set_fragment(None);
        Self(url)
    }

    /// The server that `config` describes, as this machine reaches it.
    pub(in crate::cli) fn of_config(config: &config::Server) -> Self {
        let host = match config.host {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        let scheme = if config.tls.cert_file.is_some() { "https" } else { "http" };
        let url = Url::parse(&format!("{scheme}://{}/", SocketAddr::new(host, config.port)));
        Self::of(url.expect("an address and a port make a URL"))
    }

    /// The address of a route.
    pub(super) fn route(&self, path: &str) -> Result<Url, RemoteError> {
        self.0.join(path).map_err(|error| RemoteError::Address(error.to_string()))
    }
}

/// A client of one server; a clone shares its connections.
#[derive(Clone, Debug)]
pub(super) struct Client {
    url: ServerUrl,
    http: reqwest::Client,
    /// How the server is known, where it is reached by TLS.
    tls: Option<Arc<ClientConfig>>,
    /// Who asks, where the server wants to know.
    authorization: Option<HeaderValue>,
}

/// A run that the server has taken on.
#[derive(Debug, Deserialize)]
pub(super) struct Taken {
    pub(super) run_id: Uuid,
    status: String,
}

impl Taken {
    pub(super) fn is_queued(&self) -> bool {
        self.status == "queued"
    }
}

#[derive(Deserialize)]
struct Progress {
    status: String,
}

impl Client {
    pub(super) fn new(
        url: ServerUrl,
        ca_file: Option<&Path>,
        credential: Option<&Secret>,
    ) -> Result<Self, RemoteError> {
        let authorization = credential.map(bearer).transpose()?;
        let secure = url.0.scheme() == "https";
        let tls = secure.then(|| tls::config(ca_file)).transpose()?;
        let builder = match &tls {
            Some(tls) => reqwest::Client::builder().tls_backend_preconfigured(tls.clone()),
            None => reqwest::Client::builder(),
        };
        let http = builder
            .timeout(ANSWER)
            .default_headers(
                authorization.iter().map(|value| (header::AUTHORIZATION, value.clone())).collect(),
            )
            .user_agent(concat!("maid/", env!("CARGO_PKG_VERSION")))
            // The server is named by its user: a proxy of the environment or a redirect is not meant.
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { url, http, tls: tls.map(Arc::new), authorization })
    }

    pub(super) const fn url(&self) -> &ServerUrl {
        &self.url
    }

    /// How the server is known, where it is reached by TLS.
    pub(super) fn tls(&self) -> Option<Arc<ClientConfig>> {
        self.tls.clone()
    }

    /// Who asks, where the server wants to know.
    pub(super) fn authorization(&self) -> Option<HeaderValue> {
        self.authorization.clone()
    }

    /// Starts a run. Asked twice, because an answer was lost, it starts one.
    pub(super) async fn start(&self, order: &Order) -> Result<Taken, RemoteError> {
        let mut body = order.test();
        body["queue"] = order.queue.into();
        body["notes"] = order.notes.as_deref().into();
        let request = self
            .http
            .post(self.url.route("api/maid/run")?)
            .header("idempotency-key", Uuid::now_v7().to_string())
            .json(&body);
        let again = request.try_clone();
        match (request.send().await, again) {
            (Ok(response), _) => answer(response).await,
            (Err(error), Some(again)) if !error.is_connect() => answer(again.send().await?).await,
            (Err(error), _) => Err(error.into()),
        }
    }

    /// Walks once through a test. Never asked twice: whatever is sent would be sent twice.
    pub(super) async fn dry_run(&self, order: &Order) -> Result<DryRun, RemoteError> {
        let request = self.http.post(self.url.route("api/maid/dry-run")?).timeout(ANSWER + dry_run::MAX_TIME);
        answer(request.json(&order.test()).send().await?).await
    }

    /// Stops a run; one that is over already is what was wanted.
    pub(super) async fn stop(&self, run_id: Uuid) -> Result<(), RemoteError> {
        let request = self.http.post(self.url.route("api/maid/stop")?).json(&json!({"run_id": run_id}));
        let response = request.send().await?;
        if response.status() == StatusCode::CONFLICT {
            return Ok(());
        }
        answer::<Value>(response).await.map(drop)
    }

    /// Whether a run is over.
    pub(super) async fn is_over(&self, run_id: Uuid) -> Result<bool, RemoteError> {
        let progress: Progress = self.get(&format!("api/maid/runs/{run_id}")).await?;
        Ok(!matches!(progress.status.as_str(), "queued" | "running"))
    }

    /// What a run left behind.
    pub(super) async fn outcome(&self, run_id: Uuid) -> Result<Outcome, RemoteError> {
        self.get(&format!("api/maid/runs/{run_id}/report.json")).await
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, RemoteError> {
        answer(self.http.get(self.url.route(path)?).send().await?).await
    }

    /// Does something that is answered without a body.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<(), RemoteError> {
        done(self.http.post(self.url.route(path)?).json(body).send().await?).await
    }

    /// Makes something, and answers what is told of it.
    pub(super) async fn make<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, RemoteError> {
        answer(self.http.post(self.url.route(path)?).json(body).send().await?).await
    }

    /// Deletes something.
    pub(super) async fn delete(&self, path: &str) -> Result<(), RemoteError> {
        done(self.http.delete(self.url.route(path)?).send().await?).await
    }
}

/// A credential as it is sent; it is never printed.
fn bearer(credential: &Secret) -> Result<HeaderValue, RemoteError> {
    let value = HeaderValue::from_str(&format!("Bearer {}", credential.expose().trim()));
    let mut value = value.map_err(|_| RemoteError::Credential)?;
    value.set_sensitive(true);
    Ok(value)
}

async fn answer<T: DeserializeOwned>(response: Response) -> Result<T, RemoteError> {
    if response.status().is_success() {
        return Ok(response.json().await?);
    }
    Err(refusal(response).await)
}

async fn done(response: Response) -> Result<(), RemoteError> {
    if response.status().is_success() { Ok(()) } else { Err(refusal(response).await) }
}

async fn refusal(response: Response) -> RemoteError {
    let status = response.status();
    let form = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_problem = form.is_some_and(|form| form.starts_with("application/problem+json"));
    match response.json().await {
        Ok(problem) if is_problem => RemoteError::Refused(problem),
        _ => RemoteError::NotMaid(status),
    }
}
