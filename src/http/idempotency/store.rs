//! Queries of `maid_idempotency_keys`.

use jiff::Timestamp;
use sea_orm::{
    ActiveEnum, ActiveValue::Set, ColumnTrait, Condition, DbErr, DeriveActiveEnum, EntityTrait, EnumIter,
    QueryFilter, QueryOrder, QuerySelect, Select, sea_query::OnConflict,
};
use uuid::Uuid;

use super::StoredAnswer;
use crate::db::{
    Db, StoreError,
    entities::idempotency_key::{ActiveModel, Column, Entity, Model},
    time::to_db,
};

/// How often a claim is tried anew because the row that stood in its way is gone.
const TRIES: usize = 5;

/// The rows.
#[derive(Clone, Debug)]
pub(super) struct Store {
    db: Db,
    /// The server whose rows these are.
    instance: Uuid,
}

/// Whose key it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Owner {
    pub(super) tenant_id: String,
    pub(super) principal: String,
    pub(super) key: String,
}

/// What a key turns out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// New: it is claimed now, and what is made has this id.
    First(Uuid),
    /// That of another request.
    Other,
    /// That of the same request, still worked on elsewhere.
    Pending,
    /// That of the same request, and answered.
    Done(StoredAnswer),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
enum State {
    #[sea_orm(string_value = "pending")]
    Pending,
    #[sea_orm(string_value = "done")]
    Done,
}

impl Store {
    pub(super) fn new(db: Db, instance: Uuid) -> Self {
        Self { db, instance }
    }

    /// Claims the key for a request, or says what it is.
    pub(super) async fn claim(
        &self,
        owner: &Owner,
        fingerprint: &str,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Claim, StoreError> {
        for _ in 0..TRIES {
            match self.find(owner).await? {
                Some(row) if row.expires_at <= to_db(now) => self.forget(&row).await?,
                Some(row) => return self.known(row, fingerprint),
                None => {
                    if let Some(resource_id) = self.insert(owner, fingerprint, now, expires_at).await? {
                        return Ok(Claim::First(resource_id));
                    }
                }
            }
        }
        Ok(Claim::Pending)
    }

    async fn find(&self, owner: &Owner) -> Result<Option<Model>, StoreError> {
        self.db.answer(of(owner).one(self.db.connection())).await
    }

    fn known(&self, row: Model, fingerprint: &str) -> Result<Claim, StoreError> {
        if row.request_hash != fingerprint {
            return Ok(Claim::Other);
        }
        if row.state == State::Pending.to_value() {
            return Ok(Claim::Pending);
        }
        let damaged = || StoreError::damaged(format!("the status of the answer to {}", row.resource_id));
        let status = row.status.and_then(|status| u16::try_from(status).ok()).ok_or_else(damaged)?;
        Ok(Claim::Done(StoredAnswer {
            status,
            body: row.body,
            location: row.location,
            etag: row.etag,
            once: None,
        }))
    }

    /// The id of what the request is going to make; none where somebody else was faster.
    async fn insert(
        &self,
        owner: &Owner,
        fingerprint: &str,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Option<Uuid>, StoreError> {
        let resource_id = Uuid::now_v7();
        let row = ActiveModel {
            tenant_id: Set(owner.tenant_id.clone()),
            principal: Set(owner.principal.clone()),
            key: Set(owner.key.clone()),
            request_hash: Set(fingerprint.to_owned()),
            resource_id: Set(resource_id),
            state: Set(State::Pending.to_value()),
            status: Set(None),
            location: Set(None),
            created_at: Set(to_db(now)),
            expires_at: Set(to_db(expires_at)),
            body: Set(None),
            instance_id: Set(Some(self.instance)),
            etag: Set(None),
        };
        let insert = async {
            let inserted = Entity::insert(row)
                .on_conflict(
                    OnConflict::columns([Column::TenantId, Column::Principal, Column::Key])
                        .do_nothing()
                        .to_owned(),
                )
                .exec_without_returning(self.db.connection());
            match inserted.await {
                Err(DbErr::RecordNotInserted) => Ok(0),
                inserted => inserted,
            }
        };
        let inserted = self.db.answer(insert).await?;
        Ok((inserted == 1).then_some(resource_id))
    }

    /// Deletes a row as it was found, unless it has changed since.
    async fn forget(&self, row: &Model) -> Result<(), StoreError> {
        let delete = Entity::delete_many()
            .filter(whose(&row.tenant_id, &row.principal, &row.key))
            .filter(Column::ResourceId.eq(row.resource_id))
            .exec(self.db.connection());
        self.db.answer(delete).await.map(drop)
    }

    /// Stores the answer.
    pub(super) async fn complete(
        &self,
        owner: &Owner,
        resource_id: Uuid,
        answer: &StoredAnswer,
    ) -> Result<(), StoreError> {
        let row = ActiveModel {
            state: Set(State::Done.to_value()),
            status: Set(Some(answer.status.into())),
            body: Set(answer.body.clone()),
            location: Set(answer.location.clone()),
            etag: Set(answer.etag.clone()),
            ..ActiveModel::default()
        };
        let update = Entity::update_many()
            .set(row)
            .filter(whose(&owner.tenant_id, &owner.principal, &owner.key))
            .filter(Column::ResourceId.eq(resource_id))
            .exec(self.db.connection());
        self.db.answer(update).await.map(drop)
    }

    /// Frees a key whose request has made nothing.
    pub(super) async fn release(&self, owner: &Owner, resource_id: Uuid) -> Result<(), StoreError> {
        let delete = Entity::delete_many()
            .filter(whose(&owner.tenant_id, &owner.principal, &owner.key))
            .filter(Column::ResourceId.eq(resource_id))
            .filter(Column::State.eq(State::Pending.to_value()))
            .exec(self.db.connection());
        self.db.answer(delete).await.map(drop)
    }

    /// Keys of requests that have no answer yet, with the ids of what they were going to make: those
    /// of this server, and those of others that came before `abandoned`.
    pub(super) async fn pending(
        &self,
        abandoned: Timestamp,
        limit: u64,
    ) -> Result<Vec<(Owner, Uuid)>, StoreError> {
        let mine = Condition::any()
            .add(Column::InstanceId.eq(self.instance))
            .add(Column::InstanceId.is_null())
            .add(Column::CreatedAt.lt(to_db(abandoned)));
        let rows = Entity::find()
            .filter(Column::State.eq(State::Pending.to_value()))
            .filter(mine)
            .order_by_asc(Column::CreatedAt)
            .limit(limit)
            .all(self.db.connection());
        let rows: Vec<Model> = self.db.answer(rows).await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                (Owner { tenant_id: row.tenant_id, principal: row.principal, key: row.key }, row.resource_id)
            })
            .collect())
    }

    /// Deletes the rows that have expired, and says how many.
    pub(super) async fn purge(&self, now: Timestamp) -> Result<u64, StoreError> {
        let delete = async {
            let expired = Column::ExpiresAt.lte(to_db(now));
            let deleted = Entity::delete_many().filter(expired).exec(self.db.connection()).await?;
            Ok::<_, DbErr>(deleted.rows_affected)
        };
        self.db.answer(delete).await
    }
}

fn of(owner: &Owner) -> Select<Entity> {
    Entity::find().filter(whose(&owner.tenant_id, &owner.principal, &owner.key))
}

fn whose(tenant_id: &str, principal: &str, key: &str) -> Condition {
    Condition::all()
        .add(Column::TenantId.eq(tenant_id))
        .add(Column::Principal.eq(principal))
        .add(Column::Key.eq(key))
}
