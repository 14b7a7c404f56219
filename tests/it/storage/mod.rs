//! What is stored stays stored: each test on SQLite and, where there is one, on Postgres.

mod faults;
mod life;
mod listing;
mod logs;
mod migrations;
mod opening;
mod recovery;
mod saved;
mod steps;
mod trim;

use jiff::{Timestamp, ToSpan};
use maid::{
    engine::outcome::{Outcome, Status},
    runs::record::NewRun,
};
use serde_json::json;
use uuid::Uuid;

use crate::reports::outcomes::{self, Requests, times};

/// The tenant of most tests.
const TENANT: &str = "default";
/// The server of most tests.
const INSTANCE: Uuid = Uuid::from_u128(0x0199_f3a2_7c00_7abc_8000_0000_0000_0001);

/// A moment, `seconds` after the one that all tests begin at.
fn at(seconds: i64) -> Timestamp {
    let begin: Timestamp = "2026-03-01T12:00:00Z".parse().expect("a time");
    begin + seconds.seconds()
}

/// The id of the run that is asked for at [`at`]`(number)`.
pub fn id(number: u32) -> Uuid {
    let millis = at(i64::from(number)).as_millisecond() as u128;
    Uuid::from_u128(millis << 80 | 0x7 << 76 | 0x8 << 60 | u128::from(number))
}

/// A run that is to run now.
pub fn asked(number: u32) -> NewRun {
    NewRun {
        id: id(number),
        tenant_id: TENANT.into(),
        owner: "ada".into(),
        api_key_id: None,
        recipe_id: None,
        name: "Shop checkout".into(),
        notes: None,
        instance_id: INSTANCE,
        queued_document: None,
        own_secrets: false,
        allowance: Default::default(),
        config: json!({ "version": 1, "name": "Shop checkout", "zeta": 1, "alpha": 2 }),
        at: at(i64::from(number)),
    }
}

/// A run that is to wait.
fn waiting(number: u32) -> NewRun {
    NewRun { queued_document: Some(format!("version: 1 # {number}")), ..asked(number) }
}

/// What the run leaves behind after `requests`, a twentieth of them failed.
pub fn left(number: u32, requests: usize) -> Outcome {
    let name = "GET /products".to_owned();
    let failures = requests as u64 / 20;
    let requests = Requests { name, times_us: times(u64::from(number), requests, 12_000.0), failures };
    let mut outcome = outcomes::outcome(&[requests], 60);
    outcome.summary.run_id = id(number).to_string();
    outcome.started_at = at(i64::from(number)).to_string();
    outcome.ended_at = at(i64::from(number) + 60).to_string();
    outcome
}

/// What a run leaves behind that was stopped.
fn stopped(number: u32, requests: usize) -> Outcome {
    let mut outcome = left(number, requests);
    outcome.summary.status = Status::Stopped;
    outcome.ended_because = Some("stopped by ada".into());
    outcome
}

/// An outcome as it reads, for comparing two.
fn text(outcome: &Outcome) -> String {
    serde_json::to_string_pretty(outcome).expect("an outcome is JSON")
}
