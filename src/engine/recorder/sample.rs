//! What is recorded of one request, and of one pass of a transaction.

use crate::engine::transport::Timings;

/// Status of a sample that has no answer.
pub const NO_STATUS: u16 = 0;

/// Host of a sample that went to none of the hosts that are told apart.
pub const NO_HOST: u8 = u8::MAX;

/// One finished request; a cache line.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Place of the request's name in the plan.
    pub request: u32,
    /// Phase of the run it was sent in, by number.
    pub phase: u16,
    /// Whether totals cover that phase.
    pub measured: bool,
    /// Status code, or [`NO_STATUS`].
    pub status: u16,
    /// Redirects followed to the answer.
    pub redirects: u8,
    /// The host it went to, by its number in the plan, or [`NO_HOST`].
    pub host: u8,
    /// Parts of the response time.
    pub timings: Timings,
    /// From when it was meant to be sent, in the open model; there it replaces the cadence.
    pub from_intended_us: Option<u32>,
    /// Expected time between this user's requests of this name, in the closed model; 0: unknown.
    pub cadence_us: u32,
    /// Whether it failed, for whatever reason.
    pub failed: bool,
    /// Bytes sent.
    pub bytes_out: u32,
    /// Bytes received.
    pub bytes_in: u64,
}

/// One finished pass of a transaction.
#[derive(Clone, Copy, Debug)]
pub struct TransactionSample {
    /// Place of the transaction in the plan.
    pub transaction: u32,
    /// Whether totals cover that phase.
    pub measured: bool,
    /// Whether a failed request ended it.
    pub failed: bool,
    /// How long it took, in microseconds.
    pub took_us: u32,
}
