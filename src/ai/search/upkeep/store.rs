//! Queries for what is not searched as it is now.

use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    prelude::DateTimeUtc,
    sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    ai::search::{document::Kind, store::Store},
    db::{
        StoreError,
        entities::document::{Column, Entity},
        time::from_db,
    },
    runs::record::RunStatus,
};

/// Something that is to be searched anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stale {
    /// Its id.
    pub id: Uuid,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

/// Things of one kind that people make.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// What they are.
    pub kind: Kind,
    table: &'static str,
    column: Column,
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self { kind: Kind::Recipe, table: "maid_recipes", column: Column::RecipeId },
        Self { kind: Kind::Prompt, table: "maid_prompts", column: Column::PromptId },
        Self { kind: Kind::Run, table: "maid_runs", column: Column::RunId },
    ];

    fn of(self, column: &str) -> Expr {
        Expr::col((Alias::new(self.table), Alias::new(column)))
    }

    /// Those of `tenant`; of runs, those that are over.
    fn all(self, tenant: &str) -> SelectStatement {
        let mut all = Query::select().from(Alias::new(self.table)).take();
        all.and_where(self.of("tenant_id").eq(tenant));
        if self.kind == Kind::Run {
            all.and_where(self.of("status").is_in(RunStatus::OVER.map(RunStatus::as_str)));
        }
        all
    }
}

impl Store {
    /// The tenant that comes after `after`, of those that have such things.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn tenant_after(&self, of: Source, after: Option<&str>) -> Result<Option<String>, StoreError> {
        let mut next = Query::select().column(Alias::new("tenant_id")).from(Alias::new(of.table)).take();
        next.order_by((Alias::new(of.table), Alias::new("tenant_id")), Order::Asc).limit(1);
        if let Some(after) = after {
            next.and_where(of.of("tenant_id").gt(after));
        }
        let row = self.db().answer(self.db().connection().query_one(&next)).await?;
        Ok(row.map(|row| row.try_get("", "tenant_id")).transpose()?)
    }

    /// The newest of the things of `tenant` that are more than `most`.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn first_beyond(
        &self,
        of: Source,
        tenant: &str,
        most: u64,
    ) -> Result<Option<Uuid>, StoreError> {
        let id = (Alias::new(of.table), Alias::new("id"));
        let beyond = of.all(tenant).column(id.clone()).order_by(id, Order::Desc).offset(most).limit(1).take();
        let row = self.db().answer(self.db().connection().query_one(&beyond)).await?;
        Ok(row.map(|row| row.try_get("", "id")).transpose()?)
    }

    /// How many of the things of `tenant` behind `beyond` are there.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn count(&self, of: Source, tenant: &str, beyond: Option<Uuid>) -> Result<u64, StoreError> {
        let mut count = of.all(tenant).expr_as(Expr::cust("count(*)"), Alias::new("things")).take();
        if let Some(beyond) = beyond {
            count.and_where(of.of("id").gt(beyond));
        }
        let row = self.db().answer(self.db().connection().query_one(&count)).await?;
        let things: Option<i64> = row.map(|row| row.try_get("", "things")).transpose()?;
        Ok(u64::try_from(things.unwrap_or_default()).unwrap_or_default())
    }

    /// Things of `tenant` that are not searched as they are now, the newest first: those behind `beyond` and
    /// before `before`, at most `most`. With a `model` also those without a vector of it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn stale(
        &self,
        of: Source,
        tenant: &str,
        (beyond, before): (Option<Uuid>, Option<Uuid>),
        model: Option<&str>,
        most: u64,
    ) -> Result<Vec<Stale>, StoreError> {
        let document = Condition::all()
            .add(Expr::col((Entity, of.column)).equals((Alias::new(of.table), Alias::new("id"))))
            .add(Column::Kind.eq(of.kind.name()));
        let changed = Expr::col((Entity, Column::SourceAt)).ne(of.of("updated_at"));
        let mut outdated =
            Condition::any().add(Column::Id.is_null()).add(Column::SourceAt.is_null()).add(changed);
        if let Some(model) = model {
            outdated = outdated.add(Column::Model.is_null()).add(Column::Model.ne(model));
        }
        let mut stale = of.all(tenant);
        stale
            .columns(["id", "updated_at"].map(|column| (Alias::new(of.table), Alias::new(column))))
            .left_join(Entity, document)
            .cond_where(outdated)
            .order_by((Alias::new(of.table), Alias::new("id")), Order::Desc)
            .limit(most);
        if let Some(beyond) = beyond {
            stale.and_where(of.of("id").gt(beyond));
        }
        if let Some(before) = before {
            stale.and_where(of.of("id").lt(before));
        }
        let rows = self.db().answer(self.db().connection().query_all(&stale)).await?;
        let read = |row: &sea_orm::QueryResult| -> Result<Stale, DbErr> {
            let changed_at: DateTimeUtc = row.try_get("", "updated_at")?;
            Ok(Stale { id: row.try_get("", "id")?, changed_at: from_db(changed_at) })
        };
        rows.iter().map(|row| read(row).map_err(StoreError::from)).collect()
    }

    /// Forgets everything that is searched.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn clear(&self) -> Result<(), StoreError> {
        self.db().answer(Entity::delete_many().exec(self.db().connection())).await.map(drop)
    }

    /// Forgets what is searched of runs of `tenant` up to `last`: there are newer ones enough.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn forget_runs(&self, tenant: &str, last: Uuid) -> Result<u64, StoreError> {
        let gone = Entity::delete_many().filter(Column::TenantId.eq(tenant)).filter(Column::RunId.lte(last));
        Ok(self.db().answer(gone.exec(self.db().connection())).await?.rows_affected)
    }
}
