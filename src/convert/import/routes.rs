//! The route that imports, below `/api/maid`.

use actix_web::{HttpResponse, post, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    dto::{ImportAnswer, ImportRequest},
    service,
};
use crate::{
    auth::{Authorized, MaidRead},
    convert::Conversions,
    http::{Json, Problem},
};

/// Registers the route.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(import);
}

/// Make a LoadTest of another format
///
/// Of an OpenAPI description, a recording of a browser, a Postman collection, curl command lines or URLs. What
/// could not be carried over is listed. Nothing is stored, and nothing that the document names is fetched or read.
/// While as many documents are converted as the server takes at once, it answers 429 with `Retry-After`.
#[utoipa::path(tag = "convert", request_body = ImportRequest,
    responses((status = OK, description = "The LoadTest, and what was left out", body = ImportAnswer)))]
#[post("/import")]
async fn import(
    _principal: Authorized<MaidRead>,
    conversions: Data<Conversions>,
    body: Json<ImportRequest>,
) -> Result<HttpResponse, Problem> {
    let ImportRequest { format, text, options } = body.into_inner();
    // Parsing megabytes would keep other requests waiting.
    let made = conversions.run(move || service::import(format, text.as_bytes(), "text", &options)).await?;
    Ok(HttpResponse::Ok().json(service::answer(made?)))
}
