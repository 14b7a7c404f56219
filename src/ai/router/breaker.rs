//! Lets a provider alone that fails, and tries it again after a while with one question.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::ai::policy;

/// Counts what fails.
#[derive(Debug)]
pub struct Breaker {
    rule: policy::Breaker,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    failures: u16,
    /// Until when nobody asks.
    rests: Option<Instant>,
    /// Since when one question tries it.
    tried: Option<Instant>,
}

/// How long one question that tries a provider keeps others from it, should it never end.
const LONGEST_TRY: Duration = Duration::from_secs(120);

/// How a provider is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may be asked.
    Closed,
    /// It is let alone for so long.
    Open(Duration),
    /// One question may try it.
    HalfOpen,
    /// One question tries it.
    Tried,
}

impl Breaker {
    /// By `rule`.
    pub fn new(rule: policy::Breaker) -> Self {
        Self { rule, state: Mutex::default() }
    }

    /// How the provider is.
    pub fn standing(&self, now: Instant) -> Standing {
        self.state().standing(now)
    }

    /// Whether it may be asked now. Whoever is told so of one that is half open is the one who tries it.
    pub fn may(&self, now: Instant) -> bool {
        let mut state = self.state();
        match state.standing(now) {
            Standing::Closed => true,
            Standing::HalfOpen => {
                state.tried = Some(now);
                true
            }
            Standing::Open(_) | Standing::Tried => false,
        }
    }

    /// It has answered.
    pub fn answered(&self) {
        *self.state() = State::default();
    }

    /// It has not.
    pub fn failed(&self, now: Instant) {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        if state.failures >= self.rule.failures || state.tried.is_some() {
            state.rests = Some(now + self.rule.rest.get());
        }
        state.tried = None;
    }

    /// Nothing was found out about it.
    pub fn let_go(&self) {
        self.state().tried = None;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn standing(self, now: Instant) -> Standing {
        match (self.rests, self.tried) {
            (None, _) => Standing::Closed,
            (Some(until), _) if until > now => Standing::Open(until - now),
            (Some(_), Some(since)) if now - since < LONGEST_TRY => Standing::Tried,
            (Some(_), _) => Standing::HalfOpen,
        }
    }
}
