//! One listener for all sockets of a worker thread.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    pin::pin,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{dev::Payload, web::Bytes};
use futures_util::future::select_all;
use tokio::{
    task::{spawn_local, yield_now},
    time::{self, MissedTickBehavior},
};

use super::{
    super::service::{Admission, Live, Timing},
    frame::{Farewell, Opcode, encode},
    lane::Lane,
    peer::Peer,
    stream::Stream,
};
use crate::{
    auth::Principal,
    bus::{Event, LogLevel, Message, MetricsEvent, Received, Subscription, Topic},
};

/// Messages that come so soon after another are sent with it.
const GATHERED_FOR: Duration = Duration::from_millis(5);
/// Least time between two wake-ups of a socket.
const APART: Duration = Duration::from_millis(45);
/// Sockets that are woken before others on their thread get a turn.
const WOKEN_AT_ONCE: usize = 64;
/// A metrics state is rendered again after so long.
const STATE_FOR: Duration = Duration::from_secs(1);

/// One listener for all sockets of a worker thread. It is at work while there are sockets.
#[derive(Clone, Default)]
pub(in super::super) struct Hub {
    shared: Rc<Shared>,
}

#[derive(Default)]
struct Shared {
    peers: RefCell<BTreeMap<u64, Rc<Peer>>>,
    next_id: Cell<u64>,
    /// Whether the listener is at work.
    at_work: Cell<bool>,
    lanes: RefCell<Vec<Lane>>,
    /// Whether it is just found out who may still come in.
    checking: Cell<bool>,
    metrics: RefCell<Option<MetricsState>>,
}

/// For each topic, how much the most important of its new messages matters.
type Fresh = [Option<LogLevel>; Topic::COUNT];

/// The metrics that late joiners get, with the series so far.
#[derive(Clone, Debug)]
pub(super) struct MetricsState {
    /// The message that it continues.
    pub(super) message: Arc<Message>,
    /// As it is sent.
    pub(super) frame: Bytes,
    rendered: Instant,
}

/// A socket's entry, taken out when the socket is gone.
pub(super) struct Membership {
    shared: Rc<Shared>,
    id: u64,
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.shared.peers.borrow_mut().remove(&self.id);
    }
}

impl Hub {
    /// A socket whose client is at the other end of `payload`.
    pub(in super::super) fn join(
        &self,
        live: &Live,
        admission: Admission,
        principal: Principal,
        payload: Payload,
    ) -> Stream {
        let shared = &self.shared;
        if !shared.at_work.replace(true) {
            let topics = Topic::ALL.map(|topic| live.bus().subscribe(topic));
            let lane = |on: &Subscription| Lane::new(on.topic(), on.after());
            *shared.lanes.borrow_mut() = topics.iter().map(lane).collect();
            spawn_local(Rc::clone(shared).listen(live.clone(), topics));
        }
        let id = shared.next_id.get();
        shared.next_id.set(id + 1);
        let peer = Rc::new(Peer::new(principal.clone(), admission, Instant::now()));
        shared.peers.borrow_mut().insert(id, Rc::clone(&peer));
        let membership = Membership { shared: Rc::clone(shared), id };
        Stream::new(membership, peer, live.clone(), principal, payload)
    }
}

impl Membership {
    /// What a look at the lane of `topic` gives.
    pub(super) fn look<T>(&self, topic: Topic, at: impl FnOnce(&Lane) -> T) -> Option<T> {
        self.shared.lanes.borrow().get(topic.index()).map(at)
    }

    /// The metrics that late joiners get: rendered once for all that join within a second.
    pub(super) fn metrics(&self, live: &Live) -> Option<MetricsState> {
        let mut known = self.shared.metrics.borrow_mut();
        let usable = known.take().filter(|state| {
            let holds = self.look(Topic::Metrics, |lane| lane.holds_all_after(state.message.seq));
            state.rendered.elapsed() < STATE_FOR && holds == Some(true)
        });
        known.clone_from(&usable.or_else(|| MetricsState::render(live)));
        known.clone()
    }
}

impl MetricsState {
    fn render(live: &Live) -> Option<Self> {
        let newest = live.bus().newest(Topic::Metrics)?;
        let Event::Metrics(metrics) = &newest.event else { return None };
        let series = newest.run_id.and_then(|run_id| live.present().series(run_id));
        let event = MetricsEvent { series, ..MetricsEvent::clone(metrics) };
        let text = newest.retold(Event::Metrics(event.into())).text();
        let frame = encode(Opcode::Text, text.as_bytes());
        Some(Self { message: newest, frame, rendered: Instant::now() })
    }
}

impl Shared {
    /// Brings what `topics` bring to the sockets, until there are none.
    async fn listen(self: Rc<Self>, live: Live, mut topics: [Subscription; Topic::COUNT]) {
        let mut look = time::interval(live.timing().look_every);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut closing = pin!(live.closing().cancelled());
        while !self.peers.borrow().is_empty() {
            tokio::select! {
                first = next(&mut topics) => {
                    let mut fresh = Fresh::default();
                    self.take(first, &mut fresh);
                    time::sleep(GATHERED_FOR).await;
                    for on in &mut topics {
                        while let Some(received) = on.try_next() {
                            self.take((on.topic(), received), &mut fresh);
                        }
                    }
                    self.wake(&fresh).await;
                    time::sleep(APART).await;
                }
                _ = look.tick() => {
                    self.look_after(live.timing());
                    if !self.checking.replace(true) {
                        spawn_local(Rc::clone(&self).check(live.clone()));
                    }
                }
                () = &mut closing => {
                    let away = Farewell::new(Farewell::GOING_AWAY, "MAID shuts down");
                    self.peers.borrow().values().for_each(|peer| peer.close(away));
                    break;
                }
            }
        }
        self.at_work.set(false);
    }

    /// Closes the sockets of those who may no longer come in, or not as they did.
    async fn check(self: Rc<Self>, live: Live) {
        let peers: Vec<_> = self.peers.borrow().values().cloned().collect();
        for peer in peers {
            if !live.still_lets_in(&peer.principal).await {
                peer.close(Farewell::new(Farewell::POLICY, "sign in again: what you may do has changed"));
            }
        }
        self.checking.set(false);
    }

    fn take(&self, (topic, received): (Topic, Received), fresh: &mut Fresh) {
        if let Some(lane) = self.lanes.borrow_mut().get_mut(topic.index()) {
            let level = lane.push(received);
            fresh[topic.index()] = fresh[topic.index()].max(level);
        }
    }

    /// Wakes the sockets that want something fresh, few at a time, so that requests to the same
    /// thread do not wait behind all of them.
    async fn wake(&self, fresh: &Fresh) {
        let wanting: Vec<_> = {
            let peers = self.peers.borrow();
            peers.values().filter(|peer| peer.wants.borrow().any(fresh)).cloned().collect()
        };
        for few in wanting.chunks(WOKEN_AT_ONCE) {
            few.iter().for_each(|peer| peer.wake());
            yield_now().await;
        }
    }

    /// Pings who is due, and closes who did not answer for long.
    fn look_after(&self, timing: &Timing) {
        let now = Instant::now();
        for peer in self.peers.borrow().values() {
            if now - peer.heard.get() >= timing.silent_for {
                peer.close(Farewell::new(Farewell::POLICY, "no pong came for too long"));
            } else if now - peer.pinged.get() >= timing.ping_every {
                peer.pinged.set(now);
                peer.ping.set(true);
                peer.wake();
            }
        }
    }
}

/// The next thing that any of `topics` brings.
async fn next(topics: &mut [Subscription; Topic::COUNT]) -> (Topic, Received) {
    let each = topics.iter_mut().map(|on| {
        Box::pin(async move {
            match on.next().await {
                Some(received) => (on.topic(), received),
                None => std::future::pending().await,
            }
        })
    });
    select_all(each).await.0
}
