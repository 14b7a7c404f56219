//! The open model: users take the slots of a schedule, each slot a request.
//!
//! Of the users that are free, the one that was busy last gets the next slot. So a user comes
//! through its scenario as fast as its turns come, as few users as the target's slowness asks for
//! are ever busy, and the others open no connection. A slot that falls due while nobody is free
//! waits for whoever is free next.

use std::{
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use atomic_waker::AtomicWaker;

use super::{Schedule, timer};
use crate::{
    engine::{
        health::Threads,
        signal::{Stage, UserSignal},
    },
    loadtest::types::Late,
};

/// Slots more than this late are dropped, under `late: drop`.
const DROP_AFTER: Duration = Duration::from_secs(1);

/// A slot that a user may send a request in.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// When it was meant to be sent.
    pub intended: Instant,
    /// Whether the user was there in time. If so, lateness is the generator's own.
    pub waited: bool,
}

/// A user's place in the queue for slots.
#[derive(Debug, Default)]
pub struct Seat {
    waker: AtomicWaker,
    /// Number of the slot that was given, plus one; 0 for none.
    given: AtomicU64,
}

#[derive(Debug, Default)]
struct Pool {
    start: Option<Instant>,
    /// Number of the slot that is next.
    next: u64,
    /// Slots that were passed over because they were too late.
    dropped: u64,
    /// Users that wait; the last one was busy last.
    free: Vec<Arc<Seat>>,
    closed: bool,
}

#[derive(Debug)]
struct Shared {
    schedule: Schedule,
    late: Late,
    pool: Mutex<Pool>,
    changed: Condvar,
}

/// Hands out the slots of a schedule to all users, on time, from a thread of its own.
#[derive(Debug)]
pub struct Slots {
    shared: Arc<Shared>,
    sent: AtomicU64,
    thread: Option<JoinHandle<()>>,
}

impl Slots {
    /// Slots of `schedule`, which begins when [`Slots::start`] is called. The thread is added to
    /// the engine's.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(schedule: Schedule, late: Late, threads: Arc<Threads>) -> std::io::Result<Self> {
        let shared = Arc::new(Shared { schedule, late, pool: Mutex::default(), changed: Condvar::new() });
        let theirs = Arc::clone(&shared);
        let deal = move || {
            threads.add_current();
            theirs.deal();
        };
        let thread = thread::Builder::new().name("maid-slots".to_owned()).spawn(deal)?;
        Ok(Self { shared, sent: AtomicU64::new(0), thread: Some(thread) })
    }

    /// Begins the schedule.
    pub fn start(&self, at: Instant) {
        self.shared.lock().start.get_or_insert(at);
        self.shared.changed.notify_one();
    }

    /// Users that wait for a slot.
    #[must_use]
    pub fn users_waiting(&self) -> usize {
        self.shared.lock().free.len()
    }

    /// Notes that a slot's request was sent.
    pub fn note_sent(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    /// Slots that were sent.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Slots that were given to users.
    #[must_use]
    pub fn given(&self) -> u64 {
        let pool = self.shared.lock();
        pool.next - pool.dropped
    }

    /// Slots that will not be sent any more, as far as that is known by `now`.
    #[must_use]
    pub fn dropped(&self, now: Instant) -> u64 {
        let pool = self.shared.lock();
        // Nobody has been free to see that these are too late.
        let late = match (pool.start, self.shared.late) {
            (Some(start), Late::Drop) => {
                let since = now.saturating_duration_since(start);
                self.shared.schedule.due_by(since.saturating_sub(DROP_AFTER)).saturating_sub(pool.next)
            }
            _ => 0,
        };
        pool.dropped + late
    }

    /// Whether a backlog of slots is left that are to be sent late.
    #[must_use]
    pub fn has_backlog(&self) -> bool {
        self.shared.late == Late::Queue && self.shared.lock().next < self.shared.schedule.len()
    }

    /// Slots that were due by `now`.
    #[must_use]
    pub fn due(&self, now: Instant) -> u64 {
        let start = self.shared.lock().start;
        start.map_or(0, |start| self.shared.schedule.due_by(now.saturating_duration_since(start)))
    }

    /// The next slot, when it is due; `None` when there is none or the run is ending.
    pub async fn take(&self, seat: &Arc<Seat>, signal: &UserSignal) -> Option<Slot> {
        if signal.stage() >= Stage::Draining {
            return None;
        }
        if let Some(late) = self.shared.late_or_wait(seat) {
            return Some(late);
        }
        let given = std::future::poll_fn(|cx| {
            seat.waker.register(cx.waker());
            match seat.given.swap(0, Ordering::AcqRel) {
                0 => signal.poll_reached(Stage::Draining, cx).map(|()| None),
                number => Poll::Ready(Some(number - 1)),
            }
        })
        .await?;
        let start = self.shared.lock().start?;
        Some(Slot { intended: start + self.shared.schedule.due(given)?, waited: true })
    }
}

impl Drop for Slots {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A slot that is due already, or a place in the queue.
    fn late_or_wait(&self, seat: &Arc<Seat>) -> Option<Slot> {
        let mut pool = self.lock();
        while let Some((intended, now)) = self.next_due(&pool).map(|due| (due, Instant::now()))
            && intended <= now
        {
            if self.late == Late::Queue || now - intended <= DROP_AFTER {
                pool.next += 1;
                return Some(Slot { intended, waited: false });
            }
            // All slots that are too late by now are dropped at once.
            let since = pool.start.map_or(Duration::ZERO, |start| now.saturating_duration_since(start));
            let next = self.schedule.due_by(since.saturating_sub(DROP_AFTER)).max(pool.next + 1);
            pool.dropped += next - pool.next;
            pool.next = next;
        }
        pool.free.push(Arc::clone(seat));
        if pool.free.len() == 1 {
            // The dealer does not look at the clock while nobody waits.
            self.changed.notify_one();
        }
        None
    }

    fn next_due(&self, pool: &Pool) -> Option<Instant> {
        Some(pool.start? + self.schedule.due(pool.next)?)
    }

    /// Gives every slot that falls due to a waiting user.
    fn deal(&self) {
        timer::be_precise();
        let mut pool = self.lock();
        while !pool.closed {
            let wait = match self.next_due(&pool).filter(|_| !pool.free.is_empty()) {
                None => timer::IDLE,
                Some(due) => due.saturating_duration_since(Instant::now()),
            };
            if wait.is_zero() {
                let number = pool.next;
                if let Some(seat) = pool.free.pop() {
                    pool.next += 1;
                    seat.given.store(number + 1, Ordering::Release);
                    seat.waker.wake();
                }
            } else {
                pool = self.changed.wait_timeout(pool, wait).unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }
}
