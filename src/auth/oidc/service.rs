//! Begins sign-ins and finishes them.

use std::{fmt, sync::Arc, time::Duration};

use jiff::Timestamp;
use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge, RedirectUrl};
use url::Url;

use super::{
    dto::{ListedProvider, Returned},
    error::{Barred, OidcError, SetupError},
    flow::{Flow, PATIENCE_S, Seal, UsedStates, local_path},
    provider::{Claims, Provider, shown},
};
use crate::{auth::Role, config::OidcProvider};

/// How long a provider may take for an answer.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// The providers that people sign in with; a clone is the same.
#[derive(Clone, Debug)]
pub struct Oidc(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    providers: Vec<Provider>,
    seal: Seal,
    used: UsedStates,
}

/// A sign-in that was begun.
#[derive(Clone, PartialEq, Eq)]
pub struct Begun {
    /// Where the browser goes.
    pub url: Url,
    /// What the browser keeps meanwhile, in a cookie.
    pub cookie_value: String,
}

impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begun").field("origin", &self.url.origin()).finish_non_exhaustive()
    }
}

/// Who has signed in. In MAID they are known by `issuer` and `subject` together: an address may be given to
/// somebody else one day, and another provider may say anything about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Id of the provider.
    pub provider: String,
    /// The provider, as it names itself.
    pub issuer: String,
    /// Who it is, as the provider counts.
    pub subject: String,
    /// Their address.
    pub email: Option<String>,
    /// Whether the provider has made sure that the address is theirs.
    pub email_verified: bool,
    /// What people call them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The tenant that they belong to.
    pub tenant: String,
    /// Where to go afterwards: a path of this server.
    pub return_to: String,
}

impl Oidc {
    /// Sign-in with `providers`, none of which is asked anything yet, and each of which may take `patience` for
    /// an answer, such as [`PATIENCE`]; `sealing_key` seals what browsers keep.
    ///
    /// # Errors
    /// When a file with certificates cannot be used.
    pub fn new(
        providers: &[OidcProvider],
        sealing_key: &[u8; 32],
        patience: Duration,
    ) -> Result<Self, SetupError> {
        let providers = providers.iter().cloned();
        let providers =
            providers.map(|provider| Provider::new(provider, patience)).collect::<Result<_, _>>()?;
        Ok(Self(Arc::new(Shared { providers, seal: Seal::new(sealing_key), used: UsedStates::default() })))
    }

    /// The providers, in the order of the configuration.
    #[must_use]
    pub fn providers(&self) -> Vec<ListedProvider> {
        let listed = |provider: &Provider| ListedProvider {
            id: provider.config.id.clone(),
            name: provider.config.name.clone(),
        };
        self.0.providers.iter().map(listed).collect()
    }

    /// Whether there is a provider with this id.
    #[must_use]
    pub fn knows(&self, provider_id: &str) -> bool {
        self.provider(provider_id).is_ok()
    }

    /// Begins a sign-in whose callback is `redirect_uri`, and after which people go to `return_to`.
    ///
    /// # Errors
    /// When there is no such provider, it does not answer, or `return_to` leads to another server.
    pub async fn begin(
        &self,
        provider_id: &str,
        redirect_uri: &str,
        return_to: Option<&str>,
    ) -> Result<Begun, OidcError> {
        let provider = self.provider(provider_id)?;
        let return_to = local_path(return_to.unwrap_or("/")).ok_or(OidcError::ForeignReturn)?;
        let flow = Flow {
            provider: provider.config.id.clone(),
            state: CsrfToken::new_random().into_secret(),
            nonce: Nonce::new_random().secret().clone(),
            verifier: PkceCodeChallenge::new_random_sha256().1.into_secret(),
            return_to: return_to.to_owned(),
            expires: now() + PATIENCE_S,
        };
        let url = provider.sign_in_url(&redirect(redirect_uri)?, &flow).await?;
        Ok(Begun { url, cookie_value: self.0.seal.close(&flow) })
    }

    /// Finishes the sign-in that `cookie_value` was kept for, once.
    ///
    /// # Errors
    /// When the callback does not belong to it, the provider has refused or cannot be trusted, or the person
    /// may not come in.
    pub async fn finish(
        &self,
        provider_id: &str,
        cookie_value: Option<&str>,
        returned: Returned,
        redirect_uri: &str,
    ) -> Result<SignedIn, OidcError> {
        let provider = self.provider(provider_id)?;
        let flow = cookie_value.ok_or(OidcError::Stray("no cookie"))?;
        let flow =
            self.0.seal.open(flow, now()).ok_or(OidcError::Stray("the cookie is over or was made up"))?;
        if flow.provider != provider.config.id {
            return Err(OidcError::Stray("it was begun with another provider"));
        }
        if returned.state.as_ref() != Some(&flow.state) {
            return Err(OidcError::Stray("another state"));
        }
        if !self.0.used.is_first(&flow.state, flow.expires, now()) {
            return Err(OidcError::Stray("it was finished before"));
        }
        if !provider.may_answer_as(returned.iss.as_deref()).await? {
            return Err(OidcError::Stray("another provider answers"));
        }
        if let Some(error) = returned.error {
            let cause = format!("{error}: {}", returned.error_description.unwrap_or_default());
            return Err(OidcError::Denied { provider: flow.provider, cause: shown(&cause) });
        }
        let code = returned.code.ok_or(OidcError::Stray("no code"))?;
        let claims = provider.person(code, &redirect(redirect_uri)?, &flow).await?;
        signed_in(&provider.config, &claims, flow.return_to)
    }

    fn provider(&self, id: &str) -> Result<&Provider, OidcError> {
        self.0.providers.iter().find(|provider| provider.config.id == id).ok_or(OidcError::UnknownProvider)
    }
}

fn signed_in(config: &OidcProvider, claims: &Claims, return_to: String) -> Result<SignedIn, OidcError> {
    let nobody = || OidcError::BadToken { provider: config.id.clone(), cause: "it names nobody".to_owned() };
    let subject = claims.subject().ok_or_else(nobody)?;
    let barred = |why| OidcError::NotAllowed { provider: config.id.clone(), subject: shown(subject), why };
    if !claims.is_of_allowed_domain(config) {
        return Err(barred(Barred::Domain));
    }
    let role = claims.role(config).ok_or_else(|| barred(Barred::Role))?;
    Ok(SignedIn {
        provider: config.id.clone(),
        issuer: config.issuer.clone(),
        subject: subject.to_owned(),
        email: claims.email().map(str::to_owned),
        email_verified: claims.is_email_verified(),
        name: claims.name().unwrap_or_else(|| subject.to_owned()),
        role,
        tenant: config.tenant.clone(),
        return_to,
    })
}

fn redirect(uri: &str) -> Result<RedirectUrl, OidcError> {
    RedirectUrl::new(uri.to_owned()).map_err(|_| OidcError::NoPublicUrl)
}

fn now() -> i64 {
    Timestamp::now().as_second()
}
