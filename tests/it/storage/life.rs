//! A run's life, as it is stored.

use maid::{
    engine::outcome::Status,
    runs::{
        record::{Deletion, Marking, NewRun, RunStatus},
        store::Store,
    },
};
use serde_json::json;
use uuid::Uuid;

use super::{INSTANCE, TENANT, asked, at, id, left, stopped, text, waiting};
use crate::{reports::outcomes::shop, support::databases::TestDatabase};

#[tokio::test]
async fn a_run_comes_back_as_it_went_in() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        let new = NewRun {
            recipe_id: Some("shop/checkout".into()),
            api_key_id: Some(Uuid::now_v7()),
            notes: Some("before the big day \u{1f680}".into()),
            config: json!({ "zeta": "\0 stays", "alpha": [1, 2.5, null] }),
            ..asked(1)
        };
        store.insert(&new).await.expect("stored");
        store.insert(&new).await.expect("once more changes nothing");
        let run = store.get(TENANT, new.id).await.expect("read").expect("there");
        assert_eq!(run.config.to_string(), new.config.to_string(), "keys keep their order");
        assert_eq!((run.notes, run.instance_id), (new.notes, INSTANCE));
        assert_eq!((run.row.recipe_id, run.row.api_key_id), (new.recipe_id, new.api_key_id));
        assert_eq!((run.row.status, run.row.passed), (RunStatus::Running, None));
        assert_eq!((run.row.start_time, run.row.end_time), (Some(at(1)), None));
        assert!(run.metrics.is_none());
        assert!(store.outcome(TENANT, new.id).await.expect("read").is_none());
    }
}

#[tokio::test]
async fn a_queued_run_is_begun_once() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        for number in [2, 1, 3] {
            store.insert(&waiting(number)).await.expect("stored");
        }
        store.insert(&NewRun { instance_id: Uuid::now_v7(), ..waiting(4) }).await.expect("stored");
        let queued = store.queued(INSTANCE, 100).await.expect("read");
        assert_eq!(queued.iter().map(|run| run.id).collect::<Vec<_>>(), [id(1), id(2), id(3)]);
        assert_eq!((queued[0].document.as_str(), queued[0].created_at), ("version: 1 # 1", at(1)));
        assert_eq!(store.queue_len(INSTANCE).await.expect("read"), 3);

        assert!(store.begin(id(1), &json!({ "ready": true }), at(9)).await.expect("written"));
        assert!(!store.begin(id(1), &json!({ "ready": false }), at(10)).await.expect("written"), "not twice");
        let run = store.get(TENANT, id(1)).await.expect("read").expect("there");
        assert_eq!((run.row.status, run.row.start_time), (RunStatus::Running, Some(at(9))));
        assert_eq!(run.config, json!({ "ready": true }));
        assert_eq!(store.queue_len(INSTANCE).await.expect("read"), 2);

        assert!(store.cancel_queued(TENANT, id(2), at(11)).await.expect("written"));
        assert!(!store.cancel_queued(TENANT, id(1), at(11)).await.expect("written"), "it runs");
        assert!(!store.cancel_queued("other", id(3), at(11)).await.expect("written"), "another's");
        let row = store.get(TENANT, id(2)).await.expect("read").expect("there").row;
        assert_eq!((row.status, row.end_time), (RunStatus::Stopped, Some(at(11))));
        assert_eq!(row.ended_because.as_deref(), Some("it was taken out of the queue"));
        assert!(!store.begin(id(2), &json!({}), at(12)).await.expect("written"), "it is out");
        assert_eq!(store.queued(INSTANCE, 100).await.expect("read").len(), 1);
    }
}

#[tokio::test]
async fn a_checkpoint_is_what_is_known_so_far() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        store.insert(&asked(1)).await.expect("stored");
        assert!(store.checkpoint(id(1), &left(1, 100)).await.expect("written"));
        let later = left(1, 200);
        assert!(store.checkpoint(id(1), &later).await.expect("written"));
        let run = store.get(TENANT, id(1)).await.expect("read").expect("there");
        assert_eq!((run.row.status, run.row.passed, run.row.end_time), (RunStatus::Running, None, None));
        assert_eq!((run.row.requests, run.row.failures, run.row.users_max), (200, 10, Some(50)));
        assert_eq!(run.row.p95_ms, Some(later.summary.latency_ms.p95));
        assert_eq!(run.metrics.expect("a summary").requests, 200);
        assert_eq!(text(&store.outcome(TENANT, id(1)).await.expect("read").expect("there")), text(&later));

        // A checkpoint that comes late does not bring a run back to life.
        store.finish(id(1), &stopped(1, 300)).await.expect("written");
        assert!(!store.checkpoint(id(1), &left(1, 250)).await.expect("written"));
        let row = store.get(TENANT, id(1)).await.expect("read").expect("there").row;
        assert_eq!((row.status, row.requests), (RunStatus::Stopped, 300));
        assert!(!store.checkpoint(id(7), &left(7, 10)).await.expect("written"), "no such run");
    }
}

#[tokio::test]
async fn a_finished_run_is_all_of_its_outcome() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        store.insert(&waiting(1)).await.expect("stored");
        let mut outcome = shop();
        outcome.summary.run_id = id(1).to_string();
        outcome.ended_because = Some("error_rate < 0.1% no longer held".into());
        outcome.summary.status = Status::Failed;
        // Nothing between: the database was away while it ran.
        for _ in 0..2 {
            assert!(store.finish(id(1), &outcome).await.expect("written"));
            let run = store.get(TENANT, id(1)).await.expect("read").expect("there");
            assert_eq!((run.row.status, run.row.passed), (RunStatus::Failed, Some(false)));
            assert_eq!(run.row.ended_because, outcome.ended_because);
            assert_eq!(run.row.start_time.map(|at| at.to_string()), Some(outcome.started_at.clone()));
            assert_eq!(run.row.end_time.map(|at| at.to_string()), Some(outcome.ended_at.clone()));
            assert_eq!(run.row.duration_s, Some(60.0));
            let summary = serde_json::to_string(&outcome.summary.without_histograms()).expect("JSON");
            assert_eq!(serde_json::to_string(&run.metrics.expect("a summary")).expect("JSON"), summary);
            let stored = store.outcome(TENANT, id(1)).await.expect("read").expect("there");
            assert_eq!(text(&stored), text(&outcome), "to the last digit");
        }
        assert!(store.queued(INSTANCE, 100).await.expect("read").is_empty());
        assert!(!store.finish(id(2), &outcome).await.expect("written"), "no such run");
    }
}

#[tokio::test]
async fn a_run_without_requests_has_no_response_time() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        assert!(store.import(&asked(1), &left(1, 0)).await.expect("written"));
        let row = store.get(TENANT, id(1)).await.expect("read").expect("there").row;
        assert_eq!((row.avg_ms, row.p95_ms, row.p99_ms, row.rps), (None, None, None, Some(0.0)));
    }
}

#[tokio::test]
async fn a_run_from_elsewhere_is_taken_in_once() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        assert!(store.import(&waiting(1), &left(1, 100)).await.expect("written"));
        assert!(!store.import(&asked(1), &left(1, 999)).await.expect("written"), "it is there");
        let row = store.get(TENANT, id(1)).await.expect("read").expect("there").row;
        assert_eq!((row.status, row.requests, row.passed), (RunStatus::Completed, 100, Some(true)));
        assert_eq!((row.start_time, row.end_time), (Some(at(1)), Some(at(61))));
        store.insert(&asked(2)).await.expect("stored");
        assert!(!store.import(&asked(2), &left(2, 10)).await.expect("written"), "it goes on");
        assert!(store.outcome(TENANT, id(2)).await.expect("read").is_none());
    }
}

#[tokio::test]
async fn a_run_that_breaks_or_never_starts() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        for new in [asked(1), waiting(2), asked(3), waiting(4)] {
            store.insert(&new).await.expect("stored");
        }
        assert!(store.fail(id(1), "no such file:\0 users.csv", at(5)).await.expect("written"));
        assert!(store.fail(id(2), "its target is gone", at(5)).await.expect("written"));
        assert!(!store.fail(id(2), "again", at(6)).await.expect("written"), "it is over");
        let row = store.get(TENANT, id(1)).await.expect("read").expect("there").row;
        assert_eq!((row.status, row.passed, row.end_time), (RunStatus::Failed, Some(false), Some(at(5))));
        assert_eq!(row.ended_because.as_deref(), Some("no such file:\u{fffd} users.csv"));
        assert_eq!(store.queue_len(INSTANCE).await.expect("read"), 1);

        assert!(store.remove(id(3)).await.expect("written"));
        assert!(store.remove(id(4)).await.expect("written"));
        assert!(!store.remove(id(1)).await.expect("written"), "it is over, and part of the history");
        assert!(store.get(TENANT, id(3)).await.expect("read").is_none());
    }
}

#[tokio::test]
async fn what_is_deleted_is_gone_with_all_that_belongs_to_it() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        store.import(&asked(1), &left(1, 100)).await.expect("written");
        store.insert(&asked(2)).await.expect("written");
        store.insert(&waiting(3)).await.expect("written");
        assert_eq!(store.delete("other", id(1)).await.expect("written"), Deletion::NotFound);
        assert_eq!(store.delete(TENANT, id(2)).await.expect("written"), Deletion::Active);
        assert_eq!(store.delete(TENANT, id(3)).await.expect("written"), Deletion::Active);
        assert_eq!(store.delete(TENANT, id(1)).await.expect("written"), Deletion::Deleted);
        assert_eq!(store.delete(TENANT, id(1)).await.expect("written"), Deletion::NotFound);
        assert!(store.get(TENANT, id(1)).await.expect("read").is_none());
        // Under the same id a run begins anew, with nothing of the old one.
        store.insert(&asked(1)).await.expect("written");
        assert!(store.outcome(TENANT, id(1)).await.expect("read").is_none());
    }
}

#[tokio::test]
async fn nobody_sees_what_belongs_to_another() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        store.import(&asked(1), &left(1, 100)).await.expect("written");
        assert!(store.get("other", id(1)).await.expect("read").is_none());
        assert!(store.outcome("other", id(1)).await.expect("read").is_none());
        assert!(store.list("other", &Default::default()).await.expect("read").is_empty());
        assert_eq!(store.set_baseline("other", id(1), true).await.expect("written"), Marking::NotFound);
        assert!(store.baseline("other", "Shop checkout").await.expect("read").is_none());
    }
}

#[tokio::test]
async fn one_run_of_a_test_is_the_baseline() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        for number in 1..=4 {
            store.import(&asked(number), &left(number, 10)).await.expect("written");
        }
        store.import(&NewRun { name: "Login".into(), ..asked(5) }, &left(5, 10)).await.expect("written");
        store.insert(&asked(6)).await.expect("written");
        let baseline = async |store: &Store| store.baseline(TENANT, "Shop checkout").await.expect("read");
        let mark = async |number, is| store.set_baseline(TENANT, id(number), is).await.expect("written");

        assert_eq!(baseline(&store).await, None);
        assert_eq!(mark(1, true).await, Marking::Marked);
        assert_eq!(mark(5, true).await, Marking::Marked);
        assert_eq!(mark(2, true).await, Marking::Marked);
        assert_eq!(baseline(&store).await, Some(id(2)), "the last one counts");
        assert_eq!(
            store.baseline(TENANT, "Login").await.expect("read"),
            Some(id(5)),
            "each test has its own"
        );
        assert_eq!(mark(6, true).await, Marking::Active);
        assert_eq!(mark(7, true).await, Marking::NotFound);
        assert_eq!(mark(2, false).await, Marking::Marked);
        assert_eq!(baseline(&store).await, None);

        // Many who choose at the same moment leave one.
        let chosen = (0..12).map(|turn| mark(1 + turn % 4, true));
        let marked = futures_util::future::join_all(chosen).await;
        assert!(marked.iter().all(|marked| *marked == Marking::Marked), "{marked:?}");
        assert!(baseline(&store).await.is_some());
    }
}
