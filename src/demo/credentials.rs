//! Ways in beside the login: OAuth 2 client credentials for partners, basic credentials for staff.

use std::{
    future::{Ready, ready},
    time::{SystemTime, UNIX_EPOCH},
};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::header::{AUTHORIZATION, CACHE_CONTROL},
    web,
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::hmac;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    error::{Answer, ShopError},
    paging::Slice,
    routes::Shelf,
    sessions::PASSWORD,
};

/// The client that may ask for tokens, and its secret.
const CLIENT: (&str, &str) = ("demo-client", "demo-secret");
/// What its tokens are good for.
const SCOPE: &str = "stock:read";
/// How long a token is good, in seconds.
const LIFETIME: u64 = 3600;

/// Makes and knows tokens without keeping any: each carries its end and a seal.
pub(super) struct Tokens(hmac::Key);

impl Default for Tokens {
    fn default() -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, Uuid::new_v4().as_bytes()))
    }
}

impl Tokens {
    fn make(&self, now: u64) -> String {
        let end = (now + LIFETIME).to_string();
        let seal = URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, end.as_bytes()));
        format!("{end}.{seal}")
    }

    fn knows(&self, token: &str, now: u64) -> bool {
        let Some((end, seal)) = token.split_once('.') else { return false };
        let Ok(seal) = URL_SAFE_NO_PAD.decode(seal) else { return false };
        hmac::verify(&self.0, end.as_bytes(), &seal).is_ok() && end.parse().is_ok_and(|end: u64| now < end)
    }
}

fn unix() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// What follows the name of a scheme in the `Authorization` header.
fn shown<'a>(request: &'a HttpRequest, scheme: &str) -> Option<&'a str> {
    let (name, rest) = request.headers().get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    name.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// User name and password, where the request has basic credentials.
fn basic(request: &HttpRequest) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(shown(request, "basic")?).ok()?).ok()?;
    text.split_once(':').map(|(name, password)| (name.to_owned(), password.to_owned()))
}

/// A partner with a good token.
struct Partner;

impl FromRequest for Partner {
    type Error = ShopError;
    type Future = Ready<Result<Self, ShopError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let tokens = request.app_data::<web::Data<Tokens>>();
        let known =
            tokens.zip(shown(request, "bearer")).is_some_and(|(tokens, token)| tokens.knows(token, unix()));
        ready(known.then_some(Self).ok_or(ShopError::NoPartner))
    }
}

/// Somebody of the staff.
struct Staff(String);

impl FromRequest for Staff {
    type Error = ShopError;
    type Future = Ready<Result<Self, ShopError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let known = basic(request).filter(|(name, password)| !name.is_empty() && password == PASSWORD);
        ready(known.map(|(name, _)| Self(name)).ok_or(ShopError::NoStaff))
    }
}

pub(super) fn configure(app: &mut web::ServiceConfig) {
    app.route("/oauth/token", web::post().to(token))
        .route("/partner/stock", web::get().to(stock))
        .route("/staff/profile", web::get().to(profile))
        .route("/staff/orders", web::get().to(orders));
}

#[derive(Deserialize)]
struct Grant {
    grant_type: String,
    client_id: Option<String>,
    client_secret: Option<String>,
    scope: Option<String>,
}

/// Credentials are taken from the form or from the header, as the standard has it.
async fn token(request: HttpRequest, tokens: web::Data<Tokens>, grant: web::Form<Grant>) -> HttpResponse {
    let refused = |mut answer: actix_web::HttpResponseBuilder, error: &str| {
        answer.insert_header((CACHE_CONTROL, "no-store")).json(json!({ "error": error }))
    };
    let grant = grant.into_inner();
    if grant.grant_type != "client_credentials" {
        return refused(HttpResponse::BadRequest(), "unsupported_grant_type");
    }
    if grant.scope.is_some_and(|scope| scope != SCOPE) {
        return refused(HttpResponse::BadRequest(), "invalid_scope");
    }
    let given = basic(&request).or_else(|| grant.client_id.zip(grant.client_secret));
    if given.is_none_or(|(id, secret)| (id.as_str(), secret.as_str()) != CLIENT) {
        return refused(HttpResponse::Unauthorized(), "invalid_client");
    }
    let answer = json!({ "access_token": tokens.make(unix()), "token_type": "Bearer", "expires_in": LIFETIME, "scope": SCOPE });
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(answer)
}

async fn stock(_: Partner, shelf: web::Data<Shelf>, slice: web::Query<Slice>) -> Answer {
    let (offset, limit) = slice.bounds()?;
    let all = shelf.catalogue.all();
    let line = |product: &super::catalogue::Product| json!({ "sku": product.sku, "stock": product.stock });
    let items: Vec<Value> = all.iter().skip(offset).take(limit).map(line).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "total": all.len() })))
}

async fn profile(staff: Staff) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "username": staff.0, "role": "staff" }))
}

async fn orders(_: Staff, slice: web::Query<Slice>) -> Answer {
    let (offset, limit) = slice.bounds()?;
    let order = |number: usize| {
        let state = ["open", "paid", "sent"][number % 3];
        json!({ "order_id": number, "state": state, "total_cents": 990 + number % 9000 * 37 % 9000 })
    };
    let items: Vec<Value> =
        (offset..offset.saturating_add(limit)).map(|at| order(at.saturating_add(1))).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "offset": offset, "limit": limit })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_end_and_cannot_be_made_up() {
        let tokens = Tokens::default();
        let token = tokens.make(1000);
        assert!(tokens.knows(&token, 1000 + LIFETIME - 1) && !tokens.knows(&token, 1000 + LIFETIME));
        assert!(!Tokens::default().knows(&token, 1000) && !tokens.knows("9999999999.", 1000));
        let longer = token.replacen("4600", "9600", 1);
        assert!(longer != token && !tokens.knows(&longer, 1000));
    }
}
