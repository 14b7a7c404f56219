//! The routes of signing in with a provider, below `/api/maid`. They are for whoever is not signed in yet.

use std::{fmt, net::IpAddr, sync::Arc};

use actix_web::{HttpRequest, HttpResponse, ResponseError, get, http::header, web};
use cookie::{Cookie, SameSite, time::Duration};
use futures_util::future::BoxFuture;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    dto::{LoginQuery, Returned, SignInProviders},
    error::OidcError,
    service::{Oidc, SignedIn},
};
use crate::http::{ClientAddress, Path, Problem, Query, frame::API};

/// How long a browser keeps what a sign-in needs, in seconds.
const KEPT_S: i64 = 600;

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(providers).service(login).service(callback);
}

/// Makes a session for whoever has signed in.
pub trait SignIn: Send + Sync {
    /// Takes `who` in. The cookies that this answers are set in their browser.
    fn sign_in<'a>(
        &'a self,
        who: SignedIn,
        visit: Visit,
    ) -> BoxFuture<'a, Result<Vec<Cookie<'static>>, Problem>>;

    /// Is told that somebody could not be signed in, for the audit.
    fn refused<'a>(&'a self, provider: &'a str, error: &'a OidcError, visit: Visit) -> BoxFuture<'a, ()>;
}

/// How somebody came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The address of the connection.
    pub address: Option<IpAddr>,
    /// What their browser says that it is.
    pub user_agent: Option<String>,
}

impl Visit {
    fn of(request: &HttpRequest) -> Self {
        let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Self {
            address: Some(ClientAddress::of(request).ip),
            user_agent: agent.map(|agent| agent.chars().take(300).collect()),
        }
    }
}

/// What the routes work with.
#[derive(Clone)]
pub struct OidcSite {
    oidc: Oidc,
    /// Without a `/` at its end.
    public_url: Option<String>,
    sign_in: Arc<dyn SignIn>,
}

impl fmt::Debug for OidcSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OidcSite").field("public_url", &self.public_url).finish_non_exhaustive()
    }
}

impl OidcSite {
    /// Sign-in by `oidc` at a server that people reach under `public_url`; `sign_in` takes them in.
    #[must_use]
    pub fn new(oidc: Oidc, public_url: Option<&str>, sign_in: Arc<dyn SignIn>) -> Self {
        let public_url = public_url.map(|url| url.trim_end_matches('/').to_owned());
        Self { oidc, public_url, sign_in }
    }

    /// Where a provider sends people back to; each provider to a place of its own.
    fn callback_of(&self, provider: &str) -> Result<String, OidcError> {
        if !self.oidc.knows(provider) {
            return Err(OidcError::UnknownProvider);
        }
        let base = self.public_url.as_deref().ok_or(OidcError::NoPublicUrl)?;
        Ok(format!("{base}{API}/auth/oidc/{provider}/callback"))
    }

    fn is_https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https:"))
    }

    /// Browsers take `__Host-` only from the host itself, for all of it, and over TLS.
    fn cookie_name(&self) -> &'static str {
        if self.is_https() { "__Host-maid_oidc" } else { "maid_oidc" }
    }

    fn cookie(&self, value: String, kept_s: i64) -> String {
        let cookie = Cookie::build((self.cookie_name(), value))
            .path("/")
            .http_only(true)
            .secure(self.is_https())
            // The way back from the provider is a visit from another site: a strict cookie would stay behind.
            .same_site(SameSite::Lax)
            .max_age(Duration::seconds(kept_s));
        cookie.build().to_string()
    }

    fn kept(&self, request: &HttpRequest) -> Option<String> {
        let all = request.headers().get_all(header::COOKIE).filter_map(|cookies| cookies.to_str().ok());
        let cookies = all.flat_map(Cookie::split_parse).filter_map(Result::ok);
        let own = cookies.into_iter().find(|cookie| cookie.name() == self.cookie_name())?;
        Some(own.value().to_owned())
    }

    async fn finish(
        &self,
        provider: &str,
        request: &HttpRequest,
        returned: Returned,
    ) -> Result<HttpResponse, Problem> {
        let kept = self.kept(request);
        let redirect = self.callback_of(provider)?;
        let visit = Visit::of(request);
        let who = match self.oidc.finish(provider, kept.as_deref(), returned, &redirect).await {
            Ok(who) => who,
            Err(error) => {
                self.sign_in.refused(provider, &error, visit).await;
                return Err(error.into());
            }
        };
        let return_to = who.return_to.clone();
        let cookies = self.sign_in.sign_in(who, visit).await?;
        let mut answer = HttpResponse::Found();
        answer.insert_header((header::LOCATION, return_to));
        for cookie in cookies {
            answer.append_header((header::SET_COOKIE, cookie.to_string()));
        }
        Ok(answer.finish())
    }
}

/// The providers that people can sign in with
#[utoipa::path(
    tag = "auth",
    operation_id = "oidc_providers",
    responses((status = OK, description = "The providers", body = SignInProviders)),
    security(())
)]
#[get("/auth/oidc")]
async fn providers(site: web::Data<OidcSite>) -> HttpResponse {
    HttpResponse::Ok().json(SignInProviders { providers: site.oidc.providers() })
}

/// Sign in with a provider
///
/// Sends the browser to the provider, which sends it back to the callback. Both have to happen in the same browser
/// within ten minutes.
#[utoipa::path(
    tag = "auth",
    operation_id = "oidc_login",
    params(("provider" = String, Path, description = "The provider's id"), LoginQuery),
    responses((status = FOUND, description = "To the provider",
        headers(("Location" = String, description = "The provider's page")))),
    security(())
)]
#[get("/auth/oidc/{provider}/login")]
async fn login(
    site: web::Data<OidcSite>,
    provider: Path<String>,
    query: Query<LoginQuery>,
) -> Result<HttpResponse, Problem> {
    let redirect = site.callback_of(&provider)?;
    let begun = site.oidc.begin(&provider, &redirect, query.return_to.as_deref()).await?;
    Ok(HttpResponse::Found()
        .insert_header((header::LOCATION, begun.url.as_str()))
        .insert_header((header::SET_COOKIE, site.cookie(begun.cookie_value, KEPT_S)))
        .finish())
}

/// The way back from a provider
///
/// Signs in whoever comes back and sends the browser to where the sign-in was begun for. Good once.
#[utoipa::path(
    tag = "auth",
    operation_id = "oidc_callback",
    params(("provider" = String, Path, description = "The provider's id"), Returned),
    responses((status = FOUND, description = "Signed in",
        headers(("Location" = String, description = "Where to go on")))),
    security(())
)]
#[get("/auth/oidc/{provider}/callback")]
async fn callback(request: HttpRequest, site: web::Data<OidcSite>, provider: Path<String>) -> HttpResponse {
    let answered = match Returned::read(request.query_string()) {
        Ok(returned) => site.finish(&provider, &request, returned).await,
        Err(problem) => Err(problem),
    };
    let mut answer = answered.unwrap_or_else(|problem| problem.error_response());
    // Whatever came of it, the sign-in that the cookie was kept for is over.
    if let Ok(cookie) = site.cookie(String::new(), 0).parse() {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}
