//! Points in time on their way into the database and out of it.
//!
//! Microseconds are the finest that both databases keep, so that a time read back equals the one
//! that was written.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use sea_orm::prelude::DateTimeUtc;

/// The first microsecond of the year 1: before it, texts of times no longer sort as the times do.
const FIRST: i64 = -62_135_596_800_000_000;
/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// As it is stored.
pub fn to_db(at: Timestamp) -> DateTimeUtc {
    DateTimeUtc::from_timestamp_micros(at.as_microsecond().max(FIRST)).unwrap_or_default()
}

/// As it was stored.
pub fn from_db(at: DateTimeUtc) -> Timestamp {
    // Nothing earlier than the first microsecond is ever stored.
    Timestamp::from_microsecond(at.timestamp_micros()).unwrap_or(Timestamp::MAX)
}

/// The day of a time in UTC, in days since 1970: databases cut times into days each in its own way.
pub fn day(at: Timestamp) -> i64 {
    at.as_second().div_euclid(DAY_S)
}

/// The date of a day since 1970.
pub fn date(day: i64) -> Option<Date> {
    let at = Timestamp::from_second(day.checked_mul(DAY_S)?).ok()?;
    Some(at.to_zoned(TimeZone::UTC).date())
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

    #[test]
    fn days_begin_at_midnight_before_1970_as_well() {
        for (at, number, on) in [
            ("1970-01-01T00:00:00Z", 0, "1970-01-01"),
            ("1969-12-31T23:59:59Z", -1, "1969-12-31"),
            ("2026-11-21T23:59:59Z", 20_778, "2026-11-21"),
        ] {
            let number_of = day(at.parse().expect("a time"));
            assert_eq!(number_of, number, "{at}");
            assert_eq!(date(number_of).map(|date| date.to_string()).as_deref(), Some(on));
        }
        assert_eq!(date(i64::MAX), None);
    }
}
