//! Long lists in pieces: by offset, and by a cursor that nobody has to understand.

use actix_web::{HttpResponse, web};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    error::{Answer, ShopError},
    routes::Shelf,
};

/// Entries in one piece unless asked otherwise.
const LIMIT: usize = 20;
/// Most entries in one piece.
const LARGEST: usize = 100;
/// Changes of stock that there are.
const CHANGES: usize = 1000;

/// A piece of a list, by offset.
#[derive(Deserialize)]
pub(super) struct Slice {
    offset: Option<usize>,
    limit: Option<usize>,
}

impl Slice {
    /// Entries to leave out, and how many follow.
    pub(super) fn bounds(&self) -> Result<(usize, usize), ShopError> {
        Ok((self.offset.unwrap_or(0), limit(self.limit)?))
    }
}

fn limit(asked: Option<usize>) -> Result<usize, ShopError> {
    match asked.unwrap_or(LIMIT) {
        limit @ 1..=LARGEST => Ok(limit),
        _ => Err(ShopError::BadRequest(format!("limit must be 1 to {LARGEST}"))),
    }
}

pub(super) fn configure(app: &mut web::ServiceConfig) {
    app.route("/catalogue", web::get().to(catalogue)).route("/changes", web::get().to(changes));
}

async fn catalogue(shelf: web::Data<Shelf>, slice: web::Query<Slice>) -> Answer {
    let (offset, limit) = slice.bounds()?;
    let all = shelf.catalogue.all();
    let items = &all[offset.min(all.len())..offset.saturating_add(limit).min(all.len())];
    let next = offset.saturating_add(limit);
    let next = (next < all.len()).then_some(next);
    let page =
        json!({ "items": items, "total": all.len(), "offset": offset, "limit": limit, "next_offset": next });
    Ok(HttpResponse::Ok().json(page))
}

#[derive(Deserialize)]
struct After {
    cursor: Option<String>,
    limit: Option<usize>,
}

async fn changes(after: web::Query<After>) -> Answer {
    let limit = limit(after.limit)?;
    let start = match after.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
        Some(cursor) => position(cursor)
            .ok_or_else(|| ShopError::BadRequest("cursor must be a `next_cursor` of this list".to_owned()))?,
        None => 0,
    };
    let end = (start + limit).min(CHANGES);
    let items: Vec<Value> = (start..end).map(change).collect();
    let next = (end < CHANGES).then(|| BASE64.encode(format!("after:{end}")));
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next_cursor": next })))
}

/// Where a cursor goes on.
fn position(cursor: &str) -> Option<usize> {
    let text = String::from_utf8(BASE64.decode(cursor).ok()?).ok()?;
    text.strip_prefix("after:")?.parse().ok().filter(|position| *position <= CHANGES)
}

/// One change of stock, the same at every start.
fn change(number: usize) -> Value {
    let kind = ["sold", "sold", "delivered", "returned"][number % 4];
    json!({ "seq": number + 1, "product_id": number * 7 % 120 + 1, "kind": kind, "pieces": number * 13 % 9 + 1 })
}
