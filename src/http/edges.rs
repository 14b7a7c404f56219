//! What every answer tells browsers about where it may be used: the same for all routes.

use std::time::Duration;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::cors::Cors;

/// What every answer says unless its route says something else.
const STANDING: [(HeaderName, &str); 8] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    (
        header::PERMISSIONS_POLICY,
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
         microphone=(), midi=(), payment=(), usb=()",
    ),
    (header::CACHE_CONTROL, "no-store"),
];

/// What every answer tells browsers.
#[derive(Clone, Debug, Default)]
pub struct Edges {
    /// Which pages of other origins may read answers.
    pub cors: Cors,
    /// What is said over TLS about coming back by it.
    hsts: Option<HeaderValue>,
}

impl Edges {
    /// Open to `origins`; what is said over TLS holds for `hsts`, and nothing is said for no time.
    #[must_use]
    pub fn new(origins: &[String], hsts: Duration) -> Self {
        let hsts = (hsts.as_secs() > 0).then(|| format!("max-age={}", hsts.as_secs()));
        let hsts = hsts.and_then(|value| HeaderValue::from_str(&value).ok());
        Self { cors: Cors::new(origins), hsts }
    }

    /// Adds what every answer says. `secure` is whether the connection itself is TLS: a header that
    /// says so can be written by anybody.
    pub fn stand(&self, headers: &mut HeaderMap, secure: bool) {
        for (name, value) in STANDING {
            if !headers.contains_key(&name) {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        if let Some(hsts) = self.hsts.as_ref().filter(|_| secure) {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, hsts.clone());
        }
    }
}
