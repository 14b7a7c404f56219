//! Queries of `maid_prompt_uses`.

use std::collections::HashMap;

use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationDef, Select, TryGetable,
    prelude::DateTimeUtc,
    sea_query::{CaseStatement, Expr, Func, IntoCondition, Order},
};
use uuid::Uuid;

use crate::{
    db::{
        Db, StoreError,
        entities::{
            prompt,
            prompt_use::{ActiveModel, Column, Entity},
            run,
        },
        time::{day, from_db, to_db},
    },
    prompts::{finding::readable, record::Viewer},
};

/// A use.
#[derive(Clone, Debug)]
pub struct UseRow {
    /// Id.
    pub id: Uuid,
    /// The prompt.
    pub prompt: Uuid,
    /// Which version of it.
    pub version: u64,
    /// When.
    pub at: Timestamp,
    /// The run of the test that was made from it.
    pub run: Option<Uuid>,
}

/// Which uses are counted.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Those since this day, in days since 1970.
    pub since: i64,
    /// Those of this prompt.
    pub prompt: Option<Uuid>,
    /// What built-in prompts are referred to by: everybody may see them.
    pub built_in: Vec<Uuid>,
}

/// What was counted of one group.
#[derive(Clone, Debug)]
pub struct Totals {
    /// How often.
    pub uses: u64,
    /// By how many users.
    pub users: u64,
    /// When last.
    pub last: Timestamp,
    /// Runs.
    pub runs: u64,
    /// Runs that passed.
    pub passed: u64,
    /// Runs that did not.
    pub failed: u64,
}

/// What groups are made by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Prompts, by id.
    Prompt,
    /// Versions, by number.
    Version,
    /// Users, by id.
    User,
    /// Days, by number since 1970.
    Day,
}

/// The uses of prompts.
#[derive(Clone, Debug)]
pub struct UsageStore(Db);

impl UsageStore {
    /// Those in `db`.
    #[must_use]
    pub const fn new(db: Db) -> Self {
        Self(db)
    }

    /// Notes a use. False where its run is none of the tenant.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn insert(&self, viewer: &Viewer, one: &UseRow) -> Result<bool, StoreError> {
        let row = ActiveModel {
            id: Set(one.id),
            tenant_id: Set(viewer.tenant.clone()),
            prompt_id: Set(one.prompt),
            version: Set(one.version.cast_signed()),
            user_id: Set(viewer.id.clone()),
            at: Set(to_db(one.at)),
            day: Set(day(one.at)),
            run_id: Set(one.run),
        };
        let noted = async {
            if let Some(run) = one.run {
                let known = run::Entity::find_by_id(run)
                    .filter(run::Column::TenantId.eq(&viewer.tenant))
                    .select_only()
                    .column(run::Column::Id)
                    .into_tuple::<Uuid>();
                if known.one(self.0.connection()).await?.is_none() {
                    return Ok(false);
                }
            }
            Entity::insert(row).exec_without_returning(self.0.connection()).await.map(|_| true)
        };
        self.0.answer(noted).await
    }

    /// A page of groups of uses, by `group`, whose values are of the type `K`.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn groups<K: TryGetable + Send>(
        &self,
        viewer: &Viewer,
        counted: &Counted,
        group: Group,
        (skip, limit): (u64, usize),
    ) -> Result<Vec<(K, Totals)>, StoreError> {
        let column = match group {
            Group::Prompt => Column::PromptId,
            Group::Version => Column::Version,
            Group::User => Column::UserId,
            Group::Day => Column::Day,
        };
        let query = totals(Entity::find().select_only().column_as(of_use(column), "group_key"))
            .join(JoinType::LeftJoin, of_prompt())
            .join(JoinType::LeftJoin, of_run())
            .filter(visible(viewer, counted))
            .group_by(of_use(column));
        let query = match group {
            Group::Day => query,
            _ => query.order_by(Expr::col("uses"), Order::Desc),
        };
        let query = query.order_by(Expr::col("group_key"), Order::Desc).offset(skip).limit(limit as u64);
        let rows = self.0.answer(query.into_model::<Row<K>>().all(self.0.connection())).await?;
        Ok(rows.into_iter().map(|row| (row.key, row.totals)).collect())
    }

    /// What people call the prompts `ids` of the tenant.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn titles(&self, tenant: &str, ids: &[Uuid]) -> Result<HashMap<Uuid, String>, StoreError> {
        let titles = prompt::Entity::find()
            .select_only()
            .columns([prompt::Column::Id, prompt::Column::Title])
            .filter(prompt::Column::TenantId.eq(tenant))
            .filter(prompt::Column::Id.is_in(ids.iter().copied()))
            .into_tuple::<(Uuid, String)>();
        Ok(self.0.answer(titles.all(self.0.connection())).await?.into_iter().collect())
    }

    /// Forgets some of the uses of before the day `before`, and answers how many.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn forget(&self, before: i64, most: u64) -> Result<u64, StoreError> {
        let old = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::Day.lt(before))
            .limit(most)
            .into_query();
        let gone = Entity::delete_many().filter(Column::Id.in_subquery(old)).exec(self.0.connection());
        Ok(self.0.answer(gone).await?.rows_affected)
    }
}

/// A group as it is read.
struct Row<K> {
    key: K,
    totals: Totals,
}

impl<K: TryGetable> FromQueryResult for Row<K> {
    fn from_query_result(row: &sea_orm::QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        let count = |name: &str| row.try_get::<i64>(prefix, name).map(i64::cast_unsigned);
        let totals = Totals {
            uses: count("uses")?,
            users: count("users")?,
            last: from_db(row.try_get::<DateTimeUtc>(prefix, "last")?),
            runs: count("runs")?,
            passed: count("passed")?,
            failed: count("failed")?,
        };
        Ok(Self { key: row.try_get(prefix, "group_key")?, totals })
    }
}

fn of_use(column: Column) -> Expr {
    Expr::col((Entity, column))
}

fn totals(query: Select<Entity>) -> Select<Entity> {
    let verdict = |passed: bool| {
        let passed = Expr::col((run::Entity, run::Column::Passed)).eq(passed);
        let one = CaseStatement::new().case(passed, Expr::val(1_i64)).finally(Expr::val(0_i64));
        // Postgres makes a decimal of a sum.
        Expr::expr(Func::cast_as(Func::sum(one), "bigint"))
    };
    query
        .column_as(of_use(Column::Id).count(), "uses")
        .column_as(of_use(Column::UserId).count_distinct(), "users")
        .column_as(of_use(Column::At).max(), "last")
        .column_as(Expr::col((run::Entity, run::Column::Id)).count(), "runs")
        .column_as(verdict(true), "passed")
        .column_as(verdict(false), "failed")
}

/// The prompt of a use, where it is none that MAID comes with.
fn of_prompt() -> RelationDef {
    Entity::belongs_to(prompt::Entity).from(Column::PromptId).to(prompt::Column::Id).into()
}

/// The run of a use; never one of another tenant.
fn of_run() -> RelationDef {
    let relation: RelationDef =
        Entity::belongs_to(run::Entity).from(Column::RunId).to(run::Column::Id).into();
    relation.on_condition(|of_use, of_run| {
        Expr::col((of_use, Column::TenantId)).equals((of_run, run::Column::TenantId)).into_condition()
    })
}

/// Uses that `viewer` may know of: those of prompts that they may read.
fn visible(viewer: &Viewer, counted: &Counted) -> Condition {
    let known =
        Condition::any().add(Column::PromptId.is_in(counted.built_in.iter().copied())).add(readable(viewer));
    let mut visible = Condition::all()
        .add(Column::TenantId.eq(&viewer.tenant))
        .add(Column::Day.gte(counted.since))
        .add(known);
    if let Some(prompt) = counted.prompt {
        visible = visible.add(Column::PromptId.eq(prompt));
    }
    visible
}
