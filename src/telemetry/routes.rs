//! `GET /healthz`, `/readyz` and `/metrics`: public, for whatever watches over MAID.

use actix_web::{HttpResponse, get, http::header, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    health::{Health, Readiness},
    metrics::{Metrics, OPENMETRICS},
};

/// Registers the routes, at the root.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(healthz).service(readyz).service(metrics);
}

/// That MAID answers.
#[derive(Serialize, ToSchema)]
struct Alive {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether the process answers
///
/// Looks at nothing else: a process that answers need not be started again.
#[utoipa::path(
    tag = "operations",
    responses((status = OK, description = "It does", body = Alive)),
    security(())
)]
#[get("/healthz")]
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(Alive { status: "ok" })
}

/// Whether MAID can take work
///
/// Looks at the database, its migrations, the data folder and the engine, at most once a second.
#[utoipa::path(
    tag = "operations",
    responses(
        (status = OK, description = "It can", body = Readiness),
        (status = SERVICE_UNAVAILABLE, description = "It cannot; the checks say why", body = Readiness,
            example = json!({"status": "not_ready", "checks": [
                {"name": "database", "ok": false, "detail": "it does not answer"},
            ]})),
    ),
    security(())
)]
#[get("/readyz")]
async fn readyz(health: web::Data<Health>) -> HttpResponse {
    let readiness = health.readiness().await;
    let mut answer =
        if readiness.is_ready() { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    answer.insert_header((header::CACHE_CONTROL, "no-store")).json(readiness)
}

/// Metrics for Prometheus
///
/// In the OpenMetrics text form; `docs/operations.md` has the table of all of them.
#[utoipa::path(
    tag = "operations",
    responses((status = OK, description = "All metrics", body = String,
        content_type = "application/openmetrics-text")),
    security(())
)]
#[get("/metrics")]
async fn metrics(metrics: web::Data<Metrics>) -> HttpResponse {
    HttpResponse::Ok().content_type(OPENMETRICS).body(metrics.text())
}
