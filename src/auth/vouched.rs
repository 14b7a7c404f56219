//! Takes in whoever an OpenID provider vouches for: makes the user where there is none yet, and begins a
//! session that the browser keeps.

use std::sync::Arc;

use cookie::Cookie;
use futures_util::future::BoxFuture;

use super::{
    AuthError,
    oidc::{OidcError, SignIn, SignedIn, Visit},
    service::Auth,
    sessions::Tokens,
    shown::session_cookie,
};
use crate::http::Problem;

/// Takes in whoever a provider vouches for.
#[derive(Clone, Debug)]
pub struct Vouched {
    auth: Auth,
    /// Whether people reach MAID over TLS.
    secure: bool,
}

impl Vouched {
    /// At a server that people reach under `public_url`.
    #[must_use]
    pub fn new(auth: Auth, public_url: Option<&str>) -> Arc<Self> {
        let secure = public_url.is_some_and(|url| url.starts_with("https:"));
        Arc::new(Self { auth, secure })
    }

    async fn take_in(&self, who: SignedIn, visit: Visit) -> Result<Vec<Cookie<'static>>, AuthError> {
        let user = match self.auth.users.vouched_for(&who).await {
            Err(AuthError::WrongCredentials) => {
                let known = (Some(who.tenant.as_str()), who.name.as_str());
                self.auth.sessions.turned_away(&who.provider, known, visit.address, "kept out");
                return Err(AuthError::WrongCredentials);
            }
            user => user?,
        };
        let begun = self.auth.sessions.begin(user, true, visit.address).await?;
        Ok(match begun.tokens {
            Tokens::Cookie { cookie, .. } => vec![session_cookie(cookie.expose().to_owned(), self.secure)],
            Tokens::Bearer { .. } => Vec::new(),
        })
    }
}

impl SignIn for Vouched {
    fn sign_in<'a>(
        &'a self,
        who: SignedIn,
        visit: Visit,
    ) -> BoxFuture<'a, Result<Vec<Cookie<'static>>, Problem>> {
        Box::pin(async move { self.take_in(who, visit).await.map_err(Problem::from) })
    }

    fn refused<'a>(&'a self, provider: &'a str, error: &'a OidcError, visit: Visit) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            tracing::info!(provider, %error, "a sign-in with {provider} was refused: {error}");
            // What anybody can cause at will, without a provider having said anything, is no sign-in.
            let name = match error {
                OidcError::NotAllowed { subject, .. } => subject,
                OidcError::Denied { .. } | OidcError::BadToken { .. } => "",
                OidcError::UnknownProvider
                | OidcError::ForeignReturn
                | OidcError::NoPublicUrl
                | OidcError::Stray(_)
                | OidcError::Unavailable { .. } => return,
            };
            self.auth.sessions.turned_away(provider, (None, name), visit.address, &error.to_string());
        })
    }
}
