//! How a run is told to end, down to a request that is waiting for its answer.
//!
//! One [`StopSignal`] belongs to a run, one [`UserSignal`] to each user. A user's signal costs one
//! uncontended waker registration a request, where a shared notification would take a lock that
//! all users fight for.

use std::{
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
};

use atomic_waker::AtomicWaker;

/// How far the end of a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Stage {
    /// Requests are sent.
    Running = 0,
    /// No request is begun but those of `on_stop`; the ones under way may finish.
    Draining = 1,
    /// Requests under way are dropped.
    Cut = 2,
}

impl Stage {
    const fn from_u8(value: u8) -> Self {
        match value {
            0 => Self::Running,
            1 => Self::Draining,
            _ => Self::Cut,
        }
    }
}

#[derive(Debug, Default)]
struct Shared {
    stage: AtomicU8,
    users: Mutex<Vec<Weak<AtomicWaker>>>,
}

/// Ends a run. Cloning gives another handle of the same signal.
#[derive(Clone, Debug, Default)]
pub struct StopSignal(Arc<Shared>);

impl StopSignal {
    /// A signal of a run that goes on.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How far the end has come.
    #[must_use]
    pub fn stage(&self) -> Stage {
        Stage::from_u8(self.0.stage.load(Ordering::Acquire))
    }

    /// Moves the end forward and wakes every user; never moves it back.
    pub fn advance(&self, to: Stage) {
        self.0.stage.fetch_max(to as u8, Ordering::AcqRel);
        let users = self.0.users.lock().unwrap_or_else(PoisonError::into_inner);
        users.iter().filter_map(Weak::upgrade).for_each(|user| user.wake());
    }

    /// The signal for one more user.
    #[must_use]
    pub fn user(&self) -> UserSignal {
        let waker = Arc::new(AtomicWaker::new());
        let mut users = self.0.users.lock().unwrap_or_else(PoisonError::into_inner);
        if users.len() == users.capacity() {
            // Before it grows, those of users that have ended make room.
            users.retain(|user| user.strong_count() > 0);
        }
        users.push(Arc::downgrade(&waker));
        drop(users);
        UserSignal { shared: Arc::clone(&self.0), waker }
    }
}

/// One user's view of the run's [`StopSignal`].
#[derive(Debug)]
pub struct UserSignal {
    shared: Arc<Shared>,
    waker: Arc<AtomicWaker>,
}

impl UserSignal {
    /// How far the end has come.
    #[must_use]
    pub fn stage(&self) -> Stage {
        Stage::from_u8(self.shared.stage.load(Ordering::Acquire))
    }

    /// Ready once the end has come as far as `stage`; else the task is woken at each step of it.
    pub fn poll_reached(&self, stage: Stage, cx: &mut Context<'_>) -> Poll<()> {
        if self.stage() >= stage {
            return Poll::Ready(());
        }
        self.waker.register(cx.waker());
        // The signal may have moved between the look and the registration.
        if self.stage() >= stage { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Waits until the end has come as far as `stage`.
    pub async fn reached(&self, stage: Stage) {
        std::future::poll_fn(|cx| self.poll_reached(stage, cx)).await;
    }
}
