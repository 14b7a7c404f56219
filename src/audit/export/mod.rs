//! The log as JSON lines, for whoever keeps a copy or checks it with the key: a first line with the
//! sealed ends, a line for each entry, and a last line without which the export is not whole.

use std::collections::HashMap;

use serde::Serialize;

use super::{
    chain::{Entry, Head, Mark, Seal, SealedHead},
    error::AuditError,
    store::{Store, seal_of},
};
use crate::http::digest::hex;

/// Entries that are in memory at once.
const PAGE: u64 = 500;

/// An export under way.
#[derive(Debug)]
pub struct Export {
    store: Store,
    tenant: Option<String>,
    base: Head,
    last: Head,
    /// The entry that was given last, or what the first one follows.
    at: Head,
    entries: u64,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Begin,
    Entries,
    Over,
}

#[derive(Serialize)]
struct Place {
    seq: u64,
    seal: String,
    mac: String,
}

#[derive(Serialize)]
struct First {
    log: &'static str,
    form: u8,
    base: Option<Place>,
    last: Option<Place>,
}

#[derive(Serialize)]
struct Line<'e> {
    seq: u64,
    at: jiff::Timestamp,
    tenant_id: &'e str,
    actor: &'e str,
    actor_kind: &'e str,
    action: &'e str,
    outcome: &'e str,
    target: Option<&'e str>,
    address: Option<&'e str>,
    /// As text: its bytes are what was sealed.
    detail: Option<&'e str>,
    before: Option<String>,
    seal: String,
}

#[derive(Serialize)]
struct Last {
    end: bool,
    entries: u64,
}

impl Export {
    pub(super) fn new(store: Store, tenant: Option<String>) -> Self {
        let (base, last, at) = (Head::BEGIN, Head::BEGIN, Head::BEGIN);
        Self { store, tenant, base, last, at, entries: 0, stage: Stage::Begin }
    }

    /// The next lines; none after the last.
    ///
    /// # Errors
    /// When the database cannot be used. What was given until then is not whole, and has no last line.
    pub async fn next(&mut self) -> Result<Option<String>, AuditError> {
        match self.stage {
            Stage::Begin => {
                let (base, last) = (self.store.head(Mark::Base).await?, self.store.head(Mark::Last).await?);
                self.base = base.as_ref().map_or(Head::BEGIN, |base| base.head);
                self.last = last.as_ref().map_or(Head::BEGIN, |last| last.head);
                self.at = self.base;
                self.stage = Stage::Entries;
                let first =
                    First { log: "maid.audit", form: 1, base: base.map(place), last: last.map(place) };
                Ok(Some(line(&first)))
            }
            Stage::Entries => {
                let lines = self.page().await?;
                if !lines.is_empty() {
                    return Ok(Some(lines));
                }
                self.stage = Stage::Over;
                Ok(Some(line(&Last { end: true, entries: self.entries })))
            }
            Stage::Over => Ok(None),
        }
    }

    async fn page(&mut self) -> Result<String, AuditError> {
        let span = (self.at.seq, self.last.seq);
        let found = self.store.entries_of(self.tenant.as_deref(), span, PAGE).await?;
        let own = found.iter().map(|stored| (stored.entry.seq, seal_of(&stored.seal)));
        let mut known: HashMap<u64, Seal> = own.collect();
        known.extend([(self.at.seq, self.at.seal), (self.base.seq, self.base.seal)]);
        let before = found.iter().map(|stored| stored.entry.seq.saturating_sub(1));
        let unknown: Vec<u64> = before.filter(|seq| !known.contains_key(seq)).collect();
        known.extend(self.store.seals(&unknown).await?);
        let mut lines = String::new();
        for stored in &found {
            let before = known.get(&stored.entry.seq.saturating_sub(1));
            lines.push_str(&line(&of_entry(&stored.entry, before, &stored.seal)));
        }
        self.entries += found.len() as u64;
        if let Some(last) = found.last() {
            self.at = Head { seq: last.entry.seq, seal: seal_of(&last.seal) };
        }
        Ok(lines)
    }
}

fn of_entry<'e>(entry: &'e Entry, before: Option<&Seal>, seal: &[u8]) -> Line<'e> {
    Line {
        seq: entry.seq,
        at: entry.at,
        tenant_id: &entry.tenant_id,
        actor: &entry.actor,
        actor_kind: &entry.actor_kind,
        action: &entry.action,
        outcome: &entry.outcome,
        target: entry.target.as_deref(),
        address: entry.address.as_deref(),
        detail: entry.detail.as_deref(),
        before: before.map(|seal| hex(seal)),
        seal: hex(seal),
    }
}

fn place(sealed: SealedHead) -> Place {
    Place { seq: sealed.head.seq, seal: hex(&sealed.head.seal), mac: hex(&sealed.mac) }
}

/// A line of JSON: plain texts and numbers, which can always be written.
fn line(of: &impl Serialize) -> String {
    let mut line = serde_json::to_string(of).unwrap_or_default();
    line.push('\n');
    line
}
