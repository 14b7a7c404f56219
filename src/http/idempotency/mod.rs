//! A repeated request starts nothing twice.

/// The header that names a request, so that a repetition is known.
pub const KEY: &str = "idempotency-key";
