//! A provider that speaks OpenAI's API, and nobody else knows how it is asked.
//!
//! It is not trusted: what it sends is bounded in size and time, it leads nowhere else, what it says in an error is cut and
//! cleaned, and an answer that must have a form is looked at before anybody gets it.

mod error;
mod read;
mod wire;

use std::{env, fs, time::Duration};

use backon::{ExponentialBuilder, Retryable};
use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, RETRY_AFTER},
};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};
use url::Url;

pub use self::{error::RemoteError, read::Reply};
use super::{
    chat::{Prompt, Request, Shape},
    policy::Provider,
};
use crate::{
    http::outgoing,
    loadtest::{mask::hide_named, secret::Secret},
};

/// Largest answer that is read, in bytes.
const LARGEST: usize = 8 << 20;
/// Most of what a provider says in an error that is told, in characters.
const TOLD: usize = 200;
/// Longest key, in bytes.
const LONGEST_KEY: u64 = 16 << 10;
/// How long is waited before it is asked again: at first, and at most.
const WAITS: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));

/// A provider that can be asked.
#[derive(Debug)]
pub struct Remote {
    provider: Provider,
    base: Url,
    key: Option<Secret>,
    http: Client,
}

/// Whether an answer is wanted whole, or as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Whole: one that breaks off is asked for again.
    Whole,
    /// As it is written.
    Parts,
}

impl Remote {
    /// What asks `provider`. Nothing is sent yet.
    ///
    /// # Errors
    /// Its key or its certificates are not there: what is wrong, and what to do about it.
    pub fn new(provider: Provider) -> Result<Self, String> {
        let mut base: Url = provider.url.parse().map_err(|_| "its `url` is none".to_owned())?;
        // So that the last part of the path stays when another is joined to it.
        base.set_path(&format!("{}/", base.path().trim_end_matches('/')));
        let key = key(&provider)?;
        let unusable = |error: std::io::Error| {
            let path = provider.ca_file.clone().unwrap_or_default();
            format!("its `ca_file` {} cannot be used: {error}", path.display())
        };
        let builder = outgoing::client(&base, provider.ca_file.as_deref()).map_err(unusable)?;
        let http = builder.build().map_err(outgoing::told)?;
        Ok(Self { provider, base, key, http })
    }

    /// As the policy describes it.
    #[must_use]
    pub const fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Asks it for at most `most` tokens; again where it does not answer, as often as the policy says and as its time
    /// allows.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn ask(&self, request: &Request, most: u32, delivery: Delivery) -> Result<Reply, RemoteError> {
        // What must have a form is looked at before anybody gets it.
        let streams = delivery == Delivery::Parts && request.shape == Shape::Free;
        let body = wire::body(&self.provider, request, most, streams);
        let (about, longest) = (request.about(), self.provider.max_prompt_tokens);
        if about > longest {
            return Err(RemoteError::Long { about, most: longest });
        }
        let patience = self.provider.timeout.get();
        let deadline = Instant::now() + patience;
        let again = ExponentialBuilder::default()
            .with_min_delay(WAITS.0)
            .with_max_delay(WAITS.1)
            .with_max_times(self.provider.retries.into())
            .with_jitter();
        let attempts = (|| self.attempt(request, &body, streams, deadline))
            .retry(again)
            // One that wants to be let alone for longer than there is time is let alone now.
            .when(|error| {
                error.passes()
                    && error
                        .again()
                        .is_none_or(|again| again < deadline.saturating_duration_since(Instant::now()))
            })
            .adjust(|error, wait| wait.map(|wait| error.again().map_or(wait, |again| again.max(wait))))
            .notify(|error, wait| {
                tracing::debug!(
                    provider = self.provider.id,
                    wait_ms = wait.as_millis(),
                    "a provider is asked again: {error}"
                );
            });
        timeout_at(deadline, attempts).await.map_err(|_| RemoteError::Overdue(patience))?
    }

    async fn attempt(
        &self,
        request: &Request,
        body: &Value,
        streams: bool,
        deadline: Instant,
    ) -> Result<Reply, RemoteError> {
        let response = self.send(request, body, streams).await?;
        if streams {
            return Reply::stream(response, request, (deadline, self.provider.timeout.get())).await;
        }
        let body = read::whole(response).await?;
        let reply: Value =
            serde_json::from_slice(&body).map_err(|error| RemoteError::Unreadable(error.to_string()))?;
        Ok(Reply::whole(wire::answer(&reply, request)?))
    }

    async fn send(&self, request: &Request, body: &Value, streams: bool) -> Result<Response, RemoteError> {
        let path = match request.prompt {
            Prompt::Chat(_) => "chat/completions",
            Prompt::Text(_) => "completions",
        };
        let url = self.base.join(path).map_err(|error| RemoteError::Unreached(error.to_string()))?;
        let mut asked = self.http.post(url).json(body);
        if streams {
            asked = asked.header(ACCEPT, "text/event-stream");
        }
        if let Some(key) = &self.key {
            asked = asked.bearer_auth(key.expose());
        }
        let response = asked.send().await.map_err(|error| RemoteError::Unreached(outgoing::told(error)))?;
        match response.status() {
            StatusCode::OK => Ok(response),
            _ => Err(self.refused(response).await),
        }
    }

    async fn refused(&self, response: Response) -> RemoteError {
        let status = response.status();
        let again = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).and_then(waits);
        let body = read::whole(response).await.unwrap_or_default();
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let said = [&body["error"]["message"], &body["error"], &body["message"], &body["detail"]];
        let said = said.into_iter().find_map(Value::as_str).unwrap_or_default();
        // Providers repeat what they were sent, keys included.
        let said = match &self.key {
            Some(key) => said.replace(key.expose(), "***"),
            None => said.to_owned(),
        };
        let said = outgoing::shown(&hide_named(&said), TOLD);
        let said = if said.is_empty() { said } else { format!(": {said}") };
        RemoteError::Status { status, said, again }
    }
}

/// How long a `Retry-After` says to wait: seconds, or a date.
fn waits(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(value).ok()?;
    Some(at.duration_since(std::time::SystemTime::now()).unwrap_or_default())
}

/// The key that a provider wants, where it wants one.
fn key(provider: &Provider) -> Result<Option<Secret>, String> {
    let text = match (&provider.api_key_env, &provider.api_key_file) {
        (Some(name), _) => env::var(name)
            .map_err(|_| format!("the variable `{name}` is not set, which `api_key_env` names"))?,
        (None, Some(path)) => {
            let name = path.display();
            let length = fs::metadata(path).map(|found| found.len());
            if length.as_ref().is_ok_and(|length| *length > LONGEST_KEY) {
                return Err(format!("the file {name}, which `api_key_file` names, is too large for a key"));
            }
            fs::read_to_string(path).map_err(|error| {
                format!("the file {name}, which `api_key_file` names, cannot be read: {error}")
            })?
        }
        (None, None) => return Ok(None),
    };
    let text = text.trim();
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_graphic()) {
        return Err("its key is empty, or holds what no key holds".to_owned());
    }
    Ok(Some(Secret::new(text)))
}
