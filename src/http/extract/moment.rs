//! A point in time as clients write it.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de::Error};

/// A time in RFC 3339, or none. For `#[serde(default, deserialize_with = "moment")]`.
///
/// # Errors
/// It is no time; the words say how one is written.
pub fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    let read = |text: String| {
        text.parse().map_err(|_| D::Error::custom("is not a time: write it as 2026-01-31T00:00:00Z"))
    };
    text.map(read).transpose()
}
