//! Whether somebody may ask now.

use std::{
    net::IpAddr,
    sync::{Arc, PoisonError, RwLock},
};

use governor::clock::{Clock, MonotonicClock};
use tokio::sync::watch;
use uuid::Uuid;

use super::buckets::{Buckets, Rate};
use crate::{
    auth::{Principal, PrincipalKind},
    config::{Config, RateLimit},
};

/// Most API keys, users and addresses, each, that have buckets of their own at once; some ten
/// megabytes for all of them. What happens beyond it is said in `shards`.
const MOST_APART: usize = 100_000;

/// Who asks, as far as limits go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// An API key, by its id.
    Key(Uuid),
    /// A user who has signed in.
    User(Uuid),
    /// Somebody who is not known, by the address.
    Address(IpAddr),
    /// Somebody without limits.
    Exempt,
}

impl Who {
    /// Whom what `principal` asks from `ip` is counted to.
    #[must_use]
    pub fn of(principal: &Principal, ip: IpAddr) -> Self {
        let known = match principal.kind {
            PrincipalKind::Development | PrincipalKind::Local => Some(Self::Exempt),
            PrincipalKind::User => Uuid::parse_str(&principal.id).ok().map(Self::User),
            PrincipalKind::ApiKey => principal.key_id().map(Self::Key),
            PrincipalKind::Anonymous => None,
        };
        known.unwrap_or(Self::Address(ip))
    }
}

/// That a request may be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// There is no limit.
    Unlimited,
    /// It was counted.
    Within(Standing),
}

/// What is left of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Most requests at once.
    pub limit: u32,
    /// Requests that are left.
    pub remaining: u32,
    /// Seconds until all of them are back.
    pub reset_s: u32,
}

/// That a request may not be answered now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What is left, which is nothing.
    pub standing: Standing,
    /// Seconds after which one request may be sent.
    pub retry_after_s: u32,
}

/// The buckets of this process; a clone is the same.
#[derive(Debug)]
pub struct Limits<C: Clock = MonotonicClock>(Arc<Shared<C>>);

#[derive(Debug)]
struct Shared<C: Clock> {
    kinds: RwLock<Kinds<C>>,
    clock: C,
}

/// What is told apart.
#[derive(Debug)]
struct Kinds<C: Clock> {
    enabled: bool,
    keys: Buckets<Uuid, C>,
    users: Buckets<Uuid, C>,
    addresses: Buckets<Origin, C>,
}

/// An address as it is counted. Whoever has one address of IPv6 has the 2^64 beside it as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Origin {
    V4(u32),
    V6(u64),
}

impl From<IpAddr> for Origin {
    fn from(ip: IpAddr) -> Self {
        match ip.to_canonical() {
            IpAddr::V4(ip) => Self::V4(ip.to_bits()),
            // The upper half.
            IpAddr::V6(ip) => Self::V6((ip.to_bits() >> 64) as u64),
        }
    }
}

impl Limits {
    /// Full buckets, as `config` says.
    #[must_use]
    pub fn new(config: &RateLimit) -> Self {
        Self::with_clock(config, MonotonicClock)
    }
}

impl<C: Clock + Clone> Limits<C> {
    /// Full buckets, as `config` says, in the time of `clock`.
    #[must_use]
    pub fn with_clock(config: &RateLimit, clock: C) -> Self {
        let kinds = Kinds {
            enabled: config.enabled,
            keys: Buckets::new(of_keys(config), MOST_APART, &clock),
            users: Buckets::new(of_users(config), MOST_APART, &clock),
            addresses: Buckets::new(of_addresses(config), MOST_APART, &clock),
        };
        Self(Arc::new(Shared { kinds: RwLock::new(kinds), clock }))
    }

    /// Counts a request of `who`.
    ///
    /// # Errors
    /// When it is one too many.
    pub fn check(&self, who: Who) -> Result<Allowance, Refused> {
        let kinds = self.0.kinds.read().unwrap_or_else(PoisonError::into_inner);
        if !kinds.enabled {
            return Ok(Allowance::Unlimited);
        }
        let standing = match who {
            Who::Exempt => return Ok(Allowance::Unlimited),
            Who::Key(id) => kinds.keys.take(&id),
            Who::User(id) => kinds.users.take(&id),
            Who::Address(ip) => kinds.addresses.take(&Origin::from(ip)),
        };
        standing.map(Allowance::Within)
    }

    /// Goes over to what `config` says. Buckets whose rate is another begin full.
    pub fn apply(&self, config: &RateLimit) {
        let mut kinds = self.0.kinds.write().unwrap_or_else(PoisonError::into_inner);
        kinds.enabled = config.enabled;
        renew(&mut kinds.keys, of_keys(config), &self.0.clock);
        renew(&mut kinds.users, of_users(config), &self.0.clock);
        renew(&mut kinds.addresses, of_addresses(config), &self.0.clock);
    }

    /// Follows the configuration, for ever.
    pub async fn follow(self, mut config: watch::Receiver<Arc<Config>>) {
        while config.changed().await.is_ok() {
            let newest = Arc::clone(&config.borrow_and_update());
            self.apply(&newest.rate_limit);
        }
    }
}

impl<C: Clock> Clone for Limits<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

fn renew<K: std::hash::Hash + Eq + Clone, C: Clock + Clone>(
    buckets: &mut Buckets<K, C>,
    rate: Rate,
    clock: &C,
) {
    if buckets.rate() != rate {
        *buckets = Buckets::new(rate, MOST_APART, clock);
    }
}

const fn of_keys(config: &RateLimit) -> Rate {
    Rate { per_minute: config.key_per_minute, burst: config.key_burst }
}

const fn of_users(config: &RateLimit) -> Rate {
    Rate { per_minute: config.user_per_minute, burst: config.user_burst }
}

const fn of_addresses(config: &RateLimit) -> Rate {
    Rate { per_minute: config.address_per_minute, burst: config.address_burst }
}
