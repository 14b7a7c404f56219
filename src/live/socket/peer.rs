//! What the hub, the calls and the body of one socket have in common.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    task::{Context, Waker},
    time::Instant,
};

use super::{super::service::Admission, frame::Farewell, lane::Place};
use crate::{
    auth::Principal,
    bus::{LogLevel, Topic},
};

/// One socket, as the other things on its thread see it.
pub(super) struct Peer {
    /// Whose it is.
    pub(super) principal: Principal,
    /// What it is subscribed to.
    pub(super) wants: RefCell<Wants>,
    /// Why it is to be closed.
    pub(super) farewell: Cell<Option<Farewell>>,
    /// Whether a ping is due.
    pub(super) ping: Cell<bool>,
    /// When the last ping became due.
    pub(super) pinged: Cell<Instant>,
    /// When its client last showed that it is there.
    pub(super) heard: Cell<Instant>,
    /// Calls whose answer is not sent yet.
    pub(super) calls: Cell<usize>,
    /// Answers to calls, at most as many as [`Peer::calls`].
    answers: RefCell<VecDeque<String>>,
    waker: Cell<Option<Waker>>,
    _admission: Admission,
}

/// What a socket is subscribed to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wants {
    /// For each topic, how far it is.
    pub(super) places: [Option<Place>; Topic::COUNT],
    /// The least that a log line must matter.
    pub(super) level: LogLevel,
}

impl Wants {
    /// The least that a message of `topic` must matter.
    pub(super) fn level(&self, topic: Topic) -> LogLevel {
        if topic == Topic::Logs { self.level } else { LogLevel::Debug }
    }

    /// What it is subscribed to.
    pub(super) fn topics(&self) -> impl Iterator<Item = Topic> {
        Topic::ALL.into_iter().filter(|topic| self.places[topic.index()].is_some())
    }

    /// Whether any topic has something `fresh` that matters enough.
    pub(super) fn any(&self, fresh: &[Option<LogLevel>; Topic::COUNT]) -> bool {
        self.topics().any(|topic| fresh[topic.index()].is_some_and(|level| level >= self.level(topic)))
    }
}

impl Peer {
    pub(super) fn new(principal: Principal, admission: Admission, now: Instant) -> Self {
        Self {
            principal,
            wants: RefCell::default(),
            farewell: Cell::new(None),
            ping: Cell::new(false),
            pinged: Cell::new(now),
            heard: Cell::new(now),
            calls: Cell::new(0),
            answers: RefCell::default(),
            waker: Cell::new(None),
            _admission: admission,
        }
    }

    /// There is something to send. A connection that cannot be written to is not woken.
    pub(super) fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Nothing is left to send: wake `cx` when there is.
    pub(super) fn wait(&self, cx: &Context<'_>) {
        let known = self.waker.take().filter(|waker| waker.will_wake(cx.waker()));
        self.waker.set(Some(known.unwrap_or_else(|| cx.waker().clone())));
    }

    /// Says goodbye as soon as the connection can be written to.
    pub(super) fn close(&self, farewell: Farewell) {
        self.farewell.set(Some(farewell));
        self.wake();
    }

    /// The answer to a call.
    pub(super) fn answer(&self, text: String) {
        self.answers.borrow_mut().push_back(text);
        self.wake();
    }

    /// The next answer that can be sent; its call is over.
    pub(super) fn next_answer(&self) -> Option<String> {
        let answer = self.answers.borrow_mut().pop_front()?;
        self.calls.set(self.calls.get() - 1);
        Some(answer)
    }
}
