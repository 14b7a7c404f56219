//! What makes the log tamper-evident: each entry is sealed together with the seal of the one before.
//!
//! A seal is `HMAC-SHA256(key, what it is for ‖ seal before ‖ entry)`, the entry being its fields in a
//! fixed order, each with its length before it, so that no two entries are the same bytes. Whoever
//! changes, removes, adds or reorders entries without the key breaks the chain at that place. That the
//! end was cut off is seen by the sealed [`Head`], and by the copy of it outside the database.

mod check;
mod entry;
#[cfg(test)]
mod tests;

use ring::hmac;

pub use self::{
    check::{Break, Checker, Fault},
    entry::{Entry, Row, Stored},
};

/// Length of a seal and of a key, in bytes.
pub const SEAL: usize = 32;

/// A seal.
pub type Seal = [u8; SEAL];

/// What stands for the seal before the first entry.
pub const START: Seal = [0; SEAL];

/// What stands for the seal before an entry that could not be appended to a sound end: whatever was
/// before it, the chain does not hold there, for ever.
pub const BROKEN: Seal = [0xff; SEAL];

/// The key of a chain.
pub struct Key(hmac::Key);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(***)")
    }
}

/// A place in a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of the entry; 0 before the first.
    pub seq: u64,
    /// Its seal.
    pub seal: Seal,
}

impl Head {
    /// Before the first entry.
    pub const BEGIN: Self = Self { seq: 0, seal: START };
}

/// What a place in a chain means. One that was sealed for one meaning never passes for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The chain ends there.
    Last,
    /// It begins behind there: what was before is deleted, as the configuration says.
    Base,
    /// A server has seen the chain up to there.
    Seen,
}

impl Mark {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Last => "last",
            Self::Base => "base",
            Self::Seen => "seen",
        }
    }
}

/// A place in a chain as it is kept, with a seal of its own that may be none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedHead {
    /// The place.
    pub head: Head,
    /// The seal on it.
    pub mac: Vec<u8>,
}

impl Key {
    /// The key with these bytes.
    #[must_use]
    pub fn new(bytes: &Seal) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// The seal of `entry` behind the one sealed with `before`.
    #[must_use]
    pub fn seal(&self, before: &Seal, entry: &Entry) -> Seal {
        self.seal_as(before, entry.seq, entry)
    }

    /// The seal that `entry` would have under another number.
    fn seal_as(&self, before: &Seal, seq: u64, entry: &Entry) -> Seal {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(b"maid.audit.entry.1");
        context.update(before);
        context.update(&seq.to_be_bytes());
        context.update(&entry.at.as_microsecond().to_be_bytes());
        for text in entry.texts() {
            // Nothing is another thing than an empty text.
            let length = text.map_or(u64::MAX, |text| text.len() as u64);
            context.update(&length.to_be_bytes());
            context.update(text.unwrap_or_default().as_bytes());
        }
        finished(context)
    }

    /// `head` with a seal of its own, for `mark`.
    #[must_use]
    pub fn seal_head(&self, mark: Mark, head: Head) -> SealedHead {
        SealedHead { head, mac: self.mac_of(mark, &head).to_vec() }
    }

    /// Whether `sealed` was sealed for `mark` with this key.
    #[must_use]
    pub fn fits(&self, mark: Mark, sealed: &SealedHead) -> bool {
        self.mac_of(mark, &sealed.head) == *sealed.mac
    }

    fn mac_of(&self, mark: Mark, head: &Head) -> Seal {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(b"maid.audit.head.1");
        context.update(mark.name().as_bytes());
        context.update(&head.seq.to_be_bytes());
        context.update(&head.seal);
        finished(context)
    }
}

fn finished(context: hmac::Context) -> Seal {
    let mut seal = [0; SEAL];
    seal.copy_from_slice(context.sign().as_ref());
    seal
}

/// A seal from how it is written.
#[must_use]
pub fn from_hex(text: &str) -> Option<Seal> {
    let mut seal = [0; SEAL];
    if text.len() != 2 * SEAL || !text.is_ascii() {
        return None;
    }
    for (at, byte) in seal.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(seal)
}
