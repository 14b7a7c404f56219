//! Networks of addresses, and the proxies that are trusted.

use std::{net::IpAddr, sync::Arc};

/// Addresses whose first `bits` bits are those of `ip`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    ip: IpAddr,
    bits: u8,
}

/// An entry that is neither an address nor a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{entry}` {reason}; write an address such as 127.0.0.1, or a network such as 10.0.0.0/8 or fd00::/8"
)]
pub struct NetworkError {
    /// The entry.
    pub entry: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl Network {
    fn parse(entry: &str) -> Result<Self, NetworkError> {
        let refused = |reason| NetworkError { entry: entry.to_owned(), reason };
        let (ip, bits) = match entry.split_once('/') {
            Some((ip, bits)) => (ip, Some(bits)),
            None => (entry, None),
        };
        let ip: IpAddr = ip.parse().map_err(|_| refused("does not begin with an address"))?;
        let width = if ip.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => width,
            Some(bits) => bits.parse().map_err(|_| refused("has no number of bits behind the slash"))?,
        };
        if bits > width {
            return Err(refused("has more bits than its address"));
        }
        // What the mask would cut off is a slip, and a network that is larger than was meant.
        if word(ip) != word(ip) & mask(bits) {
            return Err(refused("has more of an address than its bits say"));
        }
        match ip.to_canonical() {
            v4 @ IpAddr::V4(_) if ip.is_ipv6() && bits >= 96 => Ok(Self { ip: v4, bits: bits - 96 }),
            _ => Ok(Self { ip, bits }),
        }
    }

    /// Whether `ip`, in its canonical form, is in it.
    fn holds(self, ip: IpAddr) -> bool {
        self.ip.is_ipv4() == ip.is_ipv4() && word(self.ip) == word(ip) & mask(self.bits)
    }
}

/// The bits of an address, the first one the highest.
fn word(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u128::from(ip.to_bits()) << 96,
        IpAddr::V6(ip) => ip.to_bits(),
    }
}

fn mask(bits: u8) -> u128 {
    u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0)
}

/// The proxies that are believed when they say whom they speak for; none unless configured. A clone is
/// the same list.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Option<Arc<[Network]>>);

impl TrustedProxies {
    /// The proxies that `entries` name: addresses and networks.
    ///
    /// # Errors
    /// At the first entry that is neither.
    pub fn new(entries: &[String]) -> Result<Self, NetworkError> {
        if entries.is_empty() {
            return Ok(Self::default());
        }
        let networks: Result<Arc<[Network]>, _> = entries.iter().map(|entry| Network::parse(entry)).collect();
        networks.map(|networks| Self(Some(networks)))
    }

    /// Whether `ip`, in its canonical form, is one of them.
    #[must_use]
    pub fn trust(&self, ip: IpAddr) -> bool {
        self.0.iter().flat_map(|networks| networks.iter()).any(|network| network.holds(ip))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trust(entry: &str, ip: &str) -> bool {
        let proxies = TrustedProxies::new(&[entry.to_owned()]).expect("an entry");
        proxies.trust(ip.parse::<IpAddr>().expect("an address").to_canonical())
    }

    #[test]
    fn a_network_holds_its_own_addresses_and_no_others() {
        for (entry, ip) in [
            ("127.0.0.1", "127.0.0.1"),
            ("127.0.0.1", "::ffff:127.0.0.1"),
            ("10.0.0.0/8", "10.255.255.255"),
            ("::ffff:10.0.0.0/104", "10.1.2.3"),
            ("fd00::/8", "fdff::1"),
            ("2001:db8::/33", "2001:db8:7fff::"),
            ("0.0.0.0/0", "203.0.113.9"),
            ("::/0", "2001:db8::1"),
        ] {
            assert!(trust(entry, ip), "{entry} {ip}");
        }
        for (entry, ip) in [
            ("127.0.0.1", "127.0.0.2"),
            ("10.0.0.0/8", "11.0.0.0"),
            ("10.0.0.0/31", "10.0.0.2"),
            ("2001:db8::/33", "2001:db8:8000::"),
            ("0.0.0.0/0", "2001:db8::1"),
            ("::/0", "203.0.113.9"),
            ("::1", "0.0.0.1"),
        ] {
            assert!(!trust(entry, ip), "{entry} {ip}");
        }
        assert!(!TrustedProxies::default().trust(IpAddr::from([127, 0, 0, 1])));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for entry in
            ["", "proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.1/8", "::1/129", "10.0.0.1:80"]
        {
            assert!(TrustedProxies::new(&[entry.to_owned()]).is_err(), "{entry}");
        }
    }
}
