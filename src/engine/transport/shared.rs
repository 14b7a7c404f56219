//! What all users' transports have in common.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::{Origin, Resolver, TlsError, TlsSettings, tls};
use crate::{
    engine::policy::{PreflightError, TargetPolicy},
    loadtest::types::HttpVersion,
};

/// Longest time that a target's name is looked up before a run.
const LOOKUP: Duration = Duration::from_secs(10);

/// How requests are carried, from the document's `target`.
#[derive(Clone, Debug, Default)]
pub struct HttpSettings {
    /// HTTP version to speak.
    pub http_version: HttpVersion,
    /// TLS settings with their files read.
    pub tls: TlsSettings,
    /// Whether each user keeps cookies.
    pub cookies: bool,
    /// Whether a debug log wants headers and the beginning of bodies of all answers.
    pub debug: bool,
}

/// Policy, names and TLS of a run; every user's [`HttpTransport`](super::HttpTransport) holds it.
#[derive(Debug)]
pub struct HttpShared {
    pub(super) policy: TargetPolicy,
    pub(super) resolver: Resolver,
    pub(super) tls: TlsSetup,
    pub(super) http_version: HttpVersion,
    pub(super) cookies: bool,
    pub(super) debug: bool,
}

/// The TLS connector; rustls shows nothing of itself in `Debug`.
pub(super) struct TlsSetup(pub(super) TlsConnector);

impl std::fmt::Debug for TlsSetup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TlsSetup")
    }
}

impl HttpShared {
    /// Sets up what the users share.
    ///
    /// # Errors
    /// When the TLS settings cannot be used.
    pub fn new(settings: &HttpSettings, policy: TargetPolicy) -> Result<Self, TlsError> {
        Self::with_resolver(settings, policy, Resolver::system())
    }

    /// As [`new`](Self::new), with names looked up by `resolver`.
    ///
    /// # Errors
    /// When the TLS settings cannot be used.
    pub fn with_resolver(
        settings: &HttpSettings,
        policy: TargetPolicy,
        resolver: Resolver,
    ) -> Result<Self, TlsError> {
        let config = tls::config(&settings.tls, settings.http_version)?;
        Ok(Self {
            policy,
            resolver,
            tls: TlsSetup(TlsConnector::from(Arc::new(config))),
            http_version: settings.http_version,
            cookies: settings.cookies,
            debug: settings.debug,
        })
    }

    /// Looks every target's name up, all at once, and holds it against the policy, before the
    /// first packet.
    ///
    /// # Errors
    /// When a name does not resolve within 10 seconds, or the policy forbids a target.
    pub async fn preflight(&self, origins: &[Arc<Origin>]) -> Result<(), PreflightError> {
        self.preflight_within(origins, LOOKUP).await
    }

    pub(super) async fn preflight_within(
        &self,
        origins: &[Arc<Origin>],
        limit: Duration,
    ) -> Result<(), PreflightError> {
        let look_up = |origin: &Arc<Origin>| {
            let origin = Arc::clone(origin);
            async move {
                let found = timeout(limit, self.resolver.addresses(&origin.host)).await;
                let late = |_| Err(format!("no answer from the name server within {limit:?}").into());
                (origin, found.unwrap_or_else(late))
            }
        };
        for (origin, found) in join_all(origins.iter().map(look_up)).await {
            self.policy.preflight(&origin.host, origin.port, found.as_deref().map_err(AsRef::as_ref))?;
        }
        Ok(())
    }
}
