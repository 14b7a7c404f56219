//! How often a user sends a request, for the closed model's corrected latency.

/// How often a user sends one request: the mean time between its starts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cadence {
    last_us: u64,
    mean_us: f32,
    count: u32,
}

/// Intervals that are seen before a cadence is trusted.
const CADENCE_FROM: u32 = 4;

impl Cadence {
    /// Notes a start; the expected interval to hold the response time against, or 0.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate"
    )]
    pub(super) fn note(&mut self, start_us: u64) -> u32 {
        let expected = if self.count >= CADENCE_FROM { self.mean_us as u32 } else { 0 };
        if self.last_us > 0 {
            self.count = self.count.saturating_add(1).min(1000);
            let interval = start_us.saturating_sub(self.last_us) as f32;
            self.mean_us += (interval - self.mean_us) / self.count as f32;
        }
        self.last_us = start_us.max(1);
        expected
    }
}
