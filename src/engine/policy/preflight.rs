//! Targets are held against the policy before the first packet.

use std::net::{IpAddr, SocketAddr};

use super::{Refusal, TargetPolicy};

/// Why a run cannot begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PreflightError {
    /// A name does not resolve.
    #[error("the host {host} does not resolve: {reason}; check its spelling in target.hosts, or your DNS")]
    Unresolved {
        /// The name.
        host: String,
        /// The resolver's words.
        reason: String,
    },
    /// The policy forbids a target.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl TargetPolicy {
    /// Judges a target by what its name resolves to. One forbidden address is enough to refuse it:
    /// a load that silently leaves out part of the target would measure something else.
    ///
    /// # Errors
    /// When the name did not resolve, or an address is forbidden.
    pub fn preflight(
        &self,
        host: &str,
        port: u16,
        found: Result<&[IpAddr], &str>,
    ) -> Result<(), PreflightError> {
        let found = found.map_err(|reason| PreflightError::Unresolved {
            host: host.to_owned(),
            reason: reason.to_owned(),
        })?;
        for ip in found {
            self.check_address(host, SocketAddr::new(*ip, port))?;
        }
        Ok(())
    }
}
