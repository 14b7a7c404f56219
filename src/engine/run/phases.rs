//! Which phase a run is in, and which there have been.

use std::time::{Duration, Instant};

use crate::engine::{
    live::{Phase, PhaseBegin},
    session::Stamp,
};

/// Most phases that watchers are told of.
const SHOWN: usize = 64;

/// A phase that has begun.
#[derive(Clone, Copy, Debug)]
pub struct Begun {
    /// Which one.
    pub phase: Phase,
    /// When it began.
    pub at: Instant,
    /// Users at its end, once it is over.
    pub users: u32,
}

/// Phases of a run in order. The number of a phase is its place here.
#[derive(Clone, Debug)]
pub struct Phases {
    begun: Vec<Begun>,
    steady: bool,
}

impl Phases {
    /// Begins as every run does: with users that are being started.
    pub fn of_run(at: Instant, steady: bool) -> (Self, Stamp) {
        Self::new(Phase::Increase, at, steady)
    }

    /// Begins with `first`.
    pub fn new(first: Phase, at: Instant, steady: bool) -> (Self, Stamp) {
        let mut phases = Self { begun: Vec::new(), steady };
        let stamp = phases.begin(first, at, 0);
        (phases, stamp)
    }

    /// Begins the next phase and returns what its requests are stamped with.
    pub fn begin(&mut self, phase: Phase, at: Instant, users: u32) -> Stamp {
        if let Some(last) = self.begun.last_mut() {
            last.users = users;
        }
        self.begun.push(Begun { phase, at, users });
        let number = u16::try_from(self.begun.len() - 1).unwrap_or(u16::MAX);
        Stamp { phase: number, measured: self.measures(phase) }
    }

    fn measures(&self, phase: Phase) -> bool {
        !self.steady || phase == Phase::Maintain
    }

    /// The phase that the run is in.
    pub fn now(&self) -> Phase {
        self.begun.last().map_or(Phase::Idle, |last| last.phase)
    }

    /// How many have begun.
    pub const fn count(&self) -> usize {
        self.begun.len()
    }

    /// The phases of a run that started at `start`, for whoever watches it; the last ones where there are many.
    pub fn shown(&self, start: Instant) -> impl Iterator<Item = PhaseBegin> + '_ {
        let seconds = move |at: Instant| at.saturating_duration_since(start).as_secs_f64();
        let last = &self.begun[self.begun.len().saturating_sub(SHOWN)..];
        last.iter().map(move |begun| PhaseBegin { phase: begun.phase, start_s: seconds(begun.at) })
    }

    /// All phases with their lengths, none going beyond `end`.
    pub fn all(&self, end: Instant) -> impl Iterator<Item = (Begun, Duration)> + '_ {
        let ends = self.begun.iter().skip(1).map(move |next| next.at.min(end)).chain([end]);
        self.begun.iter().zip(ends).map(|(begun, end)| (*begun, end.saturating_duration_since(begun.at)))
    }

    /// Time that totals cover.
    pub fn measured(&self, end: Instant) -> Duration {
        self.all(end).filter(|(begun, _)| self.measures(begun.phase)).map(|(_, length)| length).sum()
    }
}
