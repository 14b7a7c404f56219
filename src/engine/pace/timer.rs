//! A timer that is precise to some tens of microseconds, for the rate limit and the probe of lag.
//!
//! Tokio's timer has a granularity of a millisecond, which is too coarse above a thousand requests
//! a second. One thread sleeps until the next alarm is due, with the kernel's timer slack set to
//! its least, and wakes the user's task.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    task::Poll,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use atomic_waker::AtomicWaker;

use crate::engine::{
    health::Threads,
    signal::{Stage, UserSignal},
};

/// A user's place in the timer, used for one wait at a time.
#[derive(Clone, Debug, Default)]
pub struct Alarm(Arc<AtomicWaker>);

#[derive(Debug)]
struct Entry {
    at: Instant,
    alarm: Alarm,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}
impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.at.cmp(&other.at)
    }
}

#[derive(Debug, Default)]
struct Queue {
    entries: BinaryHeap<Reverse<Entry>>,
    closed: bool,
}

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The timer thread; ends when this is dropped.
#[derive(Debug)]
pub struct Timer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Timer {
    /// Starts the thread and adds it to the engine's.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(threads: Arc<Threads>) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let run = move || {
            threads.add_current();
            ring(&theirs);
        };
        let thread = thread::Builder::new().name("maid-timer".to_owned()).spawn(run)?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Waits until `at`; false when the run comes to `stage` first. Other waits of the same alarm
    /// must be over.
    pub async fn sleep_until(&self, alarm: &Alarm, at: Instant, signal: &UserSignal, stage: Stage) -> bool {
        let mut queued = false;
        std::future::poll_fn(|cx| {
            if signal.poll_reached(stage, cx).is_ready() {
                return Poll::Ready(false);
            }
            if !queued {
                if Instant::now() >= at {
                    return Poll::Ready(true);
                }
                queued = true;
                alarm.0.register(cx.waker());
                self.set(at, alarm.clone());
                return Poll::Pending;
            }
            alarm.0.register(cx.waker());
            if Instant::now() >= at { Poll::Ready(true) } else { Poll::Pending }
        })
        .await
    }

    fn set(&self, at: Instant, alarm: Alarm) {
        let mut queue = self.shared.lock();
        let earliest = queue.entries.peek().is_none_or(|Reverse(first)| at < first.at);
        queue.entries.push(Reverse(Entry { at, alarm }));
        drop(queue);
        if earliest {
            self.shared.changed.notify_one();
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Longest sleep of a thread when nothing is due.
pub(super) const IDLE: Duration = Duration::from_secs(1);

/// Has the kernel wake the calling thread when it asks to, not some 50 µs later.
pub(super) fn be_precise() {
    #[cfg(target_os = "linux")]
    if let Err(error) = nix::sys::prctl::set_timerslack(1) {
        tracing::debug!(%error, "timer slack stays at its default");
    }
}

fn ring(shared: &Shared) {
    be_precise();
    let mut queue = shared.lock();
    while !queue.closed {
        let now = Instant::now();
        while queue.entries.peek().is_some_and(|Reverse(first)| first.at <= now) {
            if let Some(Reverse(entry)) = queue.entries.pop() {
                entry.alarm.0.wake();
            }
        }
        let sleep = queue.entries.peek().map_or(IDLE, |Reverse(first)| first.at - now);
        queue = shared.changed.wait_timeout(queue, sleep).unwrap_or_else(PoisonError::into_inner).0;
    }
}
