//! What is left of runs whose server is gone.

use maid::{
    engine::outcome::Status,
    runs::record::{NewRun, RunStatus},
};
use uuid::Uuid;

use super::{INSTANCE, TENANT, asked, at, id, left, waiting};
use crate::support::databases::TestDatabase;

#[tokio::test]
async fn a_run_whose_server_ended_keeps_what_was_recorded() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        store.insert(&asked(1)).await.expect("stored");
        store.checkpoint(id(1), &left(1, 100)).await.expect("stored");
        store.insert(&asked(2)).await.expect("stored");
        store.insert(&waiting(3)).await.expect("stored");
        store.import(&asked(4), &left(4, 100)).await.expect("stored");
        store.insert(&NewRun { instance_id: Uuid::now_v7(), ..asked(5) }).await.expect("stored");
        let last_heard = store.get(TENANT, id(1)).await.expect("read").expect("there").row.updated_at;

        assert_eq!(store.recover(INSTANCE, at(900)).await.expect("written"), [id(1), id(2)]);
        assert!(store.recover(INSTANCE, at(901)).await.expect("written").is_empty(), "once");
        let run = store.get(TENANT, id(1)).await.expect("read").expect("there");
        assert_eq!((run.row.status, run.row.passed), (RunStatus::Failed, Some(false)));
        assert_eq!((run.row.end_time, run.row.requests), (Some(last_heard), 100));
        let because = run.row.ended_because.expect("a reason");
        assert_eq!(because, "the server ended while the run went on; what was recorded until then is here");
        let summary = run.metrics.expect("a summary");
        assert_eq!((summary.status, summary.verdict.passed, summary.requests), (Status::Failed, false, 100));
        let outcome = store.outcome(TENANT, id(1)).await.expect("read").expect("there");
        assert_eq!((outcome.summary.status, outcome.summary.verdict.passed), (Status::Failed, false));
        assert_eq!(outcome.ended_because, Some(because));
        assert_eq!(outcome.ended_at, last_heard.to_string());
        assert_eq!(outcome.histogram, left(1, 100).histogram, "and can be compared");

        let run = store.get(TENANT, id(2)).await.expect("read").expect("there");
        assert_eq!((run.row.status, run.row.end_time), (RunStatus::Failed, Some(at(2))));
        assert!(run.metrics.is_none());
        let status =
            async |number| store.get(TENANT, id(number)).await.expect("read").expect("there").row.status;
        assert_eq!(status(3).await, RunStatus::Queued, "it still waits for this server");
        assert_eq!(status(4).await, RunStatus::Completed);
        assert_eq!(status(5).await, RunStatus::Running, "another server's");
    }
}

#[tokio::test]
async fn an_outcome_that_was_saved_elsewhere_wins_over_the_recovery() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        store.insert(&asked(1)).await.expect("stored");
        store.recover(INSTANCE, at(900)).await.expect("written");
        assert!(store.finish(id(1), &left(1, 500)).await.expect("written"));
        let run = store.get(TENANT, id(1)).await.expect("read").expect("there");
        assert_eq!((run.row.status, run.row.passed), (RunStatus::Completed, Some(true)));
        assert_eq!((run.row.requests, run.row.ended_because), (500, None));
    }
}

#[tokio::test]
async fn runs_of_servers_that_never_come_back_are_ended_by_others() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        let (gone, alive) = (Uuid::now_v7(), Uuid::now_v7());
        let of = |instance_id, new| NewRun { instance_id, ..new };
        for new in
            [of(gone, asked(1)), of(gone, waiting(2)), of(alive, asked(3)), of(alive, waiting(4)), asked(5)]
        {
            store.insert(&new).await.expect("stored");
        }
        store.import(&of(gone, asked(6)), &left(6, 10)).await.expect("stored");
        store.heartbeat(alive, at(500)).await.expect("written");
        let ended = store.recover_stale(INSTANCE, at(400), at(1), at(600)).await.expect("written");
        assert_eq!(ended, [id(1)], "a server that comes back goes on with what waits");
        let ended = store.recover_stale(INSTANCE, at(400), at(400), at(600)).await.expect("written");
        assert_eq!(ended, [id(2)]);
        let row = store.get(TENANT, id(2)).await.expect("read").expect("there").row;
        assert_eq!((row.status, row.end_time), (RunStatus::Failed, Some(at(2))));
        assert_eq!(row.ended_because.as_deref(), Some("the server ended before the run was started"));
        let status =
            async |number| store.get(TENANT, id(number)).await.expect("read").expect("there").row.status;
        assert_eq!(status(3).await, RunStatus::Running);
        assert_eq!(status(4).await, RunStatus::Queued);
        assert_eq!(status(5).await, RunStatus::Running, "its own are not judged by the clock");
        assert_eq!(status(6).await, RunStatus::Completed);
    }
}
