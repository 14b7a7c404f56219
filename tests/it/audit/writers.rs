//! Many write at once: tasks, processes, and a command line beside a server.

use maid::audit::Witness;

use super::{event, log, verdict};
use crate::support::databases::TestDatabase;

/// Tasks of one server that write at once.
const TASKS: u32 = 8;
/// What each of them writes.
const EACH: u32 = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_database_make_one_chain() {
    for database in TestDatabase::each().await {
        database.ready().await;
        let other_folder = tempfile::tempdir().expect("a folder");
        // Connections of their own, as two processes have.
        let logs = [
            log(&database.open().await, database.data_dir()),
            log(&database.open().await, other_folder.path()),
        ];
        let mut tasks = Vec::new();
        for task in 0..TASKS {
            for log in logs.clone() {
                tasks.push(tokio::spawn(async move {
                    for number in 0..EACH {
                        log.record(event(task * EACH + number)).await.expect("it is written down");
                    }
                }));
            }
        }
        for task in tasks {
            task.await.expect("no panic");
        }
        for log in logs {
            let found = verdict(&log).await;
            assert!(found.sound, "{found:?}");
            assert_eq!(found.entries, u64::from(2 * TASKS * EACH));
            let Witness::Seen { seq } = found.witness else { panic!("{found:?}") };
            assert!(seq >= u64::from(TASKS * EACH), "each has seen what it wrote: {found:?}");
        }
    }
}

/// A log is checked while others write: what is appended meanwhile is no fault.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_and_writers_do_not_disturb_each_other() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let log = log(&db, database.data_dir());
        let writing = log.clone();
        let writer = tokio::spawn(async move {
            for number in 0..200 {
                writing.record(event(number)).await.expect("it is written down");
            }
        });
        let mut checks = 0;
        while !writer.is_finished() {
            let found = verdict(&log).await;
            assert!(found.sound, "{found:?}");
            checks += 1;
        }
        writer.await.expect("no panic");
        assert!(checks > 0);
        assert_eq!(verdict(&log).await.entries, 200);
    }
}
