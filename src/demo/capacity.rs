//! Routes that stand for what is scarce behind a service: a pool with so many places, and reports that cost
//! more the more they cover.

use std::time::Duration;

use actix_web::{HttpResponse, rt::time::sleep, web};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::error::{Answer, ShopError};

/// Requests that the pool works on at once.
const AT_WORK: usize = 16;
/// Requests that may wait for it.
const WAITING: usize = 64;
/// Longest work of the pool, in milliseconds.
const LONGEST: u64 = 1000;
/// Most days of a report.
const DAYS: u64 = 3650;
/// Days that cost a report a millisecond.
const DAYS_A_MILLISECOND: u64 = 10;

/// The pool. Whoever finds it full of work waits, and whoever finds too many waiting is sent away.
pub(super) struct Pool {
    inside: Semaphore,
    working: Semaphore,
}

impl Default for Pool {
    fn default() -> Self {
        Self { inside: Semaphore::new(AT_WORK + WAITING), working: Semaphore::new(AT_WORK) }
    }
}

pub(super) fn configure(app: &mut web::ServiceConfig) {
    app.route("/pool", web::get().to(pool)).route("/reports/sales", web::get().to(report));
}

#[derive(Deserialize)]
struct Work {
    ms: Option<u64>,
}

async fn pool(pool: web::Data<Pool>, work: web::Query<Work>) -> Answer {
    let ms = work.ms.unwrap_or(10);
    if ms > LONGEST {
        return Err(ShopError::BadRequest(format!("ms must be at most {LONGEST}")));
    }
    // The places are given back when the request ends, however it ends.
    let _inside = pool.inside.try_acquire().map_err(|_| ShopError::Busy)?;
    let _working = pool.working.acquire().await.map_err(|_| ShopError::Busy)?;
    sleep(Duration::from_millis(ms)).await;
    Ok(HttpResponse::Ok().json(json!({ "worked_ms": ms, "free": pool.working.available_permits() })))
}

#[derive(Deserialize)]
struct Covered {
    days: Option<u64>,
}

async fn report(covered: web::Query<Covered>) -> Answer {
    let days = covered.days.unwrap_or(30);
    if !(1..=DAYS).contains(&days) {
        return Err(ShopError::BadRequest(format!("days must be 1 to {DAYS}")));
    }
    sleep(Duration::from_millis(1 + days / DAYS_A_MILLISECOND)).await;
    let sold = |day: u64| 10_000 + day * 7919 % 5000;
    let total: u64 = (1..=days).map(sold).sum();
    let rows: Vec<Value> =
        (1..=days.min(31)).map(|day| json!({ "day": day, "total_cents": sold(day) })).collect();
    Ok(HttpResponse::Ok().json(json!({ "days": days, "total_cents": total, "rows": rows })))
}
