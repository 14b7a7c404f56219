//! Sums by which documents and requests are told apart.

use ring::digest::{Context, SHA256, digest};

/// A SHA-256 sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The sum of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::from(digest(&SHA256, bytes))
    }

    /// The sum of what `context` was given.
    #[must_use]
    pub fn finish(context: Context) -> Self {
        Self::from(context.finish())
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its bytes in hexadecimal.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    /// An entity tag made of it; short, for it tells versions of one thing apart.
    #[must_use]
    pub fn entity_tag(&self) -> String {
        format!("\"{}\"", &self.hex()[..32])
    }
}

/// Bytes in hexadecimal, as people and programs write them.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl From<ring::digest::Digest> for Digest {
    fn from(sum: ring::digest::Digest) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(sum.as_ref());
        Self(bytes)
    }
}
