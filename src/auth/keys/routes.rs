//! The routes of API keys, below `/api/maid`.

use actix_web::{HttpResponse, delete, get, http::StatusCode, post, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::dto::{KeyQuery, KeyView, NewKey, NewKeyAnswer};
use crate::{
    auth::{Anybody, Auth, AuthError, Authorized, Person},
    http::{
        Json, List, NoBody, Page, Path, Problem, Query,
        idempotency::{IdempotencyKey, Once, StoredAnswer},
    },
};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create).service(show).service(revoke);
}

/// API keys
///
/// Your own, the newest first; an admin sees all of the tenant.
#[utoipa::path(tag = "keys", params(KeyQuery),
    responses((status = OK, description = "Keys, without the keys themselves", body = Page<KeyView>)))]
#[get("/keys")]
async fn list(
    principal: Authorized<Anybody>,
    auth: Data<Auth>,
    query: Query<KeyQuery>,
) -> Result<HttpResponse, Problem> {
    let list = List::new("keys", &"-id", &(&principal.tenant_id, &principal.id, query.owner));
    let after = query.cursor.as_deref().map(|cursor| list.position(cursor)).transpose()?;
    let keys = auth.keys.list(&principal, query.owner, after, query.limit).await?;
    Ok(HttpResponse::Ok().json(Page::of(keys, query.limit, &list, |last| last.id).map(KeyView::from)))
}

/// Make an API key
///
/// For yourself, with at most what you may. The key is shown once: a repetition of the request does not
/// show it again. An API key cannot do this.
#[utoipa::path(tag = "keys", params(IdempotencyKey), request_body = NewKey,
    responses((status = CREATED, description = "The key", body = NewKeyAnswer)))]
#[post("/keys")]
async fn create(
    principal: Authorized<Person>,
    auth: Data<Auth>,
    once: Once,
    body: Json<NewKey>,
) -> Result<HttpResponse, Problem> {
    let owner =
        principal.id.parse().map_err(|_| AuthError::Closed("only a user who has signed in has API keys"))?;
    let (auth, new) = (auth.get_ref().clone(), body.into_inner());
    once.answer(principal.into_principal(), move |principal, id| async move {
        let made = auth.keys.create(&principal, owner, id, new).await?;
        let again = NewKeyAnswer { id, key: None };
        let shown = NewKeyAnswer { id, key: Some(made.key.expose().to_owned()) };
        let answer = StoredAnswer::json(StatusCode::CREATED, &again)?.showing_once(&shown)?;
        Ok(answer.at(format!("/api/maid/keys/{id}")))
    })
    .await
}

/// One API key
#[utoipa::path(tag = "keys", params(("id" = Uuid, Path, description = "Id of the key")),
    responses((status = OK, description = "The key, without the key itself", body = KeyView)))]
#[get("/keys/{id}")]
async fn show(
    principal: Authorized<Anybody>,
    auth: Data<Auth>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(KeyView::from(auth.keys.get(&principal, *id).await?)))
}

/// Revoke an API key
///
/// It is refused from now on. An API key cannot do this.
#[utoipa::path(tag = "keys", params(("id" = Uuid, Path, description = "Id of the key"), IdempotencyKey),
    responses((status = NO_CONTENT, description = "It is revoked")))]
#[delete("/keys/{id}")]
async fn revoke(
    principal: Authorized<Person>,
    auth: Data<Auth>,
    id: Path<Uuid>,
    _: NoBody,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let (auth, id) = (auth.get_ref().clone(), *id);
    once.answer(principal.into_principal(), move |principal, _| async move {
        auth.keys.revoke(&principal, id).await?;
        Ok(StoredAnswer::empty(StatusCode::NO_CONTENT))
    })
    .await
}
