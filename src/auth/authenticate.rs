//! The middleware that finds out who sent a request, once, before any handler.
//!
//! What it finds lies in the request's extensions: a [`Principal`], or [`NotKnown`] where what was shown
//! is not good. Routes that ask nobody who they are answer all the same.

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
    web::Data,
};
use url::Url;

use super::{
    Credential, Principal,
    service::{Auth, NotLetIn},
    shown::{Shown, shown},
};
use crate::http::{ClientAddress, Code, Problem, extract::header_text};

/// The header that a page of MAID's own sends with whatever changes something.
pub const CSRF: &str = "x-csrf-token";

/// Why nobody is known though something was shown.
#[derive(Clone, Debug)]
pub struct NotKnown(pub Problem);

/// Finds out who sent a request, for `actix_web::middleware::from_fn`. Takes [`Auth`] from the app's data.
///
/// # Errors
/// Those of the route.
pub async fn authenticate<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if let Some(auth) = request.app_data::<Data<Auth>>().filter(|auth| auth.required()).cloned() {
        let address = Some(ClientAddress::of(request.request()).ip);
        match identify(&auth, request.request()).await {
            Ok(Some(principal)) => {
                request.extensions_mut().insert(Principal { address, ..principal });
            }
            Ok(None) => {}
            Err(problem) => {
                request.extensions_mut().insert(NotKnown(problem));
            }
        }
    }
    next.call(request).await
}

async fn identify(auth: &Auth, request: &HttpRequest) -> Result<Option<Principal>, Problem> {
    let found = match shown(request, is_secure(request)) {
        Shown::Nothing => return Ok(None),
        Shown::Wrong(why) => Err(NotLetIn::Refused(why)),
        Shown::Key(key) => auth.by_key(&key).await,
        Shown::Token(token) => auth.by_token(token.expose()).await.map(|(principal, _)| principal),
        Shown::Cookie(cookie) => match auth.by_cookie(&cookie).await {
            Ok(principal) => {
                own_page(auth, request, &principal)?;
                Ok(principal)
            }
            refused => refused,
        },
    };
    match found {
        Ok(principal) => Ok(Some(principal)),
        Err(NotLetIn::Refused(why)) => Err(Problem::new(Code::Unauthenticated, why)),
        Err(NotLetIn::Failed(error)) => Err(error.into()),
    }
}

/// Whether the client's own connection is encrypted.
pub(super) fn is_secure(request: &HttpRequest) -> bool {
    ClientAddress::of(request).https
}

/// A browser sends its cookie whoever made it ask. So it must have been a page of MAID's own: it shows
/// what only such a page can know where it changes something, and never comes from another origin.
fn own_page(auth: &Auth, request: &HttpRequest, principal: &Principal) -> Result<(), Problem> {
    let foreign = |detail| Err(Problem::new(Code::ForeignOrigin, detail));
    let origin = header_text(request.headers(), header::ORIGIN).ok().flatten();
    if origin.is_some_and(|origin| !is_own(origin, request)) {
        return foreign("the request comes from a page of another site");
    }
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let token = header_text(request.headers(), CSRF).ok().flatten().unwrap_or_default();
    match principal.credential {
        Credential::Session(session) if auth.is_own_page(session, token) => Ok(()),
        _ => foreign("send the csrf_token of GET /api/maid/auth/me as X-CSRF-Token"),
    }
}

/// Whether `origin` is where the request was sent to.
fn is_own(origin: &str, request: &HttpRequest) -> bool {
    let host = header_text(request.headers(), header::HOST).ok().flatten();
    // HTTP/2 carries the host in the target.
    let host = host.or_else(|| request.uri().authority().map(|authority| authority.as_str()));
    let (Ok(origin), Some(host)) = (Url::parse(origin), host) else { return false };
    let Ok(own) = Url::parse(&format!("{}://{host}", origin.scheme())) else { return false };
    origin.origin().is_tuple() && origin.origin() == own.origin()
}
