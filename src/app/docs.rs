//! The OpenAPI document, and a page to read it in that needs no other host.

use std::{borrow::Cow, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{self, CacheDirective, ContentType, EntityTag},
    web::{Bytes, Data},
};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::Config;

use crate::http::{Code, Path, Problem, Surface};

/// The page: it loads what lies beside it and nothing else.
const PAGE: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>MAID API</title>
<link rel="icon" type="image/png" href="/api/docs/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<main id="operations"></main>
<noscript>This page needs scripts. The document itself is at <a href="/api/openapi.json">/api/openapi.json</a>.</noscript>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
"#;

/// Starts the page. Nothing is sent anywhere to be validated.
const START: &str = r##"window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: "/api/openapi.json",
    dom_id: "#operations",
    deepLinking: true,
    docExpansion: "list",
    validatorUrl: null,
  });
};
"##;

/// What the page may load: its own scripts and styles, and its pictures, which are part of the style
/// sheet. Its elements get their styles from scripts, which needs no leave.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Files of the page that are handed out.
const FILES: [&str; 3] = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];

/// Seconds that a browser may keep what belongs to the page.
const KEPT_S: u32 = 3600;

/// Registers the document and its page.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(document).service(page).service(file);
}

/// The OpenAPI document
///
/// Describes every route of this server. Send its `ETag` as `If-None-Match` to learn whether it changed.
#[utoipa::path(
    security(()),
    responses(
        (status = 200, description = "the document", content_type = "application/json", body = serde_json::Value,
         example = json!({"openapi": "3.1.0", "info": {"title": "MAID"}, "paths": {}})),
        (status = 304, description = "it has not changed"),
    )
)]
#[get("/api/openapi.json")]
async fn document(request: HttpRequest, surface: Data<Surface>) -> HttpResponse {
    let etag = surface.etag();
    let known = request.headers().get_all(header::IF_NONE_MATCH).any(|value| {
        value.to_str().is_ok_and(|value| value.split(',').any(|tag| tag.trim() == etag || tag.trim() == "*"))
    });
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, etag)).insert_header((header::CACHE_CONTROL, "no-cache"));
    if known {
        return response.finish();
    }
    response.content_type(ContentType::json()).body(surface.document())
}

/// The document as a page
///
/// Lists all routes and tries them out. It loads nothing from any other host.
#[utoipa::path(
    security(()),
    responses((status = 200, description = "the page", content_type = "text/html", body = String,
               example = "<!DOCTYPE html>"))
)]
#[get("/api/docs")]
async fn page() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .content_type(ContentType::html())
        .body(PAGE)
}

/// A file of the page
#[utoipa::path(
    security(()),
    params(("file" = String, Path, description = "name of the file", example = "swagger-ui.css")),
    responses((status = 200, description = "the file", content(
        (String = "text/css", example = ".swagger-ui {}"),
        (String = "text/javascript", example = "window.onload = () => {};"),
    )))
)]
#[get("/api/docs/{file}")]
async fn file(name: Path<String>) -> Result<HttpResponse, Problem> {
    let (kind, bytes) = read(&name).ok_or_else(|| {
        Problem::new(Code::NotFound, format!("the page has the files start.js, {}", FILES.join(", ")))
    })?;
    Ok(HttpResponse::Ok()
        .insert_header(header::CacheControl(vec![CacheDirective::Public, CacheDirective::MaxAge(KEPT_S)]))
        .insert_header(header::ETag(EntityTag::new_weak(env!("CARGO_PKG_VERSION").to_owned())))
        .content_type(kind)
        .body(bytes))
}

/// A file of the page with its media type.
fn read(name: &str) -> Option<(String, Bytes)> {
    if name == "start.js" {
        return Some(("text/javascript; charset=utf-8".to_owned(), Bytes::from_static(START.as_bytes())));
    }
    // The configuration is for files that are not handed out.
    let known = FILES.contains(&name).then(|| Arc::new(Config::default()))?;
    let served = utoipa_swagger_ui::serve(name, known).ok()??;
    let bytes = match served.bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    };
    Some((served.content_type, bytes))
}
