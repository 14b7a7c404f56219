//! Which phase a run is in, and which there have been.

use std::time::{Duration, Instant};

use crate::engine::{live::Phase, recorder::Totals};

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
#[derive(Debug)]
pub struct Phases {
    begun: Vec<Begun>,
    steady: bool,
}

impl Phases {
    /// Begins with `first`.
    pub fn new(first: Phase, at: Instant, steady: bool, totals: &mut Totals) -> Self {
        let mut phases = Self { begun: Vec::new(), steady };
        phases.begin(first, at, 0, totals);
        phases
    }

    /// Begins the next phase and returns its number.
    pub fn begin(&mut self, phase: Phase, at: Instant, users: u32, totals: &mut Totals) -> u16 {
        if let Some(last) = self.begun.last_mut() {
            last.users = users;
        }
        self.begun.push(Begun { phase, at, users });
        if self.steady {
            totals.measured.get_or_insert_default().push(phase == Phase::Maintain);
        }
        u16::try_from(self.begun.len() - 1).unwrap_or(u16::MAX)
    }

    /// The phase that the run is in.
    pub fn now(&self) -> Phase {
        self.begun.last().map_or(Phase::Idle, |last| last.phase)
    }

    /// All phases with their lengths, the last one ending at `end`.
    pub fn all(&self, end: Instant) -> impl Iterator<Item = (Begun, Duration)> + '_ {
        let ends = self.begun.iter().skip(1).map(|next| next.at).chain([end]);
        self.begun.iter().zip(ends).map(|(begun, end)| (*begun, end.saturating_duration_since(begun.at)))
    }

    /// Time that totals cover.
    pub fn measured(&self, end: Instant) -> Duration {
        let counts = |phase| !self.steady || phase == Phase::Maintain;
        self.all(end).filter(|(begun, _)| counts(begun.phase)).map(|(_, length)| length).sum()
    }
}
