//! The route of what models were asked, below `/api/maid`.

use actix_web::{HttpResponse, get, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    AiUsage,
    dto::{UsageGroup, UsageQuery},
};
use crate::{
    auth::{Authorized, MaidRead},
    http::{Page, Problem, Query},
};

/// Registers the route.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(usage);
}

/// What models were asked
///
/// Questions, tokens and time, by day, principal or model: of everybody for admins, of themselves for others.
#[utoipa::path(tag = "ai", operation_id = "usage", params(UsageQuery),
    responses((status = OK, description = "What was asked, counted", body = Page<UsageGroup>)))]
#[get("/ai/usage")]
async fn usage(
    principal: Authorized<MaidRead>,
    counted: Data<AiUsage>,
    query: Query<UsageQuery>,
) -> Result<HttpResponse, Problem> {
    let list = AiUsage::listed(&principal, &query);
    let skip: Option<u64> = query.cursor.as_deref().map(|cursor| list.position(cursor)).transpose()?;
    Ok(HttpResponse::Ok().json(counted.told(&principal, &query, skip.unwrap_or(0)).await?))
}
