//! The routes of links, below `/api/maid`.

use actix_web::{
    HttpRequest, HttpResponse, delete, get,
    http::{StatusCode, header},
    post,
    web::Data,
};
use jiff::Timestamp;
use url::Url;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    code,
    dto::{CodeFormat, CodeQuery, DeeplinkOpened, LinkItem, LinkQuery, LinkView, Made, NewLink, Redeem},
    error::DeeplinkError,
    link::Link,
    service::{Deeplinks, now},
};
use crate::{
    auth::{Auth, Authorized, MaidRead, MaidWrite, Scope},
    http::{
        ClientAddress, Code, FieldError, Json, List, NoBody, Page, Path, Problem, Query,
        extract::header_text,
        idempotency::{IdempotencyKey, Once, StoredAnswer},
    },
    settings::Settings,
};

/// Width and height of a PNG where nobody says.
const PIXELS: u32 = 512;

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(make)
        .service(open)
        .service(redeem)
        .service(picture)
        .service(show)
        .service(revoke);
}

/// Deeplinks
///
/// Of the tenant, the newest first; those that have ended included, until they are forgotten after 90 days.
#[utoipa::path(tag = "deeplinks", operation_id = "list_deeplinks", params(LinkQuery),
    responses((status = OK, description = "Links, without what they lead to", body = Page<LinkItem>)))]
#[get("/deeplinks")]
async fn list(
    principal: Authorized<MaidRead>,
    deeplinks: Data<Deeplinks>,
    query: Query<LinkQuery>,
) -> Result<HttpResponse, Problem> {
    let now = now();
    let links = List::new("deeplinks", &"-created_at", &(&principal.tenant_id, query.state));
    let after: Option<(Timestamp, String)> =
        query.cursor.as_deref().map(|cursor| links.position(cursor)).transpose()?;
    let wanted = query.state.map(|state| (state, now));
    let found = deeplinks.list(&principal, wanted, after.as_ref(), query.limit.get() + 1).await?;
    let page = Page::of(found, query.limit, &links, |last| (last.created_at, last.id.clone()));
    Ok(HttpResponse::Ok().json(page.map(|line| LinkItem::new(line, now))))
}

/// Make a deeplink
///
/// To a LoadTest, a recipe with values, or a preset. Whoever is let into this MAID can look at it, and whoever may
/// start runs can start it: a link never starts anything by itself. It is signed, so that nothing of it can be
/// changed, and holds no secrets.
#[utoipa::path(tag = "deeplinks", operation_id = "create_deeplink", params(IdempotencyKey), request_body = NewLink,
    responses((status = CREATED, description = "The link", body = Made)))]
#[post("/deeplinks")]
async fn make(
    request: HttpRequest,
    principal: Authorized<MaidWrite>,
    deeplinks: Data<Deeplinks>,
    settings: Data<Settings>,
    once: Once,
    body: Json<NewLink>,
) -> Result<HttpResponse, Problem> {
    let base = base(&request, &settings)?;
    let (deeplinks, new) = (deeplinks.get_ref().clone(), body.into_inner());
    once.answer(principal.into_principal(), move |principal, _| async move {
        let row = deeplinks.make(&principal, new).await?;
        let made = Made::new(&row, deeplinks.carrying(&row).as_ref(), &base);
        let at = format!("/api/maid/deeplinks/{}", made.id);
        Ok(StoredAnswer::json(StatusCode::CREATED, &made)?.at(at))
    })
    .await
}

/// Look at what a deeplink leads to
///
/// With the parameters of the link's own address. Nothing is started; that it was looked at is counted.
#[utoipa::path(tag = "deeplinks", operation_id = "open_deeplink", params(Link),
    responses((status = OK, description = "What it leads to", body = DeeplinkOpened)))]
#[get("/deeplinks/open")]
async fn open(
    principal: Authorized<MaidRead>,
    deeplinks: Data<Deeplinks>,
    auth: Data<Auth>,
    link: Query<Link>,
) -> Result<HttpResponse, Problem> {
    let looked = deeplinks.open(&principal, &link).await?;
    // Whoever has made it may be no user at all, or none any more.
    let owner = match looked.line.owner.parse() {
        Ok(id) => auth.users.get(&principal, id).await.ok().map(|user| user.username),
        Err(_) => None,
    };
    Ok(HttpResponse::Ok().json(DeeplinkOpened::new(looked, owner, principal.may(Scope::Write))))
}

/// Count a run elsewhere
///
/// For whoever runs the test of a link without this server, as `maid run LINK` does: it counts as a run that was
/// started from it, and is refused where the link allows none any more.
#[utoipa::path(tag = "deeplinks", operation_id = "redeem_deeplink", params(IdempotencyKey), request_body = Redeem,
    responses((status = NO_CONTENT, description = "It is counted")))]
#[post("/deeplinks/redeem")]
async fn redeem(
    principal: Authorized<MaidWrite>,
    deeplinks: Data<Deeplinks>,
    once: Once,
    body: Json<Redeem>,
) -> Result<HttpResponse, Problem> {
    let (deeplinks, Redeem { deeplink, seen }) = (deeplinks.get_ref().clone(), body.into_inner());
    once.answer(principal.into_principal(), move |principal, _| async move {
        deeplinks.redeem(&principal, &deeplink, seen.as_deref()).await?;
        Ok(StoredAnswer::empty(StatusCode::NO_CONTENT))
    })
    .await
}

/// The QR code of a deeplink
///
/// Of its short address.
#[utoipa::path(tag = "deeplinks", operation_id = "deeplink_qrcode",
    params(("id" = String, Path, description = "Id of the link"), CodeQuery),
    responses((status = OK, description = "The picture", content(
        (String = "image/svg+xml", example = "<svg></svg>"), (Vec<u8> = "image/png", example = "PNG")))))]
#[get("/deeplinks/{id}/qrcode")]
async fn picture(
    request: HttpRequest,
    principal: Authorized<MaidRead>,
    deeplinks: Data<Deeplinks>,
    settings: Data<Settings>,
    id: Path<String>,
    query: Query<CodeQuery>,
) -> Result<HttpResponse, Problem> {
    let size = query.size.unwrap_or(PIXELS);
    if !(64..=2048).contains(&size) {
        let message = "must be 64 to 2048 pixels".to_owned();
        let problem = Problem::new(Code::BadQuery, format!("size: {message}"));
        return Err(problem.with_errors([FieldError { path: "size".to_owned(), message }]));
    }
    let row = deeplinks.get(&principal, &id).await?;
    let url = Link::short(&row.line.id).at(&base(&request, &settings)?).to_string();
    let (form, bytes) = match query.format {
        CodeFormat::Svg => ("image/svg+xml", code::svg(&url).map(String::into_bytes)),
        CodeFormat::Png => ("image/png", code::png(&url, size)),
    };
    let bytes = bytes.map_err(|error| Problem::internal(&error))?;
    Ok(HttpResponse::Ok().content_type(form).body(bytes))
}

/// One deeplink
#[utoipa::path(tag = "deeplinks", operation_id = "show_deeplink",
    params(("id" = String, Path, description = "Id of the link")),
    responses((status = OK, description = "The link", body = LinkView)))]
#[get("/deeplinks/{id}")]
async fn show(
    request: HttpRequest,
    principal: Authorized<MaidRead>,
    deeplinks: Data<Deeplinks>,
    settings: Data<Settings>,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let row = deeplinks.get(&principal, &id).await?;
    let short_url = Link::short(&row.line.id).at(&base(&request, &settings)?).to_string();
    let view = LinkView { item: LinkItem::new(row.line, now()), short_url, content: row.content };
    Ok(HttpResponse::Ok().json(view))
}

/// Revoke a deeplink
///
/// Nobody can follow it any more. Yours alone, or any for an admin. It stays in lists, with what was counted of it,
/// until it is forgotten after 90 days.
#[utoipa::path(tag = "deeplinks", operation_id = "revoke_deeplink",
    params(("id" = String, Path, description = "Id of the link"), IdempotencyKey),
    responses((status = NO_CONTENT, description = "It is good no longer")))]
#[delete("/deeplinks/{id}")]
async fn revoke(
    principal: Authorized<MaidWrite>,
    deeplinks: Data<Deeplinks>,
    id: Path<String>,
    _: NoBody,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let (deeplinks, id) = (deeplinks.get_ref().clone(), id.into_inner());
    once.answer(principal.into_principal(), move |principal, _| async move {
        deeplinks.revoke(&principal, &id).await?;
        Ok(StoredAnswer::empty(StatusCode::NO_CONTENT))
    })
    .await
}

/// The address under which people reach this server: as it is configured, else as whoever asks has reached it.
fn base(request: &HttpRequest, settings: &Settings) -> Result<Url, DeeplinkError> {
    let told = match &settings.current().server.public_url {
        Some(url) => Url::parse(url),
        None => {
            let host = header_text(request.headers(), header::HOST).ok().flatten();
            let host = host.ok_or(DeeplinkError::NoAddress)?;
            let scheme = if ClientAddress::of(request).https { "https" } else { "http" };
            Url::parse(&format!("{scheme}://{host}/"))
        }
    };
    let plain = |url: &Url| url.host().is_some() && url.username().is_empty() && url.password().is_none();
    told.ok().filter(plain).ok_or(DeeplinkError::NoAddress)
}
