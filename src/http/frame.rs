//! What is true of every answer: problems instead of bare statuses, the request's id, headers that
//! keep browsers from guessing and caching, and HEAD and OPTIONS beside what a route knows itself.

use std::sync::Arc;

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, Uri,
        header::{self, HeaderValue},
    },
    middleware::Next,
};

use super::{
    bounds,
    edges::Edges,
    foreign::problem_of,
    problem::PROBLEM_JSON,
    surface::Surface,
    trace::{REQUEST_ID, RequestId},
};

/// Routes of runs that also answer under [`ALIAS`].
pub const ALIASED: [&str; 4] = ["run", "stop", "status", "history"];

/// Where the modules' routes are.
pub const API: &str = "/api/maid";

/// Where the routes of runs answer as well.
pub const ALIAS: &str = "/api/goose";

/// Lets a request through and puts its answer in order.
///
/// # Errors
/// Whatever could not become an answer further in.
pub async fn frame<B: MessageBody + 'static>(
    surface: Arc<Surface>,
    edges: Arc<Edges>,
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let (secure, origin) = (request.app_config().secure(), edges.cors.allowed(request.headers()));
    let head = *request.method() == Method::HEAD;
    if head && surface.methods(request.path()).contains(&Method::GET) {
        // The connection itself leaves the body out.
        request.head_mut().method = Method::GET;
    }
    resolve_alias(&mut request);
    let preflight = edges
        .cors
        .preflight(request.method(), request.headers(), || surface.methods(request.path()))
        .unwrap_or_else(|problem| Some(problem.error_response()));
    let refused = bounds::refused(request.head())
        .or_else(|| surface.refused_method(request.method(), request.path()))
        .or_else(|| surface.refused_query(request.method(), request.path(), request.query_string()));
    let answered = preflight.or_else(|| refused.map(|problem| problem.error_response()));
    let mut response = match answered {
        Some(answer) => request.into_response(answer).map_into_right_body(),
        None => as_problem(next.call(request).await.map_err(|error| {
            let status = error.as_response_error().status_code();
            Error::from(problem_of(status, Some(&error)))
        })?),
    };
    let id = response
        .request()
        .extensions()
        .get::<RequestId>()
        .and_then(|id| HeaderValue::from_str(id.as_str()).ok());
    let headers = response.headers_mut();
    edges.stand(headers, secure);
    edges.cors.open(headers, origin);
    if let Some(id) = id {
        headers.insert(REQUEST_ID, id);
    }
    Ok(response)
}

/// What answers where no route does.
pub async fn refuse(surface: Arc<Surface>, request: HttpRequest) -> HttpResponse {
    let methods = surface.methods(request.path());
    if *request.method() == Method::OPTIONS && !methods.is_empty() {
        let allow = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        return HttpResponse::NoContent().insert_header((header::ALLOW, allow)).finish();
    }
    surface.refusal(request.method(), request.path()).error_response()
}

/// Whether `path` is an alias, and of what.
#[must_use]
pub fn aliased(path: &str) -> Option<String> {
    let route = path.strip_prefix(ALIAS)?.strip_prefix('/')?;
    ALIASED.contains(&route).then(|| format!("{API}/{route}"))
}

fn resolve_alias(request: &mut ServiceRequest) {
    let Some(path) = aliased(request.path()) else { return };
    let mut parts = request.uri().clone().into_parts();
    let query = request.uri().query().map_or_else(String::new, |query| format!("?{query}"));
    parts.path_and_query = format!("{path}{query}").parse().ok();
    let Ok(uri) = Uri::from_parts(parts) else { return };
    request.match_info_mut().get_mut().update(&uri);
    request.head_mut().uri = uri;
}

/// An error that is no problem document becomes one; a route that says in JSON what is wrong, as a
/// readiness check does, is left to say it.
fn as_problem<B: MessageBody>(response: ServiceResponse<B>) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let own = match response.response().error() {
        Some(_) => kind.is_some_and(|kind| kind == PROBLEM_JSON),
        None => kind.is_some_and(|kind| kind == PROBLEM_JSON || kind == "application/json"),
    };
    if own || !(status.is_client_error() || status.is_server_error()) {
        return response.map_into_left_body();
    }
    let problem = problem_of(status, response.response().error());
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut answer = problem.error_response();
    if let Some(allow) = allow {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    response.into_response(answer).map_into_right_body()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_routes_of_runs_have_an_alias() {
        assert_eq!(aliased("/api/goose/run").as_deref(), Some("/api/maid/run"));
        for other in [
            "/api/goose",
            "/api/goose/",
            "/api/goose/run/",
            "/api/goose/config",
            "/api/gooserun",
            "/api/maid/run",
        ] {
            assert_eq!(aliased(other), None, "{other}");
        }
    }
}
