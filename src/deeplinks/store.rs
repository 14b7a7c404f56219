//! Queries of `maid_deeplinks`.

use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};

use super::{
    link::Content,
    record::{ContentKind, Line, LinkRow, State},
};
use crate::db::{
    Db, StoreError,
    entities::deeplink::{ActiveModel, Column, Entity, Listed, Model},
    time::{from_db, to_db},
};

/// The links.
#[derive(Clone, Debug)]
pub(super) struct Store(Db);

impl Store {
    pub(super) const fn new(db: Db) -> Self {
        Self(db)
    }

    /// Adds a link. False where its tenant has `most`: those who add at once take turns at the tenant's oldest
    /// link, and only the very first of a tenant have none to take turns at.
    pub(super) async fn insert(&self, row: &LinkRow, most: u32) -> Result<bool, StoreError> {
        let inserted = async {
            let transaction = self.0.begin_write().await?;
            let of_tenant = Entity::find().filter(Column::TenantId.eq(&row.tenant_id));
            let oldest = of_tenant.clone().order_by_asc(Column::CreatedAt).limit(1).lock_exclusive();
            oldest.one(&transaction).await?;
            if of_tenant.count(&transaction).await? >= u64::from(most) {
                return Ok(false);
            }
            Entity::insert(model(row)).exec_without_returning(&transaction).await?;
            transaction.commit().await?;
            Ok(true)
        };
        self.0.answer(inserted).await
    }

    /// A link of `tenant`.
    pub(super) async fn get(&self, tenant: &str, id: &str) -> Result<Option<LinkRow>, StoreError> {
        let row = Entity::find().filter(of(tenant, id));
        self.0.answer(row.one(self.0.connection())).await?.map(link).transpose()
    }

    /// Links of `tenant` before the one that was made at a time and has an id, the newest first.
    pub(super) async fn list(
        &self,
        tenant: &str,
        wanted: Option<(State, Timestamp)>,
        after: Option<&(Timestamp, String)>,
        limit: usize,
    ) -> Result<Vec<Line>, StoreError> {
        let rows = Entity::find()
            .filter(Column::TenantId.eq(tenant))
            .apply_if(wanted, |rows, (state, now)| rows.filter(is(state, now)))
            .apply_if(after, |rows, (at, id)| {
                let at = to_db(*at);
                let same = Column::CreatedAt.eq(at).and(Column::Id.lt(id));
                rows.filter(Condition::any().add(Column::CreatedAt.lt(at)).add(same))
            })
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id)
            .limit(limit as u64)
            .into_partial_model::<Listed>();
        let rows = self.0.answer(rows.all(self.0.connection())).await?;
        rows.into_iter().map(line).collect()
    }

    /// Makes a link invalid. False where it is already, or there is none.
    pub(super) async fn revoke(&self, tenant: &str, id: &str, at: Timestamp) -> Result<bool, StoreError> {
        let revoked = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(to_db(at)))
            .filter(of(tenant, id))
            .filter(Column::RevokedAt.is_null())
            .exec(self.0.connection());
        Ok(self.0.answer(revoked).await?.rows_affected > 0)
    }

    /// Counts a run. False where the link allows none any more: of those who ask at once only as many get one
    /// as it allows.
    pub(super) async fn take(&self, tenant: &str, id: &str, now: Timestamp) -> Result<bool, StoreError> {
        let left = Condition::any()
            .add(Column::MaxUses.is_null())
            .add(Expr::col(Column::Uses).lt(Expr::col(Column::MaxUses)));
        let taken = Entity::update_many()
            .col_expr(Column::Uses, Expr::col(Column::Uses).add(1))
            .filter(of(tenant, id))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::ExpiresAt.gt(to_db(now)))
            .filter(left)
            .exec(self.0.connection());
        Ok(self.0.answer(taken).await?.rows_affected > 0)
    }

    /// Takes a run back that did not start.
    pub(super) async fn give_back(&self, tenant: &str, id: &str) -> Result<(), StoreError> {
        let given = Entity::update_many()
            .col_expr(Column::Uses, Expr::col(Column::Uses).sub(1))
            .filter(of(tenant, id))
            .filter(Column::Uses.gt(0))
            .exec(self.0.connection());
        self.0.answer(given).await.map(drop)
    }

    /// Forgets some of the links that ended before `before`, with what was counted of them, and answers how many.
    pub(super) async fn forget(&self, before: Timestamp, most: u64) -> Result<u64, StoreError> {
        let before = to_db(before);
        let old = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Condition::any().add(Column::ExpiresAt.lt(before)).add(Column::RevokedAt.lt(before)))
            .limit(most)
            .into_query();
        let gone = Entity::delete_many().filter(Column::Id.in_subquery(old)).exec(self.0.connection());
        Ok(self.0.answer(gone).await?.rows_affected)
    }
}

/// That a link is in `state` at `now`: what [`Line::state`] says of each.
fn is(state: State, now: Timestamp) -> Condition {
    let expired = Column::ExpiresAt.lte(to_db(now));
    let used = Column::MaxUses.is_not_null().and(Expr::col(Column::Uses).gte(Expr::col(Column::MaxUses)));
    let valid = Condition::all().add(Column::RevokedAt.is_null());
    match state {
        State::Revoked => Condition::all().add(Column::RevokedAt.is_not_null()),
        State::Expired => valid.add(expired),
        State::Used => valid.add(expired.not()).add(used),
        // What has no bound is never used up: a comparison with nothing says nothing.
        State::Open => valid.add(expired.not()).add(Column::MaxUses.is_null().or(used.not())),
    }
}

fn of(tenant: &str, id: &str) -> Condition {
    Condition::all().add(Column::TenantId.eq(tenant)).add(Column::Id.eq(id))
}

fn model(row: &LinkRow) -> ActiveModel {
    let LinkRow { line, tenant_id, api_key_id, content } = row;
    ActiveModel {
        id: Set(line.id.clone()),
        tenant_id: Set(tenant_id.clone()),
        owner: Set(line.owner.clone()),
        api_key_id: Set(*api_key_id),
        title: Set(line.title.clone()),
        kind: Set(line.kind.name().to_owned()),
        created_at: Set(to_db(line.created_at)),
        expires_at: Set(to_db(line.expires_at)),
        revoked_at: Set(line.revoked_at.map(to_db)),
        max_uses: Set(line.max_uses.map(u64::cast_signed)),
        uses: Set(line.uses.cast_signed()),
        body: Set(written(content)),
    }
}

fn link(row: Model) -> Result<LinkRow, StoreError> {
    let content = read(&row.id, &row.body)?;
    let line = line(Listed {
        id: row.id,
        owner: row.owner,
        title: row.title,
        kind: row.kind,
        created_at: row.created_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
        max_uses: row.max_uses,
        uses: row.uses,
    })?;
    Ok(LinkRow { line, tenant_id: row.tenant_id, api_key_id: row.api_key_id, content })
}

fn line(row: Listed) -> Result<Line, StoreError> {
    let kind = ContentKind::from_name(&row.kind);
    Ok(Line {
        kind: kind.ok_or_else(|| StoreError::damaged(format!("the kind of deeplink {}", row.id)))?,
        created_at: from_db(row.created_at),
        expires_at: from_db(row.expires_at),
        revoked_at: row.revoked_at.map(from_db),
        max_uses: row.max_uses.map(i64::cast_unsigned),
        uses: row.uses.cast_unsigned(),
        id: row.id,
        owner: row.owner,
        title: row.title,
    })
}

/// Content as text; it has text keys and finite numbers, so nothing here can fail.
pub(super) fn written(content: &Content) -> String {
    serde_json::to_string(content).unwrap_or_default()
}

/// Content that was stored for `what`.
pub(super) fn read(what: &str, text: &str) -> Result<Content, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::damaged(format!("what {what} leads to")))
}
