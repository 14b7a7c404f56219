//! Old entries go, and what is left can still be checked.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp, ToSpan};
use maid::{
    audit::{Action, Event, chain::Break},
    config::Config,
};
use tokio::sync::watch;

use super::{entries, event, fault, fill, log, tamper, verdict};
use crate::support::{databases::TestDatabase, server::DEADLINE};

/// Entries that are old: more than are deleted at once.
const OLD: u32 = 1200;

/// Between the old entries and those of now.
fn limit() -> Timestamp {
    event(OLD).at + 1.second()
}

fn new(number: u32) -> Event {
    Event { at: Timestamp::now(), ..event(number) }
}

#[tokio::test]
async fn what_is_old_goes_and_what_is_left_is_provable() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let log = log(&db, database.data_dir());
        assert_eq!(log.shorten(limit()).await.expect("it works"), Ok(0), "there is nothing yet");
        (1..=OLD / 2).for_each(|number| log.note(event(number)));
        log.flush().await;
        (OLD / 2 + 1..=OLD).for_each(|number| log.note(event(number)));
        log.flush().await;
        for number in 1..=3 {
            log.record(new(number)).await.expect("it is written down");
        }
        assert_eq!(log.shorten(limit()).await.expect("it works"), Ok(u64::from(OLD)));
        let found = verdict(&log).await;
        assert!(found.sound, "{found:?}");
        assert_eq!((found.base, found.entries, found.last), (OLD.into(), 4, u64::from(OLD) + 4));
        let newest = &entries(&log).await[0];
        assert_eq!((newest.action.as_str(), newest.actor.as_str()), (Action::Shorten.name(), "maid"));
        assert_eq!(
            log.shorten(limit()).await.expect("it works"),
            Ok(0),
            "no entry says that nothing was done"
        );
        assert_eq!(entries(&log).await.len(), 4);
        fill(&log, 2).await;
        assert!(verdict(&log).await.sound, "it goes on");

        // Who deletes more by hand is found, and who says that it was in order as well.
        tamper(&db, &["DELETE FROM maid_audit WHERE seq = 1201"]).await;
        assert_eq!(fault(&log).await, Some((Break::Missing, 1201)));
        tamper(&db, &["UPDATE maid_audit_heads SET seq = 1201 WHERE name = 'base'"]).await;
        assert_eq!(fault(&log).await, Some((Break::BaseForged, 1202)));
        tamper(&db, &["DELETE FROM maid_audit_heads WHERE name = 'base'"]).await;
        assert_eq!(fault(&log).await, Some((Break::Missing, 1)));
    }
}

/// Somebody who waits for the log to be shortened does not get rid of what shows the change.
#[tokio::test]
async fn what_does_not_hold_is_not_deleted() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let log = log(&db, database.data_dir());
        fill(&log, 10).await;
        log.record(new(11)).await.expect("it is written down");
        tamper(&db, &["UPDATE maid_audit SET actor = 'eve' WHERE seq = 4"]).await;
        let kept = log.shorten(limit()).await.expect("it works").expect_err("it is refused");
        assert_eq!((kept.kind, kept.seq), (Break::Changed, 4));
        assert_eq!(fault(&log).await, Some((Break::Changed, 4)));
        assert_eq!(entries(&log).await.len(), 12);
    }
}

#[tokio::test]
async fn the_last_entry_is_never_deleted() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let log = log(&db, database.data_dir());
        fill(&log, 3).await;
        assert_eq!(log.shorten(Timestamp::MAX).await.expect("it works"), Ok(3));
        let found = verdict(&log).await;
        assert!(found.sound && found.entries == 1, "{found:?}");
        fill(&log, 1).await;
        assert!(verdict(&log).await.sound);
    }
}

/// The configuration says how long, and a change of it holds at the next look.
#[tokio::test]
async fn the_configuration_says_how_long_entries_are_kept() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let log = log(&db, database.data_dir());
        let day = |days: i64| Timestamp::now() - SignedDuration::from_hours(24 * days);
        for (number, days) in [(1, 400), (2, 366), (3, 364), (4, 0)] {
            log.record(Event { at: day(days), ..event(number) }).await.expect("it is written down");
        }
        let config = |days| {
            let mut config = Config::default();
            config.audit.max_age_days = days;
            // It is looked at once, and again after an hour.
            watch::channel(Arc::new(config)).1
        };
        let kept = async || {
            let found = entries(&log).await;
            found.iter().filter(|entry| entry.action == Action::TestStart.name()).count()
        };
        // With nothing to do it waits for the next hour as soon as it is asked.
        let looked = tokio::time::timeout(Duration::ZERO, log.clone().retain(config(0))).await;
        looked.expect_err("it goes on for ever");
        assert_eq!(kept().await, 4, "nothing is deleted");
        for (days, left) in [(Config::default().audit.max_age_days, 2), (1, 1)] {
            let retaining = tokio::spawn(log.clone().retain(config(days)));
            let since = Instant::now();
            while kept().await != left {
                assert!(since.elapsed() < DEADLINE, "{} are left after {days} days", kept().await);
                tokio::task::yield_now().await;
            }
            retaining.abort();
        }
        assert!(verdict(&log).await.sound);
    }
}
