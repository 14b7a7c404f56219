//! Queries of `maid_signing_keys`.

use jiff::Timestamp;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::StoredKey;
use crate::db::{
    Db, StoreError,
    entities::signing_key::{ActiveModel, Column, Entity, Model},
    time::{from_db, to_db},
};

/// Most keys that are looked at: one a month, and those of servers that started at once.
const MOST: u64 = 1000;

/// The keys.
#[derive(Clone, Debug)]
pub(super) struct Store(Db);

impl Store {
    pub(super) fn new(db: Db) -> Self {
        Self(db)
    }

    /// Keys whose tokens may be alive, in the order in which they were made.
    pub(super) async fn alive(&self, now: Timestamp) -> Result<Vec<StoredKey>, StoreError> {
        let rows = Entity::find()
            .filter(Column::ExpiresAt.gt(to_db(now)))
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Kid)
            .limit(MOST);
        let rows = self.0.answer(rows.all(self.0.connection())).await?;
        Ok(rows.into_iter().map(stored).collect())
    }

    pub(super) async fn insert(&self, key: &StoredKey) -> Result<(), StoreError> {
        let row = ActiveModel {
            kid: Set(key.kid.clone()),
            public_key: Set(key.public_key.clone()),
            sealed_seed: Set(key.sealed_seed.clone()),
            created_at: Set(to_db(key.created_at)),
            retires_at: Set(to_db(key.retires_at)),
            expires_at: Set(to_db(key.expires_at)),
        };
        self.0.answer(Entity::insert(row).exec_without_returning(self.0.connection())).await.map(drop)
    }

    /// Deletes keys that nothing alive was signed with.
    pub(super) async fn purge(&self, now: Timestamp) -> Result<(), StoreError> {
        let dead = Entity::delete_many().filter(Column::ExpiresAt.lte(to_db(now)));
        self.0.answer(dead.exec(self.0.connection())).await.map(drop)
    }
}

fn stored(row: Model) -> StoredKey {
    StoredKey {
        kid: row.kid,
        public_key: row.public_key,
        sealed_seed: row.sealed_seed,
        created_at: from_db(row.created_at),
        retires_at: from_db(row.retires_at),
        expires_at: from_db(row.expires_at),
    }
}
