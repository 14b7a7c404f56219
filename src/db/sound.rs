//! Whether a SQLite file is a whole MAID database that this version understands.

use std::path::Path;

use maid_migrations::{Migrator, MigratorTrait};
use sea_orm::{
    SqlxError,
    sqlx::{ConnectOptions, Connection, SqliteConnection, query_scalar},
};

use super::{DbError, Trouble, address::Mode, connect};

/// The table that every MAID database has.
const RUNS: &str = "maid_runs";
/// Most faults that are asked for: one is enough.
const INTEGRITY: &str = "PRAGMA integrity_check(1)";

/// Checks `file` without changing anything in its folder.
pub async fn check(file: &Path) -> Result<(), DbError> {
    let unsound = |because: String| DbError::Unsound { file: file.to_owned(), because };
    let broken = |error: SqlxError| unsound(words(&error).to_owned());
    if !file.is_file() {
        return Err(unsound("there is no such file".into()));
    }
    if file.metadata().is_ok_and(|file| file.len() == 0) {
        return Err(unsound("it is empty".into()));
    }
    if connect::beside(file, "-wal").metadata().is_ok_and(|log| log.len() > 0) {
        return Err(unsound(
            "a write-ahead log lies beside it, so it was copied while in use; save it with `maid backup`"
                .into(),
        ));
    }
    let options = connect::sqlite_options(file, Mode::Read, connect::BRIEF).immutable(true);
    let mut connection = options.connect().await.map_err(broken)?;
    let found = read(&mut connection).await;
    connection.close().await.map_err(broken)?;
    match found.map_err(broken)? {
        Found::Damaged => Err(unsound("it is damaged".into())),
        Found::Foreign => Err(unsound("it is not a database of MAID".into())),
        Found::Steps(steps) => match steps.into_iter().find(|step| !known(step)) {
            Some(step) => Err(DbError::Newer { place: file.display().to_string(), step }),
            None => Ok(()),
        },
    }
}

enum Found {
    Damaged,
    Foreign,
    /// Names of the steps that its tables went through.
    Steps(Vec<String>),
}

async fn read(connection: &mut SqliteConnection) -> Result<Found, SqlxError> {
    let verdict: String = query_scalar(INTEGRITY).fetch_one(&mut *connection).await?;
    let orphans: Vec<String> = query_scalar("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1")
        .fetch_all(&mut *connection)
        .await?;
    if verdict != "ok" || !orphans.is_empty() {
        return Ok(Found::Damaged);
    }
    let tables: i64 =
        query_scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN (?, ?)")
            .bind(RUNS)
            .bind(Migrator::migration_table_name().to_string())
            .fetch_one(&mut *connection)
            .await?;
    if tables < 2 {
        return Ok(Found::Foreign);
    }
    query_scalar("SELECT version FROM seaql_migrations ORDER BY version")
        .fetch_all(connection)
        .await
        .map(Found::Steps)
}

fn known(step: &str) -> bool {
    Migrator::migrations().iter().any(|known| known.name() == step)
}

fn words(error: &SqlxError) -> &'static str {
    match Trouble::of_driver(error) {
        Trouble::Damaged => "it is damaged, or not a SQLite database",
        Trouble::Files => "it may not be read",
        _ => "it cannot be read as a database",
    }
}
