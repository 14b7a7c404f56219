//! The routes of the configuration, below `/api/maid`.

use actix_web::{
    HttpResponse, get,
    http::{StatusCode, header},
    put, web,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    dto::{AppliedChange, ConfigChange, ConfigView},
    service::Settings,
};
use crate::{
    auth::{Authorized, MaidRead, SettingsAdmin},
    config::schema_json,
    http::{
        Problem,
        extract::{Header, IfMatch, Json, Query, UniqueKeys},
        idempotency::{IdempotencyKey, Once, StoredAnswer},
        page::{Page, PageQuery},
    },
};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show).service(replace).service(schema).service(changes);
}

/// The configuration
///
/// All of it with defaults, secrets as `***`; where each key comes from; what waits for a restart.
#[utoipa::path(
    tag = "settings",
    responses(
        (status = OK, description = "The configuration", body = ConfigView,
            headers(("ETag" = String, description = "For `If-Match` of a change"))),
    )
)]
#[get("/config")]
async fn show(_: Authorized<MaidRead>, settings: web::Data<Settings>) -> HttpResponse {
    let view = settings.view();
    HttpResponse::Ok()
        .insert_header((header::ETAG, Settings::tag(&view)))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .json(view)
}

/// Change the configuration
///
/// The body replaces what was changed at run time as a whole: a key that is left out falls back to
/// `config.json`, and to its default. It is checked with all that is below and above it, and nothing
/// is changed unless all of it can be used. What can be applied at once is; the rest waits for a
/// restart. Secrets are not taken here.
#[utoipa::path(
    tag = "settings",
    params(IdempotencyKey, ("If-Match" = Option<String>, Header,
        description = "ETag of the configuration that is to be replaced; refused when it is another by now")),
    request_body(content = Object, description = "A part of the configuration, by `GET /config/schema`",
        example = json!({"load": {"max_users": 500}})),
    responses((status = OK, description = "It was changed", body = AppliedChange))
)]
#[put("/config")]
async fn replace(
    principal: Authorized<SettingsAdmin>,
    settings: web::Data<Settings>,
    expected: Header<IfMatch>,
    once: Once,
    runtime: Json<UniqueKeys>,
) -> Result<HttpResponse, Problem> {
    let (expected, runtime) = (expected.0.map(|tags| tags.0), runtime.into_inner().0);
    let settings = settings.get_ref().clone();
    once.answer(principal.into_principal(), move |principal, _| async move {
        let (applied, tag) = settings.change(&principal, runtime, expected).await?;
        Ok(StoredAnswer::json(StatusCode::OK, &applied)?.tagged(tag))
    })
    .await
}

/// The schema of the configuration
///
/// JSON Schema, draft 2020-12. A key whose change takes a restart has `x-restart: true`.
#[utoipa::path(
    tag = "settings",
    responses((status = OK, description = "The schema", body = Object,
        example = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"})))
)]
#[get("/config/schema")]
async fn schema(_: Authorized<MaidRead>) -> HttpResponse {
    HttpResponse::Ok().json(schema_json())
}

/// Who changed what
///
/// The newest first.
#[utoipa::path(
    tag = "settings",
    params(PageQuery),
    responses((status = OK, description = "Changes", body = Page<ConfigChange>))
)]
#[get("/config/changes")]
async fn changes(
    principal: Authorized<MaidRead>,
    settings: web::Data<Settings>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let after = query.cursor.as_deref().map(|cursor| Settings::changed_list(&principal).position(cursor));
    let page = settings.changed(&principal, query.limit, after.transpose()?).await?;
    Ok(HttpResponse::Ok().json(page))
}
