//! The other side: a provider, what it publishes, what it answers, and what that says about a person.

mod claims;
mod client;
mod metadata;
mod token;

use std::{borrow::Cow, sync::Arc, time::Duration};

use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope,
    core::{CoreAuthenticationFlow, CoreClient, CoreTokenResponse},
};
use url::Url;

pub(super) use self::claims::Claims;
use self::{
    client::Client,
    metadata::{Known, Memory},
};
use super::{
    error::{OidcError, SetupError},
    flow::Flow,
};
use crate::{config::OidcProvider, http::outgoing, loadtest::secret::Secret};

/// Most of what a provider says that is logged, in characters.
const LOGGED: usize = 300;

/// A provider, as it is configured and as it describes itself.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) config: OidcProvider,
    issuer: IssuerUrl,
    client: Client,
    memory: Memory,
}

impl Provider {
    /// Asks nothing of the provider yet: one that is down keeps nobody from starting.
    pub(super) fn new(config: OidcProvider, patience: Duration) -> Result<Self, SetupError> {
        let refused = |cause: String| SetupError::Client { provider: config.id.clone(), cause };
        let issuer = IssuerUrl::new(config.issuer.clone()).map_err(|error| refused(error.to_string()))?;
        let client = Client::new(&config, issuer.url(), patience)?;
        Ok(Self { config, issuer, client, memory: Memory::default() })
    }

    /// Where to send a browser so that its user signs in and comes back to `redirect`.
    pub(super) async fn sign_in_url(&self, redirect: &RedirectUrl, flow: &Flow) -> Result<Url, OidcError> {
        let known = self.known(None).await?;
        let (state, nonce) = (flow.state.clone(), flow.nonce.clone());
        let verifier = PkceCodeVerifier::new(flow.verifier.clone());
        let client = self.relying_party(&known);
        let request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            // The library asks for `openid` itself.
            .add_scopes(
                self.config
                    .scopes
                    .iter()
                    .filter(|scope| *scope != "openid")
                    .map(|scope| Scope::new(scope.clone())),
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .set_redirect_uri(Cow::Borrowed(redirect));
        Ok(request.url().0)
    }

    /// Whether an answer that says it comes from `iss` may come from this provider (RFC 9207).
    pub(super) async fn may_answer_as(&self, iss: Option<&str>) -> Result<bool, OidcError> {
        match iss {
            Some(iss) => Ok(iss == self.issuer.as_str()),
            None => Ok(!self.known(None).await?.says_who_it_is()),
        }
    }

    /// Who has signed in, by the code that they came back with.
    pub(super) async fn person(
        &self,
        code: String,
        redirect: &RedirectUrl,
        flow: &Flow,
    ) -> Result<Claims, OidcError> {
        let known = self.known(None).await?;
        let answer = self.exchange(&known, code, redirect, flow).await?;
        let refused = |cause: String| OidcError::BadToken { provider: self.config.id.clone(), cause };
        let nonce = Nonce::new(flow.nonce.clone());
        let verified = match token::verified(&answer, &known, &self.config.client_id, &nonce) {
            // The provider may sign with a key that it did not have when its keys were read.
            Err(error) if error.is_about_keys() => {
                let known = self.known(Some(&known)).await?;
                token::verified(&answer, &known, &self.config.client_id, &nonce)
            }
            verified => verified,
        };
        verified.map(Claims::new).map_err(|error| refused(shown(&error.to_string())))
    }

    async fn exchange(
        &self,
        known: &Known,
        code: String,
        redirect: &RedirectUrl,
        flow: &Flow,
    ) -> Result<CoreTokenResponse, OidcError> {
        let refused = |cause: &str| self.unavailable(cause);
        let token_url =
            known.metadata.token_endpoint().ok_or_else(|| refused("it names no token endpoint"))?;
        let client = self.relying_party(known).set_token_uri(token_url.clone());
        client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(flow.verifier.clone()))
            .set_redirect_uri(Cow::Borrowed(redirect))
            .request_async(&self.client)
            .await
            .map_err(|error| client::refused_exchange(&self.config.id, error))
    }

    /// What the provider publishes, read anew where it is old or is what `outdated` was.
    async fn known(&self, outdated: Option<&Arc<Known>>) -> Result<Arc<Known>, OidcError> {
        let read = || Known::read(&self.issuer, &self.client);
        self.memory.recall(outdated, read).await.map_err(|cause| self.unavailable(&cause))
    }

    fn relying_party(&self, known: &Known) -> CoreClient<openidconnect::EndpointSet> {
        let client = CoreClient::new(
            ClientId::new(self.config.client_id.clone()),
            self.issuer.clone(),
            known.metadata.jwks().clone(),
        )
        .set_auth_type(known.client_authentication())
        .set_auth_uri(known.metadata.authorization_endpoint().clone());
        match self.config.client_secret.as_ref().map(Secret::expose) {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.to_owned())),
            None => client,
        }
    }

    fn unavailable(&self, cause: &str) -> OidcError {
        OidcError::Unavailable { provider: self.config.id.clone(), cause: shown(cause) }
    }
}

/// What somebody else said, in a form that a log can take: cut, and on one line.
pub(super) fn shown(text: &str) -> String {
    outgoing::shown(text, LOGGED)
}
