//! Queries of `maid_deeplink_events`.

use std::collections::HashMap;

use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, TryGetable,
    prelude::DateTimeUtc,
    sea_query::{CaseStatement, Expr, Func, OnConflict, Order},
};

use crate::db::{
    Db, StoreError,
    entities::{
        deeplink,
        deeplink_event::{ActiveModel, Column, Entity},
    },
    time::{from_db, to_db},
};

/// Visitors of one link that are told apart on one day; those beyond are counted together.
const MOST_VISITORS: u64 = 1000;
/// Length of a visitor's hash, in bytes.
pub const VISITOR: usize = 16;

/// What happened to a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Somebody looked at it.
    Open,
    /// A run was started from it.
    Run,
    /// It was refused.
    Refused,
}

impl EventKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Run => "run",
            Self::Refused => "refused",
        }
    }
}

/// Something that happened to a link.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// The tenant of the link.
    pub tenant: String,
    /// The link.
    pub link: String,
    /// What happened.
    pub kind: EventKind,
    /// Day, in days since 1970.
    pub day: i64,
    /// Whoever it was, by a hash.
    pub visitor: [u8; VISITOR],
    /// When.
    pub at: Timestamp,
}

/// What was counted of one group.
#[derive(Clone, Debug)]
pub struct Totals {
    /// How often it was looked at.
    pub opens: u64,
    /// From how many addresses a day.
    pub visitors: u64,
    /// Runs.
    pub runs: u64,
    /// How often it was refused.
    pub refused: u64,
    /// When something happened last.
    pub last: Timestamp,
}

/// What happens to links.
#[derive(Clone, Debug)]
pub struct UsageStore(Db);

impl UsageStore {
    /// Those in `db`.
    #[must_use]
    pub const fn new(db: Db) -> Self {
        Self(db)
    }

    /// Counts an event.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn count(&self, event: &EventRow) -> Result<(), StoreError> {
        let counted = async {
            let on = self.0.connection();
            let known = Condition::all()
                .add(Column::DeeplinkId.eq(&event.link))
                .add(Column::Day.eq(event.day))
                .add(Column::Kind.eq(event.kind.name()));
            let again = Entity::update_many()
                .col_expr(Column::Times, Expr::col(Column::Times).add(1))
                .col_expr(Column::LastAt, Expr::value(to_db(event.at)))
                .filter(known.clone())
                .filter(Column::Visitor.eq(event.visitor.to_vec()))
                .exec(on)
                .await?;
            if again.rows_affected > 0 {
                return Ok(());
            }
            let visitors = Entity::find().filter(known).count(on).await?;
            let visitor = if visitors < MOST_VISITORS { event.visitor } else { [0; VISITOR] };
            let place = [Column::DeeplinkId, Column::Day, Column::Kind, Column::Visitor];
            let once_more = OnConflict::columns(place)
                .value(Column::Times, Expr::col((Entity, Column::Times)).add(1))
                .update_column(Column::LastAt)
                .to_owned();
            Entity::insert(model(event, visitor))
                .on_conflict(once_more)
                .exec_without_returning(on)
                .await
                .map(drop)
        };
        self.0.answer(counted).await
    }

    /// A page of groups of events of `tenant` since the day `since`: by day, the newest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn by_day(
        &self,
        wanted: Condition,
        page: (u64, usize),
    ) -> Result<Vec<(i64, Totals)>, StoreError> {
        let query = totals(wanted, Column::Day).order_by(Expr::col("group_key"), Order::Desc);
        self.groups(query, page).await
    }

    /// The same by link, the most opened first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn by_link(
        &self,
        wanted: Condition,
        page: (u64, usize),
    ) -> Result<Vec<(String, Totals)>, StoreError> {
        let query = totals(wanted, Column::DeeplinkId)
            .order_by(Expr::col("opens"), Order::Desc)
            .order_by(Expr::col("group_key"), Order::Asc);
        self.groups(query, page).await
    }

    async fn groups<K: TryGetable + Send>(
        &self,
        query: Select<Entity>,
        (skip, limit): (u64, usize),
    ) -> Result<Vec<(K, Totals)>, StoreError> {
        let query = query.offset(skip).limit(limit as u64).into_model::<Row<K>>();
        let rows = self.0.answer(query.all(self.0.connection())).await?;
        Ok(rows.into_iter().map(|row| (row.key, row.totals)).collect())
    }

    /// Events of `tenant` since the day `since`, of one link or all.
    #[must_use]
    pub fn wanted(tenant: &str, since: i64, link: Option<&str>) -> Condition {
        let wanted = Condition::all().add(Column::TenantId.eq(tenant)).add(Column::Day.gte(since));
        match link {
            Some(link) => wanted.add(Column::DeeplinkId.eq(link)),
            None => wanted,
        }
    }

    /// What people call the links `ids` of the tenant.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn titles(&self, tenant: &str, ids: &[String]) -> Result<HashMap<String, String>, StoreError> {
        let titles = deeplink::Entity::find()
            .select_only()
            .columns([deeplink::Column::Id, deeplink::Column::Title])
            .filter(deeplink::Column::TenantId.eq(tenant))
            .filter(deeplink::Column::Id.is_in(ids))
            .into_tuple::<(String, String)>();
        Ok(self.0.answer(titles.all(self.0.connection())).await?.into_iter().collect())
    }

    /// Forgets what was counted before the day `before`, one link after the other.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn forget(&self, before: i64, most: u64) -> Result<(), StoreError> {
        loop {
            let old = Entity::find()
                .select_only()
                .columns([Column::DeeplinkId, Column::Day])
                .filter(Column::Day.lt(before))
                .distinct()
                .limit(most)
                .into_tuple::<(String, i64)>();
            let old = self.0.answer(old.all(self.0.connection())).await?;
            if old.is_empty() {
                return Ok(());
            }
            for (link, day) in old {
                let gone = Entity::delete_many()
                    .filter(Column::DeeplinkId.eq(link))
                    .filter(Column::Day.eq(day))
                    .exec(self.0.connection());
                self.0.answer(gone).await?;
            }
        }
    }
}

/// What the database answers about a group.
struct Row<K> {
    key: K,
    totals: Totals,
}

impl<K: TryGetable> FromQueryResult for Row<K> {
    fn from_query_result(row: &sea_orm::QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        let count = |name: &str| row.try_get::<i64>(prefix, name).map(i64::cast_unsigned);
        let totals = Totals {
            opens: count("opens")?,
            visitors: count("visitors")?,
            runs: count("runs")?,
            refused: count("refused")?,
            last: from_db(row.try_get::<DateTimeUtc>(prefix, "last")?),
        };
        Ok(Self { key: row.try_get(prefix, "group_key")?, totals })
    }
}

fn totals(wanted: Condition, group: Column) -> Select<Entity> {
    let sum = |kind: EventKind, of: Expr| {
        let of_kind = Expr::col(Column::Kind).eq(kind.name());
        let counted = CaseStatement::new().case(of_kind, of).finally(Expr::val(0_i64));
        // Postgres makes a decimal of a sum.
        Expr::expr(Func::cast_as(Func::sum(counted), "bigint"))
    };
    Entity::find()
        .select_only()
        .column_as(Expr::col(group), "group_key")
        .column_as(sum(EventKind::Open, Expr::col(Column::Times)), "opens")
        .column_as(sum(EventKind::Open, Expr::val(1_i64)), "visitors")
        .column_as(sum(EventKind::Run, Expr::col(Column::Times)), "runs")
        .column_as(sum(EventKind::Refused, Expr::col(Column::Times)), "refused")
        .column_as(Column::LastAt.max(), "last")
        .filter(wanted)
        .group_by(Expr::col(group))
}

fn model(event: &EventRow, visitor: [u8; VISITOR]) -> ActiveModel {
    ActiveModel {
        deeplink_id: Set(event.link.clone()),
        day: Set(event.day),
        kind: Set(event.kind.name().to_owned()),
        visitor: Set(visitor.to_vec()),
        tenant_id: Set(event.tenant.clone()),
        times: Set(1),
        last_at: Set(to_db(event.at)),
    }
}
