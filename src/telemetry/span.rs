//! The span of a request: its id, its route and, where the caller traces, the caller's trace.

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::HeaderMap,
};
use opentelemetry::{
    propagation::{Extractor, TextMapPropagator},
    trace::TraceContextExt,
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Span, field::Empty};
use tracing_actix_web::{RequestId, RootSpanBuilder};
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// What stands for the route of a request that no route matches.
pub(super) const UNMATCHED: &str = "unmatched";

/// Makes the span of a request, for `tracing_actix_web::TracingLogger`.
///
/// It is of the level `error` only so that every log line shows its `request_id`, whatever
/// `telemetry.log` is. The path is left out: what follows a `?` may be a secret.
#[derive(Clone, Copy, Debug)]
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let method = request.method().as_str();
        let route = request.match_pattern().unwrap_or_else(|| UNMATCHED.to_owned());
        let caller = TraceContextPropagator::new().extract(&Headers(request.headers()));
        let trace = caller.span().span_context().clone();
        let span = tracing::error_span!(
            "request",
            request_id = Empty,
            trace_id = Empty,
            http.request.method = method,
            http.route = route,
            http.response.status_code = Empty,
            otel.name = format!("{method} {route}"),
            otel.kind = "server",
            otel.status_code = Empty,
        );
        if let Some(id) = request.extensions().get::<RequestId>() {
            span.record("request_id", tracing::field::display(id));
        }
        if trace.is_valid() {
            span.record("trace_id", tracing::field::display(trace.trace_id()));
            // Without an exporter there is nothing that could take it.
            span.set_parent(caller).ok();
        }
        span
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("http.response.status_code", status.as_u16());
        if status.is_server_error() {
            span.record("otel.status_code", "ERROR");
        }
    }
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(actix_web::http::header::HeaderName::as_str).collect()
    }
}
