//! The route of pictures.

use actix_web::{HttpResponse, http::header, post, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    draw::Format,
    dto::ImageRequest,
    service::{self, Pictures},
};
use crate::{
    ai::desk::Desk,
    auth::{Authorized, MaidRead},
    http::{Json, Problem},
    runs::Runs,
};

/// What a browser lets a drawing do that is opened by itself: nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// Registers the route.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(image);
}

/// Draw a picture
///
/// Of a run that is over, with `kind` and `run_id`, or of two. A picture of a text, with `prompt`, takes the scope
/// `maid.write` and a model, and is answered by `model_not_configured` where there is none.
#[utoipa::path(tag = "pictures", request_body = ImageRequest,
    responses((status = OK, description = "The picture", content(
        (Vec<u8> = "image/png"), (String = "image/svg+xml")))))]
#[post("/api/inference/image")]
async fn image(
    principal: Authorized<MaidRead>,
    (pictures, desk): (Data<Pictures>, Data<Desk>),
    runs: Data<Runs>,
    body: Json<ImageRequest>,
) -> Result<HttpResponse, Problem> {
    if body.prompt.is_some() {
        let file = service::paint(&principal, &desk, &body).await?;
        return Ok(HttpResponse::Ok().content_type("image/png").body(file));
    }
    let (format, file) = pictures.make(&principal, &runs.context().store, &body).await?;
    let media_type = match format {
        Format::Png => "image/png",
        Format::Svg => "image/svg+xml",
    };
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .body(file))
}
