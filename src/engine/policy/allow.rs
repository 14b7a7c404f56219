//! Entries of `load.targets.allow`.

use std::net::{IpAddr, SocketAddr};

/// Longest entry.
const MAX_ENTRY: usize = 300;

/// What one entry allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    what: What,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// A host by this name, wherever it leads.
    Name(String),
    /// A host whose name ends in this, which begins with a dot.
    Below(String),
    /// Addresses whose first `bits` bits are these.
    Network { ip: IpAddr, bits: u8 },
}

/// An entry that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "allowed target `{entry}`: {reason}; write a host name, *.name, an address, or a network such as \
     10.0.0.0/8, each with an optional :port (--allow-target, load.targets.allow)"
)]
pub struct PolicyError {
    /// The entry.
    pub entry: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl Allowed {
    pub(super) fn parse(entry: &str) -> Result<Self, PolicyError> {
        let refused = |reason| PolicyError { entry: entry.chars().take(MAX_ENTRY).collect(), reason };
        let text = entry.trim();
        if text.is_empty() || text.len() > MAX_ENTRY {
            return Err(refused("it is empty or too long"));
        }
        if text.contains("://") {
            return Err(refused("it is a URL, not a host"));
        }
        if text == "*" || text == "*." {
            return Err(refused(
                "it would allow the whole world; 0.0.0.0/0 and ::/0 say that where it is meant",
            ));
        }
        let (host, port) = split_port(text).map_err(refused)?;
        Ok(Self { what: What::parse(host).map_err(refused)?, port })
    }

    pub(super) fn allows(&self, host: &str, address: SocketAddr) -> bool {
        let network = match &self.what {
            What::Network { ip, bits } => self.has(address.port()) && same_network(*ip, address.ip(), *bits),
            What::Name(_) | What::Below(_) => false,
        };
        network || self.names(host, address.port())
    }

    /// Whether it allows a host by its name, wherever that leads.
    fn names(&self, host: &str, port: u16) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host);
        let named = match &self.what {
            What::Name(name) => host.eq_ignore_ascii_case(name),
            What::Below(end) => {
                host.len() > end.len()
                    && host.get(host.len() - end.len()..).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
            }
            What::Network { .. } => false,
        };
        named && self.has(port)
    }

    /// Whether it allows a host by its name, or may by where that leads.
    pub(super) fn may_allow(&self, host: &str, port: u16) -> bool {
        matches!(self.what, What::Network { .. }) && self.has(port) || self.names(host, port)
    }

    fn has(&self, port: u16) -> bool {
        self.port.is_none_or(|only| only == port)
    }
}

impl What {
    fn parse(host: &str) -> Result<Self, &'static str> {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if let Some((ip, bits)) = bare.split_once('/') {
            let ip: IpAddr = ip.parse().map_err(|_| "the part before the slash is not an address")?;
            let bits = bits.parse().map_err(|_| "the part behind the slash is not a number of bits")?;
            return if bits <= width(ip) {
                Ok(network(ip, bits))
            } else {
                Err("the network has too many bits")
            };
        }
        if let Ok(ip) = bare.parse::<IpAddr>() {
            return Ok(network(ip, width(ip)));
        }
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        let (below, name) = match host.strip_prefix("*.") {
            Some(name) => (true, name),
            None => (false, host.as_str()),
        };
        let is_name = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        if name.len() > 253 || !name.split('.').all(is_name) {
            return Err("it is not a host name");
        }
        Ok(if below { Self::Below(format!(".{name}")) } else { Self::Name(name.to_owned()) })
    }
}

/// IPv4 networks that are written as IPv6 are IPv4 networks, as their addresses are.
fn network(ip: IpAddr, bits: u8) -> What {
    match ip.to_canonical() {
        v4 @ IpAddr::V4(_) if ip.is_ipv6() && bits >= 96 => What::Network { ip: v4, bits: bits - 96 },
        _ => What::Network { ip, bits },
    }
}

const fn width(ip: IpAddr) -> u8 {
    if ip.is_ipv4() { 32 } else { 128 }
}

fn same_network(network: IpAddr, ip: IpAddr, bits: u8) -> bool {
    let (network, ip, width) = match (network, ip) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits()), u128::from(b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits(), b.to_bits(), 128_u8),
        _ => return false,
    };
    let hidden = u32::from(width - bits);
    (network ^ ip).checked_shr(hidden).unwrap_or(0) == 0
}

/// Takes `:port` off; an IPv6 address needs brackets for that.
fn split_port(text: &str) -> Result<(&str, Option<u16>), &'static str> {
    let is_bare_v6 = !text.starts_with('[') && text.matches(':').count() > 1;
    let Some((host, port)) = text
        .rsplit_once(':')
        .filter(|(host, _)| !is_bare_v6 && (!host.starts_with('[') || host.contains(']')))
    else {
        return Ok((text, None));
    };
    match port.parse() {
        Ok(0) | Err(_) => Err("the part behind the colon is not a port"),
        Ok(port) => Ok((host, Some(port))),
    }
}
