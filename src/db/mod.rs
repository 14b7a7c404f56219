//! The database: SQLite by default, Postgres by URL, the same tables and queries on both.
//!
//! `address` reads `database.url`, `connect` opens it, `migrate` brings its tables up to date,
//! `entities` are the tables, `backup` and `lock` guard what is stored. What the two databases do
//! differently is known here and in `migrations/`, and nowhere else. Queries are in the `store.rs`
//! files of the modules; `words` is how all of them find things by what they say, and `fulltext` how the search does.

mod address;
mod backup;
mod connect;
pub(crate) mod entities;
mod error;
pub(crate) mod fulltext;
pub(crate) mod like;
mod lock;
mod migrate;
mod restore;
mod sound;
pub(crate) mod time;
pub(crate) mod words;

use std::{
    fs::File,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tokio::task::spawn_blocking;

use self::address::Address;
pub use self::{
    error::{DbError, StoreError, Trouble},
    lock::{InstanceLock, LockError},
    migrate::Step,
    restore::{Restored, restore},
};
use crate::config;

/// How long a readiness check waits for the database.
const PING: Duration = Duration::from_secs(2);

/// The database, open. A clone shares the connections.
#[derive(Clone, Debug)]
pub struct Db {
    connection: DatabaseConnection,
    address: Arc<Address>,
    /// Longest that one piece of work may take, waiting included.
    patience: Duration,
    max_connections: u32,
    failures: Arc<AtomicU64>,
}

/// Which of the two databases it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// Connections to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolStats {
    /// Open now.
    pub size: u32,
    /// Open and not in use.
    pub idle: u32,
    /// Most that may be open.
    pub max: u32,
}

impl Db {
    /// Opens the database that `config` names. A SQLite file and its folder are made when they are
    /// not there; without a URL it is `maid.db` in `data_dir`.
    ///
    /// # Errors
    /// When the URL is no database URL, or the database cannot be opened or reached in time.
    pub async fn connect(config: &config::Database, data_dir: &Path) -> Result<Self, DbError> {
        let address = Address::of(config, data_dir)?;
        let connection = connect::connect(&address, config).await?;
        Ok(Self {
            connection,
            address: Arc::new(address),
            patience: config.acquire_timeout.get() + config.busy_timeout.get() + connect::STATEMENT,
            max_connections: config.max_connections,
            failures: Arc::default(),
        })
    }

    /// Which of the two databases it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.address.kind()
    }

    /// Where it is, for people; without its password.
    #[must_use]
    pub fn place(&self) -> String {
        self.address.to_string()
    }

    /// The connections, for the queries of a `store.rs`.
    #[must_use]
    pub fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// A transaction that is going to write. SQLite takes its write lock now, so that reading first
    /// and writing then cannot fail in the middle because somebody else wrote meanwhile.
    ///
    /// # Errors
    /// When the database does not answer, or is locked for longer than `database.busy_timeout`.
    pub async fn begin_write(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.connection.begin_with_options(options).await
    }

    /// Waits for `work` on the database, but not for ever: a server that vanished without a word
    /// must not hold up whoever asks.
    ///
    /// # Errors
    /// What went wrong, in the words of [`StoreError`].
    pub async fn answer<T>(&self, work: impl Future<Output = Result<T, DbErr>>) -> Result<T, StoreError> {
        let answer = match tokio::time::timeout(self.patience, work).await {
            Ok(answer) => answer.map_err(StoreError::from),
            Err(_) => Err(StoreError::silent()),
        };
        self.counted(answer)
    }

    /// Sees to it that what was committed outlives a power cut as well. Postgres has done that when it
    /// answers; SQLite leaves its write-ahead log to the system until it merges it.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub async fn settle(&self) -> std::io::Result<()> {
        let Address::Sqlite { file, .. } = &*self.address else { return Ok(()) };
        // No lock of SQLite is on this file: closing it lets go of none.
        let log = connect::beside(file, "-wal");
        let settled = spawn_blocking(move || match File::open(log) {
            Ok(log) => log.sync_data(),
            // It is merged.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        });
        settled.await.unwrap_or_else(|error| Err(std::io::Error::other(error)))
    }

    /// How often the database failed to answer so far.
    #[must_use]
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    fn counted<T>(&self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        if answer.is_err() {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
        answer
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not, within two seconds.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let answer = match tokio::time::timeout(PING, self.connection.execute_unprepared("SELECT 1")).await {
            Ok(answer) => answer.map(drop).map_err(StoreError::from),
            Err(_) => Err(StoreError::silent()),
        };
        self.counted(answer)
    }

    /// The connections that are open.
    #[must_use]
    pub fn pool(&self) -> PoolStats {
        let (size, idle) = match self.kind() {
            Kind::Sqlite => {
                let pool = self.connection.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle())
            }
            Kind::Postgres => {
                let pool = self.connection.get_postgres_connection_pool();
                (pool.size(), pool.num_idle())
            }
        };
        PoolStats { size, idle: u32::try_from(idle).unwrap_or(u32::MAX), max: self.max_connections }
    }

    /// Closes all connections, after what is under way. SQLite merges its write-ahead log.
    ///
    /// # Errors
    /// When closing fails; nothing stored is lost by it.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.connection.close_by_ref().await.map_err(StoreError::from)
    }
}
