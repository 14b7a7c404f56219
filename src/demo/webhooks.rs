//! A receiver of webhooks: it takes what is signed, and each delivery once.

use actix_web::{HttpRequest, HttpResponse, web};
use ring::hmac;
use serde_json::json;

use super::{
    error::{Answer, ShopError},
    kept::{Kept, Recent},
};

/// The secret that sender and receiver share.
const SECRET: &str = "demo-webhook-secret";
/// Deliveries that are remembered, to know them again.
const MOST: usize = 100_000;

/// Deliveries that came lately.
pub(super) struct Webhooks(Kept<Recent<String, ()>>);

impl Default for Webhooks {
    fn default() -> Self {
        Self(Kept::new(Recent::new(MOST)))
    }
}

pub(super) fn configure(app: &mut web::ServiceConfig) {
    app.route("/webhooks/orders", web::post().to(receive));
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// The bytes that `sha256=` and pairs of hexadecimal digits stand for.
fn signature(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("sha256=")?.as_bytes();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.chunks(2).map(pair).collect()
}

async fn receive(request: HttpRequest, webhooks: web::Data<Webhooks>, body: web::Bytes) -> Answer {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let signed = header(&request, "x-webhook-signature").and_then(signature);
    if signed.is_none_or(|signed| hmac::verify(&key, &body, &signed).is_err()) {
        return Err(ShopError::BadSignature);
    }
    let delivery = header(&request, "x-webhook-delivery").filter(|id| (1..=100).contains(&id.len()));
    let delivery = delivery.ok_or_else(|| {
        ShopError::BadRequest("X-Webhook-Delivery must name the delivery in 1 to 100 bytes".to_owned())
    })?;
    let mut known = webhooks.0.open();
    let duplicate = known.get(&delivery.to_owned()).is_some();
    if !duplicate {
        known.insert(delivery.to_owned(), ());
    }
    Ok(HttpResponse::Accepted().json(json!({ "delivery": delivery, "duplicate": duplicate })))
}
