//! From a request to whoever sent it, with what a handler needs of them.
//!
//! `authenticate` has found out who it is. Where nobody is asked (`auth.required` is false), only a
//! connection from this machine is trusted, and of those only one that does not come from a page of
//! another site: a browser names the page in `Origin`, and the name that led it here in `Host`, so that
//! neither a foreign page nor a name that was made to resolve to loopback gets in.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
    net::IpAddr,
    ops::Deref,
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header, web::Data};
use serde_json::json;
use url::{Host, Url};

use super::{authenticate::NotKnown, permission::Permission, principal::Principal, service::Auth};
use crate::{
    audit::{Action, Audit, Event, Outcome},
    http::{ClientAddress, Code, Problem},
};

/// A principal that has the permission `P`; without it there is no value of this type.
#[derive(Clone, Debug)]
pub struct Authorized<P> {
    principal: Principal,
    permission: PhantomData<P>,
}

impl<P> Authorized<P> {
    /// Whoever it is.
    #[must_use]
    pub fn into_principal(self) -> Principal {
        self.principal
    }
}

impl<P> Deref for Authorized<P> {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.principal
    }
}

impl<P: Permission> FromRequest for Authorized<P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(authorize::<P>(request))
    }
}

fn authorize<P: Permission>(request: &HttpRequest) -> Result<Authorized<P>, Problem> {
    let principal = principal_of(request)?;
    if !P::granted(&principal) {
        if let Some(audit) = request.app_data::<Data<Audit>>() {
            let asked =
                json!({"method": request.method().as_str(), "path": request.path(), "needs": P::NEEDS});
            audit.note(Event::of(&principal, Action::PermissionDenied).ended(Outcome::Denied).with(asked));
        }
        return Err(Problem::new(Code::Forbidden, format!("this needs {}", P::NEEDS)));
    }
    Ok(Authorized { principal, permission: PhantomData })
}

fn principal_of(request: &HttpRequest) -> Result<Principal, Problem> {
    let extensions = request.extensions();
    if let Some(principal) = extensions.get::<Principal>() {
        return Ok(principal.clone());
    }
    if let Some(NotKnown(problem)) = extensions.get() {
        return Err(problem.clone());
    }
    drop(extensions);
    if request.app_data::<Data<Auth>>().is_some_and(|auth| auth.required()) {
        return Err(Problem::new(
            Code::Unauthenticated,
            "sign in by POST /api/maid/auth/login and send the access token as Authorization: Bearer, or send an API \
             key as X-Api-Key",
        ));
    }
    on_this_machine(request)
}

/// Whoever works on this machine, where nobody is asked who they are.
fn on_this_machine(request: &HttpRequest) -> Result<Principal, Problem> {
    // The peer of the connection itself: headers that proxies add can be written by anybody.
    let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
    if !peer.is_some_and(|ip| ip.is_loopback()) || ClientAddress::of(request).proxied {
        return Err(Problem::new(
            Code::Unauthenticated,
            "only this machine is let in while auth.required is false; connect from the machine that MAID runs on",
        ));
    }
    if !from_this_machine(request) {
        return Err(Problem::new(
            Code::ForeignOrigin,
            "the request comes from a page of another site, or by a name that is not this machine's",
        ));
    }
    Ok(Principal { address: peer, ..Principal::development() })
}

fn from_this_machine(request: &HttpRequest) -> bool {
    let text = |name: header::HeaderName| match request.headers().get(name) {
        Some(value) => value.to_str().map(Some),
        None => Ok(None),
    };
    let (Ok(host), Ok(origin)) = (text(header::HOST), text(header::ORIGIN)) else { return false };
    // HTTP/2 carries the host in the target.
    let host = host.or_else(|| request.uri().authority().map(|authority| authority.as_str()));
    let host = host.map(|host| format!("http://{host}"));
    host.as_deref().is_none_or(is_loopback) && origin.is_none_or(is_loopback)
}

fn is_loopback(url: &str) -> bool {
    match Url::parse(url).ok().as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => ip.to_canonical().is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;
    use crate::auth::{MaidRead, PrincipalKind};

    fn answer(peer: &str, headers: &[(&str, &str)]) -> Result<Principal, Code> {
        let peer = peer.parse().expect("an address");
        let mut request = TestRequest::get().peer_addr(peer);
        for (name, value) in headers {
            request = request.insert_header((*name, *value));
        }
        authorize::<MaidRead>(&request.to_http_request())
            .map(Authorized::into_principal)
            .map_err(|problem| problem.code)
    }

    #[test]
    fn only_this_machine_is_let_in() {
        for peer in ["127.0.0.1:5000", "[::1]:5000", "[::ffff:127.0.0.1]:5000"] {
            assert_eq!(answer(peer, &[]).map(|known| known.kind), Ok(PrincipalKind::Development), "{peer}");
        }
        assert_eq!(answer("10.0.0.7:5000", &[]), Err(Code::Unauthenticated));
        assert_eq!(
            answer("10.0.0.7:5000", &[("x-forwarded-for", "127.0.0.1")]),
            Err(Code::Unauthenticated),
            "a header is no proof"
        );
    }

    #[test]
    fn pages_of_other_sites_are_not() {
        let peer = "127.0.0.1:5000";
        for headers in [
            [("host", "localhost:43121"), ("origin", "http://localhost:43121")],
            [("host", "127.0.0.1:43121"), ("origin", "http://127.0.0.1:43121")],
            [("host", "[::1]:43121"), ("origin", "http://[::1]:43121")],
        ] {
            assert!(answer(peer, &headers).is_ok(), "{headers:?}");
        }
        for headers in [
            [("host", "localhost:43121"), ("origin", "https://evil.example")],
            [("host", "localhost:43121"), ("origin", "null")],
            [("host", "rebound.example:43121"), ("accept", "*/*")],
            [("host", "localhost.evil.example"), ("accept", "*/*")],
        ] {
            assert_eq!(answer(peer, &headers), Err(Code::ForeignOrigin), "{headers:?}");
        }
    }
}
