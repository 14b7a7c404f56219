//! The route of how links are used, below `/api/maid`.

use actix_web::{HttpResponse, get, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{UsageGroup, UsageQuery};
use crate::{
    auth::{Authorized, MaidRead},
    deeplinks::Deeplinks,
    http::{Page, Problem, Query},
};

/// Registers the route.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(analytics);
}

/// How deeplinks are used
///
/// How often they were opened, from how many addresses, how many runs were started from them, and how often
/// they were refused; by day or by link. No address is stored: visitors of one day are told apart by a hash that
/// is another one the next day.
#[utoipa::path(tag = "deeplinks", operation_id = "deeplink_analytics", params(UsageQuery),
    responses((status = OK, description = "Uses, counted", body = Page<UsageGroup>)))]
#[get("/deeplinks/analytics")]
async fn analytics(
    principal: Authorized<MaidRead>,
    deeplinks: Data<Deeplinks>,
    query: Query<UsageQuery>,
) -> Result<HttpResponse, Problem> {
    let list = Deeplinks::counted(&principal, &query);
    let skip = query.cursor.as_deref().map(|cursor| list.position(cursor)).transpose()?;
    Ok(HttpResponse::Ok().json(deeplinks.analytics(&principal, &query, skip.unwrap_or(0)).await?))
}
