//! How long answers took of late.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// What the newest answer weighs beside those before.
const WEIGHT: f64 = 0.3;
/// How long it is remembered: after that, whoever was slow gets another chance.
const REMEMBERED: Duration = Duration::from_secs(60);

/// How long answers of one model took of late, those that are streamed until their first word.
#[derive(Debug, Default)]
pub struct Pace([Mutex<Option<Known>>; 2]);

#[derive(Clone, Copy, Debug)]
struct Known {
    seconds: f64,
    at: Instant,
}

impl Pace {
    /// An answer has taken so long.
    pub fn took(&self, streamed: bool, took: Duration, now: Instant) {
        let mut known = self.0[usize::from(streamed)].lock().unwrap_or_else(PoisonError::into_inner);
        let took = took.as_secs_f64();
        let seconds = match known.filter(|known| known.holds(now)) {
            Some(before) => before.seconds + WEIGHT * (took - before.seconds),
            None => took,
        };
        *known = Some(Known { seconds, at: now });
    }

    /// How long answers take; None where that is not known.
    pub fn of(&self, streamed: bool, now: Instant) -> Option<Duration> {
        let known = self.0[usize::from(streamed)].lock().unwrap_or_else(PoisonError::into_inner);
        known.filter(|known| known.holds(now)).map(|known| Duration::from_secs_f64(known.seconds))
    }
}

impl Known {
    fn holds(self, now: Instant) -> bool {
        now.saturating_duration_since(self.at) < REMEMBERED
    }
}
