//! Durations as users write them: `500ms`, `30s`, `5m`, `1h30m`.

use std::{borrow::Cow, fmt, str::FromStr, time::Duration};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A duration, written as numbers with units `h`, `m`, `s`, `ms`, largest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(Duration);

/// Longest duration that is taken: 30 days.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

impl Span {
    /// A duration of whole seconds.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// A duration of milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }

    /// As the standard library's type.
    #[must_use]
    pub const fn get(self) -> Duration {
        self.0
    }
}

/// Why a text is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// Not numbers with units.
    #[error(
        "`{0}` is not a duration: write numbers with units, largest first, such as 500ms, 30s, 5m or 1h30m"
    )]
    Malformed(String),
    /// Beyond the longest one.
    #[error("`{0}` is too long: the longest duration is 720h")]
    TooLong(String),
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let malformed = || SpanError::Malformed(text.to_owned());
        let mut rest = text.trim();
        let mut total = Duration::ZERO;
        let mut units = [("h", 3_600_000_u64), ("m", 60_000), ("s", 1000), ("ms", 1)].as_slice();
        if rest.is_empty() {
            return Err(malformed());
        }
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(malformed)?;
            let number: u64 = rest[..digits].parse().map_err(|_| malformed())?;
            rest = &rest[digits..];
            let end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
            let place = units.iter().position(|(unit, _)| *unit == &rest[..end]).ok_or_else(malformed)?;
            let millis =
                number.checked_mul(units[place].1).ok_or_else(|| SpanError::TooLong(text.to_owned()))?;
            total = total.saturating_add(Duration::from_millis(millis));
            units = &units[place + 1..];
            rest = &rest[end..];
        }
        if total > LONGEST { Err(SpanError::TooLong(text.to_owned())) } else { Ok(Self(total)) }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut millis = self.0.as_millis();
        if millis == 0 {
            return f.write_str("0s");
        }
        for (unit, size) in [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)] {
            if millis >= size {
                write!(f, "{}{unit}", millis / size)?;
                millis %= size;
            }
        }
        Ok(())
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Span {
    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "title": "Duration",
            "description": "Numbers with units h, m, s, ms, largest first.",
            "pattern": r"^(?=.)(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$",
            "examples": ["500ms", "30s", "5m", "1h30m"]
        })
    }
}
