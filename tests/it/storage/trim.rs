//! The history is kept as long as it is meant to be.

use maid::{
    bus::LogLevel,
    runs::{
        history::HistoryQuery,
        log::LogLine,
        record::{NewRun, RunStatus},
        store::Store,
    },
};
use uuid::Uuid;

use super::{TENANT, asked, at, id, left, waiting};
use crate::support::databases::TestDatabase;

/// Twenty finished runs, the second a baseline; a running one and a queued one, older than all.
async fn history(store: &Store) {
    store.insert(&asked(1)).await.expect("stored");
    store.insert(&waiting(2)).await.expect("stored");
    for number in 10..30 {
        store.import(&asked(number), &left(number, 10)).await.expect("stored");
    }
    store.set_baseline(TENANT, id(11), true).await.expect("marked");
    store.import(&NewRun { tenant_id: "other".into(), ..asked(40) }, &left(40, 10)).await.expect("stored");
}

async fn finished(store: &Store, tenant: &str) -> Vec<Uuid> {
    let query = HistoryQuery { limit: 1000, ..Default::default() };
    let mut rows = store.list(tenant, &query).await.expect("read");
    rows.retain(|row| row.status == RunStatus::Completed);
    rows.iter().map(|row| row.id).collect()
}

#[tokio::test]
async fn the_oldest_go_first_and_baselines_stay() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        history(&store).await;
        assert_eq!(store.trim(0, None, 3).await.expect("trimmed"), 0, "nothing is limited");
        assert_eq!(store.trim(100, None, 3).await.expect("trimmed"), 0, "there are fewer");
        // Nineteen may go, in batches that do not divide what has to.
        assert_eq!(store.trim(5, None, 3).await.expect("trimmed"), 14);
        let left: Vec<_> = [29, 28, 27, 26, 25, 11].map(id).into();
        assert_eq!(finished(&store, TENANT).await, left);
        assert_eq!(finished(&store, "other").await, [id(40)], "each tenant has its own history");
        assert_eq!(store.trim(5, None, 3).await.expect("trimmed"), 0);
        let query = HistoryQuery { limit: 1000, ..Default::default() };
        assert_eq!(store.list(TENANT, &query).await.expect("read").len(), 8, "what goes on or waits stays");
    }
}

#[tokio::test]
async fn what_ended_too_long_ago_goes() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        history(&store).await;
        let line = LogLine { seq: 1, at: at(15), level: LogLevel::Info, message: "started".into() };
        store.append_logs(id(15), &[line]).await.expect("stored");
        // A run began earlier than others that are gone by then, and ended later.
        let mut long = left(12, 10);
        long.ended_at = at(5000).to_string();
        store.finish(id(12), &long).await.expect("stored");
        assert_eq!(store.trim(0, Some(at(60 + 20)), 100).await.expect("trimmed"), 8);
        let left: Vec<_> = (20..30).rev().chain([12, 11]).map(id).collect();
        assert_eq!(finished(&store, TENANT).await, left);
        assert!(store.get(TENANT, id(15)).await.expect("read").is_none());
        assert_eq!(
            store.trim(0, Some(at(1_000_000)), 1).await.expect("trimmed"),
            12,
            "also the other tenant's"
        );
        assert_eq!(finished(&store, TENANT).await, [id(11)]);
    }
}
