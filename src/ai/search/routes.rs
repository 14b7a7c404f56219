//! The routes of the search, below `/api/maid`.

use actix_web::{HttpResponse, get, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    dto::{RecommendQuery, Recommendations, SearchAnswer, SearchQuery, SimilarQuery, TrendQuery},
    service::Search,
    trend::Trend,
};
use crate::{
    auth::{Authorized, MaidRead},
    http::{Problem, Query},
};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(similar).service(recommend).service(trend).service(find);
}

/// Search everything
///
/// Runs, recipes and prompts that you may see, by their words and by what they mean; what is good by both comes
/// first. Without an embedding model it goes by words alone, and `degraded` says so.
#[utoipa::path(tag = "search", params(SearchQuery), responses((status = OK, body = SearchAnswer)))]
#[get("/search")]
async fn find(
    principal: Authorized<MaidRead>,
    search: Data<Search>,
    query: Query<SearchQuery>,
) -> Result<HttpResponse, Problem> {
    let of = Search::searched(&principal, &query.q, query.kind);
    let skip = query.cursor.as_deref().map(|cursor| of.position(cursor)).transpose()?;
    let page = (skip.unwrap_or(0), query.limit);
    Ok(HttpResponse::Ok().json(search.search(&principal, &query.q, query.kind, page).await?))
}

/// Tests like this one
///
/// Runs that say or mean what a run does: its test, its target, its requests, what went wrong.
#[utoipa::path(tag = "search", params(SimilarQuery), responses((status = OK, body = SearchAnswer)))]
#[get("/search/similar")]
async fn similar(
    principal: Authorized<MaidRead>,
    search: Data<Search>,
    query: Query<SimilarQuery>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(search.similar(&principal, query.run, query.limit).await?))
}

/// Recipes for a target
///
/// From the runs against it, and from the words of its address and of what those runs have requested. Nothing is
/// sent to it.
#[utoipa::path(tag = "search", params(RecommendQuery), responses((status = OK, body = Recommendations)))]
#[get("/search/recommend")]
async fn recommend(
    principal: Authorized<MaidRead>,
    search: Data<Search>,
    query: Query<RecommendQuery>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(search.recommend(&principal, &query.host, query.limit).await?))
}

/// How a test has changed
///
/// Answers such as "is checkout slower than last month?" or "ist die Suche langsamer als letzte Woche?" by
/// comparing stored runs of one and the same test, with the statistics of `GET /runs/compare`. Where there is not
/// enough to tell, it says what is missing.
#[utoipa::path(tag = "search", params(TrendQuery), responses((status = OK, body = Trend)))]
#[get("/search/trend")]
async fn trend(
    principal: Authorized<MaidRead>,
    search: Data<Search>,
    query: Query<TrendQuery>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(search.trend(&principal, &query.q).await?))
}
