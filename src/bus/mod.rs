//! The one in-process bus: what happens is published once, however many watch, and what MAID can do
//! is callable by name.
//!
//! Each topic is a ring of bounded size. Whoever is slower than the ring misses messages and is
//! told how many; nobody waits for anybody.

mod capability;
mod event;
mod held;
mod topic;

use std::sync::{
    Arc, Mutex, MutexGuard, OnceLock, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use bytestring::ByteString;
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::broadcast::{
    self,
    error::{RecvError, TryRecvError},
};
use uuid::Uuid;

use self::held::Held;

pub use self::{
    capability::{Capabilities, Capability, CapabilityFuture},
    event::{
        Event, LiveGeneratorEvent, LiveRequest, LogEvent, LogLevel, MetricsEvent, PhaseBegin,
        RecipeGenerated, RunPhase, Spread, StatusEvent, TestCompleted, ThresholdNow, TopError, TopFinding,
    },
    topic::Topic,
};

/// What went over the bus.
#[derive(Debug)]
pub struct Message {
    /// What it is about.
    pub topic: Topic,
    /// Number within the topic, from 1: a gap is what somebody missed.
    pub seq: u64,
    /// When it was published.
    pub at: Timestamp,
    /// The run that it is about.
    pub run_id: Option<Uuid>,
    /// The tenant that it is for; None is everybody.
    pub tenant_id: Option<Arc<str>>,
    /// What happened.
    pub event: Event,
    text: OnceLock<ByteString>,
}

impl Message {
    /// Whether `tenant` may see it.
    #[must_use]
    pub fn is_for(&self, tenant: &str) -> bool {
        self.tenant_id.as_deref().is_none_or(|whose| whose == tenant)
    }

    /// The message as watchers get it. Rendered once, however many they are.
    #[must_use]
    pub fn text(&self) -> ByteString {
        let render = || {
            #[derive(Serialize)]
            struct Wire<'a> {
                topic: Topic,
                seq: u64,
                at: String,
                run_id: Option<Uuid>,
                data: &'a Event,
            }
            let Self { topic, seq, at, run_id, event, .. } = self;
            let wire =
                Wire { topic: *topic, seq: *seq, at: format!("{at:.3}"), run_id: *run_id, data: event };
            // Texts, numbers and lists of them: nothing here can fail to serialise.
            ByteString::from(serde_json::to_string(&wire).unwrap_or_default())
        };
        self.text.get_or_init(render).clone()
    }

    /// The same moment told with other words: number, time and run stay.
    #[must_use]
    pub fn retold(&self, event: Event) -> Self {
        let Self { topic, seq, at, run_id, .. } = *self;
        Self { topic, seq, at, run_id, tenant_id: self.tenant_id.clone(), event, text: OnceLock::new() }
    }
}

/// The bus; a clone is the same bus.
#[derive(Clone, Debug)]
pub struct Bus {
    rings: Arc<[Ring; Topic::COUNT]>,
}

#[derive(Debug)]
struct Ring {
    sender: broadcast::Sender<Arc<Message>>,
    /// Locked while a message is published, so that numbers arrive in order.
    held: Mutex<Held>,
    missed: AtomicU64,
}

impl Ring {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Bus {
    fn default() -> Self {
        let ring = |topic: Topic| Ring {
            sender: broadcast::channel(topic.ring()).0,
            held: Mutex::default(),
            missed: AtomicU64::new(0),
        };
        Self { rings: Arc::new(Topic::ALL.map(ring)) }
    }
}

impl Bus {
    /// Tells everybody who listens.
    pub fn publish(&self, run_id: Option<Uuid>, event: Event) {
        self.tell(None, run_id, event);
    }

    /// Tells everybody of `tenant`, and nobody else.
    pub fn publish_for(&self, tenant: &str, run_id: Option<Uuid>, event: Event) {
        self.tell(Some(tenant.into()), run_id, event);
    }

    fn tell(&self, tenant_id: Option<Arc<str>>, run_id: Option<Uuid>, mut event: Event) {
        if let Event::Log(line) = &mut event {
            line.shorten();
        }
        let ring = &self.rings[event.topic().index()];
        let mut held = ring.held();
        let message = Arc::new(Message {
            topic: event.topic(),
            seq: held.seq + 1,
            at: Timestamp::now(),
            run_id,
            tenant_id,
            event,
            text: OnceLock::new(),
        });
        held.keep(&message);
        // Nobody listens: that is no mistake.
        ring.sender.send(message).ok();
    }

    /// Everything about `topic` from now on.
    #[must_use]
    pub fn subscribe(&self, topic: Topic) -> Subscription {
        let ring = &self.rings[topic.index()];
        let held = ring.held();
        Subscription { bus: self.clone(), topic, after: held.seq, receiver: ring.sender.subscribe() }
    }

    /// The newest message of `topic`, if there was one.
    #[must_use]
    pub fn newest(&self, topic: Topic) -> Option<Arc<Message>> {
        self.rings[topic.index()].held().newest.clone()
    }

    /// The last log lines that matter at least as much as `level`, of the run that logged last: at
    /// most `at_most`, oldest first, with the number of the last message of the topic.
    #[must_use]
    pub fn last_lines(&self, level: LogLevel, at_most: usize) -> (u64, Vec<Arc<Message>>) {
        let held = self.rings[Topic::Logs.index()].held();
        (held.seq, held.lines.last(level, at_most))
    }

    /// For each topic: messages so far, those that subscribers missed, and subscribers now.
    pub fn stats(&self) -> impl Iterator<Item = (Topic, u64, u64, usize)> {
        Topic::ALL.into_iter().zip(self.rings.iter()).map(|(topic, ring)| {
            let published = ring.held().seq;
            (topic, published, ring.missed.load(Ordering::Relaxed), ring.sender.receiver_count())
        })
    }
}

/// One listener on one topic.
#[derive(Debug)]
pub struct Subscription {
    bus: Bus,
    topic: Topic,
    after: u64,
    receiver: broadcast::Receiver<Arc<Message>>,
}

/// What a listener gets.
#[derive(Clone, Debug)]
pub enum Received {
    /// The next message.
    Message(Arc<Message>),
    /// So many messages were overwritten before they could be taken.
    Missed(u64),
}

impl Subscription {
    /// What it listens to.
    #[must_use]
    pub const fn topic(&self) -> Topic {
        self.topic
    }

    /// Number of the last message before this listener came.
    #[must_use]
    pub const fn after(&self) -> u64 {
        self.after
    }

    /// The next message, or how many were missed. None when the bus is gone.
    pub async fn next(&mut self) -> Option<Received> {
        match self.receiver.recv().await {
            Ok(message) => Some(Received::Message(message)),
            Err(RecvError::Lagged(missed)) => Some(self.missed(missed)),
            Err(RecvError::Closed) => None,
        }
    }

    /// The next message, or how many were missed, if it is there already.
    pub fn try_next(&mut self) -> Option<Received> {
        match self.receiver.try_recv() {
            Ok(message) => Some(Received::Message(message)),
            Err(TryRecvError::Lagged(missed)) => Some(self.missed(missed)),
            Err(TryRecvError::Empty | TryRecvError::Closed) => None,
        }
    }

    fn missed(&self, missed: u64) -> Received {
        self.bus.rings[self.topic.index()].missed.fetch_add(missed, Ordering::Relaxed);
        Received::Missed(missed)
    }
}

#[cfg(test)]
mod tests;
