//! Queries that read the log.

use jiff::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{AuditQuery, Filters};
use crate::{
    audit::{
        chain::{Entry, Head, Mark, Row, Seal, SealedHead, Stored},
        store::{Store, from_number, number, seal_of},
    },
    db::{
        StoreError, Trouble,
        entities::{
            audit_entry::{Column, Entity, Model},
            audit_head as heads,
        },
        time::{from_db, to_db},
    },
};

/// Rows with numbers above `after`, in their order. One that cannot be read does not hide the others.
pub(in crate::audit) async fn rows_after(
    on: &impl ConnectionTrait,
    after: u64,
    most: u64,
) -> Result<Vec<Row>, DbErr> {
    let next = || Entity::find().filter(Column::Seq.gt(number(after))).order_by_asc(Column::Seq).limit(most);
    match next().all(on).await {
        Ok(rows) => Ok(rows.into_iter().map(|row| Row::Whole(stored(row))).collect()),
        Err(error) if unreadable(&error) => {
            let numbers = next().select_only().column(Column::Seq).into_tuple::<i64>().all(on).await?;
            one_by_one(on, numbers).await
        }
        Err(error) => Err(error),
    }
}

async fn one_by_one(on: &impl ConnectionTrait, numbers: Vec<i64>) -> Result<Vec<Row>, DbErr> {
    let mut rows = Vec::with_capacity(numbers.len());
    for seq in numbers {
        match Entity::find_by_id(seq).one(on).await {
            Ok(row) => rows.extend(row.map(|row| Row::Whole(stored(row)))),
            Err(error) if unreadable(&error) => rows.push(Row::Unreadable(from_number(seq))),
            Err(error) => return Err(error),
        }
    }
    Ok(rows)
}

/// Whether a value is not of the type of its column, which SQLite lets pass.
fn unreadable(error: &DbErr) -> bool {
    Trouble::of(error) == Trouble::Damaged
}

/// A head from its row.
pub(in crate::audit) fn head(row: heads::Model) -> SealedHead {
    SealedHead { head: Head { seq: from_number(row.seq), seal: seal_of(&row.seal) }, mac: row.mac }
}

fn stored(row: Model) -> Stored {
    let entry = Entry {
        seq: from_number(row.seq),
        at: from_db(row.at),
        tenant_id: row.tenant_id,
        actor: row.actor,
        actor_kind: row.actor_kind,
        action: row.action,
        outcome: row.outcome,
        target: row.target,
        address: row.address,
        detail: row.detail_json,
    };
    Stored { entry, seal: row.mac }
}

impl Store {
    /// The next `most` rows of all tenants above the number `after`.
    pub(in crate::audit) async fn rows_after(&self, after: u64, most: u64) -> Result<Vec<Row>, StoreError> {
        self.db.answer(rows_after(self.db.connection(), after, most)).await
    }

    /// The end of the chain that `mark` means.
    pub(in crate::audit) async fn head(&self, mark: Mark) -> Result<Option<SealedHead>, StoreError> {
        let row = self.db.answer(heads::Entity::find_by_id(mark.name()).one(self.db.connection())).await?;
        Ok(row.map(head))
    }

    /// The number of an entry at or before `base`, where none may be.
    pub(in crate::audit) async fn stray(&self, base: u64) -> Result<Option<u64>, StoreError> {
        let found = Entity::find().select_only().column(Column::Seq).filter(Column::Seq.lte(number(base)));
        let found = found.order_by_asc(Column::Seq).into_tuple::<i64>().one(self.db.connection());
        Ok(self.db.answer(found).await?.map(from_number))
    }

    /// Whether the oldest entry is from before `before`, and not the only one.
    pub(in crate::audit) async fn reaches_before(&self, before: Timestamp) -> Result<bool, StoreError> {
        let oldest = self.rows_after(0, 2).await?;
        Ok(match oldest.as_slice() {
            [Row::Whole(first), _] => first.entry.at < before,
            _ => false,
        })
    }

    /// A page of what is written down of `tenant`, the newest first.
    pub(in crate::audit) async fn list(
        &self,
        tenant: &str,
        query: &AuditQuery,
    ) -> Result<Vec<Stored>, StoreError> {
        let Filters { action, outcome, actor, target, since, until } = &query.filters;
        let mut found = Entity::find().filter(Column::TenantId.eq(tenant));
        let texts = [
            (Column::Action, action.map(|action| action.name())),
            (Column::Outcome, outcome.map(|outcome| outcome.name())),
            (Column::Actor, actor.as_deref()),
            (Column::Target, target.as_deref()),
        ];
        for (column, text) in texts {
            if let Some(text) = text {
                // No text that is stored has a NUL, and Postgres does not take one.
                found = found.filter(column.eq(text.replace('\0', "\u{fffd}")));
            }
        }
        if let Some(since) = since {
            found = found.filter(Column::At.gte(to_db(*since)));
        }
        if let Some(until) = until {
            found = found.filter(Column::At.lt(to_db(*until)));
        }
        if let Some(before) = query.before {
            found = found.filter(Column::Seq.lt(number(before)));
        }
        let found = found.order_by_desc(Column::Seq).limit(query.limit as u64);
        let rows = self.db.answer(found.all(self.db.connection())).await?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// The next `most` entries of `tenant` after the number `after` and up to `last`, in their order.
    pub(in crate::audit) async fn entries_of(
        &self,
        tenant: Option<&str>,
        (after, last): (u64, u64),
        most: u64,
    ) -> Result<Vec<Stored>, StoreError> {
        let mut found = Entity::find().filter(Column::Seq.gt(number(after)));
        found = found.filter(Column::Seq.lte(number(last)));
        if let Some(tenant) = tenant {
            found = found.filter(Column::TenantId.eq(tenant));
        }
        let found = found.order_by_asc(Column::Seq).limit(most);
        let rows = self.db.answer(found.all(self.db.connection())).await?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// The seals of the entries with these numbers, as far as they are there.
    pub(in crate::audit) async fn seals(&self, numbers: &[u64]) -> Result<Vec<(u64, Seal)>, StoreError> {
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = Column::Seq.is_in(numbers.iter().map(|seq| number(*seq)));
        let found = Entity::find().select_only().column(Column::Seq).column(Column::Mac).filter(wanted);
        let found = found.into_tuple::<(i64, Vec<u8>)>().all(self.db.connection());
        let rows = self.db.answer(found).await?;
        Ok(rows.into_iter().map(|(seq, seal)| (from_number(seq), seal_of(&seal))).collect())
    }
}
