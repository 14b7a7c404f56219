//! The routes of prompts, below `/api/maid`.

use actix_web::{
    HttpResponse, delete, get,
    http::{StatusCode, header},
    post, put,
    web::Data,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    document::Prompt,
    dto::{
        DiffQuery, Made, NewFork, Preview, PreviewView, PromptDiff, PromptQuery, PromptSearch, PromptSummary,
        PromptVersionView, PromptView, Restore, SharedPrompt, Sharing, SharingView,
    },
    record::VersionRow,
    service::Prompts,
    usage,
};
use crate::{
    auth::{Authorized, MaidRead, MaidRecipes},
    http::{
        Header, IfMatch, Json, NoBody, OptionalJson, Page, PageQuery, Path, Problem, Query,
        idempotency::{IdempotencyKey, Once, StoredAnswer},
    },
};

/// Registers the routes. What has a name of its own comes before what stands for any id.
pub fn routes(config: &mut ServiceConfig<'_>) {
    usage::routes(config);
    config.service(list).service(create).service(search).service(shared).service(versions).service(as_it_was);
    config.service(diff).service(restore).service(fork).service(share).service(preview);
    config.service(mark).service(unmark).service(show).service(change).service(remove);
}

/// Prompts
///
/// Your own and those that others share with you, the newest first, then those that MAID comes with.
#[utoipa::path(tag = "prompts", params(PromptQuery),
    responses((status = OK, description = "Prompts, without their texts", body = Page<PromptSummary>)))]
#[get("/prompts")]
async fn list(
    principal: Authorized<MaidRead>,
    prompts: Data<Prompts>,
    query: Query<PromptQuery>,
) -> Result<HttpResponse, Problem> {
    let filters = query.filters();
    let of = Prompts::listed(&principal, &filters);
    let after = query.cursor.as_deref().map(|cursor| of.position(cursor)).transpose()?;
    Ok(HttpResponse::Ok().json(prompts.list(&principal, &filters, query.limit, after).await?))
}

/// Search prompts
///
/// By the beginnings of words of their titles, tags, descriptions and texts; all words must be there. The
/// best come first.
#[utoipa::path(tag = "prompts", params(PromptSearch),
    responses((status = OK, description = "Prompts, without their texts", body = Page<PromptSummary>)))]
#[get("/prompts/search")]
async fn search(
    principal: Authorized<MaidRead>,
    prompts: Data<Prompts>,
    query: Query<PromptSearch>,
) -> Result<HttpResponse, Problem> {
    let filters = query.filters();
    let of = Prompts::searched(&principal, &query.q, &filters);
    let skip = query.cursor.as_deref().map(|cursor| of.position(cursor)).transpose()?;
    let page = (skip.unwrap_or(0), query.limit);
    Ok(HttpResponse::Ok().json(prompts.search(&principal, &query.q, &filters, page).await?))
}

/// Make a prompt
///
/// It is yours and private.
#[utoipa::path(tag = "prompts", params(IdempotencyKey), request_body = Prompt,
    responses((status = CREATED, description = "It is made", body = Made)))]
#[post("/prompts")]
async fn create(
    principal: Authorized<MaidRecipes>,
    prompts: Data<Prompts>,
    once: Once,
    body: Json<Prompt>,
) -> Result<HttpResponse, Problem> {
    let (prompts, new) = (prompts.get_ref().clone(), body.into_inner());
    once.answer(principal.into_principal(), move |principal, id| async move {
        made(&prompts.create(&principal, id, new).await?)
    })
    .await
}

/// One prompt
#[utoipa::path(tag = "prompts", params(("id" = String, Path, description = "Id of the prompt")),
    responses((status = OK, description = "The prompt", body = PromptView,
        headers(("ETag" = String, description = "For `If-Match` of a change")))))]
#[get("/prompts/{id}")]
async fn show(
    principal: Authorized<MaidRead>,
    prompts: Data<Prompts>,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let prompt = prompts.get(&principal, &id).await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, tag(prompt.summary.version))).json(prompt))
}

/// Change a prompt
///
/// Replaces it as a whole; what it said before stays as a version. Yours alone, or any for an admin;
/// built-in ones stay as they are.
#[utoipa::path(tag = "prompts", request_body = Prompt,
    params(("id" = String, Path, description = "Id of the prompt"), IdempotencyKey,
        ("If-Match" = Option<String>, Header, description = "ETag of the version that is to be replaced; refused \
            when it is another by now")),
    responses((status = OK, description = "It is changed", body = Made)))]
#[put("/prompts/{id}")]
async fn change(
    principal: Authorized<MaidRecipes>,
    prompts: Data<Prompts>,
    id: Path<String>,
    expected: Header<IfMatch>,
    once: Once,
    body: Json<Prompt>,
) -> Result<HttpResponse, Problem> {
    let (prompts, id, prompt) = (prompts.get_ref().clone(), id.into_inner(), body.into_inner());
    once.answer(principal.into_principal(), move |principal, _| async move {
        let made = prompts.change(&principal, &id, prompt, meant(expected)).await?;
        Ok(StoredAnswer::json(StatusCode::OK, &made)?.tagged(tag(made.version)))
    })
    .await
}

/// Delete a prompt
///
/// With its versions and all that is known of its uses. What was forked from it stays.
#[utoipa::path(tag = "prompts",
    params(("id" = String, Path, description = "Id of the prompt"), IdempotencyKey),
    responses((status = NO_CONTENT, description = "It is deleted")))]
#[delete("/prompts/{id}")]
async fn remove(
    principal: Authorized<MaidRecipes>,
    prompts: Data<Prompts>,
    id: Path<String>,
    _: NoBody,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let (prompts, id) = (prompts.get_ref().clone(), id.into_inner());
    once.answer(principal.into_principal(), move |principal, _| async move {
        prompts.delete(&principal, &id).await?;
        Ok(StoredAnswer::empty(StatusCode::NO_CONTENT))
    })
    .await
}

/// Versions of a prompt
///
/// The newest first; the newest 200 are kept. A built-in prompt changes with MAID alone and has none here.
#[utoipa::path(tag = "prompts", params(("id" = String, Path, description = "Id of the prompt"), PageQuery),
    responses((status = OK, description = "Versions, without their texts", body = Page<VersionRow>)))]
#[get("/prompts/{id}/versions")]
async fn versions(
    principal: Authorized<MaidRead>,
    prompts: Data<Prompts>,
    id: Path<String>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let of = Prompts::versions_list(&principal, &id);
    let before = query.cursor.as_deref().map(|cursor| of.position(cursor)).transpose()?;
    Ok(HttpResponse::Ok().json(prompts.versions(&principal, &id, before, query.limit).await?))
}

/// One version of a prompt
#[utoipa::path(tag = "prompts",
    params(("id" = String, Path, description = "Id of the prompt"),
        ("version" = u64, Path, description = "Number of the version", minimum = 1)),
    responses((status = OK, description = "What was written", body = PromptVersionView)))]
#[get("/prompts/{id}/versions/{version}")]
async fn as_it_was(
    principal: Authorized<MaidRead>,
    prompts: Data<Prompts>,
    path: Path<(String, u64)>,
) -> Result<HttpResponse, Problem> {
    let (id, version) = path.into_inner();
    Ok(HttpResponse::Ok().json(prompts.version(&principal, &id, version).await?))
}

/// Compare two versions of a prompt
#[utoipa::path(tag = "prompts", params(("id" = String, Path, description = "Id of the prompt"), DiffQuery),
    responses((status = OK, description = "What differs", body = PromptDiff)))]
#[get("/prompts/{id}/diff")]
async fn diff(
    principal: Authorized<MaidRead>,
    prompts: Data<Prompts>,
    id: Path<String>,
    query: Query<DiffQuery>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(prompts.diff(&principal, &id, query.from, query.to).await?))
}

/// Bring a version back
///
/// It becomes the newest one; nothing is lost by it.
#[utoipa::path(tag = "prompts", request_body = Restore,
    params(("id" = String, Path, description = "Id of the prompt"), IdempotencyKey,
        ("If-Match" = Option<String>, Header, description = "ETag of the newest version as you have read it; refused \
            when it is another by now")),
    responses((status = OK, description = "It is back", body = Made)))]
#[post("/prompts/{id}/restore")]
async fn restore(
    principal: Authorized<MaidRecipes>,
    prompts: Data<Prompts>,
    id: Path<String>,
    expected: Header<IfMatch>,
    once: Once,
    body: Json<Restore>,
) -> Result<HttpResponse, Problem> {
    let (prompts, id, which) = (prompts.get_ref().clone(), id.into_inner(), body.into_inner());
    once.answer(principal.into_principal(), move |principal, _| async move {
        let made = prompts.restore(&principal, &id, which.version, meant(expected)).await?;
        Ok(StoredAnswer::json(StatusCode::OK, &made)?.tagged(tag(made.version)))
    })
    .await
}

/// Make a prompt from another
///
/// From any that you may read, also from one that MAID comes with. It is yours and private, and says what
/// it was made from.
#[utoipa::path(tag = "prompts", request_body = Option<NewFork>,
    params(("id" = String, Path, description = "Id of the other prompt"), IdempotencyKey),
    responses((status = CREATED, description = "It is made", body = Made)))]
#[post("/prompts/{id}/fork")]
async fn fork(
    principal: Authorized<MaidRecipes>,
    prompts: Data<Prompts>,
    from: Path<String>,
    once: Once,
    body: OptionalJson<NewFork>,
) -> Result<HttpResponse, Problem> {
    let (prompts, from, new) = (prompts.get_ref().clone(), from.into_inner(), body.0.unwrap_or_default());
    once.answer(principal.into_principal(), move |principal, id| async move {
        made(&prompts.fork(&principal, &from, id, new).await?)
    })
    .await
}

/// Share a prompt
///
/// `private`: you and admins read it. `tenant`: everybody of the tenant, with its versions. `public`: also
/// whoever has its link, which shows the newest version and nothing of whose it is. The link is shown
/// once; sharing anew makes another and ends the one before.
#[utoipa::path(tag = "prompts", request_body = Sharing,
    params(("id" = String, Path, description = "Id of the prompt"), IdempotencyKey),
    responses((status = OK, description = "Who may read it now", body = SharingView)))]
#[post("/prompts/{id}/share")]
async fn share(
    principal: Authorized<MaidRecipes>,
    prompts: Data<Prompts>,
    id: Path<String>,
    once: Once,
    body: Json<Sharing>,
) -> Result<HttpResponse, Problem> {
    let (prompts, id, sharing) = (prompts.get_ref().clone(), id.into_inner(), body.into_inner());
    once.answer(principal.into_principal(), move |principal, _| async move {
        let shown = prompts.share(&principal, &id, sharing.visibility).await?;
        let again = SharingView { link: None, ..shown };
        StoredAnswer::json(StatusCode::OK, &again)?.showing_once(&shown)
    })
    .await
}

/// A prompt by its link
///
/// For whoever has the link, until its owner ends it.
#[utoipa::path(tag = "prompts", security(()),
    params(("token" = String, Path, description = "What the link ends with")),
    responses((status = OK, description = "The prompt, and nothing of whose it is", body = SharedPrompt)))]
#[get("/prompts/shared/{token}")]
async fn shared(prompts: Data<Prompts>, token: Path<String>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(prompts.shared(&token).await?))
}

/// Fill a prompt in
///
/// The text with your values in its places. A value stays what it is, whatever it holds.
#[utoipa::path(tag = "prompts", request_body = Option<Preview>,
    params(("id" = String, Path, description = "Id of the prompt")),
    responses((status = OK, description = "The text", body = PreviewView)))]
#[post("/prompts/{id}/preview")]
async fn preview(
    principal: Authorized<MaidRead>,
    prompts: Data<Prompts>,
    id: Path<String>,
    body: OptionalJson<Preview>,
) -> Result<HttpResponse, Problem> {
    let preview = body.0.unwrap_or_default();
    Ok(HttpResponse::Ok().json(prompts.preview(&principal, &id, preview).await?))
}

/// Mark a prompt
///
/// For yourself alone: `favourite` finds it again.
#[utoipa::path(tag = "prompts",
    params(("id" = String, Path, description = "Id of the prompt"), IdempotencyKey),
    responses((status = NO_CONTENT, description = "It is marked")))]
#[put("/prompts/{id}/favourite")]
async fn mark(
    principal: Authorized<MaidRead>,
    prompts: Data<Prompts>,
    id: Path<String>,
    _: NoBody,
    once: Once,
) -> Result<HttpResponse, Problem> {
    set_mark(principal, &prompts, id, once, true).await
}

/// Take a mark off
#[utoipa::path(tag = "prompts",
    params(("id" = String, Path, description = "Id of the prompt"), IdempotencyKey),
    responses((status = NO_CONTENT, description = "It is not marked")))]
#[delete("/prompts/{id}/favourite")]
async fn unmark(
    principal: Authorized<MaidRead>,
    prompts: Data<Prompts>,
    id: Path<String>,
    _: NoBody,
    once: Once,
) -> Result<HttpResponse, Problem> {
    set_mark(principal, &prompts, id, once, false).await
}

async fn set_mark(
    principal: Authorized<MaidRead>,
    prompts: &Data<Prompts>,
    id: Path<String>,
    once: Once,
    marked: bool,
) -> Result<HttpResponse, Problem> {
    let (prompts, id) = (prompts.get_ref().clone(), id.into_inner());
    once.answer(principal.into_principal(), move |principal, _| async move {
        prompts.mark(&principal, &id, marked).await?;
        Ok(StoredAnswer::empty(StatusCode::NO_CONTENT))
    })
    .await
}

fn made(made: &Made) -> Result<StoredAnswer, Problem> {
    let answer = StoredAnswer::json(StatusCode::CREATED, made)?.tagged(tag(made.version));
    Ok(answer.at(format!("/api/maid/prompts/{}", made.id)))
}

fn tag(version: u64) -> String {
    format!("\"{version}\"")
}

/// Which versions a change is meant for; any where that is not said.
fn meant(expected: Header<IfMatch>) -> impl Fn(u64) -> bool {
    move |version| expected.0.as_ref().is_none_or(|expected| expected.takes(&tag(version)))
}
