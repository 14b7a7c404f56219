//! Addresses that are never targets, whatever is allowed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// Why an address is never a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forbidden {
    Metadata,
    LinkLocal,
    Multicast,
    Reserved,
}

/// Where clouds hand out the credentials of a machine: AWS, GCP, Azure and most others share the
/// first, which is link-local; the others are Alibaba's, Azure's and Oracle's.
const METADATA_V4: [Ipv4Addr; 4] = [
    Ipv4Addr::new(169, 254, 169, 254),
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(192, 0, 0, 192),
];

/// The same over IPv6: GCP's.
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254);

/// The first 32 bits of AWS's services for a machine: metadata, the credentials of EKS pods, time
/// and names.
const AWS_V6: [u16; 2] = [0xfd00, 0x0ec2];

impl Forbidden {
    /// What forbids this address, which [`reachable`](super::reachable) gave.
    pub(super) fn of(ip: IpAddr) -> Option<Self> {
        match ip {
            IpAddr::V4(ip) => Self::of_v4(ip),
            IpAddr::V6(ip) => Self::of_v6(ip).or_else(|| embedded(ip).and_then(Self::of_v4)),
        }
    }

    fn of_v4(ip: Ipv4Addr) -> Option<Self> {
        if METADATA_V4.contains(&ip) {
            Some(Self::Metadata)
        } else if ip.is_link_local() {
            Some(Self::LinkLocal)
        } else if ip.is_multicast() || ip.is_broadcast() {
            Some(Self::Multicast)
        } else if ip.octets()[0] == 0 || ip.octets()[0] >= 240 {
            Some(Self::Reserved)
        } else {
            None
        }
    }

    fn of_v6(ip: Ipv6Addr) -> Option<Self> {
        if ip == METADATA_V6 || ip.segments().starts_with(&AWS_V6) {
            Some(Self::Metadata)
        } else if ip.is_unicast_link_local() {
            Some(Self::LinkLocal)
        } else if ip.is_multicast() {
            Some(Self::Multicast)
        } else {
            None
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Metadata => "a cloud metadata address",
            Self::LinkLocal => "a link-local address",
            Self::Multicast => "a multicast or broadcast address",
            Self::Reserved => "a reserved address",
        }
    }
}

/// The IPv4 address that translators take out of this one: NAT64, 6to4, and the old
/// IPv4-compatible form. (IPv4-mapped ones are IPv4 already.)
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let v4 = |high: u16, low: u16| Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match (a, b) {
        (0x0064, 0xff9b) => v4(g, h),
        (0x2002, _) => v4(b, c),
        (0, 0) if (c, d, e, f) == (0, 0, 0, 0) && (g, h) != (0, 0) && (g, h) != (0, 1) => v4(g, h),
        _ => None,
    }
}

/// Whether MAID itself listens there. A listener on the unspecified address listens on every
/// address of this machine.
pub(super) fn is_own(own: &[SocketAddr], ip: IpAddr, port: u16) -> bool {
    own.iter().filter(|own| own.port() == port).any(|own| {
        let listens_on = own.ip().to_canonical();
        listens_on == ip || (listens_on.is_unspecified() && is_of_this_machine(ip))
    })
}

/// Only an address of this machine can be bound.
fn is_of_this_machine(ip: IpAddr) -> bool {
    ip.is_loopback() || UdpSocket::bind((ip, 0)).is_ok()
}
