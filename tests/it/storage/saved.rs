//! Backups: whole while the database is in use, checked, and put back without losing what was there.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
};

use maid::{
    db::{Db, InstanceLock, restore},
    runs::{history::HistoryQuery, store::Store},
};

use super::{TENANT, asked, id, left, migrations::later};
use crate::support::databases::TestDatabase;

async fn runs(store: &Store) -> usize {
    store.list(TENANT, &HistoryQuery { limit: 1000, ..Default::default() }).await.expect("read").len()
}

/// Names of the files in `folder`.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A database with one run, closed, and a backup of it.
async fn saved() -> (TestDatabase, PathBuf) {
    let database = TestDatabase::sqlite();
    let db = database.ready().await;
    Store::new(db.clone()).import(&asked(1), &left(1, 100)).await.expect("stored");
    let backup = database.data_dir().join("saved.db");
    db.backup(&backup, false).await.expect("saved");
    db.close().await.expect("closed");
    (database, backup)
}

#[tokio::test]
async fn a_backup_is_whole_while_runs_are_stored() {
    let database = TestDatabase::sqlite();
    let db = database.ready().await;
    let store = Store::new(db.clone());
    let stored = AtomicU32::new(0);
    let saving = AtomicBool::new(true);
    let write = async {
        for number in 1.. {
            store.import(&asked(number), &left(number, 50)).await.expect("stored");
            stored.store(number, Ordering::Relaxed);
            if !saving.load(Ordering::Relaxed) {
                break;
            }
        }
    };
    let folder = tempfile::tempdir().expect("a folder");
    let save = async {
        let mut saved = Vec::new();
        while saved.len() < 5 || stored.load(Ordering::Relaxed) < 20 {
            let before = stored.load(Ordering::Relaxed);
            let file = folder.path().join(format!("{before}-{}.db", saved.len()));
            db.backup(&file, false).await.expect("saved");
            saved.push((file, before, stored.load(Ordering::Relaxed)));
        }
        saving.store(false, Ordering::Relaxed);
        saved
    };
    let ((), saved) = tokio::join!(write, save);
    assert!(
        saved.iter().any(|(_, before, after)| before < after),
        "nothing was written meanwhile: {saved:?}"
    );
    for (file, before, after) in saved {
        let mode = fs::metadata(&file).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "for its owner alone");
        let empty = TestDatabase::sqlite();
        let done = restore(&file, &empty.config, empty.data_dir()).await.expect("restored");
        assert_eq!((done.database, done.kept), (empty.file(), None));
        let store = Store::new(empty.ready().await);
        let there = runs(&store).await as u32;
        assert!((before..=after + 1).contains(&there), "{there} of {before} to {after}");
        if there > 0 {
            let outcome = store.outcome(TENANT, id(there)).await.expect("read").expect("with its outcome");
            assert_eq!(outcome.summary.requests, 50);
        }
    }
    assert!(files(folder.path()).iter().all(|name| !name.ends_with(".part")));
}

#[tokio::test]
async fn a_file_that_is_there_is_not_replaced_unasked() {
    let (database, backup) = saved().await;
    let db = database.ready().await;
    let before = fs::read(&backup).expect("there");
    let error = db.backup(&backup, false).await.expect_err("it is there").to_string();
    let place = backup.display();
    assert_eq!(error, format!("{place} is there already: choose another name, or replace it with --force"));
    assert_eq!(fs::read(&backup).expect("there"), before);
    Store::new(db.clone()).import(&asked(2), &left(2, 10)).await.expect("stored");
    db.backup(&backup, true).await.expect("asked to");
    assert_ne!(fs::read(&backup).expect("there"), before);
    db.backup(&database.file(), true).await.expect_err("never the database itself");
    let nowhere = database.data_dir().join("no/such/saved.db");
    let error = db.backup(&nowhere, false).await.expect_err("no folder").to_string();
    assert!(error.starts_with(&format!("cannot write {}: ", nowhere.display())), "{error}");
    let there = files(database.data_dir());
    assert_eq!(there, ["maid.db", "maid.db-shm", "maid.db-wal", "saved.db"], "nothing half-made is left");
}

#[tokio::test]
async fn what_was_there_before_is_kept() {
    let (database, backup) = saved().await;
    let db = database.ready().await;
    let store = Store::new(db.clone());
    store.import(&asked(2), &left(2, 100)).await.expect("stored");
    db.close().await.expect("closed");
    let done = restore(&backup, &database.config, database.data_dir()).await.expect("restored");
    let kept = done.kept.expect("it was there");
    let name = kept.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(name.starts_with("maid.db.before-restore-20") && name.ends_with('Z'), "{name}");
    let store = Store::new(database.ready().await);
    assert_eq!(runs(&store).await, 1, "as it was saved");
    store.import(&asked(3), &left(3, 100)).await.expect("and in use again");

    let mut before = TestDatabase::sqlite();
    before.config.url = maid::config::Hidden::new(format!("sqlite://{}", kept.display()));
    assert_eq!(runs(&Store::new(before.open().await)).await, 2, "as it was before");
}

#[tokio::test]
async fn a_database_that_was_killed_is_kept_with_all_that_was_written() {
    let (database, backup) = saved().await;
    // A copy of the files as they lie while in use is what a killed server leaves.
    let db = database.ready().await;
    Store::new(db.clone()).import(&asked(2), &left(2, 100)).await.expect("stored");
    let killed = TestDatabase::sqlite();
    for file in ["maid.db", "maid.db-wal"] {
        fs::copy(database.data_dir().join(file), killed.data_dir().join(file)).expect(file);
    }
    assert!(fs::metadata(killed.data_dir().join("maid.db-wal")).expect("there").len() > 0, "not merged yet");
    let done = restore(&backup, &killed.config, killed.data_dir()).await.expect("restored");
    assert!(!killed.data_dir().join("maid.db-wal").exists(), "nothing of it is mixed with the backup");
    assert_eq!(runs(&Store::new(killed.ready().await)).await, 1);
    let mut kept = TestDatabase::sqlite();
    let file = done.kept.expect("it was there");
    kept.config.url = maid::config::Hidden::new(format!("sqlite://{}", file.display()));
    assert_eq!(runs(&Store::new(kept.open().await)).await, 2);
}

#[tokio::test]
async fn a_damaged_database_is_replaced_and_kept_as_it_is() {
    let (database, backup) = saved().await;
    fs::write(database.file(), "no database at all").expect("damaged");
    let done = restore(&backup, &database.config, database.data_dir()).await.expect("restored");
    assert_eq!(fs::read(done.kept.expect("kept")).expect("there"), b"no database at all");
    assert_eq!(runs(&Store::new(database.ready().await)).await, 1);
}

#[tokio::test]
async fn nothing_is_restored_under_a_server() {
    let (database, backup) = saved().await;
    let before = fs::read(database.file()).expect("there");
    let lock = InstanceLock::take(database.data_dir()).expect("a server runs");
    let error =
        restore(&backup, &database.config, database.data_dir()).await.expect_err("in use").to_string();
    assert!(error.contains("is in use by another MAID (process "), "{error}");
    drop(lock);
    let db = database.ready().await;
    db.ping().await.expect("somebody else has it open");
    let error = restore(&backup, &database.config, database.data_dir()).await.expect_err("open").to_string();
    let place = database.file();
    assert_eq!(error, format!("another process has the database {} open: end it first", place.display()));
    db.close().await.expect("closed");
    assert_eq!(fs::read(database.file()).expect("there"), before, "it is as it was");
    let (lock, file) = ("instance.lock", "maid.db");
    assert_eq!(files(database.data_dir()), [lock, file, "saved.db"]);
}

#[tokio::test]
async fn what_is_no_sound_backup_is_refused_with_the_reason() {
    let (database, backup) = saved().await;
    let whole = fs::read(&backup).expect("there");
    let bad = database.data_dir().join("bad.db");
    let mut torn = whole.clone();
    for page in torn.chunks_mut(4096).skip(2) {
        page[..100].fill(0xa5);
    }
    let cases: [(&[u8], &str); 5] = [
        (&torn, "it is damaged"),
        (&whole[..whole.len() / 2], "it is damaged"),
        (b"", "it is empty"),
        (b"once upon a time there was a text that was long enough to be taken for something", "not a SQLite"),
        (&whole[..100], "it is damaged"),
    ];
    for (content, because) in cases {
        fs::write(&bad, content).expect("written");
        let error =
            restore(&bad, &database.config, database.data_dir()).await.expect_err(because).to_string();
        assert!(error.starts_with(&format!("{} is no backup that can be used: ", bad.display())), "{error}");
        assert!(error.contains(because), "{error}");
    }
    fs::remove_file(&bad).expect("removed");
    let error = restore(&bad, &database.config, database.data_dir()).await.expect_err("none").to_string();
    assert!(error.contains("there is no such file"), "{error}");
    let itself = restore(&database.file(), &database.config, database.data_dir()).await;
    assert!(itself.expect_err("no backup").to_string().ends_with("is the database itself"));
    assert_eq!(runs(&Store::new(database.ready().await)).await, 1, "the database is as it was");
}

#[tokio::test]
async fn a_foreign_or_later_or_unfinished_database_is_no_backup() {
    let (database, backup) = saved().await;
    let foreign = TestDatabase::sqlite();
    let db = foreign.open().await;
    make_table(&db).await;
    db.close().await.expect("closed");
    let error = restore(&foreign.file(), &database.config, database.data_dir()).await.expect_err("foreign");
    assert!(error.to_string().contains("it is not a database of MAID"), "{error}");

    let newer = TestDatabase::sqlite();
    let db = newer.ready().await;
    later(&db).await;
    db.close().await.expect("closed");
    let error = restore(&newer.file(), &database.config, database.data_dir()).await.expect_err("newer");
    assert!(error.to_string().contains("was changed by a later version of MAID"), "{error}");

    let in_use = TestDatabase::sqlite();
    let db = in_use.ready().await;
    let error = restore(&in_use.file(), &database.config, database.data_dir()).await.expect_err("in use");
    assert!(error.to_string().contains("a write-ahead log lies beside it"), "{error}");
    db.close().await.expect("closed");
    restore(&backup, &database.config, database.data_dir()).await.expect("the good one");
}

async fn make_table(db: &Db) {
    use sea_orm::ConnectionTrait;
    db.connection().execute_unprepared("CREATE TABLE letters (text)").await.expect("a table");
}

#[tokio::test]
async fn postgres_is_saved_by_its_own_tools() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let db = database.ready().await;
    let file = database.data_dir().join("saved.db");
    let error = db.backup(&file, false).await.expect_err("not by MAID").to_string();
    assert!(error.contains("save it with `pg_dump --format=custom`"), "{error}");
    let error =
        restore(&file, &database.config, database.data_dir()).await.expect_err("nor back").to_string();
    assert!(error.contains("restore it with `pg_restore --clean`"), "{error}");
    assert!(!error.contains("maid:"), "{error}");
}
