//! What a request shows of whoever sent it: a header, or a cookie.

use actix_web::{
    HttpRequest,
    http::header::{self, HeaderMap, HeaderName},
};
use cookie::{Cookie, SameSite, time::Duration};

use super::opaque::{Kind, Opaque};
use crate::{http::extract::header_text, loadtest::secret::Secret};

/// The header of an API key.
pub const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// Longest credential that is looked at, in bytes.
const LONGEST: usize = 4096;

/// What a request shows.
#[derive(Debug)]
pub enum Shown {
    /// Nothing.
    Nothing,
    /// An API key.
    Key(Opaque),
    /// What may be an access token.
    Token(Secret),
    /// A browser's cookie.
    Cookie(Opaque),
    /// Something that is nothing of it.
    Wrong(&'static str),
}

/// What `request` shows. What is sent on purpose goes before what a browser sends by itself.
#[must_use]
pub fn shown(request: &HttpRequest, secure: bool) -> Shown {
    let headers = request.headers();
    let (bearer, key) = (of_header(headers, &header::AUTHORIZATION), of_header(headers, &API_KEY));
    match (bearer, key) {
        (Err(wrong), _) | (_, Err(wrong)) => Shown::Wrong(wrong),
        (Ok(Some(_)), Ok(Some(_))) => Shown::Wrong("send Authorization or X-Api-Key, not both"),
        (Ok(Some(text)), Ok(None)) => of_bearer(text),
        (Ok(None), Ok(Some(text))) => match Opaque::parse(text) {
            Some(key) if key.kind == Kind::ApiKey => Shown::Key(key),
            _ => Shown::Wrong(
                "X-Api-Key is no API key: it begins with maid_live_, and no character may be missing",
            ),
        },
        (Ok(None), Ok(None)) => of_cookie(request, secure),
    }
}

fn of_header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, &'static str> {
    match header_text(headers, name) {
        Ok(text) if text.is_none_or(|text| text.len() <= LONGEST) => Ok(text.map(str::trim)),
        _ => Err("the credential cannot be read: send it once, in ASCII, and not too long"),
    }
}

fn of_bearer(text: &str) -> Shown {
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Shown::Wrong("Authorization must be `Bearer` and an access token or an API key");
    }
    let token = token.trim();
    match Opaque::parse(token) {
        Some(key) if key.kind == Kind::ApiKey => Shown::Key(key),
        Some(_) => Shown::Wrong("this credential is not for Authorization"),
        None if token.starts_with(Kind::ApiKey.prefix()) => {
            Shown::Wrong("the API key is mistyped: a character is wrong or missing")
        }
        None => Shown::Token(Secret::new(token)),
    }
}

fn of_cookie(request: &HttpRequest, secure: bool) -> Shown {
    let name = cookie_name(secure);
    let texts = request.headers().get_all(header::COOKIE).filter_map(|text| text.to_str().ok());
    let mut cookies = texts.filter(|text| text.len() <= LONGEST).flat_map(Cookie::split_parse).flatten();
    let cookie = cookies.find(|cookie| cookie.name() == name);
    match cookie.and_then(|cookie| Opaque::parse(cookie.value())) {
        Some(cookie) if cookie.kind == Kind::Cookie => Shown::Cookie(cookie),
        // Left over from another server at this address; signing in replaces it.
        _ => Shown::Nothing,
    }
}

/// The cookie that keeps a session. A browser never sends it for a page of another site, and never shows
/// it to a script; it keeps it for as long as a session may last, and the server ends it sooner.
#[must_use]
pub fn session_cookie(value: String, secure: bool) -> Cookie<'static> {
    Cookie::build((cookie_name(secure), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(secure)
        .max_age(Duration::days(30))
        .build()
}

/// What makes a browser forget the cookie.
#[must_use]
pub fn forgotten_cookie(secure: bool) -> Cookie<'static> {
    let mut cookie = session_cookie(String::new(), secure);
    cookie.set_max_age(Duration::ZERO);
    cookie
}

/// Name of the cookie. Over TLS a browser lets nobody but this very host set it.
#[must_use]
pub const fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-maid_session" } else { "maid_session" }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn of(headers: &[(&str, &str)]) -> String {
        let mut request = TestRequest::get();
        for (name, value) in headers {
            request = request.append_header((*name, *value));
        }
        match shown(&request.to_http_request(), false) {
            Shown::Nothing => "nothing".to_owned(),
            Shown::Key(key) => format!("key {}", key.id),
            Shown::Token(token) => format!("token {}", token.expose()),
            Shown::Cookie(cookie) => format!("cookie {}", cookie.id),
            Shown::Wrong(_) => "wrong".to_owned(),
        }
    }

    #[test]
    fn credentials_are_found_where_they_belong() {
        let make = |kind| Opaque::make(kind, Uuid::nil()).expose().to_owned();
        let (key, cookie, refresh) = (make(Kind::ApiKey), make(Kind::Cookie), make(Kind::Refresh));
        let nil = Uuid::nil();
        let bearer = format!("bearer  {key} ");
        let in_cookie = format!("maid_session={cookie}");
        for (headers, found) in [
            (vec![], "nothing".to_owned()),
            (vec![("authorization", bearer.as_str())], format!("key {nil}")),
            (vec![("x-api-key", key.as_str())], format!("key {nil}")),
            (vec![("authorization", "Bearer a.b.c")], "token a.b.c".to_owned()),
            (vec![("cookie", in_cookie.as_str())], format!("cookie {nil}")),
            (vec![("cookie", in_cookie.as_str()), ("x-api-key", key.as_str())], format!("key {nil}")),
            (vec![("cookie", "maid_session=old")], "nothing".to_owned()),
            (vec![("authorization", bearer.as_str()), ("x-api-key", key.as_str())], "wrong".to_owned()),
            (vec![("x-api-key", key.as_str()), ("x-api-key", key.as_str())], "wrong".to_owned()),
            (vec![("x-api-key", refresh.as_str())], "wrong".to_owned()),
            (vec![("x-api-key", &key[1..])], "wrong".to_owned()),
            (vec![("authorization", "Basic dXNlcjpwYXNz")], "wrong".to_owned()),
            (vec![("authorization", &format!("Bearer {refresh}"))], "wrong".to_owned()),
            (vec![("authorization", &format!("Bearer {}", &key[..60]))], "wrong".to_owned()),
        ] {
            assert_eq!(of(&headers), found, "{headers:?}");
        }
    }

    proptest! {
        #[test]
        fn no_header_is_too_strange(value in "[\\x20-\\x7e]{0,300}") {
            for name in ["authorization", "x-api-key", "cookie"] {
                prop_assert!(!of(&[(name, &value)]).starts_with("key"), "{}", value);
            }
        }
    }
}
