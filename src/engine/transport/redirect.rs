//! Where a redirect leads, and what is sent there.

use std::sync::Arc;

use ::http::{HeaderName, HeaderValue, Method, header};
use url::Url;

use super::{Failure, FailureKind, HttpCall, Origin, OriginError};

/// Longest URL that is followed.
const MAX_URL: usize = 16 * 1024;

/// One request of a call: the call itself, or where a redirect led it.
#[derive(Clone, Debug)]
pub(super) struct Hop {
    pub(super) origin: Arc<Origin>,
    pub(super) method: Method,
    pub(super) target: String,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether the body of the call is sent again.
    pub(super) with_body: bool,
}

/// Whether a status asks to go on elsewhere.
pub(super) const fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

impl Hop {
    /// The call as it is.
    pub(super) fn first(call: &HttpCall<'_>) -> Self {
        Self {
            origin: Arc::clone(call.origin),
            method: call.method.clone(),
            target: call.target.to_owned(),
            headers: call.headers.to_vec(),
            with_body: !call.body.is_empty(),
        }
    }

    /// The request that an answer of `status` to this one asks for.
    pub(super) fn next(mut self, status: u16, location: &[u8]) -> Result<Self, Failure> {
        let url = self.resolve(location)?;
        let origin = Origin::from_url(&url).map_err(|error| match error {
            OriginError::Scheme => refused("the server redirects to a scheme other than http and https"),
            OriginError::Host => refused("the server redirects to a URL without a host"),
        })?;
        if origin != *self.origin {
            self.headers.retain(|(name, _)| !is_credential(name));
            self.origin = Arc::new(origin);
        }
        if !matches!(status, 307 | 308) {
            if self.method != Method::HEAD {
                self.method = Method::GET;
            }
            self.with_body = false;
            self.headers.retain(|(name, _)| !describes_body(name));
        }
        url[url::Position::BeforePath..url::Position::AfterQuery].clone_into(&mut self.target);
        Ok(self)
    }

    fn resolve(&self, location: &[u8]) -> Result<Url, Failure> {
        if location.len() > MAX_URL {
            return Err(refused("the server redirects to a URL longer than 16 KB"));
        }
        let broken = || refused("the server redirects to something that is not a URL");
        let location = std::str::from_utf8(location).map_err(|_| broken())?;
        let here = Url::parse(&format!("{}{}", self.origin, self.target)).map_err(|_| broken())?;
        here.join(location).map_err(|_| broken())
    }
}

/// Headers that were meant for the first origin alone.
fn is_credential(name: &HeaderName) -> bool {
    [header::AUTHORIZATION, header::COOKIE, header::PROXY_AUTHORIZATION, header::HOST].contains(name)
}

fn describes_body(name: &HeaderName) -> bool {
    name.as_str().starts_with("content-")
}

fn refused(message: &str) -> Failure {
    Failure::new(FailureKind::Redirect, message)
}

/// The failure of a call that was sent on once too often.
pub(super) fn too_many(limit: u8) -> Failure {
    Failure::new(
        FailureKind::Redirect,
        format!("more than {limit} redirects (raise or zero target.redirects, or look for a loop)"),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hop(method: Method) -> Hop {
        let url = Url::parse("http://shop.test:81/cart/add").expect("a URL");
        let field = |name: HeaderName| (name, HeaderValue::from_static("x"));
        Hop {
            origin: Arc::new(Origin::from_url(&url).expect("an origin")),
            method,
            target: "/cart/add?n=1".to_owned(),
            headers: [header::AUTHORIZATION, header::ACCEPT, header::CONTENT_TYPE].map(field).to_vec(),
            with_body: true,
        }
    }

    fn names(hop: &Hop) -> Vec<&str> {
        hop.headers.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn relative_and_absolute_locations_are_followed() {
        for (location, authority, target) in [
            ("view?a#frag", "shop.test:81", "/cart/view?a"),
            ("/", "shop.test:81", "/"),
            ("?page=2", "shop.test:81", "/cart/add?page=2"),
            ("//other.test/x", "other.test", "/x"),
            ("https://me:pw@other.test:8443/ü", "other.test:8443", "/%C3%BC"),
        ] {
            let next = hop(Method::GET).next(302, location.as_bytes()).expect("a URL");
            assert_eq!((next.origin.authority.as_str(), next.target.as_str()), (authority, target));
        }
    }

    #[test]
    fn the_method_and_body_change_as_the_status_says() {
        for (status, method, expected, body) in [
            (301, Method::POST, Method::GET, false),
            (303, Method::PUT, Method::GET, false),
            (302, Method::HEAD, Method::HEAD, false),
            (307, Method::POST, Method::POST, true),
            (308, Method::DELETE, Method::DELETE, true),
        ] {
            let next = hop(method).next(status, b"/x").expect("a URL");
            assert_eq!((next.method.clone(), next.with_body), (expected, body), "{status}");
            assert_eq!(names(&next).contains(&"content-type"), body, "{status}");
            assert!(names(&next).contains(&"authorization"), "same origin");
        }
    }

    #[test]
    fn credentials_stay_with_their_origin() {
        for location in ["http://shop.test/", "https://shop.test:81/", "http://evil.test:81/"] {
            let next = hop(Method::GET).next(302, location.as_bytes()).expect("a URL");
            assert_eq!(names(&next), ["accept"], "{location}");
        }
    }

    proptest! {
        #[test]
        fn no_location_makes_it_panic(location in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(next) = hop(Method::GET).next(302, &location) {
                prop_assert!(next.target.starts_with('/') && next.target.bytes().all(|byte| byte > b' '));
            }
        }
    }

    #[test]
    fn what_cannot_be_followed_is_a_redirect_failure() {
        for location in
            ["ftp://x/", "javascript:alert(1)", "http://", "http://[zz]/", "file:///etc/passwd", "\u{0}"]
        {
            let next = hop(Method::GET).next(302, location.as_bytes());
            let followed = next.as_ref().is_ok_and(|next| next.origin.host == "shop.test");
            let refused = matches!(next, Err(Failure::Failed { kind: FailureKind::Redirect, .. }));
            assert!(followed != refused, "{location:?}: {next:?}");
        }
        assert!(hop(Method::GET).next(302, b"\xff\xfe").is_err());
        assert!(hop(Method::GET).next(302, &[b'a'; MAX_URL + 1]).is_err());
    }
}
