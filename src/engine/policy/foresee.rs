//! What is known of a target before its name is looked up.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::{Allowed, Refusal, TargetPolicy};

/// Why a target would be refused, or may be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Foreseen {
    /// It is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It is not among the targets of whoever asks.
    #[error(
        "{host} is not among the targets that this API key may send load to: use a key that has it, or none with \
         targets"
    )]
    NotWithin {
        /// The name.
        host: String,
    },
    /// Only where it leads to this machine is it sent load.
    #[error("{host} is sent load only if it leads to this machine: else load.targets.allow has to have it")]
    ByAddressAlone {
        /// The name.
        host: String,
    },
}

impl TargetPolicy {
    /// Judges a target as far as it can be judged without asking for the addresses of its name. A name that an entry may
    /// allow by its address passes.
    ///
    /// # Errors
    /// It is refused, or will be unless it leads to this machine.
    pub fn foresee(&self, host: &str, port: u16) -> Result<(), Foreseen> {
        if let Some(ip) = address(host) {
            return Ok(self.check_address(host, SocketAddr::new(ip, port))?);
        }
        let may = |entries: &[Allowed]| entries.iter().any(|entry| entry.may_allow(host, port));
        let host = || host.to_owned();
        if !self.within.as_deref().is_none_or(may) {
            return Err(Foreseen::NotWithin { host: host() });
        }
        if may(&self.allowed) { Ok(()) } else { Err(Foreseen::ByAddressAlone { host: host() }) }
    }
}

/// The address that a host is, or that its name stands for everywhere.
fn address(host: &str) -> Option<IpAddr> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let name = bare.strip_suffix('.').unwrap_or(bare);
    // RFC 6761, 6.3.
    let is_local = name.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("localhost"));
    if is_local { Some(Ipv4Addr::LOCALHOST.into()) } else { bare.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn foreseen(allow: &[&str], within: Option<&[&str]>, host: &str, port: u16) -> &'static str {
        let owned = |entries: &[&str]| entries.iter().map(|&entry| entry.to_owned()).collect::<Vec<_>>();
        let own = vec!["127.0.0.1:43121".parse().expect("an address")];
        let policy = TargetPolicy::new(&owned(allow), own, Vec::new()).expect("a policy");
        let policy = match within {
            Some(targets) => policy.within(&owned(targets)).expect("a policy"),
            None => policy,
        };
        match policy.foresee(host, port) {
            Ok(()) => "allowed",
            Err(Foreseen::Refused(_) | Foreseen::NotWithin { .. }) => "refused",
            Err(Foreseen::ByAddressAlone { .. }) => "perhaps",
        }
    }

    #[test]
    fn addresses_are_judged_as_they_will_be() {
        for (host, said) in [
            ("127.0.0.1", "allowed"),
            ("[::1]", "allowed"),
            ("localhost", "allowed"),
            ("shop.LOCALHOST.", "allowed"),
            ("10.1.2.3", "allowed"),
            ("192.0.2.1", "refused"),
            ("169.254.169.254", "refused"),
        ] {
            assert_eq!(foreseen(&["10.0.0.0/8"], None, host, 80), said, "{host}");
        }
        assert_eq!(foreseen(&[], None, "localhost", 43121), "refused", "MAID itself");
    }

    #[test]
    fn names_are_allowed_by_name_or_by_what_they_may_lead_to() {
        let allow = ["*.staging.example.com", "shop.example.com:8443", "10.0.0.0/8:9000"];
        for (host, port, said) in [
            ("a.staging.example.com", 80, "allowed"),
            ("shop.example.com", 8443, "allowed"),
            ("shop.example.com", 80, "perhaps"),
            ("other.example.com", 80, "perhaps"),
            ("other.example.com", 9000, "allowed"),
        ] {
            assert_eq!(foreseen(&allow, None, host, port), said, "{host}:{port}");
        }
        let within = Some(&["b.staging.example.com"][..]);
        assert_eq!(foreseen(&allow, within, "b.staging.example.com", 80), "allowed");
        assert_eq!(foreseen(&allow, within, "a.staging.example.com", 80), "refused");
        let within = Some(&["*.example.com"][..]);
        assert_eq!(foreseen(&allow, within, "other.example.com", 80), "perhaps");
    }
}
