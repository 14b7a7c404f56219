//! Queries of `maid_sessions` and `maid_refresh_tokens`.

use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::Expr,
};
use uuid::Uuid;

use super::record::{SessionKind, SessionLine, SessionRow};
use crate::{
    auth::users::{UserRow, UserStatus, UserStore},
    db::{
        Db, StoreError,
        entities::{refresh_token, session, user},
        time::{from_db, to_db},
    },
};

/// The sessions.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
    users: UserStore,
}

/// A session that is to begin.
#[derive(Debug)]
pub struct NewSession<'a> {
    /// Id.
    pub id: Uuid,
    /// Whose it is.
    pub user: &'a UserRow,
    /// Hash of the browser's cookie; None for a program.
    pub cookie_hash: Option<Vec<u8>>,
    /// Where it was asked for.
    pub address: Option<String>,
    /// When it begins.
    pub created_at: Timestamp,
    /// When it ends unless it is prolonged.
    pub expires_at: Timestamp,
}

/// A refresh token as it is stored.
#[derive(Clone, Debug)]
pub struct RefreshRow {
    /// Id.
    pub id: Uuid,
    /// Its session.
    pub session_id: Uuid,
    /// Hash of the token.
    pub hash: Vec<u8>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

impl Store {
    /// Sessions in `db`.
    pub fn new(db: Db) -> Self {
        Self { users: UserStore::new(db.clone()), db }
    }

    /// Begins a session, with its first refresh token. False where the user is not as they were when they
    /// were checked: a change of the password ends all sessions, also those that are just beginning.
    pub async fn begin(
        &self,
        new: &NewSession<'_>,
        refresh: Option<&RefreshRow>,
    ) -> Result<bool, StoreError> {
        let kind = if new.cookie_hash.is_some() { SessionKind::Browser } else { SessionKind::Program };
        let row = session::ActiveModel {
            id: Set(new.id),
            tenant_id: Set(new.user.tenant_id.clone()),
            user_id: Set(new.user.id),
            kind: Set(kind.name().to_owned()),
            cookie_hash: Set(new.cookie_hash.clone()),
            address: Set(new.address.clone()),
            created_at: Set(to_db(new.created_at)),
            expires_at: Set(to_db(new.expires_at)),
            revoked_at: Set(None),
        };
        let tenant = new.user.tenant_id.clone();
        let begun = async {
            let transaction = self.db.begin_write().await?;
            let same = match &new.user.password_hash {
                Some(hash) => user::Column::PasswordHash.eq(hash),
                None => user::Column::PasswordHash.is_null(),
            };
            let active = user::Column::Status.eq(UserStatus::Active.name());
            let user = user::Entity::find_by_id(new.user.id).filter(same).filter(active).lock_exclusive();
            if user.one(&transaction).await?.is_none() {
                return Ok(false);
            }
            session::Entity::insert(row).exec_without_returning(&transaction).await?;
            if let Some(refresh) = refresh {
                let token = token(&tenant, refresh, new.created_at);
                refresh_token::Entity::insert(token).exec_without_returning(&transaction).await?;
            }
            transaction.commit().await?;
            Ok(true)
        };
        self.db.answer(begun).await
    }

    /// The session `id`, where it goes on at `now` and its user may come in.
    pub async fn alive(&self, id: Uuid, now: Timestamp) -> Result<Option<SessionRow>, StoreError> {
        let row = session::Entity::find_by_id(id)
            .filter(session::Column::RevokedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(to_db(now)));
        let Some(row) = self.db.answer(row.one(self.db.connection())).await? else { return Ok(None) };
        let user = self.users.get(&row.tenant_id, row.user_id).await?;
        Ok(user.filter(|user| user.status == UserStatus::Active).map(|user| SessionRow {
            id: row.id,
            user_id: row.user_id,
            principal: user.principal(row.id),
            cookie_hash: row.cookie_hash,
            created_at: from_db(row.created_at),
            expires_at: from_db(row.expires_at),
        }))
    }

    /// Sessions of a user that go on at `now` and began before the one that is named, the newest first.
    pub async fn of_user(
        &self,
        user: Uuid,
        now: Timestamp,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<Vec<SessionLine>, StoreError> {
        let rows = session::Entity::find()
            .filter(session::Column::UserId.eq(user))
            .filter(session::Column::RevokedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(to_db(now)))
            // Ids are in the order of time.
            .apply_if(after, |rows, after| rows.filter(session::Column::Id.lt(after)))
            .order_by_desc(session::Column::Id)
            .limit(limit as u64);
        let rows = self.db.answer(rows.all(self.db.connection())).await?;
        rows.into_iter().map(line).collect()
    }

    /// The refresh token `id`.
    pub async fn refresh_token(&self, id: Uuid) -> Result<Option<RefreshRow>, StoreError> {
        let row = refresh_token::Entity::find_by_id(id);
        let row = self.db.answer(row.one(self.db.connection())).await?;
        Ok(row.map(|row| RefreshRow {
            id: row.id,
            session_id: row.session_id,
            hash: row.hash,
            expires_at: from_db(row.expires_at),
            used_at: row.used_at.map(from_db),
        }))
    }

    /// Puts the refresh token `next` in the place of `used`, and prolongs their session. False where
    /// `used` was used already: of two who show it at once, one is refused.
    pub async fn rotate(
        &self,
        session: &SessionRow,
        used: Uuid,
        next: &RefreshRow,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let rotated = async {
            let transaction = self.db.begin_write().await?;
            let marked = refresh_token::Entity::update_many()
                .col_expr(refresh_token::Column::UsedAt, Expr::value(to_db(now)))
                .filter(refresh_token::Column::Id.eq(used))
                .filter(refresh_token::Column::UsedAt.is_null())
                .exec(&transaction)
                .await?;
            if marked.rows_affected == 0 {
                return Ok(false);
            }
            let token = token(&session.principal.tenant_id, next, now);
            refresh_token::Entity::insert(token).exec_without_returning(&transaction).await?;
            session::Entity::update_many()
                .col_expr(session::Column::ExpiresAt, Expr::value(to_db(next.expires_at)))
                .filter(session::Column::Id.eq(session.id))
                .exec(&transaction)
                .await?;
            transaction.commit().await?;
            Ok(true)
        };
        self.db.answer(rotated).await
    }

    /// Prolongs a session.
    pub async fn prolong(&self, id: Uuid, until: Timestamp) -> Result<(), StoreError> {
        let update = session::Entity::update_many()
            .col_expr(session::Column::ExpiresAt, Expr::value(to_db(until)))
            .filter(session::Column::Id.eq(id))
            .exec(self.db.connection());
        self.db.answer(update).await.map(drop)
    }

    /// Ends a session of a user. False where there was none to end.
    pub async fn revoke_of(&self, user: Uuid, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        let update = session::Entity::update_many()
            .col_expr(session::Column::RevokedAt, Expr::value(to_db(now)))
            .filter(session::Column::Id.eq(id))
            .filter(session::Column::UserId.eq(user))
            .filter(session::Column::RevokedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(to_db(now)))
            .exec(self.db.connection());
        Ok(self.db.answer(update).await?.rows_affected > 0)
    }

    /// Ends a session. False where there was none to end.
    pub async fn revoke(&self, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        let update = session::Entity::update_many()
            .col_expr(session::Column::RevokedAt, Expr::value(to_db(now)))
            .filter(session::Column::Id.eq(id))
            .filter(session::Column::RevokedAt.is_null())
            .exec(self.db.connection());
        Ok(self.db.answer(update).await?.rows_affected > 0)
    }

    /// Deletes sessions that ended before `then`, with their tokens, a few at a time. True where there
    /// are more.
    pub async fn purge(&self, then: Timestamp) -> Result<bool, StoreError> {
        const BATCH: u64 = 500;
        let purged = async {
            let ids: Vec<Uuid> = session::Entity::find()
                .select_only()
                .column(session::Column::Id)
                .filter(session::Column::ExpiresAt.lt(to_db(then)))
                .limit(BATCH)
                .into_tuple()
                .all(self.db.connection())
                .await?;
            let more = ids.len() as u64 == BATCH;
            // Their refresh tokens go with them.
            session::Entity::delete_many()
                .filter(session::Column::Id.is_in(ids))
                .exec(self.db.connection())
                .await?;
            Ok(more)
        };
        self.db.answer(purged).await
    }
}

fn token(tenant: &str, token: &RefreshRow, now: Timestamp) -> refresh_token::ActiveModel {
    refresh_token::ActiveModel {
        id: Set(token.id),
        tenant_id: Set(tenant.to_owned()),
        session_id: Set(token.session_id),
        hash: Set(token.hash.clone()),
        created_at: Set(to_db(now)),
        expires_at: Set(to_db(token.expires_at)),
        used_at: Set(None),
    }
}

fn line(row: session::Model) -> Result<SessionLine, StoreError> {
    let kind = SessionKind::from_name(&row.kind);
    Ok(SessionLine {
        id: row.id,
        kind: kind.ok_or_else(|| StoreError::damaged(format!("the kind of session {}", row.id)))?,
        address: row.address,
        created_at: from_db(row.created_at),
        expires_at: from_db(row.expires_at),
    })
}
