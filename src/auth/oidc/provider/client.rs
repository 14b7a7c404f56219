//! How a provider is asked: over a private way, without redirects, in bounded time and space.

use std::{future::Future, pin::Pin, time::Duration};

use futures_util::StreamExt;
use openidconnect::{
    AsyncHttpClient, HttpRequest, HttpResponse, RequestTokenError, core::CoreRequestTokenError,
};
use url::Url;

use super::{
    super::error::{OidcError, SetupError},
    shown,
};
use crate::{
    config::{OidcProvider, is_loopback},
    http::outgoing,
};

/// Largest answer that is read, in bytes: tokens and keys are a few thousand.
const LARGEST: usize = 1 << 20;

/// What asks one provider.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    /// Whether it may be asked without TLS: only one on this machine.
    plain: bool,
}

/// Why a provider has not answered.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No answer came.
    #[error("{0}")]
    NoAnswer(String),
    /// The answer is no token and no key.
    #[error("its answer is larger than {} KiB", LARGEST >> 10)]
    TooLarge,
    /// The provider names a URL that may not be asked.
    #[error("it names {0}, which is not reached in private: it must begin with https://")]
    Plain(String),
    /// A defect.
    #[error("the request cannot be written: {0}")]
    Request(String),
}

impl From<reqwest::Error> for ClientError {
    fn from(error: reqwest::Error) -> Self {
        Self::NoAnswer(outgoing::told(error))
    }
}

impl Client {
    /// A client for the provider at `issuer`, which may take `patience` for each answer.
    pub fn new(config: &OidcProvider, issuer: &Url, patience: Duration) -> Result<Self, SetupError> {
        let plain = issuer.scheme() == "http" && is_loopback(issuer);
        let unusable = |cause| SetupError::CaFile {
            provider: config.id.clone(),
            path: config.ca_file.clone().unwrap_or_default(),
            cause,
        };
        let builder =
            outgoing::client(issuer, config.ca_file.as_deref()).map_err(unusable)?.timeout(patience);
        let refused = |error: reqwest::Error| SetupError::Client {
            provider: config.id.clone(),
            cause: ClientError::from(error).to_string(),
        };
        Ok(Self { http: builder.build().map_err(refused)?, plain })
    }

    /// Whether `url` may be asked, or a browser sent there.
    pub fn allows(&self, url: &Url) -> Result<(), ClientError> {
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.plain && is_loopback(url) => Ok(()),
            _ => Err(ClientError::Plain(url.origin().ascii_serialization())),
        }
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, ClientError> {
        let request =
            reqwest::Request::try_from(request).map_err(|error| ClientError::Request(error.to_string()))?;
        self.allows(request.url())?;
        let answer = self.http.execute(request).await?;
        let mut response = http::Response::builder().status(answer.status());
        if let Some(headers) = response.headers_mut() {
            headers.clone_from(answer.headers());
        }
        let mut body = Vec::new();
        let mut parts = answer.bytes_stream();
        while let Some(part) = parts.next().await {
            let part = part?;
            if body.len() + part.len() > LARGEST {
                return Err(ClientError::TooLarge);
            }
            body.extend_from_slice(&part);
        }
        response.body(body).map_err(|error| ClientError::Request(error.to_string()))
    }
}

impl<'c> AsyncHttpClient<'c> for Client {
    type Error = ClientError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, ClientError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

/// Why a code was not exchanged. An answer that cannot be read may hold tokens, so only the place is told.
pub fn refused_exchange(provider: &str, error: CoreRequestTokenError<ClientError>) -> OidcError {
    let provider = provider.to_owned();
    match error {
        RequestTokenError::ServerResponse(error) => {
            OidcError::Denied { provider, cause: shown(&error.to_string()) }
        }
        RequestTokenError::Request(error) => {
            OidcError::Unavailable { provider, cause: shown(&error.to_string()) }
        }
        RequestTokenError::Parse(error, _) => {
            let cause = format!("its answer for the code cannot be read at `{}`", error.path());
            OidcError::Unavailable { provider, cause: shown(&cause) }
        }
        RequestTokenError::Other(cause) => OidcError::Unavailable { provider, cause: shown(&cause) },
    }
}
