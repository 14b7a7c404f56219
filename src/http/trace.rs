//! What the log and a trace know about a request: its id, its place in a trace that began elsewhere,
//! and how it was answered.

use std::{borrow::Cow, time::Instant};

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderMap, HeaderName},
};
use opentelemetry::{
    propagation::{Extractor, TextMapPropagator},
    trace::TraceContextExt,
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Span, field::Empty};
use tracing_actix_web::{RootSpanBuilder, TracingLogger};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use uuid::Uuid;

use super::extract::header_text;

/// The header with a request's id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id that is taken over from a client.
const LONGEST_ID: usize = 128;

/// What a request is known by, in answers and log lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// The id as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The client's own id where it has a sane one, else a new one.
    fn of(headers: &HeaderMap) -> Self {
        let sane = |id: &&str| {
            (1..=LONGEST_ID).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(&byte))
        };
        let own = header_text(headers, &REQUEST_ID).ok().flatten().filter(sane);
        Self(own.map_or_else(|| Uuid::now_v7().to_string(), str::to_owned))
    }
}

/// When a request arrived.
struct Arrived(Instant);

/// The trace that whoever sent a request says it belongs to.
#[must_use]
pub fn trace_of(request: &HttpRequest) -> Option<[u8; 16]> {
    let context = TraceContextPropagator::new().extract(&Carrier(request.headers()));
    let span = context.span();
    let caller = span.span_context();
    caller.is_valid().then(|| caller.trace_id().to_bytes())
}

/// Opens a span for every request.
#[derive(Debug)]
pub struct RequestSpan;

impl RequestSpan {
    /// The middleware that does it; it goes outside of all others.
    #[must_use]
    pub fn middleware() -> TracingLogger<Self> {
        TracingLogger::new()
    }
}

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = RequestId::of(request.headers());
        let context = TraceContextPropagator::new().extract(&Carrier(request.headers()));
        // A trace takes the name of a span when it begins.
        let name = match request.match_pattern() {
            Some(route) => format!("{} {route}", request.method()),
            None => request.method().to_string(),
        };
        let span = tracing::info_span!(
            "request",
            otel.name = name,
            otel.kind = "server",
            otel.status_code = Empty,
            request_id = id.as_str(),
            trace_id = Empty,
            http.request.method = %request.method(),
            // The query may hold what is nobody's business.
            url.path = told(request.path()).as_ref(),
            http.route = Empty,
            http.response.status_code = Empty,
        );
        let parent = context.span().span_context().clone();
        if parent.is_valid() {
            span.record("trace_id", tracing::field::display(parent.trace_id()));
            // Fails where traces are not exported, which is no loss.
            span.set_parent(context).ok();
        }
        let mut extensions = request.extensions_mut();
        extensions.insert(id);
        extensions.insert(Arrived(Instant::now()));
        span
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("http.response.status_code", status.as_u16());
        span.record("otel.status_code", if status.is_server_error() { "ERROR" } else { "OK" });
        let Ok(response) = outcome else { return };
        let request = response.request();
        if let Some(route) = request.match_pattern() {
            span.record("http.route", route);
        }
        let took_ms =
            request.extensions().get::<Arrived>().map(|arrived| arrived.0.elapsed().as_secs_f64() * 1000.0);
        tracing::info!(
            status = status.as_u16(),
            took_ms,
            "{} {} answered {}",
            request.method(),
            told(request.path()),
            status.as_u16()
        );
    }
}

/// A path as it is written down. A link is a credential: what follows its prefix is not for the log.
fn told(path: &str) -> Cow<'_, str> {
    const LINK: &str = "/maid_";
    match path.find(LINK) {
        Some(at) => format!("{}{LINK}***", &path[..at]).into(),
        None => path.into(),
    }
}

/// Headers, for whoever looks for a trace in them.
struct Carrier<'a>(&'a HeaderMap);

impl Extractor for Carrier<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_link_is_not_written_down() {
        assert_eq!(told("/api/maid/runs/7"), "/api/maid/runs/7");
        assert_eq!(told("/api/maid/prompts/shared/maid_prompt_0_1"), "/api/maid/prompts/shared/maid_***");
    }

    #[test]
    fn a_sane_id_is_taken_over_and_any_other_replaced() {
        let id = |value: &str| {
            let request = TestRequest::get().insert_header(("x-request-id", value)).to_http_request();
            RequestId::of(request.headers()).0
        };
        assert_eq!(id("build-7:42"), "build-7:42");
        for other in ["", "two words", "a\"quote", &"x".repeat(129)] {
            assert!(Uuid::parse_str(&id(other)).is_ok(), "{other}");
        }
        let twice =
            TestRequest::get().append_header(("x-request-id", "a")).append_header(("x-request-id", "b"));
        assert!(Uuid::parse_str(RequestId::of(twice.to_http_request().headers()).as_str()).is_ok());
    }
}
