//! What is in the database before anybody looks: a run whose cause is known, and more runs and people than fit on a page.

use jiff::{Timestamp, ToSpan};
use maid::{
    analyst::analyse,
    engine::outcome::Outcome,
    runs::{record::NewRun, store::Store},
};
use sea_orm::ConnectionTrait;

use super::place::Place;
use crate::{
    analyst::known::ill,
    reports::outcomes::{Requests, outcome, times},
    storage::{asked, id},
};

/// Stores runs at `place`, which is served meanwhile.
async fn store(place: &Place, runs: impl IntoIterator<Item = (NewRun, Outcome)>) {
    let store = Store::new(place.home.database.open().await);
    for (new, outcome) in runs {
        assert!(store.import(&new, &outcome).await.expect("stored"), "{} is new", new.name);
    }
}

/// The run `number`, which began `ago` minutes ago.
fn run(number: u32, ago: i64, name: String, outcome: &mut Outcome) -> NewRun {
    let at = Timestamp::now() - ago.minutes();
    outcome.summary.run_id = id(number).to_string();
    outcome.name.clone_from(&name);
    outcome.started_at = at.to_string();
    outcome.ended_at = (at + 60.seconds()).to_string();
    NewRun { at, name, ..asked(number) }
}

/// Stores a run whose requests failed from its middle on, with what the analyst says of it, and answers its id.
#[tokio::main(flavor = "current_thread")]
pub async fn failing(place: &Place) -> String {
    let case =
        ill(1).into_iter().find(|case| case.name.starts_with("errors 500 from")).expect("there is one");
    let mut outcome = (case.sim)();
    outcome.analysis = Some(analyse(&outcome, &[]));
    let new = run(1, 5, "Fails from its middle on".to_owned(), &mut outcome);
    store(place, [(new, outcome)]).await;
    id(1).to_string()
}

/// Stores `count` short runs, a minute between them: one as it would be, and copies of its row.
#[tokio::main(flavor = "current_thread")]
pub async fn many(place: &Place, count: u32) {
    let requests = Requests { name: "GET /".to_owned(), times_us: times(1, 20, 9_000.0), failures: 0 };
    let mut outcome = outcome(&[requests], 60);
    let new = run(1, 10, "Run 0".to_owned(), &mut outcome);
    store(place, [(new, outcome)]).await;
    let db = place.home.database.open().await;
    db.connection().execute_unprepared(&copies(count - 1)).await.expect("copied");
}

/// Copies the only run that there is, each a minute older than the one before.
fn copies(count: u32) -> String {
    const KEPT: &str = "tenant_id, owner, status, passed, instance_id, duration_seconds, users_max, total_requests, \
                        throughput_rps, p95_response_time_ms, updated_at, config_json, metrics_json";
    let began = "strftime('%Y-%m-%dT%H:%M:%f+00:00', start_time, '-' || number || ' minutes')";
    // An id begins with its time, in milliseconds.
    let newest = id(1).get_timestamp().map_or(0, |time| time.to_unix().0 * 1000);
    format!(
        "INSERT INTO maid_runs (id, name, name_folded, created_at, start_time, end_time, {KEPT}) \
         WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {count}) \
         SELECT unhex(printf('%012x', {newest} - number * 60000) || hex(randomblob(10))), 'Run ' || number, \
                'run ' || number, {began}, {began}, {began}, {KEPT} \
         FROM maid_runs, numbers"
    )
}

/// Stores `count` more people: viewers with the password of vera, which would take long to seal for each.
#[tokio::main(flavor = "current_thread")]
pub async fn crowd(place: &Place, count: u32) {
    const KEPT: &str = "tenant_id, role, status, password_hash, created_at, updated_at";
    let copies = format!(
        "INSERT INTO maid_users (id, username, name_key, {KEPT}) \
         WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {count}) \
         SELECT randomblob(16), printf('visitor%04d', number), printf('visitor%04d', number), {KEPT} \
         FROM maid_users, numbers WHERE username = 'vera'"
    );
    let db = place.home.database.open().await;
    db.connection().execute_unprepared(&copies).await.expect("copied");
}
