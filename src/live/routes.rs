//! The route of the live stream.

use actix_web::{HttpRequest, HttpResponse, get, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    dto::Conversation,
    service::Live,
    socket::{self, Hub},
};
use crate::{
    auth::{Authorized, MaidRead},
    http::Problem,
};

/// Adds the route. It is called by every worker thread, and each gets a hub of its own.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.app_data(web::Data::new(Hub::default())).service(ws);
}

/// Follow runs and call capabilities over a WebSocket
///
/// Text frames with JSON, at most 64 KiB each. The client says one of
/// `{"subscribe": ["maid:metrics"]}`, `{"subscribe": ["maid:logs"], "level": "warn"}`,
/// `{"unsubscribe": [...]}`, `{"call": "maid.status", "id": 1, "body": {}}` and `{"ping": 1}`.
///
/// The server says `{"topic", "seq", "at", "run_id", "data"}`: first, for each new subscription, the
/// present state, then what happens. `maid:subscribed` answers a subscription, `maid:missed` tells how
/// many messages a slow client missed, `maid:error` has a problem document about what the client said.
/// Calls are answered by `{"reply": 1, "ok": ...}` or `{"reply": 1, "error": {...}}`.
///
/// Needs `maid.read`; a call needs the scope of its capability.
#[utoipa::path(
    operation_id = "live",
    params(
        ("Upgrade" = String, Header, description = "`websocket`"),
        ("Sec-WebSocket-Version" = String, Header, description = "`13`"),
        ("Sec-WebSocket-Key" = String, Header, description = "16 random bytes in Base64"),
    ),
    responses(
        (status = 101, description = "The connection is a WebSocket now", body = Conversation),
        (status = 400, description = "`bad_header`: this is no WebSocket handshake"),
        (status = 401, description = "`unauthenticated`"),
        (status = 403, description = "`forbidden`, `foreign_origin`"),
        (status = 429, description = "`full`: there are `server.max_websockets` already"),
        (status = 503, description = "`draining`: the server is about to end"),
    ),
)]
#[get("/ws")]
async fn ws(
    principal: Authorized<MaidRead>,
    request: HttpRequest,
    live: web::Data<Live>,
    hub: web::Data<Hub>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let accept = socket::handshake(&request)?;
    let admission = live.admit()?;
    let stream = hub.join(&live, admission, principal.into_principal(), payload.into_inner());
    Ok(socket::switch(&accept, stream))
}
