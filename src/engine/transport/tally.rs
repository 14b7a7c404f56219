//! What a call has cost so far, over all its hops.

use std::time::Duration;

use super::Timings;

/// Timings and bytes of a call, added up over redirects and a retry.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) timings: Timings,
    pub(super) bytes_in: u64,
    pub(super) bytes_out: u64,
}

/// Adds a part of the response time.
pub(super) fn add(part: &mut u32, took: Duration) {
    *part = part.saturating_add(micros(took));
}

/// Microseconds, at most 71 minutes.
pub(super) fn micros(took: Duration) -> u32 {
    u32::try_from(took.as_micros()).unwrap_or(u32::MAX)
}
