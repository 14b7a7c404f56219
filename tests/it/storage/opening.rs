//! What an operator reads when the database does not open.

use std::{fs, os::unix::fs::PermissionsExt};

use maid::{
    config::{Database, Hidden},
    db::{Db, Kind},
    loadtest::span::Span,
};
use url::Url;

use crate::support::databases::TestDatabase;

fn config(url: &str) -> Database {
    Database {
        url: Hidden::new(url),
        acquire_timeout: Span::from_millis(300),
        busy_timeout: Span::from_millis(300),
        ..Database::default()
    }
}

async fn refusal(url: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let error = Db::connect(&config(url), folder.path()).await.expect_err(url);
    error.to_string()
}

#[tokio::test]
async fn a_file_is_made_with_its_folder_for_its_owner_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("a/b");
    let db = Db::connect(&Database::default(), &data).await.expect("it opens");
    assert_eq!(db.kind(), Kind::Sqlite);
    assert_eq!(db.place(), data.join("maid.db").display().to_string());
    db.ping().await.expect("it answers");
    let pool = db.pool();
    assert!(pool.size >= 1 && pool.size <= pool.max && pool.max == 10, "{pool:?}");
    db.migrate().await.expect("it can be written");
    for file in ["maid.db", "maid.db-wal"] {
        let mode = fs::metadata(data.join(file)).expect(file).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    assert_eq!(fs::metadata(&data).expect("the folder").permissions().mode() & 0o777, 0o700);
    db.close().await.expect("it closes");
    assert!(!data.join("maid.db-wal").exists(), "all is in one file");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x.db");
    fs::write(&file, "this is a letter to my aunt, and no database at all".repeat(50)).expect("written");
    let text = refusal(&format!("sqlite://{}", file.display())).await;
    let place = file.display();
    assert_eq!(
        text,
        format!(
            "the database {place} cannot be opened: it is damaged, or not a SQLite database; \
             restore a backup with `maid restore`, or move the file away to begin anew"
        )
    );
    assert!(fs::read(&file).expect("there").starts_with(b"this is a letter"), "it is left as it is");
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named() {
    let text = refusal("sqlite:///nowhere/x.db?mode=rw").await;
    assert!(text.starts_with("the database /nowhere/x.db cannot be opened: it is not there"), "{text}");
    let text = refusal("sqlite:///dev/null/x/y.db").await;
    assert!(text.starts_with("cannot make the folder /dev/null/x for the database: "), "{text}");
    let folder = tempfile::tempdir().expect("a folder");
    let text = refusal(&format!("sqlite://{}", folder.path().display())).await;
    assert!(text.contains("cannot be opened: it is not there, or may not be opened"), "{text}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_without_the_password() {
    let free =
        std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    let text = refusal(&format!("postgres://maid:tops3cret@127.0.0.1:{free}/loads")).await;
    let begin = format!("the database loads on 127.0.0.1:{free} cannot be opened: nothing answers there");
    assert!(text.starts_with(&begin), "{text}");
    assert!(text.ends_with("check that Postgres runs, and host and port in `database.url`"), "{text}");
    assert!(!text.contains("tops3cret"), "{text}");
}

#[tokio::test]
async fn a_server_that_never_says_anything_is_given_up() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("bound").port();
    let text = refusal(&format!("postgres://maid:tops3cret@127.0.0.1:{port}/loads")).await;
    assert!(text.contains("cannot be opened: it does not answer; check that Postgres runs"), "{text}");
}

#[tokio::test]
async fn a_server_that_refuses_says_what_to_correct() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let mut url: Url = database.url().parse().expect("a URL");
    url.set_path("not_there");
    let text = refusal(url.as_str()).await;
    assert!(text.contains("there is no database of this name; make it with `createdb`"), "{text}");
    url.set_password(Some("tops3cret")).expect("a password");
    let text = refusal(url.as_str()).await;
    assert!(text.contains("it refuses the user or the password; check user and password"), "{text}");
    assert!(!text.contains("tops3cret"), "{text}");
}
