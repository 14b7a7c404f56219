//! The pages and their files, which are part of the binary.

use actix_web::{
    HttpResponse, get,
    http::header::{self, AcceptEncoding, ContentEncoding, ContentType, Encoding},
    web::{Header, Redirect},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use utoipa_actix_web::service_config::ServiceConfig;

use super::built;
use crate::{
    auth::secret,
    http::{Code, Path, Problem},
};

/// Where the UI is.
const HOME: &str = "/plugins/maid";

/// Bytes of chance in a nonce.
const NONCE: usize = 18;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(root).service(home).service(slash).service(file).service(page).service(thing);
}

/// The server's address, as people type it
///
/// Leads to the admin UI.
#[utoipa::path(
    operation_id = "ui_root",
    security(()),
    responses((status = 303, description = "the admin UI is at `Location`"))
)]
#[get("/")]
async fn root() -> Redirect {
    Redirect::to(HOME).see_other()
}

/// The admin UI, with a slash too many
///
/// Leads to the admin UI.
#[utoipa::path(
    operation_id = "ui_slash",
    security(()),
    responses((status = 308, description = "the admin UI is at `Location`"))
)]
#[get("/plugins/maid/")]
async fn slash() -> Redirect {
    Redirect::to(HOME).permanent()
}

/// The admin UI
///
/// Shows what the API answers to whoever signs in there. Which of its pages is shown is decided by its address in the browser.
#[utoipa::path(
    operation_id = "ui_home",
    security(()),
    responses((status = 200, description = "the page", content_type = "text/html", body = String,
               example = "<!doctype html>"))
)]
#[get("/plugins/maid")]
async fn home() -> HttpResponse {
    shown()
}

/// A page of the admin UI
///
/// Such as `/plugins/maid/results`. An address that leads nowhere is told by the page.
#[utoipa::path(
    operation_id = "ui_page",
    security(()),
    params(("page" = String, Path, description = "name of the page", example = "results")),
    responses((status = 200, description = "the page", content_type = "text/html", body = String,
               example = "<!doctype html>"))
)]
#[get("/plugins/maid/{page}")]
async fn page(_page: Path<String>) -> HttpResponse {
    shown()
}

/// A page of the admin UI that shows one thing
///
/// Such as `/plugins/maid/results/0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a`.
#[utoipa::path(
    operation_id = "ui_thing",
    security(()),
    params(
        ("page" = String, Path, description = "name of the page", example = "results"),
        ("thing" = String, Path, description = "id of what it shows", example = "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a"),
    ),
    responses((status = 200, description = "the page", content_type = "text/html", body = String,
               example = "<!doctype html>"))
)]
#[get("/plugins/maid/{page}/{thing}")]
async fn thing(_place: Path<(String, String)>) -> HttpResponse {
    shown()
}

/// A file of the admin UI
///
/// Its name changes with what is in it, so that it is asked for once.
#[utoipa::path(
    operation_id = "ui_file",
    security(()),
    params(("file" = String, Path, description = "name of the file", example = "index-CAFE1234.js")),
    responses((status = 200, description = "the file", content(
        (String = "text/javascript", example = "export const page = 1;"),
        (String = "text/css", example = "body { margin: 0; }"),
        (String = "image/svg+xml", example = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
    )))
)]
#[get("/plugins/maid/assets/{file}")]
async fn file(name: Path<String>, accepted: Option<Header<AcceptEncoding>>) -> Result<HttpResponse, Problem> {
    let file = built::file(&name)
        .ok_or_else(|| Problem::new(Code::NotFound, "the page has no such file; load the page again"))?;
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "accept-encoding"))
        .insert_header((header::CONTENT_TYPE, file.kind));
    let brotli = accepted.is_some_and(|Header(accepted)| takes_brotli(&accepted));
    Ok(match file.smaller.filter(|_| brotli) {
        Some(smaller) => answer.insert_header(ContentEncoding::Brotli).body(smaller),
        None => answer.body(file.bytes),
    })
}

/// Whether whoever asks reads Brotli.
fn takes_brotli(accepted: &AcceptEncoding) -> bool {
    accepted.negotiate([Encoding::brotli(), Encoding::identity()].iter()) == Some(Encoding::brotli())
}

/// The page. What it may do: load its own files, ask its own server. Styles in it have a nonce of this answer, for the
/// library of its components writes some.
fn shown() -> HttpResponse {
    let nonce = BASE64_URL_SAFE_NO_PAD.encode(secret::random::<NONCE>());
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' blob:; \
         font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type(ContentType::html())
        .body(built::page(&nonce))
}
