//! Queries that find prompts, and those of `maid_prompt_favourites`.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{OnConflict, SelectStatement},
};
use uuid::Uuid;

use super::{Filters, Source};
use crate::{
    db::{
        Db, StoreError,
        entities::{
            prompt::{Column, Entity, Listed},
            prompt_favourite as favourite,
        },
        time::to_db,
        words::{self, Kind, Query},
    },
    prompts::{
        record::{ListedRow, Viewer, Visibility},
        store::listed,
    },
};

/// Most prompts that a search finds: whoever wants more says more.
const MOST_FOUND: u64 = 1000;

/// The prompts, as they are found.
#[derive(Clone, Debug)]
pub struct FindingStore(Db);

impl FindingStore {
    /// Those in `db`.
    #[must_use]
    pub const fn new(db: Db) -> Self {
        Self(db)
    }

    /// Prompts that `viewer` may read, made before the prompt `after`, the newest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn list(
        &self,
        viewer: &Viewer,
        filters: &Filters,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<Vec<ListedRow>, StoreError> {
        let mut query = Entity::find().filter(readable(viewer)).filter(wanted(viewer, filters));
        if let Some(after) = after {
            query = query.filter(Column::Id.lt(after));
        }
        let query = query.order_by_desc(Column::Id).limit(limit as u64).into_partial_model::<Listed>();
        let rows = self.0.answer(query.all(self.0.connection())).await?;
        rows.into_iter().map(listed).collect()
    }

    /// Prompts that `viewer` may read and `query` finds, with how well.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn search(
        &self,
        viewer: &Viewer,
        filters: &Filters,
        query: &Query,
    ) -> Result<Vec<(ListedRow, i64)>, StoreError> {
        let found = words::find(self.0.connection(), Kind::Prompt, &viewer.tenant, query, MOST_FOUND);
        let found = self.0.answer(found).await?;
        let rows = Entity::find()
            .filter(Column::Id.is_in(found.iter().map(|(id, _)| *id)))
            .filter(readable(viewer))
            .filter(wanted(viewer, filters))
            .into_partial_model::<Listed>();
        let rows = self.0.answer(rows.all(self.0.connection())).await?;
        let scores: std::collections::HashMap<Uuid, i64> = found.into_iter().collect();
        let scored = rows.into_iter().map(|row| {
            let row = listed(row)?;
            let score = scores.get(&row.id).copied().unwrap_or_default();
            Ok((row, score))
        });
        scored.collect()
    }

    /// Which prompts `viewer` has marked for themselves.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn favourites(&self, viewer: &Viewer) -> Result<BTreeSet<Uuid>, StoreError> {
        let mine = favourite::Entity::find()
            .select_only()
            .column(favourite::Column::PromptId)
            .filter(marked_by(viewer))
            .into_tuple::<Uuid>();
        let ids = self.0.answer(mine.all(self.0.connection())).await?;
        Ok(ids.into_iter().collect())
    }

    /// Marks a prompt for `viewer`. False where they have marked `most` already: those who mark at once
    /// may pass it by a few.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn mark(&self, viewer: &Viewer, prompt: Uuid, most: u64) -> Result<bool, StoreError> {
        let row = favourite::ActiveModel {
            tenant_id: Set(viewer.tenant.clone()),
            user_id: Set(viewer.id.clone()),
            prompt_id: Set(prompt),
            created_at: Set(to_db(Timestamp::now())),
        };
        let marked = async {
            let transaction = self.0.begin_write().await?;
            let others = favourite::Entity::find()
                .filter(marked_by(viewer))
                .filter(favourite::Column::PromptId.ne(prompt));
            if others.count(&transaction).await? >= most {
                return Ok(false);
            }
            let mut there_already = OnConflict::columns([
                favourite::Column::TenantId,
                favourite::Column::UserId,
                favourite::Column::PromptId,
            ]);
            let insert = favourite::Entity::insert(row).on_conflict(there_already.do_nothing().to_owned());
            match insert.exec_without_returning(&transaction).await {
                Ok(_) | Err(DbErr::RecordNotInserted) => {}
                Err(error) => return Err(error),
            }
            transaction.commit().await?;
            Ok(true)
        };
        self.0.answer(marked).await
    }

    /// Takes a mark off again.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn unmark(&self, viewer: &Viewer, prompt: Uuid) -> Result<(), StoreError> {
        let gone = favourite::Entity::delete_many()
            .filter(marked_by(viewer))
            .filter(favourite::Column::PromptId.eq(prompt))
            .exec(self.0.connection());
        self.0.answer(gone).await.map(drop)
    }
}

/// What `viewer` may read.
pub fn readable(viewer: &Viewer) -> Condition {
    let of_tenant = Condition::all().add(Column::TenantId.eq(&viewer.tenant));
    if viewer.admin {
        return of_tenant;
    }
    let shared = Column::Visibility.ne(Visibility::Private.name());
    of_tenant.add(Condition::any().add(Column::Owner.eq(&viewer.id)).add(shared))
}

fn wanted(viewer: &Viewer, filters: &Filters) -> Condition {
    let mut wanted = Condition::all();
    if let Some(category) = filters.category {
        wanted = wanted.add(Column::Category.eq(category.name()));
    }
    if let Some(tag) = &filters.tag {
        // A tag is letters, digits and `-`: nothing in it means something else to the database.
        wanted = wanted.add(Column::TagsJson.contains(format!("\"{tag}\"")));
    }
    wanted = match filters.favourite {
        Some(true) => wanted.add(Column::Id.in_subquery(marked(viewer))),
        Some(false) => wanted.add(Column::Id.not_in_subquery(marked(viewer))),
        None => wanted,
    };
    match filters.source {
        Some(Source::Own) => wanted.add(Column::Owner.eq(&viewer.id)),
        Some(Source::Others) => wanted.add(Column::Owner.ne(&viewer.id)),
        Some(Source::BuiltIn) | None => wanted,
    }
}

fn marked_by(viewer: &Viewer) -> Condition {
    Condition::all()
        .add(favourite::Column::TenantId.eq(&viewer.tenant))
        .add(favourite::Column::UserId.eq(&viewer.id))
}

fn marked(viewer: &Viewer) -> SelectStatement {
    favourite::Entity::find()
        .select_only()
        .column(favourite::Column::PromptId)
        .filter(marked_by(viewer))
        .into_query()
}
