//! Queries of `maid_api_keys`.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::record::{KeyRow, owned_by};
use crate::{
    auth::users::{UserStatus, UserStore},
    db::{
        Db, StoreError,
        entities::{
            api_key::{ActiveModel, Column, Entity, Model},
            user,
        },
        time::{from_db, to_db},
    },
};

/// The keys.
#[derive(Clone, Debug)]
pub(super) struct Store {
    db: Db,
    users: UserStore,
}

impl Store {
    pub(super) fn new(db: Db) -> Self {
        Self { users: UserStore::new(db.clone()), db }
    }

    /// Adds a key. False where its owner has `most` that are not revoked: those who make keys of one
    /// owner at once take turns.
    pub(super) async fn insert(&self, key: &KeyRow, most: u32) -> Result<bool, StoreError> {
        let row = ActiveModel {
            id: Set(key.id),
            tenant_id: Set(key.tenant_id.clone()),
            owner_id: Set(key.owner_id),
            name: Set(key.name.clone()),
            plugin_name: Set(key.plugin_name.clone()),
            hash: Set(key.hash.clone()),
            // Lists and numbers: nothing here can fail to be written.
            scopes_json: Set(serde_json::to_string(&key.scopes).unwrap_or_default()),
            metadata_json: Set(serde_json::to_string(&*key.allowance).unwrap_or_default()),
            created_at: Set(to_db(key.created_at)),
            expires_at: Set(key.expires_at.map(to_db)),
            last_used_at: Set(None),
            revoked_at: Set(None),
        };
        let inserted = async {
            let transaction = self.db.begin_write().await?;
            user::Entity::find_by_id(key.owner_id).lock_exclusive().one(&transaction).await?;
            let others = Entity::find()
                .filter(Column::TenantId.eq(&key.tenant_id))
                .filter(Column::OwnerId.eq(key.owner_id))
                .filter(Column::RevokedAt.is_null());
            if others.count(&transaction).await? >= u64::from(most) {
                return Ok(false);
            }
            Entity::insert(row).exec_without_returning(&transaction).await?;
            transaction.commit().await?;
            Ok(true)
        };
        self.db.answer(inserted).await
    }

    /// The key `id` of whatever tenant, with what its owner may do: for whoever shows it. None where
    /// the owner may not come in.
    pub(super) async fn of_credential(&self, id: Uuid) -> Result<Option<KeyRow>, StoreError> {
        let row = self.db.answer(Entity::find_by_id(id).one(self.db.connection())).await?;
        let Some(row) = row else { return Ok(None) };
        let owner = self.users.get(&row.tenant_id, row.owner_id).await?;
        let owner = owner.filter(|owner| owner.status == UserStatus::Active);
        Ok(owned_by(key(row)?, owner.as_ref()))
    }

    /// The key `id` of `tenant`.
    pub(super) async fn get(&self, tenant: &str, id: Uuid) -> Result<Option<KeyRow>, StoreError> {
        let row = Entity::find_by_id(id).filter(Column::TenantId.eq(tenant));
        self.db.answer(row.one(self.db.connection())).await?.map(key).transpose()
    }

    /// Keys of `tenant` made before the key `after`, the newest first.
    pub(super) async fn list(
        &self,
        tenant: &str,
        owner: Option<Uuid>,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<Vec<KeyRow>, StoreError> {
        let mut condition = Condition::all().add(Column::TenantId.eq(tenant));
        if let Some(owner) = owner {
            condition = condition.add(Column::OwnerId.eq(owner));
        }
        if let Some(after) = after {
            condition = condition.add(Column::Id.lt(after));
        }
        let query = Entity::find().filter(condition).order_by_desc(Column::Id).limit(limit as u64);
        let rows = self.db.answer(query.all(self.db.connection())).await?;
        rows.into_iter().map(key).collect()
    }

    /// Revokes a key. False where it was revoked already.
    pub(super) async fn revoke(&self, tenant: &str, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        let update = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(to_db(now)))
            .filter(Column::TenantId.eq(tenant))
            .filter(Column::Id.eq(id))
            .filter(Column::RevokedAt.is_null())
            .exec(self.db.connection());
        Ok(self.db.answer(update).await?.rows_affected > 0)
    }

    /// Notes when a key was last used.
    pub(super) async fn used(&self, id: Uuid, at: Timestamp) -> Result<(), StoreError> {
        let earlier =
            Condition::any().add(Column::LastUsedAt.is_null()).add(Column::LastUsedAt.lt(to_db(at)));
        let update = Entity::update_many()
            .col_expr(Column::LastUsedAt, Expr::value(to_db(at)))
            .filter(Column::Id.eq(id))
            .filter(earlier)
            .exec(self.db.connection());
        self.db.answer(update).await.map(drop)
    }
}

fn key(row: Model) -> Result<KeyRow, StoreError> {
    Ok(KeyRow {
        id: row.id,
        scopes: read(row.id, &row.scopes_json)?,
        allowance: Arc::new(read(row.id, &row.metadata_json)?),
        tenant_id: row.tenant_id,
        owner_id: row.owner_id,
        name: row.name,
        plugin_name: row.plugin_name,
        hash: row.hash,
        created_at: from_db(row.created_at),
        expires_at: row.expires_at.map(from_db),
        last_used_at: row.last_used_at.map(from_db),
        revoked_at: row.revoked_at.map(from_db),
        owner_scopes: BTreeSet::new(),
    })
}

fn read<T: DeserializeOwned>(id: Uuid, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::damaged(format!("API key {id}")))
}
