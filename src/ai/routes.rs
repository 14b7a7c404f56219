//! The routes about models, below `/api/maid`.

use actix_web::{HttpResponse, get, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{dto::AiStatus, service::Ai};
use crate::auth::{Authorized, MaidRead};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(status);
}

/// How the models are
///
/// Which models this server has inside, whether they answer, and what to do where they do not. Asking loads nothing.
#[utoipa::path(tag = "ai", operation_id = "status",
    responses((status = OK, description = "The models", body = AiStatus)))]
#[get("/ai/status")]
async fn status(_: Authorized<MaidRead>, ai: Data<Ai>) -> HttpResponse {
    HttpResponse::Ok().json(ai.status().await)
}
