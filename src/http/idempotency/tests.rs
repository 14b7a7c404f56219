//! One thing for one key, whatever happens.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    runtime::{Handle, Runtime},
    sync::Notify,
    task::JoinSet,
};

use super::*;
use crate::config;

async fn open(folder: &tempfile::TempDir) -> Db {
    let db = Db::connect(&config::Database::default(), folder.path()).await.expect("a database");
    db.migrate().await.expect("its tables");
    db
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn request(fingerprint: &str) -> Repeatable {
    Repeatable { key: "a-key".to_owned(), fingerprint: fingerprint.to_owned() }
}

fn made(id: Uuid) -> StoredAnswer {
    StoredAnswer {
        status: 202,
        body: Some(format!("{{\"id\":\"{id}\"}}")),
        location: Some(format!("/things/{id}")),
        etag: Some(format!("\"{id}\"")),
        once: None,
    }
}

const THIS_SERVER: Uuid = Uuid::from_u128(1);

fn of(db: Db, kept: Duration) -> Idempotency {
    Idempotency::new(db, kept, THIS_SERVER, Handle::current())
}

async fn make(id: Uuid) -> Result<StoredAnswer, Problem> {
    Ok(made(id))
}

async fn never(_: Uuid) -> Result<StoredAnswer, Problem> {
    panic!("this must not be worked on")
}

fn me() -> Principal {
    Principal::development()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_at_once_make_one_thing() {
    let folder = folder();
    let idempotency = of(open(&folder).await, Duration::from_secs(3600));
    let (worked, go) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let mut all = JoinSet::new();
    for _ in 0..10_000 {
        let (idempotency, worked, go) = (idempotency.clone(), worked.clone(), go.clone());
        all.spawn(async move {
            let work = move |id| async move {
                worked.fetch_add(1, Ordering::Relaxed);
                go.notified().await;
                make(id).await
            };
            idempotency.once(&me(), request("r"), Unsure::Refuse, work).await.expect("an answer")
        });
    }
    while worked.load(Ordering::Relaxed) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(idempotency.flights.len(), 1);
    go.notify_one();
    let answers = all.join_all().await;
    assert_eq!(worked.load(Ordering::Relaxed), 1);
    assert_eq!(answers.iter().filter(|(_, replayed)| !replayed).count(), 1, "one of them was the first");
    assert!(answers.iter().all(|(answer, _)| *answer == answers[0].0), "all have the same answer");
}

#[tokio::test]
async fn a_repetition_gets_the_first_answer_also_after_a_restart() {
    let folder = folder();
    let kept = Duration::from_secs(3600);
    let first = of(open(&folder).await, kept);
    let (answer, replayed) = first.once(&me(), request("r"), Unsure::Refuse, make).await.expect("an answer");
    assert!(!replayed);
    assert_eq!(first.once(&me(), request("r"), Unsure::Refuse, never).await, Ok((answer.clone(), true)));
    let restarted = of(open(&folder).await, kept);
    assert_eq!(restarted.settle(async |_, _| panic!("nothing is pending")).await, Ok(0));
    assert_eq!(restarted.once(&me(), request("r"), Unsure::Refuse, never).await, Ok((answer, true)));
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_principal() {
    let folder = folder();
    let idempotency = of(open(&folder).await, Duration::from_secs(3600));
    let (mine, _) = idempotency.once(&me(), request("r"), Unsure::Refuse, make).await.expect("an answer");
    let other = idempotency
        .once(&me(), request("another"), Unsure::Refuse, never)
        .await
        .expect_err("another request");
    assert_eq!(other.code, Code::IdempotencyMismatch);
    let (theirs, replayed) =
        idempotency.once(&Principal::local(), request("r"), Unsure::Refuse, make).await.expect("an answer");
    assert!(!replayed && theirs != mine);
}

#[tokio::test]
async fn another_request_is_refused_while_the_first_is_worked_on() {
    let folder = folder();
    let idempotency = Idempotency {
        patience: Duration::from_millis(50),
        ..of(open(&folder).await, Duration::from_secs(3600))
    };
    let go = Arc::new(Notify::new());
    let first = tokio::spawn({
        let (idempotency, go) = (idempotency.clone(), go.clone());
        async move {
            let work = move |id| async move {
                go.notified().await;
                make(id).await
            };
            idempotency.once(&me(), request("r"), Unsure::Refuse, work).await
        }
    });
    while idempotency.flights.len() == 0 {
        tokio::task::yield_now().await;
    }
    let other = idempotency
        .once(&me(), request("another"), Unsure::Refuse, never)
        .await
        .expect_err("another request");
    assert_eq!(other.code, Code::IdempotencyMismatch);
    let impatient = idempotency
        .once(&me(), request("r"), Unsure::Refuse, never)
        .await
        .expect_err("it is still worked on");
    assert_eq!((impatient.code, impatient.retry_after_s.is_some()), (Code::IdempotencyInProgress, true));
    go.notify_one();
    let (answer, _) = first.await.expect("it ends").expect("an answer");
    assert_eq!(idempotency.once(&me(), request("r"), Unsure::Refuse, never).await, Ok((answer, true)));
}

#[tokio::test]
async fn what_failed_may_be_tried_again() {
    let folder = folder();
    let idempotency = of(open(&folder).await, Duration::from_secs(3600));
    let refuse = |_| async { Err(Problem::new(Code::RunActive, "a run is active")) };
    assert_eq!(
        idempotency.once(&me(), request("r"), Unsure::Refuse, refuse).await.expect_err("refused").code,
        Code::RunActive
    );
    let defect = idempotency.once(&me(), request("r"), Unsure::Refuse, never).await.expect_err("it panics");
    assert_eq!(defect.code, Code::Internal);
    assert!(
        !idempotency.once(&me(), request("other"), Unsure::Refuse, make).await.expect("the key is free").1
    );
}

#[tokio::test]
async fn work_goes_on_when_nobody_waits_for_it() {
    let folder = folder();
    let idempotency = of(open(&folder).await, Duration::from_secs(3600));
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let work = {
        let (begun, go) = (begun.clone(), go.clone());
        move |id| async move {
            begun.notify_one();
            go.notified().await;
            make(id).await
        }
    };
    let this = idempotency.clone();
    let asking = tokio::spawn(async move { this.once(&me(), request("r"), Unsure::Refuse, work).await });
    begun.notified().await;
    asking.abort();
    go.notify_one();
    let (answer, replayed) =
        idempotency.once(&me(), request("r"), Unsure::Refuse, never).await.expect("an answer");
    assert!(replayed);
    assert_eq!(answer.status, 202);
}

/// Begins to make a thing in a process that then dies, and answers its id.
fn die_in_the_middle(folder: &tempfile::TempDir) -> Uuid {
    let runtime = Runtime::new().expect("a runtime");
    let (tell, told) = std::sync::mpsc::sync_channel(1);
    let idempotency = runtime.block_on(async { of(open(folder).await, Duration::from_secs(3600)) });
    runtime.spawn(async move {
        let work = move |id| async move {
            tell.send(id).expect("the test waits");
            std::future::pending().await
        };
        idempotency.once(&me(), request("r"), Unsure::Refuse, work).await
    });
    let id = told.recv().expect("the work begins");
    runtime.shutdown_timeout(Duration::from_secs(10));
    id
}

#[test]
fn a_crash_is_settled_by_what_is_there() {
    for exists in [true, false] {
        let folder = folder();
        let id = die_in_the_middle(&folder);
        Runtime::new().expect("a runtime").block_on(async {
            let idempotency = Idempotency {
                patience: Duration::from_millis(10),
                ..of(open(&folder).await, Duration::from_secs(3600))
            };
            let unsettled =
                idempotency.once(&me(), request("r"), Unsure::Refuse, never).await.expect_err("nobody knows");
            assert_eq!(unsettled.code, Code::IdempotencyInProgress);
            let look = async |tenant, asked| {
                assert_eq!(tenant, me().tenant_id);
                assert_eq!(asked, id);
                Ok(exists.then(|| made(asked)))
            };
            assert_eq!(idempotency.settle(look).await, Ok(1));
            let (answer, replayed) =
                idempotency.once(&me(), request("r"), Unsure::Refuse, make).await.expect("an answer");
            assert_eq!(replayed, exists);
            assert_eq!(answer == made(id), exists, "the same thing, or a new one");
        });
    }
}

/// The end of a runtime cancels its tasks in any order: also the work before the one that waits for it.
#[test]
fn a_key_is_not_freed_by_the_end_of_the_process() {
    let after = Runtime::new().expect("a runtime");
    for _ in 0..100 {
        let folder = folder();
        let id = die_in_the_middle(&folder);
        after.block_on(async {
            let store = Store::new(open(&folder).await, THIS_SERVER);
            let pending = store.pending(Timestamp::now(), 10).await.expect("it works");
            assert_eq!(pending.iter().map(|(_, id)| *id).collect::<Vec<_>>(), [id]);
        });
    }
}

#[test]
fn what_another_server_works_on_is_left_alone_while_it_may_live() {
    let folder = folder();
    let id = die_in_the_middle(&folder);
    Runtime::new().expect("a runtime").block_on(async {
        let (db, kept, other) = (open(&folder).await, Duration::from_secs(3600), Uuid::from_u128(2));
        let beside = Idempotency::new(db, kept, other, Handle::current());
        assert_eq!(beside.settle(async |_, _| panic!("it is not ours")).await, Ok(0));
        let look = async |_, asked| {
            assert_eq!(asked, id);
            Ok(None)
        };
        let much_later = Idempotency { abandoned_after: SignedDuration::ZERO, ..beside };
        assert_eq!(much_later.settle(look).await, Ok(1), "nobody works on a request for so long");
    });
}

#[tokio::test]
async fn answers_expire() {
    let folder = folder();
    let idempotency = of(open(&folder).await, Duration::ZERO);
    let (first, _) = idempotency.once(&me(), request("r"), Unsure::Refuse, make).await.expect("an answer");
    let (second, replayed) = idempotency
        .once(&me(), request("another"), Unsure::Refuse, make)
        .await
        .expect("the key is free again");
    assert!(!replayed && first != second);
    assert_eq!(idempotency.purge().await.expect("it works"), 1);
    assert_eq!(idempotency.purge().await.expect("it works"), 0);
}

#[tokio::test]
async fn an_answer_that_cannot_be_stored_is_given_from_memory() {
    let folder = folder();
    let db = open(&folder).await;
    let idempotency = of(db.clone(), Duration::from_secs(3600));
    let work = move |id| async move {
        db.close().await?;
        make(id).await
    };
    let (answer, replayed) =
        idempotency.once(&me(), request("r"), Unsure::Refuse, work).await.expect("an answer all the same");
    assert!(!replayed);
    assert_eq!(idempotency.once(&me(), request("r"), Unsure::Refuse, never).await, Ok((answer, true)));
    let unavailable =
        idempotency.once(&me(), Repeatable { key: "b".into(), ..request("r") }, Unsure::Refuse, never).await;
    assert_eq!(unavailable.expect_err("no database").code, Code::StorageUnavailable);
    let urgent = Repeatable { key: "c".into(), ..request("r") };
    let (_, replayed) = idempotency.once(&me(), urgent, Unsure::Do, make).await.expect("it is done");
    assert!(!replayed, "what must not wait for a database does not");
}
