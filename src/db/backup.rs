//! A copy of the database, taken while it is in use.

use std::{io, path::Path};

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::{Db, DbError, Trouble, address::Address, connect, sound};
use crate::disk::{Existing, Part};

/// Rights of a copy: what is stored is nobody else's business.
pub const PRIVATE: u32 = 0o600;

/// What a database consists of while it is open, by how the names end.
const BELONGING: [&str; 3] = ["", "-wal", "-shm"];

impl Db {
    /// Writes the database as it is at this moment to `file`, while runs and requests go on. The file
    /// is there whole and checked, or not at all. One that is there is replaced when `replace` says so.
    ///
    /// # Errors
    /// With Postgres, whose own tools do this; when the file is there, or cannot be written.
    pub async fn backup(&self, file: &Path, replace: bool) -> Result<(), DbError> {
        let Address::Sqlite { file: database, .. } = &*self.address else {
            return Err(DbError::Refused(format!(
                "MAID saves SQLite databases, and this one is {}: save it with `pg_dump --format=custom`",
                self.place()
            )));
        };
        if BELONGING.iter().any(|end| same(file, &connect::beside(database, end))) {
            return Err(DbError::Refused(format!(
                "{} belongs to the database itself: choose another name",
                file.display()
            )));
        }
        if file.exists() && !replace {
            return Err(there_already(file));
        }
        let existing = if replace { Existing::Replace } else { Existing::Keep };
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AlreadyExists => there_already(file),
            _ => DbError::File { what: format!("cannot write {}", file.display()), source },
        };
        let part = Part::beside(file, PRIVATE).map_err(failed)?;
        self.copy_to(part.path()).await?;
        sound::check(part.path()).await?;
        part.publish(file, existing).map_err(failed)
    }

    async fn copy_to(&self, part: &Path) -> Result<(), DbError> {
        let Some(name) = part.to_str() else {
            return Err(DbError::Refused(format!(
                "the name {} is not UTF-8: choose another",
                part.display()
            )));
        };
        let copy = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [name.into()]);
        self.connection.execute_raw(copy).await.map(drop).map_err(|source| DbError::Copy {
            place: self.place(),
            because: Trouble::of(&source),
            source,
        })
    }
}

/// Whether two names are of one file.
pub fn same(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

fn there_already(file: &Path) -> DbError {
    DbError::Refused(format!(
        "{} is there already: choose another name, or replace it with --force",
        file.display()
    ))
}
