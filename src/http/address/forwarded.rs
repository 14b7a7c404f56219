//! What trusted proxies write about a request: `X-Forwarded-For`, `X-Forwarded-Proto`, and `Forwarded`
//! (RFC 7239).
//!
//! Lists are read from the right, an entry at a time, and no further than the first address that is
//! no trusted proxy: how much a client has written to the left of it does not matter.

use std::net::{IpAddr, Ipv6Addr, SocketAddrV4};

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::network::TrustedProxies;

const FOR: HeaderName = header::X_FORWARDED_FOR;
const PROTO: HeaderName = header::X_FORWARDED_PROTO;

/// Most proxies one behind the other; a longer chain is a loop.
const MOST_HOPS: usize = 16;

/// Longest entry of a list: an address, or what else `Forwarded` says about one hop.
const LONGEST_ENTRY: usize = 256;

/// What proxies say about a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// The client's address; none where nothing, or nothing that can be believed, is said.
    pub(super) ip: Option<IpAddr>,
    /// Whether the client's own connection is encrypted.
    pub(super) https: Option<bool>,
}

/// One entry of a list.
#[derive(Clone, Copy)]
struct Hop {
    ip: IpAddr,
    https: Option<bool>,
}

/// What a list comes to.
enum Client {
    /// There is no such list.
    Unnamed,
    /// An address, behind so many proxies besides the peer.
    Named { hop: Hop, behind: usize },
    /// Something that must not be guessed at.
    Unclear,
}

/// What `headers` say about a request whose peer is a trusted proxy.
pub(super) fn told(headers: &HeaderMap, proxies: &TrustedProxies) -> Told {
    let plain = client(entries(headers, &FOR).map(plain), proxies);
    let marked = client(entries(headers, &header::FORWARDED).map(marked), proxies);
    let (hop, behind) = match (plain, marked) {
        (Client::Unnamed, Client::Unnamed) => return Told { ip: None, https: scheme(headers, 0) },
        (Client::Named { hop, behind }, Client::Unnamed)
        | (Client::Unnamed, Client::Named { hop, behind }) => (hop, behind),
        // A proxy that writes one of the two passes on what a client wrote into the other.
        (Client::Named { hop, behind }, Client::Named { hop: other, .. }) if hop.ip == other.ip => {
            (Hop { https: other.https, ..hop }, behind)
        }
        _ => return Told::default(),
    };
    let https = match (hop.https, scheme(headers, behind)) {
        (Some(one), Some(other)) if one != other => None,
        (one, other) => one.or(other),
    };
    Told { ip: Some(hop.ip), https }
}

/// The first hop that is no trusted proxy; where all are, the last one, which a trusted proxy named.
fn client(hops: impl Iterator<Item = Option<Hop>>, proxies: &TrustedProxies) -> Client {
    let mut found = Client::Unnamed;
    for (behind, hop) in hops.enumerate() {
        let Some(hop) = hop.filter(|_| behind < MOST_HOPS) else { return Client::Unclear };
        found = Client::Named { hop, behind };
        if !proxies.trust(hop.ip) {
            break;
        }
    }
    found
}

/// Entries of a list that may be spread over several headers, the last one first.
fn entries<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> + use<'a> {
    headers.get_all(name).rev().flat_map(|value: &HeaderValue| value.as_bytes().rsplit(|byte| *byte == b','))
}

/// An entry as text, without the blanks around it.
fn text(entry: &[u8]) -> Option<&str> {
    let entry = entry.trim_ascii();
    std::str::from_utf8(entry).ok().filter(|entry| entry.len() <= LONGEST_ENTRY)
}

/// Whether the connection that lies `behind` so many proxies is encrypted. Some proxies add to the
/// list; others put one word for all.
fn scheme(headers: &HeaderMap, behind: usize) -> Option<bool> {
    let mut words = entries(headers, &PROTO);
    let last = words.next()?;
    let word = match (behind, words.next()) {
        (0, _) | (_, None) => last,
        (1, Some(second)) => second,
        (behind, Some(_)) => words.nth(behind - 2)?,
    };
    is_https(text(word)?)
}

fn is_https(word: &str) -> Option<bool> {
    match word {
        word if word.eq_ignore_ascii_case("https") => Some(true),
        word if word.eq_ignore_ascii_case("http") => Some(false),
        _ => None,
    }
}

/// An entry of `X-Forwarded-For`.
fn plain(entry: &[u8]) -> Option<Hop> {
    Some(Hop { ip: node(text(entry)?)?, https: None })
}

/// An element of `Forwarded`: `for=192.0.2.1;proto=https`.
///
/// A backslash, and a comma or semicolon in quotes, are refused rather than unwrapped: no address
/// needs them, and what a client hides in them is never taken for a proxy's word.
fn marked(entry: &[u8]) -> Option<Hop> {
    let (mut ip, mut https) = (None, None);
    for pair in text(entry)?.split(';') {
        let (name, value) = pair.split_once('=')?;
        let (name, value) = (name.trim(), unquoted(value.trim())?);
        if name.is_empty() || !name.bytes().all(is_token) {
            return None;
        }
        if name.eq_ignore_ascii_case("for") {
            let told = node(value)?;
            ip.replace(told).is_none().then_some(())?;
        } else if name.eq_ignore_ascii_case("proto") {
            https.replace(is_https(value)).is_none().then_some(())?;
        }
    }
    Some(Hop { ip: ip?, https: https.flatten() })
}

/// A value without its quotes, where it has both or none.
fn unquoted(value: &str) -> Option<&str> {
    let inner = match value.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => value,
    };
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
    (!inner.is_empty() && inner.bytes().all(is_plain)).then_some(inner)
}

const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'_' | b'.' | b'!' | b'#' | b'$' | b'*' | b'+' | b'~')
}

/// An address with or without a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
fn node(text: &str) -> Option<IpAddr> {
    let ip = match text.strip_prefix('[') {
        Some(rest) => {
            let (ip, port) = rest.split_once(']')?;
            let port_is_one = port.is_empty() || port.strip_prefix(':')?.parse::<u16>().is_ok();
            IpAddr::V6(ip.parse::<Ipv6Addr>().ok().filter(|_| port_is_one)?)
        }
        None => match text.parse::<IpAddr>() {
            Ok(ip) => ip,
            Err(_) => IpAddr::V4(*text.parse::<SocketAddrV4>().ok()?.ip()),
        },
    };
    Some(ip.to_canonical())
}
