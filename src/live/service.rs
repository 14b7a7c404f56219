//! What all WebSockets of a server share: the bus, the capabilities, how many there may be, and the
//! word that ends them all.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::error::LiveError;
use crate::{
    auth::{Auth, Principal},
    bus::{Bus, Capabilities, StatusEvent},
    engine::outcome::Series,
    limits::{Limits, Refused, Who},
};

/// What the bus does not hold of the present, and a late joiner needs.
pub trait Present: Send + Sync + 'static {
    /// Where MAID is. Asked only until the first status is published.
    fn status(&self) -> StatusEvent;

    /// The series so far of the run `run_id`, while it is active or just over.
    fn series(&self, run_id: Uuid) -> Option<Arc<Series>>;
}

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Time between two pings.
    pub ping_every: Duration,
    /// A socket is closed when no pong came for so long.
    pub silent_for: Duration,
    /// A call is given up after so long.
    pub call_limit: Duration,
    /// How often sockets are looked after.
    pub look_every: Duration,
}

impl Timing {
    /// Time between two pings.
    pub const PING_EVERY: Duration = Duration::from_secs(20);
    /// A socket is closed when no pong came for so long.
    pub const SILENT_FOR: Duration = Duration::from_secs(60);
    /// A call is given up after so long.
    pub const CALL_LIMIT: Duration = Duration::from_secs(30);
    /// A connection whose client takes not one byte is cut after so long; see
    /// [`bound_waiting`](super::bound_waiting).
    pub const STALLED_FOR: Duration = Duration::from_secs(30);
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            ping_every: Self::PING_EVERY,
            silent_for: Self::SILENT_FOR,
            call_limit: Self::CALL_LIMIT,
            look_every: Duration::from_secs(1),
        }
    }
}

/// What all WebSockets of a server share; a clone is the same.
#[derive(Clone)]
pub struct Live {
    shared: Arc<Shared>,
}

struct Shared {
    bus: Bus,
    capabilities: Arc<Capabilities>,
    present: Arc<dyn Present>,
    timing: Timing,
    most: usize,
    open: AtomicUsize,
    counters: Counters,
    closing: CancellationToken,
    /// Who watches over the door; nobody where everybody may come in.
    guard: OnceLock<(Auth, Limits)>,
}

#[derive(Debug, Default)]
struct Counters {
    opened: AtomicU64,
    refused: AtomicU64,
    sent: AtomicU64,
    missed: AtomicU64,
    mistakes: AtomicU64,
}

/// What happened on all WebSockets since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Sockets that are open.
    pub open: usize,
    /// Sockets that were opened.
    pub opened: u64,
    /// Sockets that were refused because there were too many.
    pub refused: u64,
    /// Messages that were sent.
    pub sent: u64,
    /// Messages that clients were too slow for.
    pub missed: u64,
    /// Messages of clients that made no sense.
    pub mistakes: u64,
}

/// One thing that is counted over all sockets.
#[derive(Clone, Copy, Debug)]
pub(super) enum Count {
    Sent,
    Missed,
    Mistakes,
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live").field("stats", &self.stats()).finish_non_exhaustive()
    }
}

impl Live {
    /// Lets at most `most` sockets follow `bus` and call `capabilities`.
    #[must_use]
    pub fn new(bus: Bus, capabilities: Arc<Capabilities>, present: Arc<dyn Present>, most: usize) -> Self {
        Self::with_timing(bus, capabilities, present, most, Timing::default())
    }

    /// As [`Live::new`], with times of one's own.
    #[must_use]
    pub fn with_timing(
        bus: Bus,
        capabilities: Arc<Capabilities>,
        present: Arc<dyn Present>,
        most: usize,
        timing: Timing,
    ) -> Self {
        let shared = Shared {
            bus,
            capabilities,
            present,
            timing,
            most,
            open: AtomicUsize::new(0),
            counters: Counters::default(),
            closing: CancellationToken::new(),
            guard: OnceLock::new(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// The same, whose sockets are closed when whoever they belong to may no longer come in, as `auth`
    /// says, and whose calls are counted like requests, by `limits`.
    #[must_use]
    pub fn guarded(self, auth: Auth, limits: Limits) -> Self {
        // It is guarded once, when it is made.
        self.shared.guard.set((auth, limits)).ok();
        self
    }

    /// Whether `principal` is let in as it was when its socket was opened.
    pub(super) async fn still_lets_in(&self, principal: &Principal) -> bool {
        match self.shared.guard.get() {
            Some((auth, _)) => auth.is_as_it_was(principal).await,
            None => true,
        }
    }

    /// Counts a call of `principal`.
    ///
    /// # Errors
    /// When it is one too many.
    pub(super) fn count_call(&self, principal: &Principal) -> Result<(), Refused> {
        let Some((_, limits)) = self.shared.guard.get() else { return Ok(()) };
        let ip = principal.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        limits.check(Who::of(principal, ip)).map(drop)
    }

    /// Sockets that are open.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.open.load(Ordering::Relaxed)
    }

    /// What happened on all sockets.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let Counters { opened, refused, sent, missed, mistakes } = &self.shared.counters;
        Stats {
            open: self.connections(),
            opened: opened.load(Ordering::Relaxed),
            refused: refused.load(Ordering::Relaxed),
            sent: sent.load(Ordering::Relaxed),
            missed: missed.load(Ordering::Relaxed),
            mistakes: mistakes.load(Ordering::Relaxed),
        }
    }

    /// Closes all sockets, as going away, and takes no more.
    pub fn close(&self) {
        self.shared.closing.cancel();
    }

    /// Room for one more socket.
    ///
    /// # Errors
    /// When there are too many, and when the server is about to end.
    pub(super) fn admit(&self) -> Result<Admission, LiveError> {
        let Shared { open, most, counters, closing, .. } = &*self.shared;
        if closing.is_cancelled() {
            return Err(LiveError::Ending);
        }
        let more = |open: usize| (open < *most).then_some(open + 1);
        if open.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_err() {
            counters.refused.fetch_add(1, Ordering::Relaxed);
            return Err(LiveError::Full(*most));
        }
        counters.opened.fetch_add(1, Ordering::Relaxed);
        Ok(Admission { live: self.clone() })
    }

    pub(super) fn count(&self, what: Count, many: u64) {
        let Counters { sent, missed, mistakes, .. } = &self.shared.counters;
        let counter = match what {
            Count::Sent => sent,
            Count::Missed => missed,
            Count::Mistakes => mistakes,
        };
        counter.fetch_add(many, Ordering::Relaxed);
    }

    pub(super) fn bus(&self) -> &Bus {
        &self.shared.bus
    }

    pub(super) fn capabilities(&self) -> &Arc<Capabilities> {
        &self.shared.capabilities
    }

    pub(super) fn present(&self) -> &dyn Present {
        &*self.shared.present
    }

    pub(super) fn timing(&self) -> &Timing {
        &self.shared.timing
    }

    pub(super) fn closing(&self) -> &CancellationToken {
        &self.shared.closing
    }
}

/// Room for one socket, until it is dropped.
#[derive(Debug)]
pub(super) struct Admission {
    live: Live,
}

impl Drop for Admission {
    fn drop(&mut self) {
        self.live.shared.open.fetch_sub(1, Ordering::Relaxed);
    }
}
