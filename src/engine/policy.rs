//! Which targets may be sent load.
//!
//! Loopback is always allowed; link-local and metadata addresses and MAID's own listener never
//! are. Everything else needs an entry in `load.targets.allow`. Names are checked before a packet
//! is sent, addresses when a connection is made, so that a name that resolves elsewhere, or a
//! redirect, gains nothing.

use std::net::SocketAddr;

/// The rules, shared by all users of a run.
#[derive(Clone, Debug, Default)]
pub struct TargetPolicy {
    /// MAID's own listeners, never targets.
    pub own: Vec<SocketAddr>,
}
