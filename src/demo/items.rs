//! Items that visitors make, read, change and delete.

use std::collections::HashMap;

use actix_web::{HttpResponse, http::header::LOCATION, web};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    catalogue::Catalogue,
    error::{Answer, ShopError},
    kept::{Kept, Recent},
    paging::Slice,
};

/// Most items; the oldest goes when one more comes.
const MOST: usize = 20_000;
/// Items that are there at the start.
const FIRST: u32 = 20;

#[derive(Clone, Serialize)]
struct Item {
    id: u64,
    sku: String,
    name: String,
    price_cents: u32,
    version: u32,
}

struct Table {
    next: u64,
    by_id: Recent<u64, Item>,
    by_sku: HashMap<String, u64>,
}

/// All items.
pub(super) struct Items(Kept<Table>);

impl Default for Items {
    fn default() -> Self {
        let mut table = Table { next: 1, by_id: Recent::new(MOST), by_sku: HashMap::new() };
        let catalogue = Catalogue::default();
        for product in (1..=FIRST).filter_map(|id| catalogue.product(id)) {
            let given = Given {
                sku: Some(product.sku.clone()),
                name: product.name.clone(),
                price_cents: product.price_cents,
            };
            table.add(given).ok();
        }
        Self(Kept::new(table))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    sku: Option<String>,
    name: String,
    price_cents: u32,
}

impl Given {
    fn checked(self) -> Result<Self, ShopError> {
        let fits = |text: &str| (1..=100).contains(&text.len());
        if !fits(&self.name) || self.sku.as_deref().is_some_and(|sku| !fits(sku)) {
            return Err(ShopError::BadRequest("name and sku must have 1 to 100 bytes".to_owned()));
        }
        Ok(self)
    }
}

impl Table {
    fn add(&mut self, given: Given) -> Result<Item, ShopError> {
        let id = self.next;
        let sku = given.sku.unwrap_or_else(|| format!("ITEM-{id:06}"));
        if self.by_sku.contains_key(&sku) {
            return Err(ShopError::Conflict("there is an item with this sku"));
        }
        self.next += 1;
        let item =
            Item { id, sku: sku.clone(), name: given.name, price_cents: given.price_cents, version: 1 };
        self.by_sku.insert(sku, id);
        if let Some(gone) = self.by_id.insert(id, item.clone()) {
            self.by_sku.remove(&gone.sku);
        }
        Ok(item)
    }

    fn change(&mut self, id: u64, given: Given) -> Result<Item, ShopError> {
        let item = self.by_id.get_mut(&id).ok_or_else(|| missing(id))?;
        if let Some(sku) = given.sku.filter(|sku| *sku != item.sku) {
            if self.by_sku.contains_key(&sku) {
                return Err(ShopError::Conflict("there is an item with this sku"));
            }
            self.by_sku.remove(&item.sku);
            self.by_sku.insert(sku.clone(), id);
            item.sku = sku;
        }
        (item.name, item.price_cents) = (given.name, given.price_cents);
        item.version = item.version.saturating_add(1);
        Ok(item.clone())
    }
}

fn missing(id: u64) -> ShopError {
    ShopError::NotFound(format!("item {id}"))
}

pub(super) fn configure(app: &mut web::ServiceConfig) {
    app.service(web::resource("/items").route(web::get().to(list)).route(web::post().to(create))).service(
        web::resource("/items/{id}")
            .route(web::get().to(read))
            .route(web::put().to(change))
            .route(web::delete().to(delete)),
    );
}

async fn list(items: web::Data<Items>, slice: web::Query<Slice>) -> Answer {
    let (offset, limit) = slice.bounds()?;
    let table = items.0.open();
    let page: Vec<&Item> = table.by_id.values().skip(offset).take(limit).collect();
    Ok(HttpResponse::Ok()
        .json(json!({ "items": page, "total": table.by_id.len(), "offset": offset, "limit": limit })))
}

async fn create(items: web::Data<Items>, given: web::Json<Given>) -> Answer {
    let item = items.0.open().add(given.into_inner().checked()?)?;
    Ok(HttpResponse::Created().insert_header((LOCATION, format!("/items/{}", item.id))).json(item))
}

async fn read(items: web::Data<Items>, id: web::Path<u64>) -> Answer {
    let item = items.0.open().by_id.get(&id).cloned();
    Ok(HttpResponse::Ok().json(item.ok_or_else(|| missing(*id))?))
}

async fn change(items: web::Data<Items>, id: web::Path<u64>, given: web::Json<Given>) -> Answer {
    Ok(HttpResponse::Ok().json(items.0.open().change(*id, given.into_inner().checked()?)?))
}

/// Deleting what is not there is no error: it is not there afterwards.
async fn delete(items: web::Data<Items>, id: web::Path<u64>) -> HttpResponse {
    let mut table = items.0.open();
    if let Some(item) = table.by_id.remove(&id) {
        table.by_sku.remove(&item.sku);
    }
    HttpResponse::NoContent().finish()
}
