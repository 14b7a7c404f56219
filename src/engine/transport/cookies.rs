//! A user's cookies. Nothing exists, and nothing is done, before the first `Set-Cookie`.

use cookie::Cookie;
use cookie_store::{Cookie as StoredCookie, CookieStore};
use url::Url;

use super::Origin;

/// Most cookies that one user keeps; RFC 6265 asks for 50 a domain.
const MAX_COOKIES: usize = 64;

/// Largest cookie, name, value and attributes, as RFC 6265 asks.
const MAX_COOKIE: usize = 4096;

/// The cookies of one user.
#[derive(Debug, Default)]
pub(super) struct Cookies(Option<Box<CookieStore>>);

impl Cookies {
    /// Whether no cookie has ever been seen.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Takes the `Set-Cookie` fields of an answer. Malformed ones are skipped, as browsers do.
    pub(super) fn store(&mut self, fields: &[Box<[u8]>], origin: &Origin, target: &str) {
        if fields.is_empty() {
            return;
        }
        let Some(url) = url(origin, target) else { return };
        let store = self.0.get_or_insert_with(Box::default);
        for field in fields.iter().filter(|field| field.len() <= MAX_COOKIE) {
            let cookie = std::str::from_utf8(field).ok().and_then(|text| Cookie::parse(text.to_owned()).ok());
            let Some(cookie) = cookie else { continue };
            // Refused for a foreign domain, say: not stored, which is all there is to do.
            let Ok(cookie) = StoredCookie::try_from_raw_cookie(&cookie, &url) else { continue };
            let cookie = cookie.into_owned();
            if has_room(store, &cookie) {
                let _ = store.insert(cookie, &url);
            }
        }
    }

    /// The `Cookie` line for a request, line end included; empty when there are none.
    pub(super) fn line(&self, origin: &Origin, target: &str) -> Vec<u8> {
        let Some(url) = self.0.as_ref().and_then(|_| url(origin, target)) else { return Vec::new() };
        let mut line = Vec::new();
        for (name, value) in self.0.iter().flat_map(|store| store.get_request_values(&url)) {
            line.extend_from_slice(if line.is_empty() { b"cookie: " } else { b"; " });
            line.extend_from_slice(name.as_bytes());
            line.push(b'=');
            line.extend_from_slice(value.as_bytes());
        }
        // A value that could end the line would smuggle a header in.
        if line.is_empty() || line.iter().any(u8::is_ascii_control) {
            return Vec::new();
        }
        line.extend_from_slice(b"\r\n");
        line
    }
}

/// Whether a cookie may be stored: in place of one with its domain, path and name, or beside fewer
/// than [`MAX_COOKIES`]. Expired ones make room.
fn has_room(store: &mut CookieStore, cookie: &StoredCookie<'_>) -> bool {
    if store.contains(&String::from(&cookie.domain), &cookie.path, cookie.name())
        || store.iter_any().count() < MAX_COOKIES
    {
        return true;
    }
    let place =
        |old: &StoredCookie<'_>| (String::from(&old.domain), String::from(&old.path), old.name().to_owned());
    let expired: Vec<_> = store.iter_any().filter(|old| old.is_expired()).map(place).collect();
    for (domain, path, name) in &expired {
        store.remove(domain, path, name);
    }
    store.iter_any().count() < MAX_COOKIES
}

fn url(origin: &Origin, target: &str) -> Option<Url> {
    Url::parse(&format!("{origin}{target}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::from_url(&Url::parse(text).expect("a URL")).expect("an origin")
    }

    fn stored(fields: &[&str]) -> Cookies {
        let mut cookies = Cookies::default();
        let fields: Vec<Box<[u8]>> = fields.iter().map(|field| field.as_bytes().into()).collect();
        cookies.store(&fields, &origin("http://shop.test"), "/cart/add?x");
        cookies
    }

    #[test]
    fn cookies_go_back_to_their_host_and_path_alone() {
        let cookies =
            stored(&["id=7; Path=/", "deep=1", "s=2; Secure; Path=/", "evil=1; Domain=bank.test", "\u{1}"]);
        let line =
            |host: &str, path: &str| String::from_utf8(cookies.line(&origin(host), path)).expect("text");
        assert_eq!(line("http://shop.test", "/"), "cookie: id=7\r\n");
        assert!(line("http://shop.test", "/cart/").contains("deep=1"));
        assert!(line("https://shop.test", "/").contains("s=2"));
        assert_eq!(line("http://bank.test", "/"), "");
    }

    #[test]
    fn a_cookie_is_replaced_and_ended() {
        let cookies = stored(&["id=7; Path=/", "id=8; Path=/"]);
        assert_eq!(cookies.line(&origin("http://shop.test"), "/"), b"cookie: id=8\r\n");
        let cookies = stored(&["id=7; Path=/", "id=; Path=/; Max-Age=0"]);
        assert_eq!(cookies.line(&origin("http://shop.test"), "/"), b"");
    }

    #[test]
    fn cookies_are_bounded() {
        let many: Vec<String> = (0..1000).map(|n| format!("n{n}=1; Path=/")).collect();
        let cookies = stored(&many.iter().map(String::as_str).collect::<Vec<_>>());
        let line = cookies.line(&origin("http://shop.test"), "/");
        assert_eq!(line.iter().filter(|byte| **byte == b'=').count(), MAX_COOKIES);
        let large = format!("large={}", "x".repeat(MAX_COOKIE));
        assert_eq!(stored(&[&large]).line(&origin("http://shop.test"), "/"), b"");
    }

    fn visit(cookies: &mut Cookies, target: &str, field: &str) {
        cookies.store(&[field.as_bytes().into()], &origin("http://shop.test"), target);
    }

    fn kept(cookies: &Cookies) -> usize {
        cookies.0.as_ref().map_or(0, |store| store.iter_any().count())
    }

    #[test]
    fn one_name_on_many_paths_is_bounded_and_still_renewed() {
        let mut cookies = Cookies::default();
        for n in 0..1000 {
            visit(&mut cookies, &format!("/products/{n}/view"), "seen=1");
        }
        assert_eq!(kept(&cookies), MAX_COOKIES);
        visit(&mut cookies, "/products/0/view", "seen=2");
        let line = cookies.line(&origin("http://shop.test"), "/products/0/view");
        assert_eq!(line, b"cookie: seen=2\r\n");
    }

    #[test]
    fn expired_cookies_make_room() {
        let mut cookies = Cookies::default();
        for n in 0..MAX_COOKIES {
            visit(&mut cookies, &format!("/{n}/"), "seen=1");
        }
        visit(&mut cookies, "/", "new=1");
        assert_eq!(cookies.line(&origin("http://shop.test"), "/"), b"");
        visit(&mut cookies, "/0/", "seen=; Max-Age=0");
        visit(&mut cookies, "/", "new=1");
        assert_eq!(cookies.line(&origin("http://shop.test"), "/"), b"cookie: new=1\r\n");
        assert_eq!(kept(&cookies), MAX_COOKIES);
    }
}
