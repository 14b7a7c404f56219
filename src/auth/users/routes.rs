//! The routes of users, below `/api/maid`.

use actix_web::{HttpRequest, HttpResponse, get, http::StatusCode, patch, post, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::dto::{
    MadeUser, NamesQuery, NewUser, PasswordChange, Registering, UserChange, UserNames, UserView, UsersQuery,
};
use crate::{
    auth::{Auth, AuthError, Authorized, Credential, MaidAdmin, MaidRead, Person, UserAdmin},
    http::{
        ClientAddress, Json, List, Page, Path, Problem, Query,
        idempotency::{IdempotencyKey, Once, StoredAnswer},
        unbroken,
    },
};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(register)
        .service(change_own_password)
        .service(list)
        .service(create)
        .service(names)
        .service(show)
        .service(change);
}

/// Register
///
/// With an invitation of an admin, or without where `auth.registration` is `open`; then an admin lets the
/// user in.
#[utoipa::path(tag = "users", security(()), request_body = Registering,
    responses((status = CREATED, description = "The user; `status` says whether to wait for an admin", body = UserView)))]
#[post("/auth/register")]
async fn register(
    request: HttpRequest,
    auth: Data<Auth>,
    body: Json<Registering>,
) -> Result<HttpResponse, Problem> {
    let from = ClientAddress::of(&request).ip;
    let auth = auth.into_inner();
    let user =
        unbroken(async move { auth.users.register(Uuid::now_v7(), body.into_inner(), from).await }).await?;
    Ok(HttpResponse::Created().json(UserView::from(user)))
}

/// Change my password
///
/// All other sessions of the user end.
#[utoipa::path(tag = "users", request_body = PasswordChange,
    responses((status = NO_CONTENT, description = "It was changed")))]
#[post("/auth/password")]
async fn change_own_password(
    principal: Authorized<Person>,
    auth: Data<Auth>,
    body: Json<PasswordChange>,
) -> Result<HttpResponse, Problem> {
    let Credential::Session(session) = principal.credential else {
        return Err(AuthError::NotFound("user").into());
    };
    let (auth, principal) = (auth.into_inner(), principal.into_principal());
    unbroken(async move { auth.users.change_own_password(&principal, session, body.into_inner()).await })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Users
///
/// Those of your tenant, by name.
#[utoipa::path(tag = "users", params(UsersQuery),
    responses((status = OK, description = "Users", body = Page<UserView>)))]
#[get("/users")]
async fn list(
    principal: Authorized<MaidAdmin>,
    auth: Data<Auth>,
    query: Query<UsersQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner().checked()?;
    let list = List::new("users", &"username", &(&principal.tenant_id, &query.name));
    let after = query.cursor.as_deref().map(|cursor| list.position(cursor)).transpose()?;
    let users = auth.users.list(&principal, query.name.as_deref(), after, query.limit).await?;
    let page = Page::of(users, query.limit, &list, |last| last.username.to_ascii_lowercase());
    Ok(HttpResponse::Ok().json(page.map(UserView::from)))
}

/// Make a user
///
/// With a password, or with an invitation, which is shown once: a repetition of the request does not show
/// it again. An API key cannot do this.
#[utoipa::path(tag = "users", params(IdempotencyKey), request_body = NewUser,
    responses((status = CREATED, description = "The user", body = MadeUser)))]
#[post("/users")]
async fn create(
    principal: Authorized<UserAdmin>,
    auth: Data<Auth>,
    once: Once,
    body: Json<NewUser>,
) -> Result<HttpResponse, Problem> {
    let (auth, new) = (auth.get_ref().clone(), body.into_inner());
    once.answer(principal.into_principal(), move |principal, id| async move {
        let made = auth.users.create(&principal, id, new).await?;
        let place = format!("/api/maid/users/{}", made.user.id);
        let user = UserView::from(made.user);
        let shown =
            MadeUser { user: user.clone(), invitation: made.invitation.map(|it| it.expose().to_owned()) };
        let again = MadeUser { user, invitation: None };
        Ok(StoredAnswer::json(StatusCode::CREATED, &again)?.showing_once(&shown)?.at(place))
    })
    .await
}

/// Names of users
///
/// For what says by its `owner` whose it is. Of your tenant, whatever their status; whoever is not there is left out.
#[utoipa::path(tag = "users", params(NamesQuery),
    responses((status = OK, description = "The names", body = UserNames)))]
#[get("/users/names")]
async fn names(
    principal: Authorized<MaidRead>,
    auth: Data<Auth>,
    query: Query<NamesQuery>,
) -> Result<HttpResponse, Problem> {
    let names = auth.users.names(&principal, query.ids()?).await?;
    Ok(HttpResponse::Ok().json(UserNames::from(names)))
}

/// One user
#[utoipa::path(tag = "users", params(("id" = Uuid, Path, description = "Id of the user")),
    responses((status = OK, description = "The user", body = UserView)))]
#[get("/users/{id}")]
async fn show(
    principal: Authorized<MaidAdmin>,
    auth: Data<Auth>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(UserView::from(auth.users.get(&principal, *id).await?)))
}

/// Change a user
///
/// Role, status, address or password. With another password, and when the user is disabled, all their
/// sessions end; the API keys of a disabled user let nobody in. An API key cannot do this.
#[utoipa::path(tag = "users", params(("id" = Uuid, Path, description = "Id of the user"), IdempotencyKey),
    request_body = UserChange, responses((status = OK, description = "The user as it is now", body = UserView)))]
#[patch("/users/{id}")]
async fn change(
    principal: Authorized<UserAdmin>,
    auth: Data<Auth>,
    id: Path<Uuid>,
    once: Once,
    body: Json<UserChange>,
) -> Result<HttpResponse, Problem> {
    let (auth, id, change) = (auth.get_ref().clone(), *id, body.into_inner());
    once.answer(principal.into_principal(), move |principal, _| async move {
        let (_, after) = auth.users.change(&principal, id, change).await?;
        StoredAnswer::json(StatusCode::OK, &UserView::from(after))
    })
    .await
}
