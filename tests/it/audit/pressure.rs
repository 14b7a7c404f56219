//! More than can be written down, and a database that is away: what was promised is kept, and memory
//! stays bounded.

use maid::{
    audit::{Action, AuditError},
    loadtest::span::Span,
};
use sea_orm::sqlx::{Connection, Executor, SqliteConnection};
use serde_json::Value;

use super::{entries, event, fill, log, verdict};
use crate::support::databases::TestDatabase;

/// How many attempts a flood has.
const FLOOD: u32 = 10_000;

/// One thread, so that the writer has no turn while the flood comes.
#[tokio::test]
async fn a_flood_is_bounded_and_the_log_says_what_is_not_in_it() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let log = log(&db, database.data_dir());
        for number in 0..FLOOD {
            log.note(event(number));
        }
        log.flush().await;
        let found = entries(&log).await;
        let dropped: Vec<u64> = found
            .iter()
            .filter(|entry| entry.action == Action::Dropped.name())
            .map(|entry| {
                let detail: Value =
                    serde_json::from_str(entry.detail.as_deref().expect("a detail")).expect("JSON");
                detail["dropped"].as_u64().expect("a number")
            })
            .collect();
        let kept = found.len() - dropped.len();
        assert!(kept >= 1000 && kept < FLOOD as usize, "{kept} are kept");
        assert_eq!(kept as u64 + dropped.iter().sum::<u64>(), u64::from(FLOOD), "none is lost untold");
        assert!(verdict(&log).await.sound);
        fill(&log, 1).await;
        assert_eq!(entries(&log).await.len(), found.len() + 1, "there is room again");
    }
}

#[tokio::test]
async fn while_the_database_is_locked_what_must_be_recorded_is_refused_and_notes_wait() {
    let mut database = TestDatabase::sqlite();
    database.config.busy_timeout = Span::from_millis(200);
    let db = database.ready().await;
    let log = log(&db, database.data_dir());
    fill(&log, 1).await;
    let mut other = SqliteConnection::connect(&database.url()).await.expect("a second connection");
    other.execute("BEGIN IMMEDIATE").await.expect("the lock");
    log.note(event(2));
    let refused = log.record(event(3)).await.expect_err("it cannot be written down");
    assert!(matches!(&refused, AuditError::Store(error) if error.is_unavailable()), "{refused}");
    other.execute("ROLLBACK").await.expect("let go");
    log.flush().await;
    log.record(event(4)).await.expect("it works again");
    let targets: Vec<Option<String>> = entries(&log).await.into_iter().map(|entry| entry.target).collect();
    assert_eq!(targets.len(), 3, "{targets:?}");
    for number in [1, 2, 4] {
        assert!(targets.contains(&Some(format!("run-{number}"))), "{targets:?}");
    }
    assert!(verdict(&log).await.sound);
}

#[tokio::test]
async fn texts_that_no_database_takes_are_written_down_all_the_same() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let log = log(&db, database.data_dir());
        let mut odd =
            event(1).on("a\0b").with(serde_json::json!({"name": "c\0d", "long": "x".repeat(300_000)}));
        odd.actor = "é".repeat(5000);
        log.record(odd).await.expect("it is written down");
        let found = entries(&log).await.pop().expect("an entry");
        assert_eq!(found.target.as_deref(), Some("a\u{fffd}b"));
        assert_eq!(found.actor.chars().count(), 512);
        assert!(found.detail.expect("a detail").starts_with("{\"left_out_bytes\":300"));
        assert!(verdict(&log).await.sound);
    }
}
