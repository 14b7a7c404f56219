//! The routes of recipes, below `/api/maid`.

use actix_web::{
    HttpRequest, HttpResponse, delete, get,
    http::{StatusCode, header},
    post, put,
    web::Data,
};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    dto::{
        CopyRequest, RecipeInput, RecipeItem, RecipeQuery, RecipeResults, RecipeSearch, RecipeView,
        RunRequest, Stored, VersionItem, VersionView,
    },
    record::{Found, RecipeRow},
    service::{Position, Recipes, Wanted},
};
use crate::{
    auth::{Authorized, MaidRead, MaidRecipes, MaidWrite},
    db::words,
    http::{
        Code, Header, IfMatch, Json, List, NoBody, OptionalJson, Page, PageQuery, Path, Problem, Query,
        idempotency::{IdempotencyKey, Once, StoredAnswer},
        trace::trace_of,
    },
    runs::{self, Runs, Started, Test},
};

/// Runs that a trend is made of.
const RUNS: u32 = 50;

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(library)
        .service(search)
        .service(create)
        .service(show)
        .service(change)
        .service(remove)
        .service(copy)
        .service(versions)
        .service(as_it_was)
        .service(run)
        .service(results);
}

/// The library
///
/// Built-in recipes first, then those of the tenant, the newest first.
#[utoipa::path(tag = "recipes", params(RecipeQuery),
    responses((status = OK, description = "Recipes", body = Page<RecipeItem>)))]
#[get("/recipes")]
async fn library(
    principal: Authorized<MaidRead>,
    recipes: Data<Recipes>,
    query: Query<RecipeQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner().checked()?;
    let list =
        List::new("recipes", &"-id", &(&principal.tenant_id, query.category, &query.tag, query.built_in));
    let after = query.cursor.as_deref().map(|cursor| list.position(cursor)).transpose()?;
    let found = recipes.list(&principal, &query.filters(), after, query.limit.get() + 1).await?;
    let page = Page::of(found, query.limit, &list, |last| match last.id.parse() {
        Ok(id) => Position::Written(id),
        Err(_) => Position::BuiltIn(last.id.clone()),
    });
    Ok(HttpResponse::Ok().json(page.map(RecipeItem::from)))
}

/// Search the library
///
/// Best first: words of the title count most, then tags, then the text; a whole word more than its
/// beginning.
#[utoipa::path(tag = "recipes", params(RecipeSearch),
    responses((status = OK, description = "Recipes", body = Page<RecipeItem>)))]
#[get("/recipes/search")]
async fn search(
    principal: Authorized<MaidRead>,
    recipes: Data<Recipes>,
    query: Query<RecipeSearch>,
) -> Result<HttpResponse, Problem> {
    let filters = query.filters()?;
    let asked =
        Some(&query.q).filter(|text| text.chars().count() <= 200).and_then(|text| words::Query::of(text));
    let asked = asked
        .ok_or_else(|| Problem::new(Code::BadQuery, "q: must have a word, and 200 characters at most"))?;
    let found = recipes.search(&principal, &asked, &filters, query.limit.get()).await?;
    let items: Vec<RecipeItem> = found.into_iter().map(RecipeItem::from).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Write a recipe
///
/// It is checked with the LoadTest that it makes of its defaults and examples. What is sent as a text, as its file
/// has it, is kept as it is written, with its comments.
#[utoipa::path(tag = "recipes", params(IdempotencyKey), request_body = RecipeInput,
    responses((status = CREATED, description = "It is stored", body = Stored)))]
#[post("/recipes")]
async fn create(
    principal: Authorized<MaidRecipes>,
    recipes: Data<Recipes>,
    once: Once,
    body: Json<RecipeInput>,
) -> Result<HttpResponse, Problem> {
    let (recipes, draft) = (recipes.get_ref().clone(), body.into_inner().into_draft()?);
    once.answer(principal.into_principal(), move |principal, id| async move {
        created(&recipes.create(&principal, id, draft, None).await?)
    })
    .await
}

fn created(row: &RecipeRow) -> Result<StoredAnswer, Problem> {
    let answer = StoredAnswer::json(StatusCode::CREATED, &Stored { id: row.id, version: row.version })?;
    Ok(answer.at(format!("/api/maid/recipes/{}", row.id)).tagged(tag(row.version)))
}

fn tag(version: i64) -> String {
    format!("\"{version}\"")
}

/// One recipe
#[utoipa::path(tag = "recipes", params(("id" = String, Path, description = "Id of the recipe")),
    responses((status = OK, description = "The recipe", body = RecipeView,
        headers(("ETag" = String, description = "For `If-Match` of a change")))))]
#[get("/recipes/{id}")]
async fn show(
    principal: Authorized<MaidRead>,
    recipes: Data<Recipes>,
    runs: Data<Runs>,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = recipes.get(&principal, &id).await?;
    let usage = runs.usage(&principal, &found.id()).await?;
    let mut answer = HttpResponse::Ok();
    if let Found::Written(row) = &found {
        answer.insert_header((header::ETAG, tag(row.version)));
    }
    Ok(answer.json(RecipeView::new(&found, usage)))
}

/// Change a recipe
///
/// Replaces it as a whole; what it said before stays as a version. Yours alone, or any for an admin;
/// built-in ones stay as they are.
#[utoipa::path(tag = "recipes", request_body = RecipeInput,
    params(IdempotencyKey, ("id" = String, Path, description = "Id of the recipe"),
        ("If-Match" = Option<String>, Header, description = "ETag of the version that is to be replaced; refused \
            when it is another by now")),
    responses((status = OK, description = "It is stored", body = Stored)))]
#[put("/recipes/{id}")]
async fn change(
    principal: Authorized<MaidRecipes>,
    recipes: Data<Recipes>,
    id: Path<String>,
    expected: Header<IfMatch>,
    once: Once,
    body: Json<RecipeInput>,
) -> Result<HttpResponse, Problem> {
    let (recipes, draft, expected) = (recipes.get_ref().clone(), body.into_inner().into_draft()?, expected.0);
    let id = id.into_inner();
    once.answer(principal.into_principal(), move |principal, _| async move {
        let meant = |version| expected.as_ref().is_none_or(|expected| expected.takes(&tag(version)));
        let row = recipes.change(&principal, &id, draft, meant).await?;
        let answer = StoredAnswer::json(StatusCode::OK, &Stored { id: row.id, version: row.version })?;
        Ok(answer.tagged(tag(row.version)))
    })
    .await
}

/// Delete a recipe
///
/// With all its versions. Its runs stay.
#[utoipa::path(tag = "recipes", params(("id" = String, Path, description = "Id of the recipe"), IdempotencyKey),
    responses((status = NO_CONTENT, description = "It is gone")))]
#[delete("/recipes/{id}")]
async fn remove(
    principal: Authorized<MaidRecipes>,
    recipes: Data<Recipes>,
    id: Path<String>,
    _: NoBody,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let (recipes, id) = (recipes.get_ref().clone(), id.into_inner());
    once.answer(principal.into_principal(), move |principal, _| async move {
        recipes.delete(&principal, &id).await?;
        Ok(StoredAnswer::empty(StatusCode::NO_CONTENT))
    })
    .await
}

/// Copy a recipe
///
/// Any that you can see, built-in ones too; the copy is yours.
#[utoipa::path(tag = "recipes", request_body = Option<CopyRequest>,
    params(("id" = String, Path, description = "Id of the recipe"), IdempotencyKey),
    responses((status = CREATED, description = "The copy", body = Stored)))]
#[post("/recipes/{id}/clone")]
async fn copy(
    principal: Authorized<MaidRecipes>,
    recipes: Data<Recipes>,
    id: Path<String>,
    once: Once,
    body: OptionalJson<CopyRequest>,
) -> Result<HttpResponse, Problem> {
    let (recipes, of) = (recipes.get_ref().clone(), id.into_inner());
    let title = body.0.unwrap_or_default().title;
    once.answer(principal.into_principal(), move |principal, id| async move {
        created(&recipes.copy(&principal, id, &of, title).await?)
    })
    .await
}

/// Versions of a recipe
///
/// The newest first; the last hundred are kept. Built-in recipes have none.
#[utoipa::path(tag = "recipes", params(("id" = String, Path, description = "Id of the recipe"), PageQuery),
    responses((status = OK, description = "Versions", body = Page<VersionItem>)))]
#[get("/recipes/{id}/versions")]
async fn versions(
    principal: Authorized<MaidRead>,
    recipes: Data<Recipes>,
    id: Path<String>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let list = List::new("recipe versions", &"-version", &(&principal.tenant_id, &*id));
    let before = query.cursor.as_deref().map(|cursor| list.position(cursor)).transpose()?;
    let found = recipes.versions(&principal, &id, before, query.limit.get() + 1).await?;
    Ok(HttpResponse::Ok()
        .json(Page::of(found, query.limit, &list, |last| last.version).map(VersionItem::from)))
}

/// A recipe as it was
///
/// To go back to it, send its text, or what it said, as a change.
#[utoipa::path(tag = "recipes", params(("id" = String, Path, description = "Id of the recipe"),
        ("version" = i64, Path, description = "Number of the version", minimum = 1)),
    responses((status = OK, description = "The version", body = VersionView)))]
#[get("/recipes/{id}/versions/{version}")]
async fn as_it_was(
    principal: Authorized<MaidRead>,
    recipes: Data<Recipes>,
    place: Path<(String, i64)>,
) -> Result<HttpResponse, Problem> {
    let (id, number) = place.into_inner();
    let was = recipes.version(&principal, &id, number).await?;
    Ok(HttpResponse::Ok().json(VersionView::from(was)))
}

/// Run a recipe
///
/// As `POST /run` with `recipe_id` does.
#[utoipa::path(tag = "recipes", operation_id = "run_recipe", request_body = RunRequest,
    params(("id" = String, Path, description = "Id of the recipe"), IdempotencyKey),
    responses((status = ACCEPTED, description = "It runs, or waits", body = Started)))]
#[post("/recipes/{id}/run")]
async fn run(
    principal: Authorized<MaidWrite>,
    runs: Data<Runs>,
    request: HttpRequest,
    id: Path<String>,
    once: Once,
    body: Json<RunRequest>,
) -> Result<HttpResponse, Problem> {
    let (trace, runs) = (trace_of(&request), runs.get_ref().clone());
    let (recipe, RunRequest { parameters, queue, notes, env }) = (id.into_inner(), body.into_inner());
    once.answer(principal.into_principal(), move |principal, id: Uuid| async move {
        let test = Test::Recipe(Wanted { id: recipe, parameters });
        let wanted = runs::Wanted { id, test, queue, notes: runs::notes(notes)?, env, trace };
        let began = runs.start(&principal, wanted).await?;
        runs::started(id, began.into())
    })
    .await
}

/// Results of a recipe
///
/// Its last runs, the newest first, and how the newest stands to those before it.
#[utoipa::path(tag = "recipes", params(("id" = String, Path, description = "Id of the recipe")),
    responses((status = OK, description = "Runs, and the trend", body = RecipeResults)))]
#[get("/recipes/{id}/results")]
async fn results(
    principal: Authorized<MaidRead>,
    recipes: Data<Recipes>,
    runs: Data<Runs>,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = recipes.get(&principal, &id).await?;
    let rows = runs.of_recipe(&principal, &found.id(), RUNS).await?;
    Ok(HttpResponse::Ok().json(RecipeResults::of(rows.into_iter().map(Into::into).collect())))
}
