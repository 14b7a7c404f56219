//! Opens the database, and says in time and in words when it does not open.

use std::{
    fs,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::{
    DatabaseConnection, DbErr, RuntimeErr, SqlxError,
    sqlx::{
        ConnectOptions, Connection, Executor,
        postgres::{PgConnectOptions, PgPoolOptions},
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    },
};

use super::{DbError, Trouble, address::Address, address::Mode};
use crate::config;

/// Longest that Postgres may work on one statement.
pub const STATEMENT: Duration = Duration::from_secs(30);
/// What a connection to Postgres begins with: bounds for what a statement waits for; and plans for the values at hand.
/// Else a statement asked six times gets one for any values, and a search for frequent words the plan for rare ones,
/// which takes four times as long.
const SESSION: &str = "SET statement_timeout = '30s'; SET lock_timeout = '10s'; \
                       SET idle_in_transaction_session_timeout = '60s'; \
                       SET plan_cache_mode = 'force_custom_plan'";
/// How long it takes to find out that a file is in use.
pub const BRIEF: Duration = Duration::from_secs(1);
/// Pause between two tries to open a database that is just starting or locked.
const PAUSE: Duration = Duration::from_millis(50);
/// Size to which the write-ahead log is cut once it has been merged.
const JOURNAL_BYTES: &str = "67108864";

/// Opens the database at `address`.
pub async fn connect(address: &Address, config: &config::Database) -> Result<DatabaseConnection, DbError> {
    match address {
        Address::Sqlite { file, mode } => {
            prepare_file(file, *mode)?;
            let options = sqlite_options(file, *mode, config.busy_timeout.get());
            probe(address, &options, config.busy_timeout.get()).await?;
            let pool = SqlitePoolOptions::new()
                .max_connections(config.max_connections)
                .acquire_timeout(config.acquire_timeout.get())
                .test_before_acquire(false)
                // A transaction that could not be ended, as on a full disk, must not swallow what the
                // next one writes: such a connection is closed, which ends it.
                .after_release(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
                .connect_lazy_with(options);
            Ok(pool.into())
        }
        Address::Postgres(options) => {
            let options = postgres_options(options);
            probe(address, &options, config.acquire_timeout.get()).await?;
            let pool = PgPoolOptions::new()
                .max_connections(config.max_connections)
                .min_connections(1)
                .acquire_timeout(config.acquire_timeout.get())
                .after_connect(|connection, _| {
                    Box::pin(async { connection.execute(SESSION).await.map(drop) })
                })
                .connect_lazy_with(options);
            Ok(pool.into())
        }
    }
}

/// How the file is opened, by a server and by whoever looks at it from the side.
pub fn sqlite_options(file: &Path, mode: Mode, busy_timeout: Duration) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(mode == Mode::Create)
        .read_only(mode == Mode::Read)
        .busy_timeout(busy_timeout)
        .foreign_keys(true)
        .disable_statement_logging();
    if mode == Mode::Read {
        return options;
    }
    // A crash of MAID loses nothing; a crash of the machine at most the last transactions, and it
    // never damages the file.
    options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .pragma("journal_size_limit", JOURNAL_BYTES)
}

/// The file that SQLite keeps beside `file` under the same name and `suffix`.
pub fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn postgres_options(options: &PgConnectOptions) -> PgConnectOptions {
    let name = options.get_application_name().unwrap_or("maid").to_owned();
    options.clone().application_name(&name).disable_statement_logging()
}

/// Makes the file and its folder, readable for their owner alone: what is stored in it is not for
/// everybody on the machine.
fn prepare_file(file: &Path, mode: Mode) -> Result<(), DbError> {
    if mode != Mode::Create || file.exists() {
        return Ok(());
    }
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|source| DbError::File {
            what: format!("cannot make the folder {} for the database", folder.display()),
            source,
        })?;
    }
    match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Err(source) if source.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(DbError::File { what: format!("cannot make the database {}", file.display()), source })
        }
        _ => Ok(()),
    }
}

/// Opens one connection by itself, since a pool keeps the reason of a failure to itself. A database
/// that is just starting, or locked for a moment, gets until `patience` is over.
async fn probe<O>(address: &Address, options: &O, patience: Duration) -> Result<(), DbError>
where
    O: ConnectOptions<Connection: Sized>,
{
    let until = Instant::now() + patience;
    loop {
        let left = until.saturating_duration_since(Instant::now()).max(PAUSE);
        let error = match tokio::time::timeout(left, options.connect()).await {
            Ok(Ok(connection)) => {
                // It has served its purpose; that it closes badly tells nothing.
                let _ = connection.close().await;
                return Ok(());
            }
            Ok(Err(error)) => error,
            Err(_) => SqlxError::PoolTimedOut,
        };
        if !passes(&error) || Instant::now() >= until {
            return Err(unopened(address, error));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Whether a database that answers so may open a moment later.
fn passes(error: &SqlxError) -> bool {
    match error {
        SqlxError::Io(cause) => cause.kind() == std::io::ErrorKind::ConnectionRefused,
        // Starting, or for the moment with too many clients.
        SqlxError::Database(cause) if cause.code().is_some_and(|code| code == "57P03" || code == "53300") => {
            true
        }
        _ => Trouble::of_driver(error) == Trouble::Locked,
    }
}

fn unopened(address: &Address, error: SqlxError) -> DbError {
    let (because, way_out) = match address {
        Address::Sqlite { .. } => of_file(&error),
        Address::Postgres(_) => of_server(&error),
    };
    DbError::Open {
        place: address.to_string(),
        because,
        way_out,
        source: Some(DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)))),
    }
}

fn of_file(error: &SqlxError) -> (String, &'static str) {
    let trouble = Trouble::of_driver(error);
    match trouble {
        Trouble::Damaged => (
            "it is damaged, or not a SQLite database".into(),
            "restore a backup with `maid restore`, or move the file away to begin anew",
        ),
        Trouble::Locked => (trouble.to_string(), "end the other process, or raise `database.busy_timeout`"),
        Trouble::Files => (
            "it is not there, or may not be opened".into(),
            "check the path in `database.url`, and that this user may read and write the file and its folder",
        ),
        _ => (trouble.to_string(), "check the file and its folder"),
    }
}

fn of_server(error: &SqlxError) -> (String, &'static str) {
    match error {
        SqlxError::Io(cause) => (
            format!("nothing answers there ({cause})"),
            "check that Postgres runs, and host and port in `database.url`",
        ),
        SqlxError::Tls(_) => (
            "it cannot be reached over TLS".into(),
            "check `sslmode` and `sslrootcert` in `database.url`, and the server's certificate",
        ),
        SqlxError::Database(cause) if cause.code().is_some_and(|code| code == "3D000") => (
            "there is no database of this name".into(),
            "make it with `createdb`, or correct the name in `database.url`",
        ),
        _ => {
            let trouble = Trouble::of_driver(error);
            let way_out = match trouble {
                Trouble::Refused => "check user and password in `database.url`",
                Trouble::Busy if matches!(error, SqlxError::Database(_)) => {
                    "lower `database.max_connections`, or raise `max_connections` of the server"
                }
                _ => "check that Postgres runs, and host and port in `database.url`",
            };
            let because = match error {
                SqlxError::PoolTimedOut => Trouble::Silent.to_string(),
                _ => trouble.to_string(),
            };
            (because, way_out)
        }
    }
}
