//! The shop's routes.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use actix_web::{HttpResponse, http::header::LOCATION, rt::time::sleep, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    assets::{self, Assets},
    bank::{self, Bank},
    capacity::{self, Pool},
    catalogue::{Catalogue, Product},
    credentials::{self, Tokens},
    description,
    error::{Answer, ShopError},
    feed::{self, Feed},
    graphql::{self, Ratings},
    items::{self, Items},
    paging,
    sessions::{Cart, PASSWORD, Sessions, Visitor},
    site,
    tally::ROUTES,
    uploads::{self, Uploads},
    webhooks::{self, Webhooks},
};

/// Largest request body.
const BODY: usize = 64 * 1024;
/// Longest wait of `/slow`, in milliseconds.
const SLOWEST: u64 = 10_000;

/// What visitors browse and buy.
#[derive(Default)]
pub(super) struct Shelf {
    pub(super) catalogue: Catalogue,
    pub(super) sessions: Sessions,
    ratings: Ratings,
    orders: AtomicU64,
    failures_asked: AtomicU64,
}

/// Everything that the shop keeps, by the part that keeps it.
#[derive(Clone, Default)]
pub(super) struct Parts {
    shelf: web::Data<Shelf>,
    assets: web::Data<Assets>,
    bank: web::Data<Bank>,
    feed: web::Data<Feed>,
    items: web::Data<Items>,
    pool: web::Data<Pool>,
    tokens: web::Data<Tokens>,
    uploads: web::Data<Uploads>,
    webhooks: web::Data<Webhooks>,
}

impl Parts {
    /// Adds all parts with their routes.
    pub(super) fn configure(self, app: &mut web::ServiceConfig) {
        let Self { shelf, assets, bank, feed, items, pool, tokens, uploads, webhooks } = self;
        app.app_data(shelf).app_data(assets).app_data(bank).app_data(feed).app_data(items);
        app.app_data(pool).app_data(tokens).app_data(uploads).app_data(webhooks);
        app.configure(configure)
            .configure(assets::configure)
            .configure(bank::configure)
            .configure(capacity::configure)
            .configure(credentials::configure)
            .configure(description::configure)
            .configure(feed::configure)
            .configure(items::configure)
            .configure(paging::configure)
            .configure(site::configure)
            .configure(uploads::configure)
            .configure(webhooks::configure)
            .default_service(web::to(no_such_route));
    }
}

fn configure(app: &mut web::ServiceConfig) {
    let refused = |error: &dyn std::fmt::Display| ShopError::BadRequest(error.to_string()).into();
    app.app_data(web::JsonConfig::default().limit(BODY).error_handler(move |error, _| refused(&error)))
        .app_data(web::FormConfig::default().limit(BODY).error_handler(move |error, _| refused(&error)))
        .app_data(web::QueryConfig::default().error_handler(move |error, _| refused(&error)))
        .app_data(web::PathConfig::default().error_handler(move |error, _| refused(&error)))
        .app_data(web::PayloadConfig::new(BODY))
        .route("/", web::get().to(welcome))
        .route("/health", web::get().to(health))
        .route("/products", web::get().to(products))
        .route("/products/{id}", web::get().to(product))
        .route("/search", web::get().to(search))
        .route("/login", web::post().to(login))
        .route("/me", web::get().to(me))
        .service(web::resource("/cart").route(web::get().to(cart)).route(web::post().to(add_to_cart)))
        .route("/checkout", web::post().to(checkout))
        .route("/slow", web::get().to(slow))
        .route("/fail", web::get().to(fail))
        .route("/redirect", web::get().to(redirect))
        .route("/graphql", web::post().to(graphql_query));
}

async fn welcome() -> HttpResponse {
    let known = ROUTES.split_last().map_or(&[][..], |(_, known)| known);
    HttpResponse::Ok().json(json!({
        "shop": "MAID demo shop",
        "routes": known,
        "description": "/openapi.json",
    }))
}

async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

async fn no_such_route() -> Answer {
    Err(ShopError::NotFound("such route; GET / lists them".to_owned()))
}

#[derive(Deserialize)]
struct PageQuery {
    page: Option<u32>,
}

async fn products(shelf: web::Data<Shelf>, query: web::Query<PageQuery>) -> Answer {
    match query.page.unwrap_or(1) {
        0 => Err(ShopError::BadRequest("pages begin at 1".to_owned())),
        page => Ok(HttpResponse::Ok().json(shelf.catalogue.page(page))),
    }
}

fn found(shelf: &Shelf, id: u32) -> Result<&Product, ShopError> {
    shelf.catalogue.product(id).ok_or_else(|| ShopError::NotFound(format!("product {id}")))
}

async fn product(shelf: web::Data<Shelf>, id: web::Path<u32>) -> Answer {
    Ok(HttpResponse::Ok().json(found(&shelf, *id)?))
}

/// What is searched for.
#[derive(Deserialize)]
pub(super) struct SearchQuery {
    pub(super) q: String,
}

impl SearchQuery {
    pub(super) fn checked(&self) -> Result<&str, ShopError> {
        match (1..=100).contains(&self.q.len()) {
            true => Ok(&self.q),
            false => Err(ShopError::BadRequest("q must have 1 to 100 bytes".to_owned())),
        }
    }
}

async fn search(shelf: web::Data<Shelf>, query: web::Query<SearchQuery>) -> Answer {
    let items = shelf.catalogue.search(query.checked()?);
    Ok(HttpResponse::Ok().json(json!({ "query": query.q, "found": items.len(), "items": items })))
}

#[derive(Deserialize)]
struct Credentials {
    username: String,
    password: String,
}

async fn login(shelf: web::Data<Shelf>, given: web::Json<Credentials>) -> Answer {
    let Credentials { username, password } = given.into_inner();
    if username.is_empty() || username.len() > 64 {
        return Err(ShopError::BadRequest("username must have 1 to 64 bytes".to_owned()));
    }
    if password != PASSWORD {
        return Err(ShopError::WrongPassword);
    }
    let token = shelf.sessions.log_in(username);
    Ok(HttpResponse::Ok().json(json!({ "token": token, "token_type": "Bearer" })))
}

async fn me(shelf: web::Data<Shelf>, visitor: Visitor) -> Answer {
    Ok(HttpResponse::Ok().json(json!({ "username": shelf.sessions.username(&visitor)? })))
}

fn shown(shelf: &Shelf, cart: &Cart) -> Value {
    let lines = cart.iter().filter_map(|(id, qty)| Some((shelf.catalogue.product(*id)?, *qty)));
    let total: u64 =
        lines.clone().map(|(product, qty)| u64::from(product.price_cents) * u64::from(qty)).sum();
    let lines: Vec<Value> = lines
        .map(|(product, qty)| json!({ "product_id": product.id, "name": product.name, "qty": qty }))
        .collect();
    json!({ "lines": lines, "total_cents": total })
}

async fn cart(shelf: web::Data<Shelf>, visitor: Visitor) -> Answer {
    let cart = shelf.sessions.cart(&visitor)?;
    Ok(HttpResponse::Ok().json(shown(&shelf, &cart)))
}

#[derive(Deserialize)]
struct Line {
    product_id: u32,
    #[serde(default = "one")]
    qty: u32,
}

fn one() -> u32 {
    1
}

async fn add_to_cart(shelf: web::Data<Shelf>, visitor: Visitor, line: web::Json<Line>) -> Answer {
    if !(1..=99).contains(&line.qty) {
        return Err(ShopError::BadRequest("qty must be 1 to 99".to_owned()));
    }
    let id = found(&shelf, line.product_id)?.id;
    let cart = shelf.sessions.add(&visitor, id, line.qty)?;
    Ok(HttpResponse::Created().json(shown(&shelf, &cart)))
}

async fn checkout(shelf: web::Data<Shelf>, visitor: Visitor) -> Answer {
    let cart = shelf.sessions.take(&visitor)?;
    if cart.is_empty() {
        return Err(ShopError::Conflict("the cart is empty: POST /cart first"));
    }
    let order = shelf.orders.fetch_add(1, Ordering::Relaxed) + 1;
    let paid = shown(&shelf, &cart);
    Ok(HttpResponse::Created().json(json!({ "order_id": order, "total_cents": paid["total_cents"] })))
}

#[derive(Deserialize)]
struct SlowQuery {
    ms: Option<u64>,
}

async fn slow(query: web::Query<SlowQuery>) -> Answer {
    let ms = query.ms.unwrap_or(500);
    if ms > SLOWEST {
        return Err(ShopError::BadRequest(format!("ms must be at most {SLOWEST}")));
    }
    sleep(Duration::from_millis(ms)).await;
    Ok(HttpResponse::Ok().json(json!({ "waited_ms": ms })))
}

#[derive(Deserialize)]
struct FailQuery {
    rate: Option<f64>,
}

/// Fails for exactly the asked share of its requests, evenly spread, so that tests can count on it.
async fn fail(shelf: web::Data<Shelf>, query: web::Query<FailQuery>) -> Answer {
    let rate = query.rate.unwrap_or(0.1);
    if !(0.0..=1.0).contains(&rate) {
        return Err(ShopError::BadRequest("rate must be 0 to 1".to_owned()));
    }
    #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 requests")]
    let asked = shelf.failures_asked.fetch_add(1, Ordering::Relaxed) as f64;
    if ((asked + 1.0) * rate).floor() > (asked * rate).floor() {
        return Err(ShopError::OnPurpose);
    }
    Ok(HttpResponse::Ok().json(json!({ "rate": rate })))
}

#[derive(Deserialize)]
struct RedirectQuery {
    times: Option<u8>,
}

async fn redirect(query: web::Query<RedirectQuery>) -> HttpResponse {
    let next = match query.times.unwrap_or(1) {
        0 | 1 => "/health".to_owned(),
        times => format!("/redirect?times={}", times - 1),
    };
    HttpResponse::Found().insert_header((LOCATION, next)).finish()
}

async fn graphql_query(shelf: web::Data<Shelf>, query: web::Json<graphql::Query>) -> HttpResponse {
    HttpResponse::Ok().json(graphql::answer(&shelf.catalogue, &shelf.ratings, &query))
}
