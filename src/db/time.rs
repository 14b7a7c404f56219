//! Points in time on their way into the database and out of it.
//!
//! Microseconds are the finest that both databases keep, so that a time read back equals the one
//! that was written.

use jiff::Timestamp;
use sea_orm::prelude::DateTimeUtc;

/// The first microsecond of the year 1: before it, texts of times no longer sort as the times do.
const FIRST: i64 = -62_135_596_800_000_000;

/// As it is stored.
pub fn to_db(at: Timestamp) -> DateTimeUtc {
    DateTimeUtc::from_timestamp_micros(at.as_microsecond().max(FIRST)).unwrap_or_default()
}

/// As it was stored.
pub fn from_db(at: DateTimeUtc) -> Timestamp {
    // Nothing earlier than the first microsecond is ever stored.
    Timestamp::from_microsecond(at.timestamp_micros()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_back_to_the_microsecond() {
        let at: Timestamp = "2026-11-21T06:44:35.123456789Z".parse().expect("a time");
        assert_eq!(from_db(to_db(at)).to_string(), "2026-11-21T06:44:35.123456Z");
        assert_eq!(from_db(to_db(Timestamp::MIN)).to_string(), "0001-01-01T00:00:00Z");
        assert_eq!(from_db(to_db(Timestamp::MAX)), Timestamp::MAX);
    }
}
