//! Brings the tables up to date, whole or not at all, however many processes try at once.

use maid_migrations::{Migrator, MigratorTrait, SchemaManager};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult, Statement};

use super::{Db, DbError, Kind, Trouble};

/// Number of the lock under which Postgres lets one process after the other upgrade: "maid" as bytes.
const UPGRADE: i64 = 0x6d61_6964;

/// One step of the tables' history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Name of the step.
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
}

impl Db {
    /// Brings the tables up to date and names the steps that were missing. All of them are applied
    /// in one transaction: an upgrade that is interrupted leaves the database as it was.
    ///
    /// # Errors
    /// When a later version of MAID has changed the database, or when a step fails.
    pub async fn migrate(&self) -> Result<Vec<String>, DbError> {
        self.migrate_by::<Migrator>().await
    }

    /// As [`Db::migrate`], with steps of the caller's choice.
    ///
    /// # Errors
    /// As [`Db::migrate`].
    pub async fn migrate_by<M: MigratorTrait>(&self) -> Result<Vec<String>, DbError> {
        // Most starts find nothing to do, and then take no lock.
        if pending(&self.steps_of::<M>().await?).is_empty() {
            return Ok(Vec::new());
        }
        let failed = |source| self.migration_failed(source);
        let transaction = self.begin_write().await.map_err(failed)?;
        if self.kind() == Kind::Postgres {
            take_turn(&transaction).await.map_err(failed)?;
        }
        M::install(&transaction).await.map_err(failed)?;
        let missing = pending(&self.steps_on::<M>(&transaction).await?);
        if !missing.is_empty() {
            M::up(&transaction, None).await.map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)?;
        Ok(missing)
    }

    /// All steps, and whether the database has them; changes nothing.
    ///
    /// # Errors
    /// When a later version of MAID has changed the database, or when it does not answer.
    pub async fn steps(&self) -> Result<Vec<Step>, DbError> {
        self.steps_of::<Migrator>().await
    }

    async fn steps_of<M: MigratorTrait>(&self) -> Result<Vec<Step>, DbError> {
        let manager = SchemaManager::new(self.connection());
        let known = manager.has_table(table::<M>()).await.map_err(|source| self.migration_failed(source))?;
        if known { self.steps_on::<M>(self.connection()).await } else { Ok(steps::<M>(&[])) }
    }

    async fn steps_on<M: MigratorTrait>(&self, on: &impl ConnectionTrait) -> Result<Vec<Step>, DbError> {
        let applied = applied::<M>(on).await.map_err(|source| self.migration_failed(source))?;
        let steps = steps::<M>(&applied);
        match applied.into_iter().find(|name| steps.iter().all(|step| step.name != *name)) {
            Some(step) => Err(DbError::Newer { place: self.place(), step }),
            None => Ok(steps),
        }
    }

    fn migration_failed(&self, source: DbErr) -> DbError {
        DbError::Migration { place: self.place(), because: Trouble::of(&source), source }
    }
}

/// Waits until no other process upgrades. An upgrade of much data may take long, and so may waiting.
async fn take_turn(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    transaction
        .execute_unprepared(&format!(
            "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock({UPGRADE})"
        ))
        .await
        .map(drop)
}

fn steps<M: MigratorTrait>(applied: &[String]) -> Vec<Step> {
    M::migrations()
        .iter()
        .map(|step| step.name().to_owned())
        .map(|name| Step { applied: applied.contains(&name), name })
        .collect()
}

fn pending(steps: &[Step]) -> Vec<String> {
    steps.iter().filter(|step| !step.applied).map(|step| step.name.clone()).collect()
}

fn table<M: MigratorTrait>() -> String {
    M::migration_table_name().to_string()
}

#[derive(FromQueryResult)]
struct Applied {
    version: String,
}

async fn applied<M: MigratorTrait>(on: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let query = format!("SELECT version FROM {} ORDER BY version", table::<M>());
    let rows =
        Applied::find_by_statement(Statement::from_string(on.get_database_backend(), query)).all(on).await?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}
