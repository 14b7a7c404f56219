//! The audit log: nobody changes it unseen, nothing is done unrecorded, and neither stands in the way.

mod crash;
mod export;
mod pressure;
mod served;
mod shorten;
mod tamper;
mod writers;

use std::path::Path;

use jiff::Timestamp;
use maid::{
    audit::{
        Action, Audit, AuditKey, Event, Verdict,
        chain::{Break, Entry},
        reading::AuditQuery,
    },
    auth::{DEFAULT_TENANT, Principal},
    db::Db,
};
use sea_orm::ConnectionTrait;
use serde_json::json;
use tokio::runtime::Handle;

/// The key of every log here.
const KEY: [u8; 32] = [7; 32];

/// The log in `db`, of a server with the data folder `data_dir`.
fn log(db: &Db, data_dir: &Path) -> Audit {
    Audit::start(db.clone(), AuditKey::new(KEY, data_dir), &Handle::current())
}

/// Something that happened, the same for the same number.
fn event(number: u32) -> Event {
    let event = Event::of(&Principal::development(), Action::TestStart);
    let at = 1_767_225_600_000 + i64::from(number);
    let at = Timestamp::from_millisecond(at).expect("a time");
    Event { at, ..event }.on(format!("run-{number}")).with(json!({"users": number}))
}

/// Writes down `count` events, one after the other.
async fn fill(log: &Audit, count: u32) {
    for number in 1..=count {
        log.record(event(number)).await.expect("it is written down");
    }
}

/// Does what only somebody with the database's password can do.
async fn tamper(db: &Db, statements: &[&str]) {
    for statement in statements {
        db.connection().execute_unprepared(statement).await.expect(statement);
    }
}

async fn verdict(log: &Audit) -> Verdict {
    log.verify(None).await.expect("it is checked")
}

/// The first place that is broken.
async fn fault(log: &Audit) -> Option<(Break, u64)> {
    verdict(log).await.fault.map(|fault| (fault.kind, fault.seq))
}

/// All entries, the newest first.
async fn entries(log: &Audit) -> Vec<Entry> {
    let query = AuditQuery { limit: 1_000_000, ..AuditQuery::default() };
    log.entries(DEFAULT_TENANT, &query).await.expect("they are read")
}
