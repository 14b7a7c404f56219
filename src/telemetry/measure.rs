//! The middleware that counts and times every request, by the pattern of its route.

use std::time::Instant;

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web,
};

use super::metrics::Metrics;

/// What stands for the route of a request that no route matches.
const UNMATCHED: &str = "unmatched";

/// Counts and times a request, for `actix_web::middleware::from_fn`. Takes the [`Metrics`] from the
/// app's data.
///
/// # Errors
/// Those of the route.
pub async fn measure<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let Some(metrics) = request.app_data::<web::Data<Metrics>>().cloned() else {
        return next.call(request).await;
    };
    let method = request.method().clone();
    let begun = Instant::now();
    let in_flight = metrics.http().begin();
    let answer = next.call(request).await;
    drop(in_flight);
    let (status, route) = match &answer {
        Ok(response) => (response.status(), response.request().match_pattern()),
        Err(error) => (error.as_response_error().status_code(), None),
    };
    // Never the path itself: there are as many of those as somebody likes to send.
    let route = route.unwrap_or_else(|| UNMATCHED.to_owned());
    metrics.http().observe(&method, &route, status, begun.elapsed());
    answer
}
