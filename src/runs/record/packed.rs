//! The stored form of an outcome: JSON, packed with Zstandard. A whole run of an hour is a few
//! hundred kilobytes of JSON, most of it histograms and the series, and packs to a fraction.

use std::{
    borrow::Cow,
    io::{self, Read},
};

use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    db::StoreError,
    engine::outcome::{FORMAT, Outcome},
};

/// Name of the packing.
const ENCODING: &str = "json+zstd";
/// The level at which packing takes single milliseconds.
const LEVEL: i32 = 3;
/// Longest JSON that is unpacked: many times what the largest run leaves behind.
const LONGEST: u64 = 512 << 20;

/// An outcome, packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Version of the outcome's form.
    pub format: i32,
    /// How `body` is packed.
    pub encoding: String,
    /// The outcome.
    pub body: Vec<u8>,
}

impl Packed {
    /// Packs `outcome`, and makes the text of its summary, on a thread where that holds up nobody.
    pub async fn new(outcome: &Outcome) -> Result<(Self, String), StoreError> {
        let outcome = outcome.clone();
        let id = outcome.summary.run_id.clone();
        let work = move || {
            let metrics = serde_json::to_string(&outcome.summary.without_histograms()).ok()?;
            let body = pack(&outcome).ok()?;
            let format = i32::try_from(outcome.format).ok()?;
            Some((Self { format, encoding: ENCODING.to_owned(), body }, metrics))
        };
        let packed = tokio::task::spawn_blocking(work).await.ok().flatten();
        packed.ok_or_else(|| StoreError::damaged(format!("the outcome of run {id} cannot be packed")))
    }

    /// Unpacks the outcome of run `id`.
    pub async fn unpack(self, id: Uuid) -> Result<Outcome, StoreError> {
        let damaged = move |why: &str| StoreError::damaged(format!("the outcome of run {id}: {why}"));
        if self.encoding != ENCODING || u32::try_from(self.format).is_ok_and(|format| format > FORMAT) {
            return Err(damaged("a later version of MAID wrote it"));
        }
        match tokio::task::spawn_blocking(move || unpack(&self.body)).await {
            Ok(outcome) => outcome.map_err(|_| damaged("it cannot be unpacked")),
            Err(_) => Err(damaged("unpacking it broke off")),
        }
    }
}

/// JSON, packed.
pub fn pack<T: Serialize>(what: &T) -> io::Result<Vec<u8>> {
    zstd::encode_all(serde_json::to_vec(what)?.as_slice(), LEVEL)
}

/// What was packed.
pub fn unpack<T: DeserializeOwned>(packed: &[u8]) -> io::Result<T> {
    let mut json = Vec::new();
    zstd::Decoder::new(packed)?.take(LONGEST).read_to_end(&mut json)?;
    Ok(serde_json::from_slice(&json)?)
}

/// `text` as both databases take it: Postgres has no NUL in texts.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}
