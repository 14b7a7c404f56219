//! How limits are told to whoever asks.

use actix_web::{
    HttpResponse, ResponseError,
    http::header::{HeaderMap, HeaderName, HeaderValue},
};

use super::{
    buckets::whole_seconds,
    service::{Refused, Standing},
    throttle::Wait,
};
use crate::http::{Code, Problem};

/// Most requests at once.
pub const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
/// Requests that are left.
pub const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
/// Seconds until all are back.
pub const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

impl Standing {
    /// Tells it in the headers of an answer.
    pub fn write(self, headers: &mut HeaderMap) {
        for (name, value) in [(LIMIT, self.limit), (REMAINING, self.remaining), (RESET, self.reset_s)] {
            headers.insert(name, HeaderValue::from(value));
        }
    }
}

impl Refused {
    /// The answer that says so.
    #[must_use]
    pub fn response(self) -> HttpResponse {
        let mut response = Problem::from(self).error_response();
        self.standing.write(response.headers_mut());
        response
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let detail = format!(
            "wait {} s before the next request; {} at once are let through after a rest, which rate_limit says",
            refused.retry_after_s, refused.standing.limit
        );
        Self { retry_after_s: Some(refused.retry_after_s), ..Self::new(Code::RateLimited, detail) }
    }
}

impl From<Wait> for Problem {
    fn from(wait: Wait) -> Self {
        let seconds = whole_seconds(wait.0).max(1);
        let detail = format!("signing in has failed too often; try again in {seconds} s");
        Self { retry_after_s: Some(seconds), ..Self::new(Code::RateLimited, detail) }
    }
}
