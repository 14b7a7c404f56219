//! Pages of other origins, by the Fetch standard: none may read an answer unless its origin is on a
//! list, which is empty at first.
//!
//! Credentials that a browser adds by itself are never allowed for: whoever is let in sends a token.

use actix_web::{
    HttpResponse,
    http::{
        Method,
        header::{self, HeaderMap, HeaderValue},
    },
};

use super::{Code, Problem};

/// Headers that a page may send.
const SENT: &str = "authorization, content-type, idempotency-key, if-match, if-none-match, traceparent, x-api-key, x-request-id";

/// Headers that a page may read, besides those that any may.
const READ: &str = "allow, etag, location, retry-after, x-request-id";

/// Seconds for which a browser may keep what it was told.
const KEPT_S: &str = "600";

/// Origins whose pages may read answers.
#[derive(Clone, Debug, Default)]
pub struct Cors {
    origins: Vec<HeaderValue>,
}

impl Cors {
    /// Open to `origins`, each written as browsers write it, such as `https://shop.example.com`.
    #[must_use]
    pub fn new(origins: &[String]) -> Self {
        let exact = |origin: &&String| !matches!(origin.as_str(), "*" | "null");
        let origins = origins.iter().filter(exact).filter_map(|origin| HeaderValue::from_str(origin).ok());
        Self { origins: origins.collect() }
    }

    /// The origin of a request, where its pages may read the answer.
    #[must_use]
    pub fn allowed(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let mut named = headers.get_all(header::ORIGIN);
        let origin = named.next().filter(|_| named.next().is_none())?;
        self.origins.iter().find(|known| *known == origin).cloned()
    }

    /// The answer to a preflight: the question of a browser whether a page may send something to a
    /// path that knows `methods`. None where the request is none.
    ///
    /// # Errors
    /// No page of that origin may.
    pub fn preflight(
        &self,
        method: &Method,
        headers: &HeaderMap,
        methods: impl FnOnce() -> Vec<Method>,
    ) -> Result<Option<HttpResponse>, Problem> {
        let asks = *method == Method::OPTIONS
            && headers.contains_key(header::ORIGIN)
            && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if !asks {
            return Ok(None);
        }
        if self.allowed(headers).is_none() {
            let detail =
                "pages of this origin may not send requests; server.cors_origins lists those that may";
            return Err(Problem::new(Code::ForeignOrigin, detail));
        }
        let methods = methods();
        if methods.is_empty() {
            return Ok(None);
        }
        let methods = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        let answer = HttpResponse::NoContent()
            .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, methods))
            .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, SENT))
            .insert_header((header::ACCESS_CONTROL_MAX_AGE, KEPT_S))
            .finish();
        Ok(Some(answer))
    }

    /// Lets pages of `origin` read an answer, where there is one, and tells caches that answers differ.
    pub fn open(&self, headers: &mut HeaderMap, origin: Option<HeaderValue>) {
        if self.origins.is_empty() {
            return;
        }
        headers.append(header::VARY, HeaderValue::from_static("origin"));
        if let Some(origin) = origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(READ));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LISTED: [&str; 2] = ["https://shop.example.com", "http://localhost:5173"];

    fn cors() -> Cors {
        Cors::new(&LISTED.map(str::to_owned))
    }

    fn asked(origins: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for origin in origins {
            if let Ok(origin) = HeaderValue::from_bytes(origin) {
                headers.append(header::ORIGIN, origin);
            }
        }
        headers.insert(header::ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("POST"));
        headers
    }

    fn opened(cors: &Cors, origin: &[u8]) -> HeaderMap {
        let mut answer = HeaderMap::new();
        cors.open(&mut answer, cors.allowed(&asked(&[origin])));
        answer
    }

    proptest! {
        #[test]
        fn only_what_is_on_the_list_is_answered(
            origin in prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..60),
                "https?://[a-z.]{0,20}shop\\.example\\.com[:.a-z0-9/]{0,8}".prop_map(String::into_bytes),
                "(HTTPS|https)://(S|s)hop\\.example\\.com".prop_map(String::into_bytes),
            ],
        ) {
            let listed = LISTED.iter().any(|known| known.as_bytes() == origin);
            let answer = opened(&cors(), &origin);
            let named = answer.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).map(HeaderValue::as_bytes);
            prop_assert_eq!(named, listed.then_some(origin.as_slice()));
            let preflight = cors().preflight(&Method::OPTIONS, &asked(&[&origin]), || vec![Method::POST]);
            if asked(&[&origin]).contains_key(header::ORIGIN) {
                prop_assert_eq!(preflight.is_ok(), listed);
            }
            prop_assert!(opened(&Cors::default(), &origin).is_empty(), "closed, it says nothing at all");
        }
    }

    #[test]
    fn a_list_never_opens_to_everybody() {
        for listed in ["*", "null"] {
            let cors = Cors::new(&[listed.to_owned()]);
            assert!(opened(&cors, listed.as_bytes()).is_empty(), "{listed}");
        }
    }

    #[test]
    fn two_origins_are_none() {
        let both = asked(&[LISTED[0].as_bytes(), LISTED[1].as_bytes()]);
        assert_eq!(cors().allowed(&both), None);
    }

    #[test]
    fn a_preflight_says_what_may_be_sent_and_allows_no_credentials() {
        let headers = asked(&[LISTED[0].as_bytes()]);
        let answer = cors().preflight(&Method::OPTIONS, &headers, || vec![Method::GET, Method::POST]);
        let answer = answer.expect("it may").expect("a preflight");
        let told = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
        assert_eq!(answer.status(), 204);
        assert_eq!(told(header::ACCESS_CONTROL_ALLOW_METHODS), Some("GET, POST"));
        assert_eq!(told(header::ACCESS_CONTROL_MAX_AGE), Some("600"));
        assert!(
            told(header::ACCESS_CONTROL_ALLOW_HEADERS).is_some_and(|sent| sent.contains("authorization"))
        );
        assert_eq!(told(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), None);
        for (method, path_knows) in [(Method::POST, vec![Method::POST]), (Method::OPTIONS, Vec::new())] {
            let other = cors().preflight(&method, &headers, || path_knows).expect("it may");
            assert!(other.is_none(), "this is for whoever answers {method} there");
        }
    }
}
