use std::{net::IpAddr, num::NonZeroU32, sync::Arc, thread, time::Duration};

use governor::clock::FakeRelativeClock;
use uuid::Uuid;

use super::{
    buckets::{Buckets, Rate},
    *,
};
use crate::config::{Config, RateLimit};

fn limits() -> (Limits<FakeRelativeClock>, FakeRelativeClock) {
    let clock = FakeRelativeClock::default();
    (Limits::with_clock(&RateLimit::default(), clock.clone()), clock)
}

/// How many of at most `tries` requests pass.
fn passing(limits: &Limits<FakeRelativeClock>, who: Who, tries: usize) -> usize {
    (0..tries).filter(|_| limits.check(who).is_ok()).count()
}

fn v6(high: u64, low: u64) -> IpAddr {
    IpAddr::from(((u128::from(high) << 64) | u128::from(low)).to_be_bytes())
}

#[test]
fn each_has_its_burst_and_then_its_rate() {
    let (limits, clock) = limits();
    let id = Uuid::from_u128(7);
    for (who, burst, per_minute) in [
        (Who::Key(id), 120, 60),
        (Who::User(id), 1200, 1200),
        (Who::Address(IpAddr::from([198, 51, 100, 7])), 120, 120),
    ] {
        assert_eq!(passing(&limits, who, 5000), burst, "{who:?}");
        let mut passed = 0;
        for _ in 0..600 {
            clock.advance(Duration::from_millis(100));
            passed += passing(&limits, who, 50);
        }
        assert_eq!(passed, per_minute, "{who:?}");
    }
}

#[test]
fn others_are_not_meant() {
    let (limits, _) = limits();
    let id = Uuid::from_u128(7);
    assert_eq!(passing(&limits, Who::Key(id), 500), 120);
    assert_eq!(passing(&limits, Who::Key(Uuid::from_u128(8)), 1), 1);
    assert_eq!(passing(&limits, Who::User(id), 1), 1, "a user is not a key of the same id");
    assert_eq!(passing(&limits, Who::Exempt, 100_000), 100_000);
}

#[test]
fn a_network_of_ipv6_is_one_address_and_ipv4_is_itself_however_written() {
    let (limits, _) = limits();
    let passed: usize = (0..500).map(|low| passing(&limits, Who::Address(v6(7, low)), 1)).sum();
    assert_eq!(passed, 120);
    assert_eq!(passing(&limits, Who::Address(v6(8, 0)), 1), 1);
    let plain: IpAddr = "198.51.100.7".parse().expect("an address");
    let mapped: IpAddr = "::ffff:198.51.100.7".parse().expect("an address");
    assert_eq!(passing(&limits, Who::Address(plain), 60) + passing(&limits, Who::Address(mapped), 500), 120);
    assert_eq!(passing(&limits, Who::Address("198.51.100.8".parse().expect("an address")), 1), 1);
}

#[test]
fn what_is_left_is_told() {
    let (limits, clock) = limits();
    let who = Who::Key(Uuid::from_u128(7));
    let told = |limit, remaining, reset_s| Ok(Allowance::Within(Standing { limit, remaining, reset_s }));
    assert_eq!(limits.check(who), told(120, 119, 1));
    assert_eq!(limits.check(who), told(120, 118, 2));
    assert_eq!(passing(&limits, who, 118), 118);
    let refused = limits.check(who).expect_err("one too many");
    assert_eq!(refused.standing, Standing { limit: 120, remaining: 0, reset_s: 120 });
    assert_eq!(refused.retry_after_s, 1);
    clock.advance(Duration::from_secs(u64::from(refused.retry_after_s)));
    assert!(limits.check(who).is_ok(), "it may be sent when it was told to be");
}

#[test]
fn it_is_switched_off_and_changed_while_it_runs() {
    let (limits, _) = limits();
    let who = Who::Key(Uuid::from_u128(7));
    let other = Who::User(Uuid::from_u128(7));
    passing(&limits, who, 500);
    passing(&limits, other, 5000);
    limits.apply(&RateLimit { enabled: false, ..RateLimit::default() });
    assert_eq!(limits.check(who), Ok(Allowance::Unlimited));
    limits.apply(&RateLimit::default());
    assert!(limits.check(who).is_err(), "what was used up stays so");
    limits.apply(&RateLimit { key_burst: 3, ..RateLimit::default() });
    assert_eq!(passing(&limits, who, 500), 3);
    assert!(limits.check(other).is_err(), "a rate that did not change keeps its buckets");
}

#[tokio::test]
async fn the_configuration_is_followed() {
    let (limits, _) = limits();
    let sender = tokio::sync::watch::Sender::new(Arc::new(Config::default()));
    let following = tokio::spawn(limits.clone().follow(sender.subscribe()));
    let changed = RateLimit { enabled: false, ..RateLimit::default() };
    sender.send_replace(Arc::new(Config { rate_limit: changed, ..Config::default() }));
    drop(sender);
    following.await.expect("it ends with the settings");
    assert_eq!(limits.check(Who::Key(Uuid::from_u128(7))), Ok(Allowance::Unlimited));
}

#[test]
fn threads_share_a_bucket() {
    let (limits, _) = limits();
    let who = Who::Key(Uuid::from_u128(7));
    let passed: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| passing(&limits, who, 100))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
    });
    assert_eq!(passed, 120);
}

/// Room for 640 of their own: 10 in each shard.
fn crowded() -> (Buckets<u32, FakeRelativeClock>, FakeRelativeClock) {
    let clock = FakeRelativeClock::default();
    (Buckets::new(Rate { per_minute: 60, burst: 10 }, 640, &clock), clock)
}

fn taken(buckets: &Buckets<u32, FakeRelativeClock>, key: u32, tries: usize) -> usize {
    (0..tries).filter(|_| buckets.take(&key).is_ok()).count()
}

#[test]
fn millions_of_addresses_take_bounded_memory_and_pass_in_bounded_number() {
    let (buckets, _) = crowded();
    let passed: usize = (0..300_000).map(|key| taken(&buckets, key, 1)).sum();
    // So many buckets of their own, and 16 shared ones of ten in each of the 64 shards.
    assert_eq!(buckets.apart(), 640);
    assert!(passed <= 640 + 64 * 16 * 10, "{passed}");
    assert!(passed >= 64 * 10, "{passed}");
}

#[test]
fn whoever_is_known_keeps_a_bucket_while_strangers_come() {
    let (buckets, clock) = crowded();
    let known = 0..20;
    for key in known.clone() {
        assert_eq!(taken(&buckets, key, 10), 10);
    }
    for round in 0..300_u32 {
        // Their buckets fill up again meanwhile, and those of strangers are in use at any time.
        clock.advance(Duration::from_millis(100));
        for stranger in 0..1000 {
            taken(&buckets, 1_000_000 + round * 1000 + stranger, 1);
        }
        assert!(buckets.apart() <= 640);
    }
    for key in known {
        assert_eq!(taken(&buckets, key, 20), 10, "{key} shares with nobody");
    }
}

#[test]
fn whoever_went_on_makes_place() {
    let (buckets, clock) = crowded();
    (0..5000).for_each(|key| _ = taken(&buckets, key, 9));
    clock.advance(Duration::from_secs(120));
    let fresh: usize = (10_000..10_100).map(|key| taken(&buckets, key, 20)).sum();
    assert_eq!(fresh, 100 * 10, "each has a bucket of its own");
}

#[test]
fn the_largest_rates_can_be_counted() {
    let clock = FakeRelativeClock::default();
    for (per_minute, burst) in [(1, 10_000_000), (60_000_000, 10_000_000), (60_000_000, 1), (1, 1)] {
        let buckets = Buckets::new(Rate { per_minute, burst }, 64, &clock);
        let standing = buckets.take(&1_u32).expect("the first");
        assert_eq!(standing.remaining, burst - 1);
        let burst = NonZeroU32::new(burst).expect("some");
        assert!(standing.reset_s >= 1 && standing.limit == burst.get());
    }
}
