//! Follows a chain entry by entry, and says where it is broken first, and how.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{BROKEN, Entry, Head, Key, Row, SEAL, Seal, Stored};

/// How many entries beside a broken place are looked at to tell what happened there.
const AROUND: usize = 64;

/// What is wrong at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Break {
    /// The entry is not the one that was sealed.
    Changed,
    /// The entry is gone.
    Missing,
    /// Another entry stands in its place.
    OutOfOrder,
    /// The entry was never appended by MAID.
    Inserted,
    /// The log ends before its sealed end.
    Truncated,
    /// The log is older than what this server has seen of it.
    RolledBack,
    /// The row that says where the log ends was not sealed with the key.
    HeadForged,
    /// The row that says where the log begins was not sealed with the key.
    BaseForged,
    /// The file that says how far the log was seen was not sealed with the key.
    SeenForged,
    /// A server found the end of the log broken, and went on behind it.
    Restarted,
    /// Nothing was sealed with this key.
    KeyDoesNotFit,
}

/// The first place where a chain is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fault {
    /// What is wrong.
    pub kind: Break,
    /// Number of the first entry that cannot be trusted, or is not there.
    #[schema(example = 42)]
    pub seq: u64,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seq = self.seq;
        match self.kind {
            Break::Changed => write!(f, "entry {seq} was changed since it was written"),
            Break::Missing => write!(f, "entry {seq} is missing: entries after it are there"),
            Break::OutOfOrder => write!(f, "entry {seq} is out of order: another one stands in its place"),
            Break::Inserted => write!(f, "entry {seq} was inserted: MAID never wrote it"),
            Break::Truncated => write!(f, "the log was truncated: it ends before entry {seq}"),
            Break::RolledBack => write!(
                f,
                "the log was rolled back: this server has seen entry {seq}, and it is gone or another one"
            ),
            Break::HeadForged => {
                write!(
                    f,
                    "the record of where the log ends is gone or forged; entry {seq} is the last one seen"
                )
            }
            Break::BaseForged => {
                write!(f, "the record of where the log begins is forged: what was before entry {seq} is gone")
            }
            Break::SeenForged => write!(
                f,
                "the file audit.head is forged or damaged: what became of the log after entry {seq} is not known"
            ),
            Break::Restarted => write!(
                f,
                "the end of the log was found broken before entry {seq}: what was before it may be gone"
            ),
            Break::KeyDoesNotFit => f.write_str(
                "the key does not fit: the log was sealed with another one, or all of it was written anew",
            ),
        }
    }
}

/// Follows a chain.
#[derive(Debug)]
pub struct Checker<'k> {
    key: &'k Key,
    at: Head,
}

impl<'k> Checker<'k> {
    /// Begins behind `start`.
    #[must_use]
    pub const fn new(key: &'k Key, start: Head) -> Self {
        Self { key, at: start }
    }

    /// How far the chain was followed.
    #[must_use]
    pub const fn at(&self) -> Head {
        self.at
    }

    /// Goes on with `rows`, the next ones by their numbers.
    ///
    /// # Errors
    /// The first place where the chain is broken.
    pub fn follow(&mut self, rows: &[Row]) -> Result<(), Fault> {
        for at in 0..rows.len() {
            self.step(&rows[at..])?;
        }
        Ok(())
    }

    /// Takes the first of `rows`; the others tell what is wrong with it.
    fn step(&mut self, rows: &[Row]) -> Result<(), Fault> {
        let seq = self.at.seq.saturating_add(1);
        let fault = |kind| Fault { kind, seq };
        let stored = match &rows[0] {
            row if row.seq() != seq => return Err(fault(Break::Missing)),
            Row::Unreadable(_) => return Err(fault(Break::Changed)),
            Row::Whole(stored) => stored,
        };
        let seal = self.key.seal(&self.at.seal, &stored.entry);
        if seal != *stored.seal {
            return Err(fault(self.what_happened(stored, &rows[1..])));
        }
        self.at = Head { seq, seal };
        Ok(())
    }

    /// What happened where `stored` stands and does not belong, as far as `later` entries tell.
    fn what_happened(&self, stored: &Stored, later: &[Row]) -> Break {
        let seq = self.at.seq.saturating_add(1);
        let fits = |before: &Seal, seq, of: &Stored| self.key.seal_as(before, seq, &of.entry) == *of.seal;
        if fits(&BROKEN, seq, stored) {
            return Break::Restarted;
        }
        let later: Vec<&Stored> = later.iter().take(AROUND).filter_map(whole).collect();
        let seals = || later.iter().filter_map(|other| Seal::try_from(other.seal.as_slice()).ok());
        let numbers = (1..=AROUND as u64).map(|ahead| seq.saturating_add(ahead));
        if numbers.clone().any(|number| seals().any(|before| fits(&before, number, stored))) {
            return Break::OutOfOrder;
        }
        if later.iter().any(|other| fits(&self.at.seal, seq, other)) {
            return Break::Inserted;
        }
        Break::Changed
    }
}

fn whole(row: &Row) -> Option<&Stored> {
    match row {
        Row::Whole(stored) if stored.seal.len() == SEAL => Some(stored),
        _ => None,
    }
}

impl Stored {
    /// `entry` behind `before`, sealed.
    #[must_use]
    pub fn sealed(key: &Key, before: &Seal, entry: Entry) -> Self {
        let seal = key.seal(before, &entry).to_vec();
        Self { entry, seal }
    }
}
