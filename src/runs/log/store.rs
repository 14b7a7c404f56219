//! Queries of the lines of a run's log.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{OnConflict, Query},
};
use uuid::Uuid;

use super::LogLine;
use crate::{
    bus::LogLevel,
    db::{
        StoreError, Trouble,
        entities::{
            run,
            run_log::{ActiveModel, Column, Entity, Model},
        },
        time,
    },
    runs::{
        record::clean,
        store::{Store, of},
    },
};

/// Lines that go into one statement: each is five values, and both databases take 30,000.
const AT_ONCE: usize = 500;
/// Most lines of a page.
const LONGEST_PAGE: usize = 10_000;
/// All levels, and how they are stored.
const LEVELS: [(LogLevel, &str); 4] = [
    (LogLevel::Debug, "debug"),
    (LogLevel::Info, "info"),
    (LogLevel::Warn, "warn"),
    (LogLevel::Error, "error"),
];

impl Store {
    /// Stores lines of a run's log. Lines that are there stay as they are; lines of a run that is
    /// gone are dropped.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn append_logs(&self, id: Uuid, lines: &[LogLine]) -> Result<(), StoreError> {
        for lines in lines.chunks(AT_ONCE) {
            let there_already = OnConflict::columns([Column::RunId, Column::Seq]).do_nothing().to_owned();
            let insert =
                Entity::insert_many(lines.iter().map(|line| row(id, line))).on_conflict(there_already);
            let work = async { insert.exec_without_returning(self.db.connection()).await };
            match self.db.answer(work).await {
                Err(StoreError::Other(error)) if Trouble::of(&error) == Trouble::Orphan => return Ok(()),
                answer => answer?,
            };
        }
        Ok(())
    }

    /// Lines of the log of a run of `tenant` that matter as much as `min_level` or more, behind the
    /// one with the number `after_seq`, in order. None of a run that is not there.
    ///
    /// # Errors
    /// When the database cannot be used, or a line cannot be read.
    pub async fn logs(
        &self,
        tenant: &str,
        id: Uuid,
        min_level: LogLevel,
        after_seq: Option<u64>,
        limit: usize,
    ) -> Result<Vec<LogLine>, StoreError> {
        let levels = LEVELS.iter().filter(|(level, _)| *level >= min_level).map(|(_, name)| *name);
        let its = Query::select().column(run::Column::Id).from(run::Entity).cond_where(of(tenant, id)).take();
        let select = Entity::find()
            .filter(Column::RunId.in_subquery(its))
            .filter(Column::Level.is_in(levels))
            .apply_if(after_seq, |select, seq| select.filter(Column::Seq.gt(number(seq))))
            .order_by_asc(Column::Seq)
            .limit(limit.clamp(1, LONGEST_PAGE) as u64);
        let rows = self.db.answer(async { select.all(self.db.connection()).await }).await?;
        rows.into_iter().map(line).collect()
    }
}

fn row(id: Uuid, line: &LogLine) -> ActiveModel {
    let level = LEVELS.iter().find(|(level, _)| *level == line.level).map_or("info", |(_, name)| name);
    ActiveModel {
        run_id: Set(id),
        seq: Set(number(line.seq)),
        at: Set(time::to_db(line.at)),
        level: Set(level.to_owned()),
        message: Set(clean(&line.message).into_owned()),
    }
}

fn line(row: Model) -> Result<LogLine, StoreError> {
    let level = LEVELS.iter().find(|(_, name)| *name == row.level).map(|(level, _)| *level);
    Ok(LogLine {
        seq: u64::try_from(row.seq).unwrap_or_default(),
        at: time::from_db(row.at),
        level: level
            .ok_or_else(|| StoreError::damaged(format!("a line of the log of run {}", row.run_id)))?,
        message: row.message,
    })
}

fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
