//! How often somebody may guess a password: each failure beyond a few makes the next attempt wait
//! longer, by the account that is tried and by the address that tries.
//!
//! An account must not be locked by whoever does not own it. So what failures of others cost is a
//! wait of a minute at most, it runs for each address by itself, and once it is told it is kept,
//! however many others try meanwhile. An address that this account was signed in from does not
//! even wait that long: it answers for its own failures alone.
//!
//! The price is that whoever has many addresses may guess once with each of them for each wait;
//! what stops that is the wait of the address, which grows to a quarter of an hour.

mod record;

#[cfg(test)]
mod tests;

use std::{
    fmt,
    hash::{BuildHasher, Hash, Hasher, RandomState},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use self::record::{Record, Scale};
use super::{recent::Recent, service::Origin};

const OF_ACCOUNT: Scale = Scale { free: 5, longest: Duration::from_secs(60) };
const OF_ADDRESS: Scale = Scale { free: 20, longest: Duration::from_secs(15 * 60) };

/// Most accounts, addresses, and waits of an address for an account, each, that are remembered. What
/// was used longest ago is forgotten first.
const MOST_REMEMBERED: usize = 100_000;

/// Most accounts whose addresses are remembered.
const MOST_FAMILIAR: usize = 10_000;

/// Most addresses that are remembered of an account.
const MOST_HOMES: usize = 16;

/// How long whoever was told to wait may take to come back; later, the wait begins anew.
const HELD_FOR: Duration = Duration::from_secs(5 * 60);

/// What is remembered of failures; a clone is the same.
#[derive(Clone, Debug)]
pub struct Throttle(Arc<Shared>);

/// How long to wait before the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub Duration);

/// An attempt that may be made. It counts as failed from the beginning, so that many at once do not
/// all pass where one may, and until it is told to have succeeded.
#[derive(Debug)]
#[must_use = "an attempt that is not told to have succeeded counts as failed"]
pub struct Ticket {
    shared: Arc<Shared>,
    account: Account,
    origin: Origin,
    /// Whether it was counted to the account, and to the address.
    counted: (bool, bool),
}

struct Shared {
    books: Mutex<Books>,
    hasher: RandomState,
    clock: Box<dyn Fn() -> Instant + Send + Sync>,
}

/// The name of an account, hashed with a secret of this process: names of any length cost the same.
type Account = u64;

struct Books {
    accounts: Recent<Account, Record>,
    addresses: Recent<Origin, Record>,
    /// When an address that was told to wait for an account may come back.
    due: Recent<(Account, Origin), Option<Instant>>,
    /// Addresses that an account was signed in from, the latest last.
    homes: Recent<Account, Vec<Origin>>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self::with_clock(Instant::now)
    }
}

impl Throttle {
    /// Remembers nothing yet, and takes the time from `clock`.
    #[must_use]
    pub fn with_clock(clock: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        let books = Books {
            accounts: Recent::new(MOST_REMEMBERED),
            addresses: Recent::new(MOST_REMEMBERED),
            due: Recent::new(MOST_REMEMBERED),
            homes: Recent::new(MOST_FAMILIAR),
        };
        let clock = Box::new(clock);
        Self(Arc::new(Shared { books: Mutex::new(books), hasher: RandomState::new(), clock }))
    }

    /// Asks to try a password for `account` from `ip`; to be called before anything else is done,
    /// whether there is such an account or not.
    ///
    /// # Errors
    /// How long to wait. The attempt was not counted.
    pub fn before(&self, account: &str, ip: IpAddr) -> Result<Ticket, Wait> {
        let now = (self.0.clock)();
        let (account, origin) = (self.0.account(account), Origin::from(ip));
        let counted = self.0.books().admit(account, origin, now)?;
        Ok(Ticket { shared: Arc::clone(&self.0), account, origin, counted })
    }
}

impl Ticket {
    /// The password was wrong, or there is no such account.
    pub fn failed(self) {
        // It was counted when it was given out.
        drop(self);
    }

    /// The password was right: nothing was counted, and the address is one of the account's from now
    /// on.
    pub fn succeeded(self) {
        self.shared.books().welcome(self.account, self.origin, self.counted);
    }
}

impl Shared {
    fn books(&self) -> MutexGuard<'_, Books> {
        // A panic in between would leave counts that are sound by themselves.
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn account(&self, name: &str) -> Account {
        let mut hasher = self.hasher.build_hasher();
        name.trim().chars().flat_map(char::to_lowercase).for_each(|letter| letter.hash(&mut hasher));
        hasher.finish()
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Throttle").finish_non_exhaustive()
    }
}

impl Books {
    /// Counts an attempt to the account and to the address; whether it was, by each.
    fn admit(&mut self, account: Account, origin: Origin, now: Instant) -> Result<(bool, bool), Wait> {
        let of_address =
            self.addresses.known(origin).map_or(Duration::ZERO, |record| record.left(OF_ADDRESS, now));
        let is_home = self.homes.peek(account).is_some_and(|homes| homes.contains(&origin));
        let of_account = if is_home { Duration::ZERO } else { self.wait_of_account(account, origin, now) };
        let wait = of_address.max(of_account);
        if !wait.is_zero() {
            return Err(Wait(wait));
        }
        let by_address = self.addresses.entry(origin).count(OF_ADDRESS, now);
        if is_home {
            return Ok((false, by_address));
        }
        let record = self.accounts.entry(account);
        let by_account = record.count(OF_ACCOUNT, now);
        let next = record.wait(OF_ACCOUNT, now);
        if next.is_zero() {
            self.due.remove((account, origin));
        } else {
            *self.due.entry((account, origin)) = Some(now + next);
        }
        Ok((by_account, by_address))
    }

    /// What is left of the wait that `account` costs `origin`. It begins when it is first told.
    fn wait_of_account(&mut self, account: Account, origin: Origin, now: Instant) -> Duration {
        let wait = self.accounts.known(account).map_or(Duration::ZERO, |record| record.wait(OF_ACCOUNT, now));
        if wait.is_zero() {
            return wait;
        }
        let due = self.due.entry((account, origin));
        let kept = due.filter(|due| now < *due + HELD_FOR);
        // Failures may have been forgotten since it was told.
        let until = kept.map_or(now + wait, |due| due.min(now + wait));
        *due = Some(until);
        until.saturating_duration_since(now)
    }

    fn welcome(&mut self, account: Account, origin: Origin, (by_account, by_address): (bool, bool)) {
        if let Some(record) = self.accounts.known(account).filter(|_| by_account) {
            record.refund();
        }
        if let Some(record) = self.addresses.known(origin).filter(|_| by_address) {
            record.refund();
        }
        self.due.remove((account, origin));
        let homes = self.homes.entry(account);
        homes.retain(|home| *home != origin);
        if homes.len() >= MOST_HOMES {
            homes.remove(0);
        }
        homes.push(origin);
    }
}
