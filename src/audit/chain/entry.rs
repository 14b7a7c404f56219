//! An entry of the chain. Its texts are taken as they are stored, also those that this version does not
//! know, because they are what was sealed.

use jiff::Timestamp;

use crate::audit::event::Event;

/// Most characters of a text; what is longer says less, not more.
const LONGEST_TEXT: usize = 512;
/// Longest detail, in bytes.
const LONGEST_DETAIL: usize = 256 << 10;

/// An entry of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its number, from 1 without gaps.
    pub seq: u64,
    /// When it happened, to the millisecond.
    pub at: Timestamp,
    /// Whose log it belongs to.
    pub tenant_id: String,
    /// Who did it.
    pub actor: String,
    /// What kind of principal that is.
    pub actor_kind: String,
    /// What was done.
    pub action: String,
    /// How it came out.
    pub outcome: String,
    /// What it was done to.
    pub target: Option<String>,
    /// The address that the request came from.
    pub address: Option<String>,
    /// What else is to be known, as JSON.
    pub detail: Option<String>,
}

/// An entry with its seal, which may be none.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The entry.
    pub entry: Entry,
    /// The seal on it.
    pub seal: Vec<u8>,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a row that cannot be read is one in a log, if there is any")]
pub enum Row {
    /// An entry.
    Whole(Stored),
    /// Something under this number that cannot be read.
    Unreadable(u64),
}

impl Row {
    /// Its number.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        match self {
            Self::Whole(stored) => stored.entry.seq,
            Self::Unreadable(seq) => *seq,
        }
    }
}

impl Entry {
    /// The entry for `event` under the number `seq`. Texts are cut and cleaned so that every database
    /// takes them.
    #[must_use]
    pub fn of(seq: u64, event: &Event) -> Self {
        let at = Timestamp::from_millisecond(event.at.as_millisecond()).unwrap_or(event.at);
        Self {
            seq,
            at,
            tenant_id: text(&event.tenant_id),
            actor: text(&event.actor),
            actor_kind: text(&event.actor_kind),
            action: event.action.name().to_owned(),
            outcome: event.outcome.name().to_owned(),
            target: event.target.as_deref().map(text),
            address: event.address.as_deref().map(text),
            detail: (!event.detail.is_null()).then(|| detail(event.detail.to_string())),
        }
    }

    /// Its texts in the order in which they are sealed.
    pub(super) fn texts(&self) -> [Option<&str>; 8] {
        [
            Some(&self.tenant_id),
            Some(&self.actor),
            Some(&self.actor_kind),
            Some(&self.action),
            Some(&self.outcome),
            self.target.as_deref(),
            self.address.as_deref(),
            self.detail.as_deref(),
        ]
    }
}

/// Postgres has no NUL in texts.
fn text(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).map(|c| if c == '\0' { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn detail(text: String) -> String {
    if text.len() <= LONGEST_DETAIL { text } else { format!("{{\"left_out_bytes\":{}}}", text.len()) }
}
