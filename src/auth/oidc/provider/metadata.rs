//! What a provider publishes about itself: read once for everybody, and again when it is old.

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use openidconnect::{
    AdditionalProviderMetadata, AuthType, DiscoveryError, IssuerUrl, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::client::{Client, ClientError};

/// How long what was read holds.
const FRESH: Duration = Duration::from_secs(3600);

/// How long a failure is everybody's: whoever waited for it does not ask again one after the other.
const FAILED: Duration = Duration::from_secs(2);

/// What the library does not know of a provider's document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Further {
    /// Whether each answer says whom it comes from (RFC 9207).
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Further {}

type Metadata = ProviderMetadata<
    Further,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What a provider publishes about itself, its keys included.
#[derive(Debug)]
pub struct Known {
    pub metadata: Metadata,
}

impl Known {
    /// Reads it. Only a document that names exactly `issuer`, and private ways to its endpoints, is taken.
    pub async fn read(issuer: &IssuerUrl, client: &Client) -> Result<Self, String> {
        let metadata =
            Metadata::discover_async(issuer.clone(), client).await.map_err(|error| told(&error))?;
        client.allows(metadata.authorization_endpoint().url()).map_err(|error| error.to_string())?;
        Ok(Self { metadata })
    }

    /// Whether each answer says whom it comes from.
    pub fn says_who_it_is(&self) -> bool {
        self.metadata.additional_metadata().authorization_response_iss_parameter_supported
    }

    /// How the client's secret is sent.
    pub fn client_authentication(&self) -> AuthType {
        let known = self.metadata.token_endpoint_auth_methods_supported();
        let takes = |method| known.is_some_and(|known| known.contains(&method));
        // The first is the standard's default, also for a provider that names none.
        match takes(CoreClientAuthMethod::ClientSecretPost) && !takes(CoreClientAuthMethod::ClientSecretBasic)
        {
            true => AuthType::RequestBody,
            false => AuthType::BasicAuth,
        }
    }
}

/// What went wrong, without what the provider's answer holds.
fn told(error: &DiscoveryError<ClientError>) -> String {
    match error {
        DiscoveryError::Request(error) => error.to_string(),
        DiscoveryError::Parse(error) => {
            format!("its description cannot be read at `{}`: {}", error.path(), error.inner())
        }
        other => other.to_string(),
    }
}

/// What is remembered of a provider; whoever needs it while it is read waits for the one reading.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    found: Option<(Instant, Arc<Known>)>,
    failed: Option<(Instant, String)>,
}

impl Memory {
    /// What is known, by `read` where that is nothing, old, or still what `outdated` was.
    pub async fn recall<F: Future<Output = Result<Known, String>>>(
        &self,
        outdated: Option<&Arc<Known>>,
        read: impl FnOnce() -> F,
    ) -> Result<Arc<Known>, String> {
        let asked = Instant::now();
        let mut remembered = self.0.lock().await;
        if let Some((since, found)) = &remembered.found {
            let same = outdated.is_some_and(|outdated| Arc::ptr_eq(outdated, found));
            if since.elapsed() < FRESH && !same {
                return Ok(Arc::clone(found));
            }
        }
        if let Some((since, cause)) = &remembered.failed {
            // One that failed while this one waited is not asked again at once.
            if *since >= asked || since.elapsed() < FAILED {
                return Err(cause.clone());
            }
        }
        match read().await {
            Ok(known) => {
                let known = Arc::new(known);
                *remembered = Remembered { found: Some((Instant::now(), Arc::clone(&known))), failed: None };
                Ok(known)
            }
            Err(cause) => {
                remembered.failed = Some((Instant::now(), cause.clone()));
                Err(cause)
            }
        }
    }
}
