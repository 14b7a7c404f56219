//! Writes the log: appends to it, and shortens it at its beginning. Reading is in `reading`.

use std::sync::Arc;

use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::OnConflict,
};

use super::{
    chain::{BROKEN, Checker, Entry, Fault, Head, Key, Mark, Row, SEAL, Seal, SealedHead, Stored},
    event::Event,
    key::AuditKey,
    reading,
};
use crate::db::{
    Db, StoreError,
    entities::{
        audit_entry::{ActiveModel, Column, Entity},
        audit_head as heads,
    },
    time::to_db,
};

/// The log, as it is stored.
#[derive(Clone, Debug)]
pub(super) struct Store {
    pub(super) db: Db,
    pub(super) key: Arc<AuditKey>,
}

/// What was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Appended {
    /// Where the log ends now.
    pub(super) head: Head,
    /// Whether it goes on from what was known of it.
    pub(super) follows: bool,
}

/// What became of the oldest entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shortened {
    /// So many are deleted.
    Deleted(u64),
    /// They do not hold, and stay: they are what shows it.
    Unsound(Fault),
}

impl Store {
    pub(super) const fn new(db: Db, key: Arc<AuditKey>) -> Self {
        Self { db, key }
    }

    pub(super) fn chain_key(&self) -> &Key {
        self.key.key()
    }

    /// Appends `events` in their order, all or none, where `seen` is the last that is known of the log.
    pub(super) async fn append(&self, events: &[Event], seen: Option<Head>) -> Result<Appended, StoreError> {
        let work = async {
            let transaction = self.db.begin_write().await?;
            let end = self.lock_end(&transaction).await?;
            let follows = match seen {
                _ if end.seal == BROKEN => false,
                None => true,
                Some(seen) if seen.seq == end.seq => seen.seal == end.seal,
                Some(seen) => seen.seq < end.seq && self.holds(&transaction, seen).await?,
            };
            let mut head = end;
            let mut models = Vec::with_capacity(events.len());
            for event in events {
                let entry = Entry::of(head.seq.saturating_add(1), event);
                let stored = Stored::sealed(self.chain_key(), &head.seal, entry);
                head = Head { seq: stored.entry.seq, seal: seal_of(&stored.seal) };
                models.push(model(stored));
            }
            if !models.is_empty() {
                Entity::insert_many(models).exec_without_returning(&transaction).await?;
                self.put(&transaction, Mark::Last, head).await?;
            }
            transaction.commit().await?;
            Ok(Appended { head, follows })
        };
        self.db.answer(work).await
    }

    /// Where the log ends, so that nobody else appends until the transaction is over; SQLite has one
    /// writer anyway. An end that does not hold is gone on behind, but never from: what is appended
    /// there says for ever that the chain was broken.
    async fn lock_end(&self, transaction: &DatabaseTransaction) -> Result<Head, DbErr> {
        let find = || heads::Entity::find_by_id(Mark::Last.name()).lock_exclusive().one(transaction);
        let mut row = find().await?;
        if row.is_none() {
            // Two first ones are told apart by the name of the row.
            self.begin(transaction).await?;
            row = find().await?;
        }
        let sealed = row.map(reading::head);
        let last = Entity::find().select_only().column(Column::Seq).order_by_desc(Column::Seq);
        let last = last.into_tuple::<i64>().one(transaction).await?;
        let last = last.map_or(0, from_number);
        Ok(match sealed.filter(|sealed| self.chain_key().fits(Mark::Last, sealed)) {
            Some(sealed) if last <= sealed.head.seq => sealed.head,
            _ => {
                tracing::error!(
                    seq = last,
                    "the audit log was broken behind its entry {last}: `maid audit verify`"
                );
                Head { seq: last, seal: BROKEN }
            }
        })
    }

    /// Whether the entry at `seen` is the one that was seen there, or was deleted in good order.
    async fn holds(&self, on: &impl ConnectionTrait, seen: Head) -> Result<bool, DbErr> {
        let found = Entity::find().select_only().column(Column::Mac).filter(Column::Seq.eq(number(seen.seq)));
        if let Some(seal) = found.into_tuple::<Vec<u8>>().one(on).await? {
            return Ok(seal == seen.seal);
        }
        let base = self.base(on).await?.unwrap_or(Head::BEGIN);
        Ok(base == seen || base.seq > seen.seq || seen == Head::BEGIN)
    }

    async fn base(&self, on: &impl ConnectionTrait) -> Result<Option<Head>, DbErr> {
        let row = heads::Entity::find_by_id(Mark::Base.name()).one(on).await?;
        let sealed = row.map(reading::head).filter(|sealed| self.chain_key().fits(Mark::Base, sealed));
        Ok(sealed.map(|sealed| sealed.head))
    }

    async fn begin(&self, on: &impl ConnectionTrait) -> Result<(), DbErr> {
        let there = OnConflict::column(heads::Column::Name).do_nothing().to_owned();
        let begun = heads::Entity::insert(self.head_row(Mark::Last, Head::BEGIN)).on_conflict(there);
        match begun.exec_without_returning(on).await {
            Ok(_) | Err(DbErr::RecordNotInserted) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn put(&self, on: &impl ConnectionTrait, mark: Mark, head: Head) -> Result<(), DbErr> {
        let there = OnConflict::column(heads::Column::Name)
            .update_columns([heads::Column::Seq, heads::Column::Seal, heads::Column::Mac])
            .to_owned();
        let put = heads::Entity::insert(self.head_row(mark, head)).on_conflict(there);
        put.exec_without_returning(on).await.map(drop)
    }

    fn head_row(&self, mark: Mark, head: Head) -> heads::ActiveModel {
        let SealedHead { head, mac } = self.chain_key().seal_head(mark, head);
        heads::ActiveModel {
            name: Set(mark.name().to_owned()),
            seq: Set(number(head.seq)),
            seal: Set(head.seal.to_vec()),
            mac: Set(mac),
        }
    }

    /// Deletes at most `most` of the oldest entries, of those that are from before `before`, and never
    /// the last one of the log. They are checked first.
    pub(super) async fn shorten(&self, before: Timestamp, most: u64) -> Result<Shortened, StoreError> {
        let work = async {
            let transaction = self.db.begin_write().await?;
            let end = self.lock_end(&transaction).await?;
            let base = self.base(&transaction).await?.unwrap_or(Head::BEGIN);
            let mut rows = reading::rows_after(&transaction, base.seq, most).await?;
            let old = |row: &Row| match row {
                Row::Whole(stored) => stored.entry.at < before && stored.entry.seq < end.seq,
                Row::Unreadable(_) => true,
            };
            rows.truncate(rows.iter().take_while(|row| old(row)).count());
            let mut checker = Checker::new(self.chain_key(), base);
            if let Err(fault) = checker.follow(&rows) {
                return Ok(Shortened::Unsound(fault));
            }
            if !rows.is_empty() {
                let gone = Entity::delete_many().filter(Column::Seq.lte(number(checker.at().seq)));
                gone.exec(&transaction).await?;
                self.put(&transaction, Mark::Base, checker.at()).await?;
            }
            transaction.commit().await?;
            Ok(Shortened::Deleted(rows.len() as u64))
        };
        self.db.answer(work).await
    }
}

fn model(stored: Stored) -> ActiveModel {
    let Stored { entry, seal } = stored;
    ActiveModel {
        seq: Set(number(entry.seq)),
        at: Set(to_db(entry.at)),
        tenant_id: Set(entry.tenant_id),
        actor: Set(entry.actor),
        actor_kind: Set(entry.actor_kind),
        action: Set(entry.action),
        outcome: Set(entry.outcome),
        target: Set(entry.target),
        address: Set(entry.address),
        mac: Set(seal),
        detail_json: Set(entry.detail),
    }
}

/// A seal as it is stored; what is none is one that nothing fits.
pub(super) fn seal_of(bytes: &[u8]) -> Seal {
    Seal::try_from(bytes).unwrap_or([0xee; SEAL])
}

/// A number as both databases keep it.
pub(super) fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// A number as it was kept; one below zero is none of ours.
pub(super) fn from_number(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}
