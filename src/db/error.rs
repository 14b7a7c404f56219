//! What goes wrong with a database. [`DbError`] is for opening, upgrading and saving it, and is read
//! by whoever operates MAID; [`StoreError`] is for the queries of a running server.
//!
//! Neither shows what the database itself says, except to logs, as the source of the error: such
//! texts may hold values, and clients are shown these errors.

use std::path::PathBuf;

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, SqlErr, SqlxError};

use super::LockError;

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The URL is none.
    #[error(
        "`database.url` {0}: write `sqlite://FILE` or `postgres://USER:PASSWORD@HOST:PORT/NAME`, or leave it empty \
         for a file in `server.data_dir`"
    )]
    Url(String),
    /// It does not open.
    #[error("the database {place} cannot be opened: {because}; {way_out}")]
    Open {
        /// Where it is.
        place: String,
        /// What is wrong.
        because: String,
        /// What to do about it.
        way_out: &'static str,
        /// What the database says.
        #[source]
        source: Option<DbErr>,
    },
    /// A file cannot be read or written.
    #[error("{what}: {source}")]
    File {
        /// What was tried, with the file.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A later version of MAID has changed its tables.
    #[error(
        "the database {place} was changed by a later version of MAID (it has the step {step}): start that version, \
         or restore a backup of this one"
    )]
    Newer {
        /// Where it is.
        place: String,
        /// The first step that is not known here.
        step: String,
    },
    /// Its tables could not be brought up to date.
    #[error(
        "the tables of the database {place} could not be brought up to date, and are as they were: {because}"
    )]
    Migration {
        /// Where it is.
        place: String,
        /// What is wrong.
        because: Trouble,
        /// What the database says.
        #[source]
        source: DbErr,
    },
    /// The database could not be copied.
    #[error("the database {place} could not be copied: {because}")]
    Copy {
        /// Where it is.
        place: String,
        /// What is wrong.
        because: Trouble,
        /// What the database says.
        #[source]
        source: DbErr,
    },
    /// A server runs on the data folder.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A copy of the database is not what it should be.
    #[error("{} is no backup that can be used: {because}", file.display())]
    Unsound {
        /// The copy.
        file: PathBuf,
        /// What is wrong with it.
        because: String,
    },
    /// A backup or what was to be restored is refused.
    #[error("{0}")]
    Refused(String),
}

/// What is wrong, as far as the same can be said of both databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Another process writes, and goes on doing so.
    #[error("another process keeps it locked")]
    Locked,
    /// The file or the server takes no writes.
    #[error("it can only be read")]
    ReadOnly,
    /// There is no room left.
    #[error("its disk is full")]
    Full,
    /// Nobody answers, or not in time.
    #[error("it does not answer")]
    Silent,
    /// All connections are in use.
    #[error("all connections are in use")]
    Busy,
    /// The file system fails.
    #[error("its files cannot be read or written")]
    Files,
    /// The server takes neither this user nor this password.
    #[error("it refuses the user or the password")]
    Refused,
    /// What is stored cannot be read.
    #[error("what is stored is damaged")]
    Damaged,
    /// There is such a row already.
    #[error("there is such a row already")]
    Taken,
    /// The row that this one belongs to is gone.
    #[error("the row that this one belongs to is gone")]
    Orphan,
    /// A query that the database does not understand: a defect of MAID, or tables that were changed.
    #[error("it does not take the query")]
    Defect,
}

/// Why a query failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot serve now; the same may work later.
    #[error("the database cannot be used now: {trouble}")]
    Unavailable {
        /// What is wrong.
        trouble: Trouble,
        /// What the database says.
        #[source]
        source: Option<DbErr>,
    },
    /// What is stored cannot be read.
    #[error("what is stored is damaged ({what}): restore a backup with `maid restore`")]
    Damaged {
        /// What cannot be read.
        what: String,
    },
    /// A defect of MAID.
    #[error("the database does not take a query of MAID")]
    Other(#[source] DbErr),
}

impl StoreError {
    /// The database did not answer in time.
    pub(crate) fn silent() -> Self {
        Self::Unavailable { trouble: Trouble::Silent, source: None }
    }

    /// Something stored cannot be read.
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }

    /// Whether the same may work later.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match Trouble::of(&error) {
            Trouble::Damaged => Self::damaged("the database file, or a value in it"),
            Trouble::Taken | Trouble::Orphan | Trouble::Defect => Self::Other(error),
            trouble => Self::Unavailable { trouble, source: Some(error) },
        }
    }
}

impl Trouble {
    /// What is wrong, by what a database answered.
    #[must_use]
    pub fn of(error: &DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => return Self::Taken,
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => return Self::Orphan,
            _ => {}
        }
        match error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => Self::Busy,
            DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => Self::Silent,
            DbErr::Conn(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause)) => Self::of_driver(cause),
            DbErr::Conn(_) => Self::Silent,
            DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. } => Self::Damaged,
            _ => Self::Defect,
        }
    }

    /// What is wrong, by what the driver says.
    pub(super) fn of_driver(error: &SqlxError) -> Self {
        match error {
            SqlxError::Database(cause) => {
                let code = cause.code().unwrap_or_default();
                // A code of Postgres has five characters; SQLite's are numbers below 10,000.
                if code.len() == 5 { Self::of_postgres(&code) } else { Self::of_sqlite(&code) }
            }
            SqlxError::PoolTimedOut => Self::Busy,
            SqlxError::Io(_)
            | SqlxError::Tls(_)
            | SqlxError::Protocol(_)
            | SqlxError::PoolClosed
            | SqlxError::WorkerCrashed => Self::Silent,
            SqlxError::Decode(_) | SqlxError::ColumnDecode { .. } => Self::Damaged,
            _ => Self::Defect,
        }
    }

    /// By a result code of SQLite; the low byte is the kind of the extended ones.
    fn of_sqlite(code: &str) -> Self {
        match code.parse::<i32>().unwrap_or_default() & 0xff {
            5 | 6 => Self::Locked,
            8 => Self::ReadOnly,
            13 => Self::Full,
            10 | 14 => Self::Files,
            11 | 26 => Self::Damaged,
            _ => Self::Defect,
        }
    }

    /// By a SQLSTATE of Postgres; its first two characters are its class.
    fn of_postgres(code: &str) -> Self {
        match (code, code.get(..2).unwrap_or_default()) {
            ("53100", _) => Self::Full,
            ("25006", _) => Self::ReadOnly,
            ("55P03", _) | (_, "40") => Self::Locked,
            (_, "28") => Self::Refused,
            (_, "53") => Self::Busy,
            (_, "58") => Self::Files,
            // Shut down, shutting down, or not taking connections.
            ("55000", _) | (_, "08" | "57") => Self::Silent,
            (_, "XX") => Self::Damaged,
            _ => Self::Defect,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_mean_the_same() {
        for (code, trouble) in [("5", Trouble::Locked), ("261", Trouble::Locked), ("8", Trouble::ReadOnly)] {
            assert_eq!(Trouble::of_sqlite(code), trouble, "{code}");
        }
        for (code, trouble) in [("13", Trouble::Full), ("26", Trouble::Damaged), ("1", Trouble::Defect)] {
            assert_eq!(Trouble::of_sqlite(code), trouble, "{code}");
        }
        for (code, trouble) in
            [("57P01", Trouble::Silent), ("53100", Trouble::Full), ("40P01", Trouble::Locked)]
        {
            assert_eq!(Trouble::of_postgres(code), trouble, "{code}");
        }
        for (code, trouble) in
            [("28P01", Trouble::Refused), ("53300", Trouble::Busy), ("42P01", Trouble::Defect)]
        {
            assert_eq!(Trouble::of_postgres(code), trouble, "{code}");
        }
    }
}
