//! The routes of sessions, below `/api/maid/auth`.

use actix_web::{
    HttpRequest, HttpResponse, delete, get,
    http::header::{AUTHORIZATION, SET_COOKIE},
    post,
    web::Data,
};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    dto::{Introspecting, Introspection, LoggedIn, Login, Me, Refreshing, SessionView},
    service::{Refreshed, SignedIn, Tokens},
};
use crate::{
    auth::{
        Anybody, Auth, AuthError, Authorized, Credential, Person, Principal,
        authenticate::is_secure,
        opaque::{Kind, Opaque},
        shown::{forgotten_cookie, session_cookie},
    },
    http::{ClientAddress, Json, List, NoBody, Page, PageQuery, Path, Problem, Query, unbroken},
};

/// Longest token that somebody may ask about, in bytes.
const LONGEST: usize = 4096;

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(login).service(prolong).service(logout).service(me).service(introspect);
    config.service(list).service(end);
}

/// Sign in
///
/// With a name and a password. A program keeps its session by the tokens that are answered: the access
/// token is sent as `Authorization: Bearer`, and the refresh token gets new ones of both, once. With
/// `cookie` a browser keeps it, and pages send the `csrf_token` as `X-CSRF-Token` with whatever changes
/// something. A wrong password, an unknown user and one who may not come in are answered alike.
#[utoipa::path(tag = "auth", security(()), request_body = Login,
    responses((status = OK, description = "The session has begun", body = LoggedIn)))]
#[post("/auth/login")]
async fn login(request: HttpRequest, auth: Data<Auth>, body: Json<Login>) -> Result<HttpResponse, Problem> {
    let Login { username, password, cookie } = body.into_inner();
    let address = ClientAddress::of(&request).ip;
    let sessions = auth.clone().into_inner();
    let signed_in = unbroken(async move {
        let user = sessions.sessions.check(&username, password, address).await?;
        sessions.sessions.begin(user, cookie, Some(address)).await
    });
    let signed_in = signed_in.await?;
    Ok(answer(&auth, signed_in, is_secure(&request)))
}

/// Prolong a session
///
/// By its refresh token, which is good once. One that was used already ends the session: it may have been
/// stolen.
#[utoipa::path(tag = "auth", security(()), request_body = Refreshing,
    responses((status = OK, description = "New tokens", body = LoggedIn)))]
#[post("/auth/refresh")]
async fn prolong(
    request: HttpRequest,
    auth: Data<Auth>,
    body: Json<Refreshing>,
) -> Result<HttpResponse, Problem> {
    let (sessions, token) = (auth.clone().into_inner(), body.into_inner().refresh_token);
    match unbroken(async move { sessions.sessions.refresh(token.expose()).await }).await? {
        Refreshed::Done(signed_in) => Ok(answer(&auth, *signed_in, is_secure(&request))),
        Refreshed::Reused => Err(AuthError::Refused(
            "the refresh token was used before, so the session has ended; sign in again",
        )
        .into()),
    }
}

/// End the session
///
/// Its tokens, or its cookie, are good no longer. An API key is revoked by `DELETE /keys/{id}` instead.
#[utoipa::path(tag = "auth", responses((status = NO_CONTENT, description = "It has ended")))]
#[post("/auth/logout")]
async fn logout(
    request: HttpRequest,
    principal: Authorized<Anybody>,
    auth: Data<Auth>,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    if let Credential::Session(session) = principal.credential {
        let (auth, principal) = (auth.into_inner(), principal.into_principal());
        unbroken(async move { auth.sessions.end(&principal, session).await }).await?;
    }
    let forgotten = forgotten_cookie(is_secure(&request)).to_string();
    Ok(HttpResponse::NoContent().insert_header((SET_COOKIE, forgotten)).finish())
}

/// Who I am
#[utoipa::path(tag = "auth", responses((status = OK, description = "Whoever asks", body = Me)))]
#[get("/auth/me")]
async fn me(request: HttpRequest, principal: Authorized<Anybody>, auth: Data<Auth>) -> HttpResponse {
    let by_cookie = !request.headers().contains_key(AUTHORIZATION);
    let csrf = match principal.credential {
        Credential::Session(session) if by_cookie => Some(auth.csrf_token(session)),
        _ => None,
    };
    // Whoever is in may know who they are, also while the database does not answer.
    let provider = auth.users.provider_of(&principal).await.unwrap_or_default();
    HttpResponse::Ok().json(Me::of(&principal, provider, csrf, auth.clock().now()))
}

/// My sessions
///
/// Those that go on, the newest first: where else one is signed in.
#[utoipa::path(tag = "auth", operation_id = "list_sessions", params(PageQuery),
    responses((status = OK, description = "Sessions", body = Page<SessionView>)))]
#[get("/auth/sessions")]
async fn list(
    principal: Authorized<Person>,
    auth: Data<Auth>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let list = List::new("sessions", &"-created_at", &principal.id);
    let after: Option<Uuid> = query.cursor.as_deref().map(|cursor| list.position(cursor)).transpose()?;
    let found = auth.sessions.own(&principal, after, query.limit.get() + 1).await?;
    let current = match principal.credential {
        Credential::Session(session) => Some(session),
        _ => None,
    };
    let page = Page::of(found, query.limit, &list, |last| last.id);
    Ok(HttpResponse::Ok().json(page.map(|line| SessionView::new(line, current))))
}

/// End one of my sessions
///
/// As signing out there does. `POST /auth/logout` ends the one that asks, and forgets its cookie.
#[utoipa::path(tag = "auth", operation_id = "end_session", params(("id" = Uuid, Path, description = "Id of the session")),
    responses((status = NO_CONTENT, description = "It has ended")))]
#[delete("/auth/sessions/{id}")]
async fn end(
    principal: Authorized<Person>,
    auth: Data<Auth>,
    id: Path<Uuid>,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let (auth, principal, id) = (auth.into_inner(), principal.into_principal(), *id);
    unbroken(async move { auth.sessions.end_own(&principal, id).await }).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What a token is good for
///
/// Of a token that is not good, or of another tenant, nothing is said but that.
#[utoipa::path(tag = "auth", request_body = Introspecting,
    responses((status = OK, description = "What is known of it", body = Introspection)))]
#[post("/auth/introspect")]
async fn introspect(
    principal: Authorized<Anybody>,
    auth: Data<Auth>,
    body: Json<Introspecting>,
) -> Result<HttpResponse, Problem> {
    let token = body.into_inner().token;
    if token.expose().len() > LONGEST {
        let message = format!("must be at most {LONGEST} bytes long");
        return Err(AuthError::Field { path: "token", message }.into());
    }
    let token = token.expose().trim();
    let found = match Opaque::parse(token) {
        Some(key) if key.kind == Kind::ApiKey => match auth.by_key(&key).await {
            Ok(found) => {
                let ends = auth.keys.expires_at(key.id).await?;
                Some((found, ends.map(|at| at.as_second())))
            }
            Err(_) => None,
        },
        Some(_) => None,
        None => auth.by_token(token).await.ok().map(|(found, exp)| (found, Some(exp))),
    };
    let found = found.filter(|(found, _)| found.tenant_id == principal.tenant_id);
    Ok(HttpResponse::Ok().json(found.map(|(found, exp)| of(&found, exp)).unwrap_or_default()))
}

fn of(principal: &Principal, exp: Option<i64>) -> Introspection {
    let scopes: Vec<_> = principal.scopes.iter().map(|scope| scope.name()).collect();
    Introspection {
        active: true,
        scope: Some(scopes.join(" ")),
        sub: Some(principal.id.clone()),
        username: Some(principal.name.clone()),
        kind: Some(principal.kind),
        exp,
    }
}

fn answer(auth: &Auth, signed_in: SignedIn, secure: bool) -> HttpResponse {
    let session = signed_in.session;
    match signed_in.tokens {
        Tokens::Bearer { access, expires_in, refresh } => HttpResponse::Ok().json(LoggedIn {
            access_token: Some(access),
            refresh_token: Some(refresh.expose().to_owned()),
            token_type: "Bearer",
            expires_in: expires_in.as_secs(),
            csrf_token: None,
        }),
        Tokens::Cookie { cookie, expires_in } => {
            let kept = session_cookie(cookie.expose().to_owned(), secure).to_string();
            HttpResponse::Ok().insert_header((SET_COOKIE, kept)).json(LoggedIn {
                access_token: None,
                refresh_token: None,
                token_type: "Cookie",
                expires_in: expires_in.as_secs(),
                csrf_token: Some(auth.csrf_token(session)),
            })
        }
    }
}
