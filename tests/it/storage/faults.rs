//! A database that fails for a while, and what stays of what was stored before.

use maid::{
    db::{Db, StoreError, Trouble},
    loadtest::span::Span,
    runs::{record::RunStatus, store::Store},
};
use sea_orm::{
    ConnectionTrait,
    sqlx::{Connection, Executor, SqliteConnection},
};

use super::{TENANT, asked, at, id, left};
use crate::support::databases::TestDatabase;

fn trouble<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> Trouble {
    match answer.expect_err("it cannot work") {
        StoreError::Unavailable { trouble, .. } => trouble,
        other => panic!("not a thing that passes: {other:?}"),
    }
}

#[tokio::test]
async fn a_lock_that_somebody_else_keeps_is_waited_for_and_told() {
    let mut database = TestDatabase::sqlite();
    database.config.busy_timeout = Span::from_millis(200);
    let store = database.store().await;
    store.insert(&asked(1)).await.expect("stored");
    let mut other = SqliteConnection::connect(&database.url()).await.expect("a second connection");
    other.execute("BEGIN IMMEDIATE").await.expect("the lock");
    assert_eq!(trouble(store.insert(&asked(2)).await), Trouble::Locked);
    assert_eq!(trouble(store.checkpoint(id(1), &left(1, 10)).await), Trouble::Locked);
    assert!(store.get(TENANT, id(1)).await.expect("reading goes on").is_some());
    other.execute("ROLLBACK").await.expect("let go");
    store.insert(&asked(2)).await.expect("it works again");
    store.checkpoint(id(1), &left(1, 10)).await.expect("this too");
}

#[tokio::test]
async fn a_file_that_can_only_be_read_is_read() {
    let mut database = TestDatabase::sqlite();
    let store = database.store().await;
    store.import(&asked(1), &left(1, 10)).await.expect("stored");
    database.config.url = maid::config::Hidden::new(format!("{}?mode=ro", database.url()));
    let store = Store::new(database.open().await);
    assert!(store.get(TENANT, id(1)).await.expect("read").is_some());
    assert_eq!(trouble(store.insert(&asked(2)).await), Trouble::ReadOnly);
    assert_eq!(trouble(store.delete(TENANT, id(1)).await), Trouble::ReadOnly);
    assert_eq!(trouble(store.recover(super::INSTANCE, at(9)).await), Trouble::ReadOnly);
}

#[tokio::test]
async fn a_full_disk_costs_what_does_not_fit_and_nothing_else() {
    let mut database = TestDatabase::sqlite();
    // The limit below is one of a connection.
    database.config.max_connections = 1;
    let db = database.ready().await;
    let store = Store::new(db.clone());
    store.insert(&asked(1)).await.expect("stored");
    store.checkpoint(id(1), &left(1, 100)).await.expect("stored");
    limit_pages(&db, "1").await;
    let mut stored = Vec::new();
    let error = loop {
        let number = 2 + stored.len() as u32;
        assert!(number < 100, "the disk is never full");
        match store.import(&asked(number), &left(number, 1000)).await {
            Ok(_) => stored.push(number),
            Err(error) => break error,
        }
    };
    assert_eq!(trouble(Err::<(), _>(error)), Trouble::Full);
    for number in stored {
        let outcome = store.outcome(TENANT, id(number)).await.expect("read").expect("there");
        assert_eq!(outcome.summary.requests, 1000, "what was stored is there");
    }
    let run = store.get(TENANT, id(1)).await.expect("read").expect("there");
    assert_eq!((run.row.status, run.row.requests), (RunStatus::Running, 100));
    limit_pages(&db, "1000000").await;
    assert!(store.finish(id(1), &left(1, 200)).await.expect("it works again"));
}

/// Limits the size of the file; less than it has is what it has.
async fn limit_pages(db: &Db, pages: &str) {
    let limit = format!("PRAGMA max_page_count = {pages}");
    db.connection().execute_unprepared(&limit).await.expect("a limit");
}

#[tokio::test]
async fn a_server_that_goes_away_and_comes_back() {
    let Some(mut database) = TestDatabase::postgres().await else { return };
    database.config.acquire_timeout = Span::from_millis(500);
    let db = database.ready().await;
    let store = Store::new(db.clone());
    store.insert(&asked(1)).await.expect("stored");
    store.checkpoint(id(1), &left(1, 100)).await.expect("stored");
    database.go_down().await;
    for _ in 0..3 {
        assert!(matches!(
            trouble(store.checkpoint(id(1), &left(1, 150)).await),
            Trouble::Silent | Trouble::Busy
        ));
        assert!(matches!(trouble(db.ping().await), Trouble::Silent | Trouble::Busy));
    }
    database.come_back().await;
    db.ping().await.expect("it is back");
    assert_eq!(store.get(TENANT, id(1)).await.expect("read").expect("there").row.requests, 100);
    assert!(store.finish(id(1), &left(1, 200)).await.expect("it works again"));
}

#[tokio::test]
async fn an_outcome_that_is_damaged_is_told_and_the_rest_is_read() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let store = Store::new(db.clone());
        store.import(&asked(1), &left(1, 100)).await.expect("stored");
        for (damage, words) in [
            ("UPDATE maid_run_outcomes SET encoding = 'json+later'", "a later version of MAID wrote it"),
            ("UPDATE maid_run_outcomes SET encoding = 'json+zstd', body = 'torn'", "it cannot be unpacked"),
        ] {
            db.connection().execute_unprepared(damage).await.expect("damaged");
            let error = store.outcome(TENANT, id(1)).await.expect_err("it cannot be read").to_string();
            assert!(error.contains(&id(1).to_string()) && error.contains(words), "{error}");
            assert!(store.get(TENANT, id(1)).await.expect("its row is read").is_some());
        }
    }
}
