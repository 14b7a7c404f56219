//! Checks the log from its beginning to its end, page by page, while others append to it.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use utoipa::ToSchema;

use super::{
    chain::{Break, Checker, Fault, Head, Key, Mark, Row, SealedHead},
    error::AuditError,
    reading::Extent,
    store::{Store, seal_of},
};

/// Rows that are in memory at once.
const PAGE: u64 = 1000;

/// What became of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verdict {
    /// Whether every entry is the one that was written, in its place, up to the end.
    pub sound: bool,
    /// The first place that is broken; null where none is.
    pub fault: Option<Fault>,
    /// The same in words.
    #[schema(example = json!(null))]
    pub problem: Option<String>,
    /// Entries that hold and are of the own tenant.
    #[schema(example = 120)]
    pub entries: u64,
    /// When the earliest of them happened.
    #[schema(value_type = Option<String>, format = DateTime, example = "2026-01-31T12:00:00Z")]
    pub since: Option<Timestamp>,
    /// When the latest of them happened.
    #[schema(value_type = Option<String>, format = DateTime, example = "2026-02-01T12:00:00Z")]
    pub until: Option<Timestamp>,
    /// Number of the last entry that was deleted for its age; 0 where none was.
    #[schema(example = 0)]
    pub base: u64,
    /// Number of the last entry that holds.
    #[schema(example = 120)]
    pub last: u64,
    /// How far the log had been seen, by the file outside the database.
    pub witness: Witness,
}

/// What a file outside the database knows of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case")]
#[schema(example = json!({"is": "seen", "seq": 120}))]
pub enum Witness {
    /// There is none: that the log was put back to an older state would not show.
    None,
    /// The log was seen up to here.
    Seen {
        /// Number of the entry.
        seq: u64,
    },
    /// The file was not written by MAID.
    Forged,
}

/// Checks all of the log, and counts what is of `tenant`, or all.
pub(super) async fn verify(store: &Store, tenant: Option<&str>) -> Result<Verdict, AuditError> {
    // In this order: what was read first is never ahead of what is read then.
    let key = Arc::clone(&store.key);
    let noted = spawn_blocking(move || key.noted()).await.map_err(|_| AuditError::Ending)??;
    let ends = Ends { noted, base: store.head(Mark::Base).await?, last: store.head(Mark::Last).await? };
    let base = ends.base.as_ref().map_or(Head::BEGIN, |base| base.head);
    let witness = ends.witness(store.chain_key());
    let mut check = Check {
        store,
        tenant,
        base,
        checker: Checker::new(store.chain_key(), base),
        seen: ends.noted.as_ref().filter(|_| witness != Witness::Forged).map(|noted| noted.head),
        extent: Extent::default(),
    };
    let fault = match check.refused(&ends).await? {
        Some(fault) => Some(fault),
        None => check.run().await?.err(),
    };
    let fault = fault.or_else(|| {
        let seq = check.checker.at().seq;
        (witness == Witness::Forged).then_some(Fault { kind: Break::SeenForged, seq })
    });
    Ok(Verdict {
        sound: fault.is_none(),
        fault,
        problem: fault.map(|fault| fault.to_string()),
        entries: check.extent.entries,
        since: check.extent.since,
        until: check.extent.until,
        base: check.base.seq,
        last: check.checker.at().seq,
        witness,
    })
}

/// What is known of where the log begins and ends.
struct Ends {
    noted: Option<SealedHead>,
    base: Option<SealedHead>,
    last: Option<SealedHead>,
}

impl Ends {
    fn all(&self) -> [(Mark, Option<&SealedHead>); 3] {
        [
            (Mark::Seen, self.noted.as_ref()),
            (Mark::Base, self.base.as_ref()),
            (Mark::Last, self.last.as_ref()),
        ]
    }

    fn witness(&self, key: &Key) -> Witness {
        match &self.noted {
            None => Witness::None,
            Some(noted) if key.fits(Mark::Seen, noted) => Witness::Seen { seq: noted.head.seq },
            Some(_) => Witness::Forged,
        }
    }
}

/// A check under way.
struct Check<'s> {
    store: &'s Store,
    tenant: Option<&'s str>,
    base: Head,
    checker: Checker<'s>,
    seen: Option<Head>,
    extent: Extent,
}

impl<'s> Check<'s> {
    fn key(&self) -> &'s Key {
        self.store.chain_key()
    }

    /// Why there is no beginning to start from, if there is none.
    async fn refused(&self, ends: &Ends) -> Result<Option<Fault>, AuditError> {
        let fault = |kind| Some(Fault { kind, seq: self.base.seq.saturating_add(1) });
        let there = ends.all().into_iter().filter_map(|(mark, sealed)| Some((mark, sealed?)));
        if !there.clone().any(|(mark, sealed)| self.key().fits(mark, sealed)) {
            let first = self.store.rows_after(self.base.seq, 1).await?;
            let fits = first.iter().any(|row| match row {
                Row::Whole(first) => *first.seal == self.key().seal(&self.base.seal, &first.entry),
                Row::Unreadable(_) => false,
            });
            if !fits && (there.count() > 0 || !first.is_empty()) {
                return Ok(fault(Break::KeyDoesNotFit));
            }
        }
        if ends.base.as_ref().is_some_and(|base| !self.key().fits(Mark::Base, base)) {
            return Ok(fault(Break::BaseForged));
        }
        let stray = self.store.stray(self.base.seq).await?;
        Ok(stray.map(|seq| Fault { kind: Break::Inserted, seq }))
    }

    /// Follows the chain to its end. What is deleted in good order meanwhile is left behind.
    async fn run(&mut self) -> Result<Result<(), Fault>, AuditError> {
        loop {
            let Err(fault) = self.follow().await? else { return Ok(Ok(())) };
            let base = self.store.head(Mark::Base).await?;
            let base = base.filter(|base| self.key().fits(Mark::Base, base)).map(|base| base.head);
            match base.filter(|base| base.seq > self.checker.at().seq) {
                Some(base) => {
                    self.base = base;
                    self.checker = Checker::new(self.key(), base);
                    self.extent = Extent::default();
                }
                None => return Ok(Err(self.beyond_the_end(fault).await?)),
            }
        }
    }

    /// The same fault, told as an insertion where MAID has never come so far.
    async fn beyond_the_end(&self, fault: Fault) -> Result<Fault, AuditError> {
        let last = self.store.head(Mark::Last).await?;
        let last = last.filter(|last| self.key().fits(Mark::Last, last));
        let beyond = last.is_some_and(|last| fault.seq > last.head.seq) && fault.kind == Break::Changed;
        Ok(if beyond { Fault { kind: Break::Inserted, ..fault } } else { fault })
    }

    async fn follow(&mut self) -> Result<Result<(), Fault>, AuditError> {
        // Up to which entry the log was said to go when the rows were not yet read.
        let mut promised = 0;
        loop {
            let rows = self.store.rows_after(self.checker.at().seq, PAGE).await?;
            if rows.is_empty() && promised > self.checker.at().seq {
                return Ok(Err(self.fault(Break::Truncated, 1)));
            }
            if let Err(fault) = self.page(&rows) {
                return Ok(Err(fault));
            }
            if rows.len() as u64 == PAGE {
                continue;
            }
            let last = self.store.head(Mark::Last).await?;
            let at = self.checker.at();
            match last {
                None if at == Head::BEGIN => break,
                Some(last) if !self.key().fits(Mark::Last, &last) => {
                    return Ok(Err(self.fault(Break::HeadForged, 0)));
                }
                Some(last) if last.head.seq > at.seq => promised = last.head.seq,
                Some(last) if last.head == at => break,
                _ => return Ok(Err(self.fault(Break::HeadForged, 0))),
            }
        }
        let lost = self.seen.filter(|seen| seen.seq > self.checker.at().seq);
        Ok(lost.map_or(Ok(()), |seen| Err(Fault { kind: Break::RolledBack, seq: seen.seq })))
    }

    /// Takes the next rows.
    fn page(&mut self, rows: &[Row]) -> Result<(), Fault> {
        if self.seen.is_some_and(|seen| seen.seq == self.base.seq && seen != self.base) {
            return Err(self.fault(Break::RolledBack, 0));
        }
        let followed = self.checker.follow(rows);
        let held = rows.iter().take_while(|row| row.seq() <= self.checker.at().seq);
        for stored in held.filter_map(|row| if let Row::Whole(stored) = row { Some(stored) } else { None }) {
            let entry = &stored.entry;
            let place = Head { seq: entry.seq, seal: seal_of(&stored.seal) };
            if self.seen.is_some_and(|seen| seen.seq == place.seq && seen != place) {
                return Err(Fault { kind: Break::RolledBack, seq: place.seq });
            }
            if self.tenant.is_none_or(|tenant| tenant == entry.tenant_id) {
                self.extent.add(entry.at);
            }
        }
        followed
    }

    fn fault(&self, kind: Break, ahead: u64) -> Fault {
        Fault { kind, seq: self.checker.at().seq.saturating_add(ahead) }
    }
}
