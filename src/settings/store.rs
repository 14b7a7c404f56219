//! Queries on the recorded changes of the configuration.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::dto::ConfigChange;
use crate::db::{
    Db, StoreError,
    entities::config_change::{ActiveModel, Column, Entity, Model},
    time::{from_db, to_db},
};

/// The recorded changes.
#[derive(Clone, Debug)]
pub(super) struct Store(Db);

/// A record that is not kept yet; dropped, it never was.
pub(super) struct Recorded {
    db: Db,
    transaction: DatabaseTransaction,
}

impl Recorded {
    /// Keeps the record.
    pub(super) async fn keep(self) -> Result<(), StoreError> {
        self.db.answer(self.transaction.commit()).await
    }
}

impl Store {
    pub(super) fn new(db: Db) -> Self {
        Self(db)
    }

    /// Records `change`, to be kept when it has been made.
    pub(super) async fn record(&self, tenant: &str, change: &ConfigChange) -> Result<Recorded, StoreError> {
        let text = |value: serde_json::Result<String>| value.unwrap_or_default();
        let row = ActiveModel {
            id: Set(change.id),
            tenant_id: Set(tenant.to_owned()),
            actor: Set(change.actor.clone()),
            actor_kind: Set(change.actor_kind.clone()),
            at: Set(to_db(change.at)),
            applied_json: Set(text(serde_json::to_string(&change.applied))),
            restart_json: Set(text(serde_json::to_string(&change.restart_required))),
            before_json: Set(text(serde_json::to_string(&change.before))),
            after_json: Set(text(serde_json::to_string(&change.after))),
        };
        let written = async {
            let transaction = self.0.begin_write().await?;
            row.insert(&transaction).await?;
            Ok(transaction)
        };
        let transaction = self.0.answer(written).await?;
        Ok(Recorded { db: self.0.clone(), transaction })
    }

    /// Changes of `tenant` before the change `after`, the newest first.
    pub(super) async fn list(
        &self,
        tenant: &str,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<Vec<ConfigChange>, StoreError> {
        let mut query = Entity::find().filter(Column::TenantId.eq(tenant));
        if let Some(after) = after {
            query = query.filter(Column::Id.lt(after));
        }
        let query = query.order_by_desc(Column::Id).limit(limit as u64);
        let rows = self.0.answer(query.all(self.0.connection())).await?;
        rows.into_iter().map(change).collect()
    }
}

fn change(row: Model) -> Result<ConfigChange, StoreError> {
    let Model { id, applied_json, restart_json, before_json, after_json, .. } = row;
    Ok(ConfigChange {
        id,
        at: from_db(row.at),
        actor: row.actor,
        actor_kind: row.actor_kind,
        before: read(id, &before_json)?,
        after: read(id, &after_json)?,
        applied: read(id, &applied_json)?,
        restart_required: read(id, &restart_json)?,
    })
}

fn read<T: DeserializeOwned>(id: Uuid, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::damaged(format!("configuration change {id}")))
}
