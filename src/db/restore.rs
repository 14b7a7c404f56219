//! Puts a backup in the place of the database, and keeps what was there.

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use sea_orm::{
    SqlxError,
    sqlx::{ConnectOptions, Connection, query_scalar},
};

use super::{
    DbError, InstanceLock, Trouble,
    address::{Address, Mode},
    backup::{PRIVATE, same},
    connect, sound,
};
use crate::{
    config,
    disk::{Existing, Part, keep_names},
};

/// What a restore did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The database.
    pub database: PathBuf,
    /// What was there before, under a new name.
    pub kept: Option<PathBuf>,
}

/// Puts `backup` in the place of the database that `config` names, with `data_dir` as the data
/// folder of the server. What was there is kept beside it. An older backup is brought up to date
/// when the server starts.
///
/// # Errors
/// When a server runs on the data folder or another process has the database open; when `backup` is
/// damaged, not of MAID, or of a later version; with Postgres, whose own tools do this. The database
/// is then as it was.
pub async fn restore(backup: &Path, config: &config::Database, data_dir: &Path) -> Result<Restored, DbError> {
    let address = Address::of(config, data_dir)?;
    let Address::Sqlite { file: database, .. } = &address else {
        return Err(DbError::Refused(format!(
            "MAID restores SQLite databases, and this one is {address}: restore it with `pg_restore --clean`"
        )));
    };
    let _lock = InstanceLock::take(data_dir)?;
    sound::check(backup).await?;
    if same(backup, database) {
        return Err(DbError::Refused(format!("{} is the database itself", backup.display())));
    }
    let failed = |source| DbError::File { what: format!("cannot write {}", database.display()), source };
    if let Some(folder) = database.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    // What may fail for want of room or of rights is done before anything is touched.
    let part = Part::beside(database, PRIVATE).map_err(failed)?;
    copy(backup, part.path(), database).await.map_err(failed)?;
    let kept = if database.exists() {
        settle(database).await?;
        Some(keep(database).map_err(failed)?)
    } else {
        None
    };
    part.publish(database, Existing::Replace).map_err(failed)?;
    Ok(Restored { database: database.clone(), kept })
}

/// Copies `backup` to `part`, which is to belong to whom the database belongs: a restore by root
/// must not lock out the server.
async fn copy(backup: &Path, part: &Path, database: &Path) -> io::Result<()> {
    let (backup, part, database) = (backup.to_owned(), part.to_owned(), database.to_owned());
    let work = move || {
        let mut copy = File::create(&part)?;
        io::copy(&mut File::open(backup)?, &mut copy)?;
        copy.sync_all()?;
        let owner = fs::metadata(&database).or_else(|_| {
            fs::metadata(
                database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")),
            )
        })?;
        let own = fs::metadata(&part)?;
        if (own.uid(), own.gid()) != (owner.uid(), owner.gid()) {
            chown(&part, Some(owner.uid()), Some(owner.gid()))?;
        }
        Ok(())
    };
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// Merges the write-ahead log into the database, which succeeds when nobody else has it open.
async fn settle(database: &Path) -> Result<(), DbError> {
    let merged = async {
        let options = connect::sqlite_options(database, Mode::Write, connect::BRIEF);
        let mut connection = options.connect().await?;
        let mode: String = query_scalar("PRAGMA journal_mode = DELETE").fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok::<_, SqlxError>(mode == "delete")
    };
    match merged.await {
        Ok(true) => Ok(()),
        // A database that is damaged is the best of reasons for a restore. Its files are kept as they are.
        Err(error) if Trouble::of_driver(&error) != Trouble::Locked => Ok(()),
        _ => Err(DbError::Refused(format!(
            "another process has the database {} open: end it first",
            database.display()
        ))),
    }
}

/// Gives the database a second name, and what lies beside it another one. The first name stays until
/// the backup takes it: at every moment there is a database.
fn keep(database: &Path) -> io::Result<PathBuf> {
    let now = Timestamp::now().strftime("%Y%m%dT%H%M%S.%3fZ").to_string();
    let mut name = OsString::from(database);
    name.push(format!(".before-restore-{now}"));
    let kept = PathBuf::from(name);
    if fs::hard_link(database, &kept).is_err() {
        fs::copy(database, &kept)?;
    }
    for suffix in ["-wal", "-shm"] {
        let beside = connect::beside(database, suffix);
        if beside.exists() {
            fs::rename(beside, connect::beside(&kept, suffix))?;
        }
    }
    keep_names(database);
    Ok(kept)
}
