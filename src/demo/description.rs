//! What the shop says about itself, for importers: an OpenAPI document with examples that work.

use actix_web::{HttpRequest, HttpResponse, web};

/// The document, written for the shop's usual address.
const DOCUMENT: &str = include_str!("../../assets/demo/openapi.json");
/// The address that it is written for.
const USUAL: &str = "http://127.0.0.1:43180";

pub(super) fn configure(app: &mut web::ServiceConfig) {
    app.route("/openapi.json", web::get().to(document));
}

/// The document, with the address that this shop listens on.
async fn document(request: HttpRequest) -> HttpResponse {
    let here = format!("http://{}", request.app_config().local_addr());
    HttpResponse::Ok().content_type("application/json").body(DOCUMENT.replacen(USUAL, &here, 1))
}
