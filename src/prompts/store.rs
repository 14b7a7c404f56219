//! Queries of `maid_prompts` and `maid_prompt_versions`.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{
    document::{Prompt, PromptCategory},
    finding::words,
    record::{Change, Fork, ListedRow, PromptRow, VersionRow, Visibility},
};
use crate::db::{
    Db, StoreError,
    entities::{
        prompt::{ActiveModel, Column, Entity, Listed, Model},
        prompt_favourite, prompt_use,
        prompt_version::{self as version, Column as VersionColumn, Entity as Versions},
    },
    time::{from_db, to_db},
    words::{self as index, Kind},
};

/// Versions of a prompt that are kept; the oldest go first.
const MOST_VERSIONS: u64 = 200;

/// The prompts.
#[derive(Clone, Debug)]
pub(super) struct Store {
    db: Db,
}

/// What came of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changed {
    /// It is this version now.
    To(u64),
    /// It had another version, this one.
    Meanwhile(u64),
    /// It is gone.
    Gone,
}

impl Store {
    pub(super) const fn new(db: Db) -> Self {
        Self { db }
    }

    /// Adds a prompt. False where its tenant has `most`: those who add at once take turns at the tenant's
    /// oldest prompt, and only the very first of a tenant have none to take turns at.
    pub(super) async fn insert(&self, tenant: &str, row: &PromptRow, most: u32) -> Result<bool, StoreError> {
        let (id, first) = (row.listed.id, row.listed.version);
        let version = version_model(tenant, id, first, &change_of(row));
        let inserted = async {
            let transaction = self.db.begin_write().await?;
            let of_tenant = Entity::find().filter(Column::TenantId.eq(tenant));
            let oldest = of_tenant.clone().order_by_asc(Column::Id).limit(1).lock_exclusive();
            oldest.one(&transaction).await?;
            if of_tenant.count(&transaction).await? >= u64::from(most) {
                return Ok(false);
            }
            Entity::insert(model(tenant, row)).exec_without_returning(&transaction).await?;
            Versions::insert(version).exec_without_returning(&transaction).await?;
            index::put(&transaction, Kind::Prompt, (tenant, id), &words(&row.prompt)).await?;
            transaction.commit().await?;
            Ok(true)
        };
        self.db.answer(inserted).await
    }

    /// The prompt `id` of `tenant`.
    pub(super) async fn get(&self, tenant: &str, id: Uuid) -> Result<Option<PromptRow>, StoreError> {
        let row = Entity::find_by_id(id).filter(Column::TenantId.eq(tenant));
        self.db.answer(row.one(self.db.connection())).await?.map(row_of).transpose()
    }

    /// The prompt `id` of whatever tenant: for whoever shows its link.
    pub(super) async fn of_link(&self, id: Uuid) -> Result<Option<PromptRow>, StoreError> {
        let row = Entity::find_by_id(id).filter(Column::LinkHash.is_not_null());
        self.db.answer(row.one(self.db.connection())).await?.map(row_of).transpose()
    }

    /// Changes a prompt, which makes a version of it, where that is `meant` for the one that it has.
    pub(super) async fn change(
        &self,
        tenant: &str,
        id: Uuid,
        change: &Change,
        meant: impl Fn(u64) -> bool,
    ) -> Result<Changed, StoreError> {
        let changed = async {
            let transaction = self.db.begin_write().await?;
            let found = Entity::find_by_id(id).filter(Column::TenantId.eq(tenant)).lock_exclusive();
            let Some(found) = found.one(&transaction).await? else { return Ok(Changed::Gone) };
            let known = found.version.cast_unsigned();
            if !meant(known) {
                return Ok(Changed::Meanwhile(known));
            }
            let next = known + 1;
            let row = version_model(tenant, id, next, change);
            Versions::insert(row).exec_without_returning(&transaction).await?;
            Entity::update(updated(id, next, change)).exec(&transaction).await?;
            index::put(&transaction, Kind::Prompt, (tenant, id), &words(&change.prompt)).await?;
            forget_oldest(&transaction, id, next).await?;
            transaction.commit().await?;
            Ok(Changed::To(next))
        };
        self.db.answer(changed).await
    }

    /// Deletes a prompt with all that belongs to it. False where there is none.
    pub(super) async fn delete(&self, tenant: &str, id: Uuid) -> Result<bool, StoreError> {
        let deleted = async {
            let transaction = self.db.begin_write().await?;
            let gone = Entity::delete_many().filter(Column::TenantId.eq(tenant)).filter(Column::Id.eq(id));
            if gone.exec(&transaction).await?.rows_affected == 0 {
                return Ok(false);
            }
            let marks = prompt_favourite::Entity::delete_many()
                .filter(prompt_favourite::Column::PromptId.eq(id))
                .filter(prompt_favourite::Column::TenantId.eq(tenant));
            marks.exec(&transaction).await?;
            let uses = prompt_use::Entity::delete_many()
                .filter(prompt_use::Column::TenantId.eq(tenant))
                .filter(prompt_use::Column::PromptId.eq(id));
            uses.exec(&transaction).await?;
            index::remove(&transaction, id).await?;
            transaction.commit().await?;
            Ok(true)
        };
        self.db.answer(deleted).await
    }

    /// Says who may read a prompt. A hash that is given replaces the one before; none ends the link.
    pub(super) async fn share(
        &self,
        tenant: &str,
        id: Uuid,
        visibility: Visibility,
        link_hash: Option<Vec<u8>>,
    ) -> Result<bool, StoreError> {
        let update = Entity::update_many()
            .col_expr(Column::Visibility, Expr::value(visibility.name()))
            .col_expr(Column::LinkHash, Expr::value(link_hash))
            .filter(Column::TenantId.eq(tenant))
            .filter(Column::Id.eq(id))
            .exec(self.db.connection());
        Ok(self.db.answer(update).await?.rows_affected > 0)
    }

    /// Versions of a prompt before the version `before`, the newest first.
    pub(super) async fn versions(
        &self,
        tenant: &str,
        id: Uuid,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<VersionRow>, StoreError> {
        let mut query = Versions::find().filter(of_prompt(tenant, id));
        if let Some(before) = before {
            query = query.filter(VersionColumn::Version.lt(before.cast_signed()));
        }
        let query = query
            .order_by_desc(VersionColumn::Version)
            .limit(limit as u64)
            .into_partial_model::<version::Listed>();
        let rows = self.db.answer(query.all(self.db.connection())).await?;
        Ok(rows.into_iter().map(version_row).collect())
    }

    /// One version of a prompt.
    pub(super) async fn version(
        &self,
        tenant: &str,
        id: Uuid,
        number: u64,
    ) -> Result<Option<(VersionRow, Prompt)>, StoreError> {
        let row = Versions::find()
            .filter(of_prompt(tenant, id))
            .filter(VersionColumn::Version.eq(i64::try_from(number).unwrap_or(i64::MAX)));
        let Some(row) = self.db.answer(row.one(self.db.connection())).await? else { return Ok(None) };
        let prompt = read(id, &row.body)?;
        let version::Model { version, author, created_at, restored_from, .. } = row;
        Ok(Some((version_row(version::Listed { version, author, created_at, restored_from }), prompt)))
    }
}

fn of_prompt(tenant: &str, id: Uuid) -> sea_orm::Condition {
    sea_orm::Condition::all().add(VersionColumn::PromptId.eq(id)).add(VersionColumn::TenantId.eq(tenant))
}

/// Forgets versions beyond those that are kept.
async fn forget_oldest(on: &DatabaseTransaction, id: Uuid, newest: u64) -> Result<(), DbErr> {
    let Some(last) = newest.checked_sub(MOST_VERSIONS) else { return Ok(()) };
    let old = Versions::delete_many()
        .filter(VersionColumn::PromptId.eq(id))
        .filter(VersionColumn::Version.lte(last.cast_signed()));
    old.exec(on).await.map(drop)
}

fn change_of(row: &PromptRow) -> Change {
    Change {
        author: row.listed.owner.clone(),
        at: row.listed.created_at,
        restored_from: None,
        prompt: row.prompt.clone(),
    }
}

fn model(tenant: &str, row: &PromptRow) -> ActiveModel {
    let PromptRow { listed, prompt, link_hash } = row;
    ActiveModel {
        id: Set(listed.id),
        tenant_id: Set(tenant.to_owned()),
        owner: Set(listed.owner.clone()),
        title: Set(listed.title.clone()),
        category: Set(listed.category.name().to_owned()),
        visibility: Set(listed.visibility.name().to_owned()),
        forked_from: Set(listed.fork.map(|fork| fork.id)),
        forked_version: Set(listed.fork.map(|fork| fork.version.cast_signed())),
        version: Set(listed.version.cast_signed()),
        link_hash: Set(link_hash.clone()),
        created_at: Set(to_db(listed.created_at)),
        updated_at: Set(to_db(listed.updated_at)),
        tags_json: Set(written(&listed.tags)),
        description: Set(listed.description.clone()),
        body: Set(written(prompt)),
    }
}

fn updated(id: Uuid, version: u64, change: &Change) -> ActiveModel {
    let prompt = &change.prompt;
    ActiveModel {
        id: Set(id),
        title: Set(prompt.title.clone()),
        category: Set(prompt.category.name().to_owned()),
        version: Set(version.cast_signed()),
        updated_at: Set(to_db(change.at)),
        tags_json: Set(written(&prompt.tags)),
        description: Set(prompt.description.clone()),
        body: Set(written(prompt)),
        ..ActiveModel::default()
    }
}

fn version_model(tenant: &str, id: Uuid, number: u64, change: &Change) -> version::ActiveModel {
    version::ActiveModel {
        prompt_id: Set(id),
        version: Set(number.cast_signed()),
        tenant_id: Set(tenant.to_owned()),
        author: Set(change.author.clone()),
        created_at: Set(to_db(change.at)),
        restored_from: Set(change.restored_from.map(u64::cast_signed)),
        body: Set(written(&change.prompt)),
    }
}

fn version_row(row: version::Listed) -> VersionRow {
    VersionRow {
        version: row.version.cast_unsigned(),
        author: row.author,
        at: from_db(row.created_at),
        restored_from: row.restored_from.map(i64::cast_unsigned),
    }
}

fn row_of(row: Model) -> Result<PromptRow, StoreError> {
    let prompt = read(row.id, &row.body)?;
    let link_hash = row.link_hash;
    let listed = listed(Listed {
        id: row.id,
        owner: row.owner,
        title: row.title,
        category: row.category,
        visibility: row.visibility,
        forked_from: row.forked_from,
        forked_version: row.forked_version,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        tags_json: row.tags_json,
        description: row.description,
    })?;
    Ok(PromptRow { listed, prompt, link_hash })
}

/// A row of a list.
pub(super) fn listed(row: Listed) -> Result<ListedRow, StoreError> {
    let damaged = || StoreError::damaged(format!("prompt {}", row.id));
    let fork = row.forked_from.zip(row.forked_version);
    Ok(ListedRow {
        id: row.id,
        category: PromptCategory::from_name(&row.category).ok_or_else(damaged)?,
        visibility: Visibility::from_name(&row.visibility).ok_or_else(damaged)?,
        tags: read(row.id, &row.tags_json)?,
        fork: fork.map(|(id, version)| Fork { id, version: version.cast_unsigned() }),
        version: row.version.cast_unsigned(),
        created_at: from_db(row.created_at),
        updated_at: from_db(row.updated_at),
        owner: row.owner,
        title: row.title,
        description: row.description,
    })
}

/// Texts, numbers and lists: nothing here can fail to be written.
fn written(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn read<T: DeserializeOwned>(id: Uuid, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::damaged(format!("prompt {id}")))
}
