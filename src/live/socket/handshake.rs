//! From an HTTP request to a WebSocket (RFC 6455, section 4.2).

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::stream::Stream;
use crate::http::{Code, Problem};

/// The answer to the key of a handshake.
///
/// # Errors
/// When the request is no handshake.
pub(in super::super) fn handshake(request: &HttpRequest) -> Result<String, Problem> {
    let text = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let names = |value: Option<&str>, wanted: &str| {
        value.is_some_and(|value| value.split(',').any(|name| name.trim().eq_ignore_ascii_case(wanted)))
    };
    let wrong = |detail: &'static str| Err(Problem::new(Code::BadHeader, detail));
    if !names(text(header::UPGRADE), "websocket") || !names(text(header::CONNECTION), "upgrade") {
        return wrong("this route speaks WebSocket: send `Connection: Upgrade` and `Upgrade: websocket`");
    }
    if text(header::SEC_WEBSOCKET_VERSION) != Some("13") {
        return wrong("this route speaks WebSocket 13: send `Sec-WebSocket-Version: 13`");
    }
    let key = text(header::SEC_WEBSOCKET_KEY).unwrap_or_default();
    if !STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16) {
        return wrong("`Sec-WebSocket-Key` must be 16 bytes in Base64");
    }
    Ok(derive_accept_key(key.as_bytes()))
}

/// The answer that makes the connection a WebSocket.
pub(in super::super) fn switch(accept: &str, stream: Stream) -> HttpResponse {
    HttpResponse::build(StatusCode::SWITCHING_PROTOCOLS)
        .upgrade("websocket")
        .insert_header((header::SEC_WEBSOCKET_ACCEPT, accept))
        .body(stream)
}
