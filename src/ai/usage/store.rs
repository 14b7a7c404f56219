//! Queries of `maid_ai_usage`.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func, OnConflict, Order, SimpleExpr},
};

use crate::db::{
    Db, StoreError,
    entities::ai_usage::{ActiveModel, Column, Entity},
};

/// What was asked, to be added to what was asked before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRow {
    pub tenant: String,
    /// Days since 1970.
    pub day: i64,
    pub principal: String,
    pub model: String,
    pub prompt_tokens: i64,
    pub answer_tokens: i64,
    pub busy_ms: i64,
    /// In millionths of a US dollar.
    pub cost_millionths: i64,
}

/// What was counted of one day, principal or model.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Counted {
    /// Where it is counted by day.
    pub day: Option<i64>,
    /// Where it is counted by principal or model.
    pub name: Option<String>,
    pub requests: i64,
    pub prompt_tokens: i64,
    pub answer_tokens: i64,
    pub busy_ms: i64,
    /// In millionths of a US dollar.
    pub cost_millionths: i64,
}

/// What models are asked.
#[derive(Clone, Debug)]
pub struct UsageStore(Db);

impl UsageStore {
    pub const fn new(db: Db) -> Self {
        Self(db)
    }

    /// Adds what was asked.
    pub async fn add(&self, row: UsageRow) -> Result<(), StoreError> {
        let once_more = |column: Column, more: i64| (column, Expr::col((Entity, column)).add(more));
        let place = [Column::TenantId, Column::Day, Column::Principal, Column::Model];
        let again = OnConflict::columns(place)
            .values([
                once_more(Column::Requests, 1),
                once_more(Column::PromptTokens, row.prompt_tokens),
                once_more(Column::AnswerTokens, row.answer_tokens),
                once_more(Column::BusyMs, row.busy_ms),
                once_more(Column::CostMillionths, row.cost_millionths),
            ])
            .to_owned();
        let first = ActiveModel {
            tenant_id: Set(row.tenant),
            day: Set(row.day),
            principal: Set(row.principal),
            model: Set(row.model),
            requests: Set(1),
            prompt_tokens: Set(row.prompt_tokens),
            answer_tokens: Set(row.answer_tokens),
            busy_ms: Set(row.busy_ms),
            cost_millionths: Set(row.cost_millionths),
        };
        let added = Entity::insert(first).on_conflict(again).exec_without_returning(self.0.connection());
        self.0.answer(added).await.map(drop)
    }

    /// What `tenant` has asked since the day `since`, by `group`; of one principal or all.
    pub async fn counted(
        &self,
        (tenant, principal): (&str, Option<&str>),
        since: i64,
        group: Column,
        (skip, limit): (u64, usize),
    ) -> Result<Vec<Counted>, StoreError> {
        let mut wanted = Condition::all().add(Column::TenantId.eq(tenant)).add(Column::Day.gte(since));
        if let Some(principal) = principal {
            wanted = wanted.add(Column::Principal.eq(principal));
        }
        let by_day = matches!(group, Column::Day);
        let query = Entity::find()
            .select_only()
            .column_as(Expr::col(group), if by_day { "day" } else { "name" })
            .column_as(sum(Column::Requests), "requests")
            .column_as(sum(Column::PromptTokens), "prompt_tokens")
            .column_as(sum(Column::AnswerTokens), "answer_tokens")
            .column_as(sum(Column::BusyMs), "busy_ms")
            .column_as(sum(Column::CostMillionths), "cost_millionths")
            .filter(wanted)
            .group_by(Expr::col(group));
        let query = match by_day {
            true => query.order_by(Expr::col(group), Order::Desc),
            false => {
                query.order_by(Expr::col("requests"), Order::Desc).order_by(Expr::col(group), Order::Asc)
            }
        };
        let query = query.offset(skip).limit(limit as u64).into_model::<Counted>();
        self.0.answer(query.all(self.0.connection())).await
    }

    /// What everybody has spent since the day `since`, in millionths of a US dollar.
    pub async fn spent(&self, since: i64) -> Result<i64, StoreError> {
        let query = Entity::find()
            .select_only()
            .column_as(sum(Column::CostMillionths), "spent")
            .filter(Column::Day.gte(since))
            .into_tuple::<Option<i64>>();
        let spent = self.0.answer(query.one(self.0.connection())).await?;
        Ok(spent.flatten().unwrap_or(0))
    }

    /// Forgets what was asked before the day `before`.
    pub async fn forget(&self, before: i64) -> Result<(), StoreError> {
        let gone = Entity::delete_many().filter(Column::Day.lt(before)).exec(self.0.connection());
        self.0.answer(gone).await.map(drop)
    }
}

/// A sum; Postgres makes a decimal of one.
fn sum(column: Column) -> SimpleExpr {
    Expr::expr(Func::cast_as(Func::sum(Expr::col(column)), "bigint"))
}
