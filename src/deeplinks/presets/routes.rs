//! The routes of presets, below `/api/maid`.

use actix_web::{
    HttpResponse, delete, get,
    http::{StatusCode, header},
    post, put,
    web::Data,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{NewPreset, PresetBody, PresetItem, PresetStored, PresetView};
use crate::{
    auth::{Authorized, MaidRead, MaidWrite},
    deeplinks::{Deeplinks, record::PresetRow},
    http::{
        Header, IfMatch, Json, List, NoBody, Page, PageQuery, Path, Problem, Query,
        idempotency::{IdempotencyKey, Once, StoredAnswer},
    },
};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create).service(show).service(change).service(remove);
}

/// Presets
///
/// Of the tenant, by name.
#[utoipa::path(tag = "deeplinks", operation_id = "list_presets", params(PageQuery),
    responses((status = OK, description = "Presets", body = Page<PresetItem>)))]
#[get("/presets")]
async fn list(
    principal: Authorized<MaidRead>,
    deeplinks: Data<Deeplinks>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let presets = List::new("presets", &"name", &principal.tenant_id);
    let after: Option<String> = query.cursor.as_deref().map(|cursor| presets.position(cursor)).transpose()?;
    let found = deeplinks.presets(&principal, after.as_deref(), query.limit.get() + 1).await?;
    let page = Page::of(found, query.limit, &presets, |last| last.name.clone());
    Ok(HttpResponse::Ok().json(page.map(PresetItem::from)))
}

/// Make a preset
///
/// It is checked that it can be run and holds no secret.
#[utoipa::path(tag = "deeplinks", operation_id = "create_preset", params(IdempotencyKey), request_body = NewPreset,
    responses((status = CREATED, description = "It is stored", body = PresetStored)))]
#[post("/presets")]
async fn create(
    principal: Authorized<MaidWrite>,
    deeplinks: Data<Deeplinks>,
    once: Once,
    body: Json<NewPreset>,
) -> Result<HttpResponse, Problem> {
    let (deeplinks, (name, body)) = (deeplinks.get_ref().clone(), body.into_inner().parts());
    once.answer(principal.into_principal(), move |principal, _| async move {
        let row = deeplinks.make_preset(&principal, name, body).await?;
        let at = format!("/api/maid/presets/{}", row.line.name);
        Ok(stored(StatusCode::CREATED, &row)?.at(at))
    })
    .await
}

fn stored(status: StatusCode, row: &PresetRow) -> Result<StoredAnswer, Problem> {
    let answer = PresetStored { name: row.line.name.clone(), version: row.line.version };
    Ok(StoredAnswer::json(status, &answer)?.tagged(tag(row.line.version)))
}

fn tag(version: i64) -> String {
    format!("\"{version}\"")
}

/// One preset
#[utoipa::path(tag = "deeplinks", operation_id = "show_preset",
    params(("name" = String, Path, description = "Name of the preset")),
    responses((status = OK, description = "The preset", body = PresetView,
        headers(("ETag" = String, description = "For `If-Match` of a change")))))]
#[get("/presets/{name}")]
async fn show(
    principal: Authorized<MaidRead>,
    deeplinks: Data<Deeplinks>,
    name: Path<String>,
) -> Result<HttpResponse, Problem> {
    let row = deeplinks.preset(&principal, &name).await?;
    let etag = tag(row.line.version);
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag)).json(PresetView::from(row)))
}

/// Change a preset
///
/// Replaces what it says; links to it lead there from now on. Yours alone, or any for an admin.
#[utoipa::path(tag = "deeplinks", operation_id = "change_preset", request_body = PresetBody,
    params(IdempotencyKey, ("name" = String, Path, description = "Name of the preset"),
        ("If-Match" = Option<String>, Header, description = "ETag of the version that is to be replaced; refused \
            when it is another by now")),
    responses((status = OK, description = "It is stored", body = PresetStored)))]
#[put("/presets/{name}")]
async fn change(
    principal: Authorized<MaidWrite>,
    deeplinks: Data<Deeplinks>,
    name: Path<String>,
    expected: Header<IfMatch>,
    once: Once,
    body: Json<PresetBody>,
) -> Result<HttpResponse, Problem> {
    let (deeplinks, body, expected) = (deeplinks.get_ref().clone(), body.into_inner(), expected.0);
    let name = name.into_inner();
    once.answer(principal.into_principal(), move |principal, _| async move {
        let meant = |version| expected.as_ref().is_none_or(|expected| expected.takes(&tag(version)));
        let row = deeplinks.change_preset(&principal, &name, body, meant).await?;
        stored(StatusCode::OK, &row)
    })
    .await
}

/// Delete a preset
///
/// Links to it lead nowhere then.
#[utoipa::path(tag = "deeplinks", operation_id = "delete_preset",
    params(("name" = String, Path, description = "Name of the preset"), IdempotencyKey),
    responses((status = NO_CONTENT, description = "It is gone")))]
#[delete("/presets/{name}")]
async fn remove(
    principal: Authorized<MaidWrite>,
    deeplinks: Data<Deeplinks>,
    name: Path<String>,
    _: NoBody,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let (deeplinks, name) = (deeplinks.get_ref().clone(), name.into_inner());
    once.answer(principal.into_principal(), move |principal, _| async move {
        deeplinks.delete_preset(&principal, &name).await?;
        Ok(StoredAnswer::empty(StatusCode::NO_CONTENT))
    })
    .await
}
