//! Queries of `maid_users`.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, SqlErr, sea_query::Expr,
};
use uuid::Uuid;

use super::record::{UserRow, UserStatus};
use crate::{
    auth::role::Role,
    db::{
        Db, StoreError,
        entities::{
            session,
            user::{ActiveModel, Column, Entity, Model},
        },
        like::containing,
        time::{from_db, to_db},
    },
};

/// The users.
#[derive(Clone, Debug)]
pub struct Store(Db);

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It was made.
    Done,
    /// Another user has the name, or the identity at the provider.
    Taken,
    /// There is no such user, or it was changed meanwhile.
    Gone,
    /// Nobody would be left who may administer.
    LastAdmin,
}

impl Store {
    /// Users in `db`.
    pub fn new(db: Db) -> Self {
        Self(db)
    }

    /// Whether there is no user at all.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        let first = self.0.answer(Entity::find().limit(1).one(self.0.connection())).await?;
        Ok(first.is_none())
    }

    /// A user of `tenant`.
    pub async fn get(&self, tenant: &str, id: Uuid) -> Result<Option<UserRow>, StoreError> {
        self.one(Condition::all().add(Column::TenantId.eq(tenant)).add(Column::Id.eq(id))).await
    }

    /// The user with this id, of whatever tenant: for credentials, which name the user themselves.
    pub async fn of_credential(&self, id: Uuid) -> Result<Option<UserRow>, StoreError> {
        self.one(Condition::all().add(Column::Id.eq(id))).await
    }

    /// The user of `tenant` whose name is compared as `key`.
    pub async fn named(&self, tenant: &str, key: &str) -> Result<Option<UserRow>, StoreError> {
        self.one(Condition::all().add(Column::TenantId.eq(tenant)).add(Column::NameKey.eq(key))).await
    }

    /// The hash of somebody's password, of the first user of `tenant` not before `key` who has one. Checking
    /// an unknown name costs what this one costs: where parameters have changed not all cost the same, and
    /// names beside each other should.
    pub async fn hash_beside(&self, tenant: &str, key: &str) -> Result<Option<String>, StoreError> {
        let beside = Entity::find()
            .select_only()
            .column(Column::PasswordHash)
            .filter(Column::TenantId.eq(tenant))
            .filter(Column::NameKey.gte(key))
            .filter(Column::PasswordHash.is_not_null())
            .order_by_asc(Column::NameKey)
            .limit(1)
            .into_tuple();
        self.0.answer(beside.one(self.0.connection())).await
    }

    /// The user whom `issuer` knows as `subject`.
    pub async fn vouched_for(&self, issuer: &str, subject: &str) -> Result<Option<UserRow>, StoreError> {
        self.one(Condition::all().add(Column::OidcIssuer.eq(issuer)).add(Column::OidcSubject.eq(subject)))
            .await
    }

    async fn one(&self, condition: Condition) -> Result<Option<UserRow>, StoreError> {
        let row = self.0.answer(Entity::find().filter(condition).one(self.0.connection())).await?;
        row.map(user).transpose()
    }

    /// Users of `tenant` behind the one named `after`, by name.
    pub async fn list(
        &self,
        tenant: &str,
        name: Option<&str>,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<UserRow>, StoreError> {
        let query = Entity::find()
            .filter(Column::TenantId.eq(tenant))
            .apply_if(name, |users, part| {
                users.filter(Column::NameKey.like(containing(&part.to_ascii_lowercase())))
            })
            .apply_if(after, |users, after| users.filter(Column::NameKey.gt(after)))
            .order_by_asc(Column::NameKey)
            .limit(limit as u64);
        let rows = self.0.answer(query.all(self.0.connection())).await?;
        rows.into_iter().map(user).collect()
    }

    /// The names of those of `ids` who are users of `tenant`.
    pub async fn names(&self, tenant: &str, ids: BTreeSet<Uuid>) -> Result<Vec<(Uuid, String)>, StoreError> {
        let query = Entity::find()
            .select_only()
            .column(Column::Id)
            .column(Column::Username)
            .filter(Column::TenantId.eq(tenant))
            .filter(Column::Id.is_in(ids))
            .into_tuple();
        self.0.answer(query.all(self.0.connection())).await
    }

    /// Adds a user.
    pub async fn insert(&self, user: &UserRow) -> Result<Changed, StoreError> {
        let inserted = async {
            match Entity::insert(model(user)).exec_without_returning(self.0.connection()).await {
                Err(error) if taken(&error) => Ok(Changed::Taken),
                inserted => inserted.map(|_| Changed::Done),
            }
        };
        self.0.answer(inserted).await
    }

    /// Replaces a user as it was at `before.updated_at`. An admin is not changed away where nobody else
    /// administers the tenant. With the password or the status all sessions end but the one to be `kept`.
    pub async fn update(
        &self,
        before: &UserRow,
        after: &UserRow,
        kept: Option<Uuid>,
    ) -> Result<Changed, StoreError> {
        let administers = |user: &UserRow| user.role == Role::Admin && user.status == UserStatus::Active;
        let updated = async {
            let transaction = self.0.begin_write().await?;
            // Dropped, a transaction never was.
            if administers(before)
                && !administers(after)
                && admins(&transaction, &before.tenant_id).await? < 2
            {
                return Ok(Changed::LastAdmin);
            }
            let updated = Entity::update_many()
                .set(ActiveModel { id: sea_orm::ActiveValue::NotSet, ..model(after) })
                .filter(Column::Id.eq(before.id))
                .filter(Column::TenantId.eq(&before.tenant_id))
                .filter(Column::UpdatedAt.eq(to_db(before.updated_at)))
                .exec(&transaction)
                .await;
            let rows = match updated {
                Err(error) if taken(&error) => return Ok(Changed::Taken),
                updated => updated?.rows_affected,
            };
            if rows == 0 {
                return Ok(Changed::Gone);
            }
            if (&after.password_hash, after.status) != (&before.password_hash, before.status) {
                end_sessions(&transaction, after, kept).await?;
            }
            transaction.commit().await?;
            Ok(Changed::Done)
        };
        self.0.answer(updated).await
    }

    /// Notes that a user has signed in. Where the password was hashed anew, the new hash takes the place
    /// of the one that was checked, and of no other: the password may have been changed meanwhile.
    pub async fn signed_in(
        &self,
        id: Uuid,
        at: Timestamp,
        rehashed: Option<(&str, &str)>,
    ) -> Result<(), StoreError> {
        let mut row = ActiveModel { last_login_at: Set(Some(to_db(at))), ..ActiveModel::default() };
        let mut which = Condition::all().add(Column::Id.eq(id));
        if let Some((old, new)) = rehashed {
            row.password_hash = Set(Some(new.to_owned()));
            which = which.add(Column::PasswordHash.eq(old));
        }
        let update = Entity::update_many().set(row).filter(which).exec(self.0.connection());
        self.0.answer(update).await.map(drop)
    }
}

/// How many administer `tenant`. On Postgres two admins who disable each other at once must not both
/// succeed, so the rows are locked while they are counted.
async fn admins(on: &impl ConnectionTrait, tenant: &str) -> Result<u64, DbErr> {
    let all = Entity::find()
        .filter(Column::TenantId.eq(tenant))
        .filter(Column::Role.eq(Role::Admin.name()))
        .lock_exclusive()
        .all(on)
        .await?;
    Ok(all.iter().filter(|user| user.status == UserStatus::Active.name()).count() as u64)
}

/// Ends the sessions of `user`, as of their last change.
async fn end_sessions(on: &impl ConnectionTrait, user: &UserRow, kept: Option<Uuid>) -> Result<(), DbErr> {
    let ended = session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(to_db(user.updated_at)))
        .filter(session::Column::TenantId.eq(&user.tenant_id))
        .filter(session::Column::UserId.eq(user.id))
        .filter(session::Column::RevokedAt.is_null());
    let ended = match kept {
        Some(kept) => ended.filter(session::Column::Id.ne(kept)),
        None => ended,
    };
    ended.exec(on).await.map(drop)
}

fn taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

fn model(user: &UserRow) -> ActiveModel {
    let (issuer, subject) = user.oidc.clone().unzip();
    let (invite_hash, invite_expires_at) = user.invitation.clone().unzip();
    ActiveModel {
        id: Set(user.id),
        tenant_id: Set(user.tenant_id.clone()),
        username: Set(user.username.clone()),
        name_key: Set(user.username.to_ascii_lowercase()),
        email: Set(user.email.clone()),
        role: Set(user.role.name().to_owned()),
        status: Set(user.status.name().to_owned()),
        password_hash: Set(user.password_hash.clone()),
        oidc_issuer: Set(issuer),
        oidc_subject: Set(subject),
        invite_hash: Set(invite_hash),
        invite_expires_at: Set(invite_expires_at.map(to_db)),
        created_at: Set(to_db(user.created_at)),
        updated_at: Set(to_db(user.updated_at)),
        last_login_at: Set(user.last_login_at.map(to_db)),
    }
}

fn user(row: Model) -> Result<UserRow, StoreError> {
    let damaged = |what| StoreError::damaged(format!("the {what} of user {}", row.id));
    Ok(UserRow {
        id: row.id,
        role: Role::from_name(&row.role).ok_or_else(|| damaged("role"))?,
        status: UserStatus::from_name(&row.status).ok_or_else(|| damaged("status"))?,
        tenant_id: row.tenant_id,
        username: row.username,
        email: row.email,
        password_hash: row.password_hash,
        oidc: row.oidc_issuer.zip(row.oidc_subject),
        invitation: row.invite_hash.zip(row.invite_expires_at.map(from_db)),
        created_at: from_db(row.created_at),
        updated_at: from_db(row.updated_at),
        last_login_at: row.last_login_at.map(from_db),
    })
}
