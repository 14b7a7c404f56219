//! Queries of the list of runs, and what keeps it from growing for ever.

use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, Value,
    prelude::DateTimeUtc,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::{Direction, Filters, HistoryQuery, Position, SortKey, SortValue, Usage, folded};
use crate::{
    db::{
        StoreError,
        entities::run::{Column, Entity, Listed},
        like::containing,
        time,
    },
    runs::{
        record::{RunRow, RunStatus, clean},
        store::{Store, over},
    },
};

/// Most rows of a page.
const LONGEST_PAGE: u32 = 1000;

/// Rows of a sorted list that are read at a time: where the value is known, then where it is not.
#[derive(Clone, Debug)]
enum Part {
    Known(Option<(SortValue, Uuid)>),
    Unknown(Option<Uuid>),
}

impl Store {
    /// A page of the runs of `tenant`. Reads only what a row shows.
    ///
    /// # Errors
    /// When the database cannot be used, or a row cannot be read.
    pub async fn list(&self, tenant: &str, query: &HistoryQuery) -> Result<Vec<RunRow>, StoreError> {
        let (key, direction) = query.sort;
        let limit = u64::from(query.limit.clamp(1, LONGEST_PAGE));
        let filtered = filtered(tenant, &query.filters);
        let mut rows: Vec<Listed> = Vec::new();
        for part in parts(key, query.after.as_ref()) {
            let left = limit - rows.len() as u64;
            if left == 0 {
                break;
            }
            let page = within(sorted(filtered.clone(), key, direction), key, direction, &part).limit(left);
            let more =
                self.db.answer(async { page.into_partial_model().all(self.db.connection()).await }).await?;
            rows.extend::<Vec<Listed>>(more);
        }
        rows.into_iter().map(RunRow::try_from).collect()
    }

    /// How often a recipe of `tenant` was run.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn usage(&self, tenant: &str, recipe_id: &str) -> Result<Usage, StoreError> {
        let runs =
            Entity::find().filter(Column::TenantId.eq(tenant)).filter(Column::RecipeId.eq(clean(recipe_id)));
        let work = async {
            let on = self.db.connection();
            let completed = runs.clone().filter(Column::Status.eq(RunStatus::Completed.as_str()));
            let passed = completed.filter(Column::Passed.eq(true)).count(on).await?;
            let newest =
                runs.clone().select_only().column(Column::CreatedAt).order_by_desc(Column::Id).limit(1);
            let last = newest.into_tuple::<DateTimeUtc>().one(on).await?;
            let last_run_at = last.map(|at| format!("{:.3}", time::from_db(at)));
            Ok(Usage { runs: runs.count(on).await?, passed, last_run_at })
        };
        self.db.answer(work).await
    }

    /// Deletes finished runs: of each tenant the oldest beyond `max_runs` (0 keeps all), and those
    /// that ended before `older_than`. Baselines stay. Goes on in steps of `batch` runs, so that
    /// nobody waits long for the lock. Returns how many were deleted.
    ///
    /// # Errors
    /// When the database cannot be used; what was deleted until then stays deleted.
    pub async fn trim(
        &self,
        max_runs: u64,
        older_than: Option<Timestamp>,
        batch: u64,
    ) -> Result<u64, StoreError> {
        let mut trimmed = 0;
        let mut tenant = None;
        while let Some(next) = self.tenant_after(tenant.as_deref()).await? {
            if max_runs > 0
                && let Some(newest) = self.first_beyond(&next, max_runs).await?
            {
                trimmed +=
                    self.delete_batches(expendable(&next).filter(Column::Id.lte(newest)), batch).await?;
            }
            if let Some(limit) = older_than {
                trimmed += self.delete_batches(ended_before(&next, limit), batch).await?;
            }
            tenant = Some(next);
        }
        Ok(trimmed)
    }

    /// The tenant that comes after `tenant`, of those that have runs.
    async fn tenant_after(&self, tenant: Option<&str>) -> Result<Option<String>, StoreError> {
        let mut select = Entity::find().select_only().column(Column::TenantId).order_by_asc(Column::TenantId);
        if let Some(tenant) = tenant {
            select = select.filter(Column::TenantId.gt(tenant));
        }
        self.db.answer(async { select.limit(1).into_tuple().one(self.db.connection()).await }).await
    }

    /// The newest of the finished runs that are more than `max_runs`.
    async fn first_beyond(&self, tenant: &str, max_runs: u64) -> Result<Option<Uuid>, StoreError> {
        let select = expendable(tenant).order_by_desc(Column::Id).offset(max_runs).limit(1);
        self.db.answer(async { select.into_tuple().one(self.db.connection()).await }).await
    }

    async fn delete_batches(&self, ids: Select<Entity>, batch: u64) -> Result<u64, StoreError> {
        let batch = batch.clamp(1, u64::from(LONGEST_PAGE));
        let oldest = ids.order_by_asc(Column::Id).limit(batch).into_query();
        let mut deleted = 0;
        loop {
            let delete = Entity::delete_many().filter(Column::Id.in_subquery(oldest.clone()));
            let count = self
                .db
                .answer(async { Ok::<_, DbErr>(delete.exec(self.db.connection()).await?.rows_affected) })
                .await?;
            deleted += count;
            if count < batch {
                return Ok(deleted);
            }
        }
    }
}

/// Ids of the runs of `tenant` that may be trimmed.
fn expendable(tenant: &str) -> Select<Entity> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::TenantId.eq(tenant))
        .filter(Column::Baseline.eq(false))
        .filter(over())
}

/// Those of them that ended before `limit`. A run that ended before has begun before, and ids tell
/// when: that finds them by the index.
fn ended_before(tenant: &str, limit: Timestamp) -> Select<Entity> {
    let millis = u128::try_from(limit.as_millisecond()).unwrap_or_default();
    let first_later = Uuid::from_u128((millis + 1) << 80);
    let limit = time::to_db(limit);
    expendable(tenant).filter(Column::Id.lt(first_later)).filter(Column::EndTime.lt(limit))
}

fn filtered(tenant: &str, filters: &Filters) -> Select<Entity> {
    let status: Vec<_> = filters.status.iter().map(|status| status.as_str()).collect();
    Entity::find()
        .filter(Column::TenantId.eq(tenant))
        .apply_if((!status.is_empty()).then_some(status), |select, status| {
            select.filter(Column::Status.is_in(status))
        })
        .apply_if(filters.name.as_deref(), |select, part| {
            select.filter(Column::NameFolded.like(containing(&folded(part))))
        })
        .apply_if(filters.recipe_id.as_deref(), |select, id| select.filter(Column::RecipeId.eq(clean(id))))
        .apply_if(filters.owner.as_deref(), |select, id| select.filter(Column::Owner.eq(clean(id))))
        .apply_if(filters.since, |select, at| select.filter(Column::StartTime.gte(time::to_db(at))))
        .apply_if(filters.until, |select, at| select.filter(Column::StartTime.lt(time::to_db(at))))
        .apply_if(filters.passed, |select, passed| select.filter(Column::Passed.eq(passed)))
        .apply_if(filters.baseline, |select, baseline| select.filter(Column::Baseline.eq(baseline)))
}

fn column(key: SortKey) -> Column {
    match key {
        SortKey::Created => Column::Id,
        SortKey::StartTime => Column::StartTime,
        SortKey::Name => Column::NameFolded,
        SortKey::Duration => Column::DurationSeconds,
        SortKey::Requests => Column::TotalRequests,
        SortKey::Failures => Column::FailedRequests,
        SortKey::P95 => Column::P95ResponseTimeMs,
        SortKey::Rps => Column::ThroughputRps,
        SortKey::Status => Column::Status,
    }
}

fn parts(key: SortKey, after: Option<&Position>) -> Vec<Part> {
    match after {
        Some(position) if !position.fits(key) => Vec::new(),
        Some(Position { value: Some(value), id }) => {
            let known = Part::Known(Some((value.clone(), *id)));
            if key.may_be_unknown() { vec![known, Part::Unknown(None)] } else { vec![known] }
        }
        Some(Position { value: None, id }) => vec![Part::Unknown(Some(*id))],
        None if key.may_be_unknown() => vec![Part::Known(None), Part::Unknown(None)],
        None => vec![Part::Known(None)],
    }
}

fn sorted(select: Select<Entity>, key: SortKey, direction: Direction) -> Select<Entity> {
    let order = match direction {
        Direction::Asc => Order::Asc,
        Direction::Desc => Order::Desc,
    };
    match key {
        SortKey::Created => select.order_by(Column::Id, order),
        key => select.order_by(column(key), order.clone()).order_by(Column::Id, order),
    }
}

fn within(select: Select<Entity>, key: SortKey, direction: Direction, part: &Part) -> Select<Entity> {
    let behind = |left: Expr, right: Expr| match direction {
        Direction::Asc => left.gt(right),
        Direction::Desc => left.lt(right),
    };
    let known = || {
        if key.may_be_unknown() { Condition::all().add(column(key).is_not_null()) } else { Condition::all() }
    };
    match part {
        Part::Known(None) => select.filter(known()),
        // A pair is compared as a whole: that is one step into the index.
        Part::Known(Some((value, id))) => select.filter(known().add(behind(
            Expr::tuple([Expr::col(column(key)), Expr::col(Column::Id)]),
            Expr::tuple([Expr::val(bound(value)), Expr::val(*id)]),
        ))),
        Part::Unknown(after) => select
            .apply_if((key != SortKey::Created).then_some(()), |select, ()| {
                select.filter(column(key).is_null())
            })
            .apply_if(*after, |select, id| select.filter(behind(Expr::col(Column::Id), Expr::val(id)))),
    }
}

fn bound(value: &SortValue) -> Value {
    match value {
        SortValue::Time(at) => time::to_db(*at).into(),
        SortValue::Text(text) => clean(text).into_owned().into(),
        SortValue::Number(number) => (*number).into(),
        SortValue::Count(count) => i64::try_from(*count).unwrap_or(i64::MAX).into(),
    }
}
