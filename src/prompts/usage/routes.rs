//! The routes of uses, below `/api/maid`.

use actix_web::{HttpResponse, get, http::StatusCode, post, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{NewUse, UsageGroup, UsageQuery, UseView};
use crate::{
    auth::{Authorized, MaidRead},
    http::{
        OptionalJson, Page, Path, Problem, Query,
        idempotency::{IdempotencyKey, Once, StoredAnswer},
    },
    prompts::Prompts,
};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(analytics).service(note_use);
}

/// How prompts are used
///
/// How often, by whom, which version, when, and what became of the runs of the tests that were made from
/// them. Of prompts that you may not read nothing is told.
#[utoipa::path(tag = "prompts", params(UsageQuery),
    responses((status = OK, description = "Uses, counted", body = Page<UsageGroup>)))]
#[get("/prompts/analytics")]
async fn analytics(
    principal: Authorized<MaidRead>,
    prompts: Data<Prompts>,
    query: Query<UsageQuery>,
) -> Result<HttpResponse, Problem> {
    let list = Prompts::counted(&principal, &query);
    let skip = query.cursor.as_deref().map(|cursor| list.position(cursor)).transpose()?;
    Ok(HttpResponse::Ok().json(prompts.analytics(&principal, &query, skip.unwrap_or(0)).await?))
}

/// Note that a prompt was used
///
/// For `analytics`. Whatever makes a test from a prompt says so here, with the run where there is one.
#[utoipa::path(tag = "prompts", request_body = Option<NewUse>,
    params(("id" = String, Path, description = "Id of the prompt"), IdempotencyKey),
    responses((status = CREATED, description = "It is noted", body = UseView)))]
#[post("/prompts/{id}/use")]
async fn note_use(
    principal: Authorized<MaidRead>,
    prompts: Data<Prompts>,
    prompt: Path<String>,
    once: Once,
    body: OptionalJson<NewUse>,
) -> Result<HttpResponse, Problem> {
    let (prompts, prompt) = (prompts.get_ref().clone(), prompt.into_inner());
    let new = body.0.unwrap_or_default();
    once.answer(principal.into_principal(), move |principal, id| async move {
        let noted = prompts.note_use(&principal, &prompt, id, new).await?;
        StoredAnswer::json(StatusCode::CREATED, &noted)
    })
    .await
}
