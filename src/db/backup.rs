//! A copy of the database, taken while it is in use.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use uuid::Uuid;

use super::{Db, DbError, Trouble, address::Address, sound};

/// What a database consists of while it is open, by how the names end.
const BELONGING: [&str; 3] = ["", "-wal", "-shm"];

fn with_end(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

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
        if BELONGING.iter().any(|end| same(file, &with_end(database, end))) {
            return Err(DbError::Refused(format!(
                "{} belongs to the database itself: choose another name",
                file.display()
            )));
        }
        if file.exists() && !replace {
            return Err(there_already(file));
        }
        let part = Part::beside(file)?;
        self.copy_to(&part.0).await?;
        sound::check(&part.0).await?;
        part.publish(file, replace)
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

/// A file in the making, under a name of its own beside the one that it is to have. It goes away
/// with this value, unless it was published.
pub struct Part(pub PathBuf);

impl Part {
    /// Makes an empty file beside `file`, for its owner alone.
    pub fn beside(file: &Path) -> Result<Self, DbError> {
        let Some(name) = file.file_name() else {
            return Err(DbError::Refused(format!("{} is not the name of a file", file.display())));
        };
        let part =
            file.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), Uuid::now_v7().simple()));
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&part)
            .map_err(|source| DbError::File { what: format!("cannot write {}", file.display()), source })?;
        Ok(Self(part))
    }

    /// Gives it its name, when all of it has reached the disk.
    pub fn publish(self, file: &Path, replace: bool) -> Result<(), DbError> {
        let named = || {
            File::open(&self.0)?.sync_all()?;
            if replace {
                fs::rename(&self.0, file)?
            } else {
                name_once(&self.0, file)?
            }
            sync_folder(file)
        };
        named().map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => there_already(file),
            _ => DbError::File { what: format!("cannot write {}", file.display()), source },
        })
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After a rename there is nothing left to remove.
        let _ = fs::remove_file(&self.0);
    }
}

/// Names `part` as `file` unless that is there: a second name is refused where a rename would
/// replace. Some file systems have no second names; there, looking first has to do.
fn name_once(part: &Path, file: &Path) -> io::Result<()> {
    match fs::hard_link(part, file) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !file.exists() => {
            fs::rename(part, file)
        }
        linked => linked,
    }
}

/// A new name is on the disk when its folder is.
pub fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Whether two names are of one file.
pub fn same(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

fn there_already(file: &Path) -> DbError {
    DbError::Refused(format!("{} is there already: choose another name, or remove it first", file.display()))
}
