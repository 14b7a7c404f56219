//! Which targets may be sent load.
//!
//! Loopback is always allowed; link-local and metadata addresses and MAID's own listener never
//! are. Everything else needs an entry in `load.targets.allow`. Names are checked before a packet
//! is sent, addresses when a connection is made, so that a name that resolves elsewhere, or a
//! redirect, gains nothing.

mod allow;
mod deny;
mod forbidden;
mod foresee;
mod preflight;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use self::{
    allow::Allowed,
    forbidden::{Forbidden, is_own},
};
pub use self::{allow::PolicyError, deny::DenyRule, foresee::Foreseen, preflight::PreflightError};

/// The rules, shared by all users of a run. The default allows loopback alone.
#[derive(Clone, Debug, Default)]
pub struct TargetPolicy {
    allowed: Vec<Allowed>,
    own: Vec<SocketAddr>,
    denied: Vec<DenyRule>,
    /// What of it whoever asks may send load to; None is all of it.
    within: Option<Vec<Allowed>>,
}

/// Why a target may not be sent load.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No entry allows it.
    #[error(
        "{host}{} is not an allowed target: allow it with --allow-target {host}, or in load.targets.allow \
         (only loopback is allowed by default)",
        resolved(host, *address)
    )]
    NotAllowed {
        /// Host as asked for.
        host: String,
        /// Address that it stands for.
        address: IpAddr,
    },
    /// Whoever asks may not, though others may.
    #[error(
        "{host}{} is not among the targets that this API key may send load to: use a key that has it, or none with \
         targets",
        resolved(host, *address)
    )]
    NotWithin {
        /// Host as asked for.
        host: String,
        /// Address that it stands for.
        address: IpAddr,
    },
    /// No entry can allow it.
    #[error(
        "{host}{} is {why}, which MAID never sends load to; no --allow-target and no entry in \
         load.targets.allow changes that",
        resolved(host, *address)
    )]
    Never {
        /// Host as asked for.
        host: String,
        /// Address that it stands for.
        address: IpAddr,
        /// What the address is.
        why: &'static str,
    },
    /// A rule of `.maidignore`.
    #[error("{host} with this path is closed to requests by the rule {rule} in .maidignore")]
    Denied {
        /// Host as asked for.
        host: String,
        /// The rule as written.
        rule: String,
    },
}

impl Refusal {
    /// The host as it was asked for.
    #[must_use]
    pub const fn host(&self) -> &str {
        match self {
            Self::NotAllowed { host, .. }
            | Self::NotWithin { host, .. }
            | Self::Never { host, .. }
            | Self::Denied { host, .. } => host.as_str(),
        }
    }
}

fn resolved(host: &str, address: IpAddr) -> String {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if bare.parse() == Ok(address) { String::new() } else { format!(" (which is {address})") }
}

/// The address that a connection to `ip` reaches: IPv4 in IPv6 is IPv4, and the unspecified
/// addresses `0.0.0.0` and `::` are this machine on Linux and macOS, so they count, and are
/// connected to, as loopback.
#[must_use]
pub fn reachable(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    }
}

impl TargetPolicy {
    /// Reads the allowed targets: names (`shop.example.com`), names with a wildcard
    /// (`*.staging.example.com`), addresses and networks (`10.0.0.0/8`), each with an optional
    /// `:port`. `own` are the addresses that MAID itself listens on.
    ///
    /// # Errors
    /// When an entry is none of these.
    pub fn new(allow: &[String], own: Vec<SocketAddr>, denied: Vec<DenyRule>) -> Result<Self, PolicyError> {
        let allowed = allow.iter().map(|entry| Allowed::parse(entry)).collect::<Result<_, _>>()?;
        Ok(Self { allowed, own, denied, within: None })
    }

    /// The same, for whoever may send load to `targets` alone, loopback included.
    ///
    /// # Errors
    /// When one of them is no target.
    pub fn within(self, targets: &[String]) -> Result<Self, PolicyError> {
        let within = targets.iter().map(|entry| Allowed::parse(entry)).collect::<Result<_, _>>()?;
        Ok(Self { within: Some(within), ..self })
    }

    /// Whether `.maidignore` leaves this path of this host open. `target` is a path, with or
    /// without a query.
    ///
    /// # Errors
    /// When a rule closes it.
    pub fn check_url(&self, host: &str, target: &str) -> Result<(), Refusal> {
        if self.denied.is_empty() {
            return Ok(());
        }
        match deny::first_match(&self.denied, host, target) {
            Some(rule) => Err(Refusal::Denied { host: host.to_owned(), rule: rule.to_owned() }),
            None => Ok(()),
        }
    }

    /// Whether a connection to `address`, asked for as `host`, may be made.
    ///
    /// # Errors
    /// When the address is never allowed, or no entry allows it.
    pub fn check_address(&self, host: &str, address: SocketAddr) -> Result<(), Refusal> {
        let ip = reachable(address.ip());
        let never = if is_own(&self.own, ip, address.port()) {
            Some("MAID's own listener")
        } else {
            Forbidden::of(ip).map(Forbidden::name)
        };
        if let Some(why) = never {
            return Err(Refusal::Never { host: host.to_owned(), address: ip, why });
        }
        let target = SocketAddr::new(ip, address.port());
        let among = |entries: &[Allowed]| entries.iter().any(|entry| entry.allows(host, target));
        let host = || host.to_owned();
        if !ip.is_loopback() && !among(&self.allowed) {
            return Err(Refusal::NotAllowed { host: host(), address: ip });
        }
        if !self.within.as_deref().is_none_or(among) {
            return Err(Refusal::NotWithin { host: host(), address: ip });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
