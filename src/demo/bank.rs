//! Accounts and transfers between them. A transfer that is sent again under the same key is answered again
//! and moves nothing.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    error::{Answer, ShopError},
    kept::{Kept, Recent},
    sessions::Visitor,
};

/// Accounts, numbered from 1.
const ACCOUNTS: usize = 1000;
/// What each account has at the start, in cents.
const START: u64 = 100_000;
/// Transfers that are kept, and with them their keys.
const TRANSFERS: usize = 100_000;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    from: usize,
    to: usize,
    amount_cents: u64,
}

#[derive(Clone, Serialize)]
struct Transfer {
    transfer_id: u64,
    idempotency_key: String,
    #[serde(flatten)]
    order: Order,
}

struct Ledger {
    balances: Vec<u64>,
    next: u64,
    by_key: Recent<String, Transfer>,
    by_id: Recent<u64, String>,
}

/// All accounts.
pub(super) struct Bank(Kept<Ledger>);

impl Default for Bank {
    fn default() -> Self {
        Self(Kept::new(Ledger {
            balances: vec![START; ACCOUNTS],
            next: 1,
            by_key: Recent::new(TRANSFERS),
            by_id: Recent::new(TRANSFERS),
        }))
    }
}

impl Ledger {
    fn balance(&mut self, account: usize) -> Result<&mut u64, ShopError> {
        let place = account.checked_sub(1).and_then(|place| self.balances.get_mut(place));
        place.ok_or_else(|| ShopError::NotFound(format!("account {account}; there are 1 to {ACCOUNTS}")))
    }

    /// Answers the transfer, and whether it was made before.
    fn transfer(&mut self, key: &str, order: Order) -> Result<(Transfer, bool), ShopError> {
        if let Some(made) = self.by_key.get(&key.to_owned()) {
            return match made.order == order {
                true => Ok((made.clone(), true)),
                false => Err(ShopError::OtherRequest),
            };
        }
        if order.amount_cents == 0 || order.from == order.to {
            return Err(ShopError::BadRequest(
                "amount_cents must be 1 or more, and the accounts two".to_owned(),
            ));
        }
        self.balance(order.to)?;
        let from = self.balance(order.from)?;
        let left = from.checked_sub(order.amount_cents);
        *from = left.ok_or(ShopError::Conflict("the account has less than that"))?;
        *self.balance(order.to)? += order.amount_cents;
        let transfer = Transfer { transfer_id: self.next, idempotency_key: key.to_owned(), order };
        self.next += 1;
        self.by_key.insert(key.to_owned(), transfer.clone());
        self.by_id.insert(transfer.transfer_id, key.to_owned());
        Ok((transfer, false))
    }
}

pub(super) fn configure(app: &mut web::ServiceConfig) {
    app.route("/accounts/{id}", web::get().to(account))
        .route("/transfers", web::post().to(transfer))
        .route("/transfers/{id}", web::get().to(made))
        .route("/ledger", web::get().to(ledger));
}

async fn account(bank: web::Data<Bank>, _: Visitor, id: web::Path<usize>) -> Answer {
    let balance = *bank.0.open().balance(*id)?;
    Ok(HttpResponse::Ok().json(json!({ "account": *id, "balance_cents": balance })))
}

async fn transfer(
    request: HttpRequest,
    bank: web::Data<Bank>,
    _: Visitor,
    order: web::Json<Order>,
) -> Answer {
    let key = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok());
    let key = key.filter(|key| (1..=100).contains(&key.len())).ok_or_else(|| {
        ShopError::BadRequest("Idempotency-Key must be there, with 1 to 100 bytes".to_owned())
    })?;
    let (transfer, before) = bank.0.open().transfer(key, order.into_inner())?;
    let mut answer = HttpResponse::Created();
    if before {
        answer.insert_header(("Idempotency-Replayed", "true"));
    }
    Ok(answer.json(transfer))
}

async fn made(bank: web::Data<Bank>, _: Visitor, id: web::Path<u64>) -> Answer {
    let ledger = bank.0.open();
    let found = ledger.by_id.get(&id).and_then(|key| ledger.by_key.get(key)).cloned();
    Ok(HttpResponse::Ok().json(found.ok_or_else(|| ShopError::NotFound(format!("transfer {id}")))?))
}

/// What all accounts have together, which no transfer changes.
async fn ledger(bank: web::Data<Bank>) -> HttpResponse {
    let ledger = bank.0.open();
    let total: u64 = ledger.balances.iter().sum();
    HttpResponse::Ok()
        .json(json!({ "accounts": ACCOUNTS, "total_cents": total, "transfers": ledger.next - 1 }))
}
