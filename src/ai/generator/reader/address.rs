//! Addresses as they stand in a text: URLs with slips, hosts without a scheme, mail addresses, and where a path ends.

use super::{
    target::{bare_host, scheme},
    token::{Kind, run, trimmed},
};

/// What belongs to a path: a comma stands between numbers of a query, `?near=48.1,11.5`.
pub(super) fn in_path(rest: &str, closes: &[char]) -> usize {
    let mut query = false;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        query |= c == '?';
        let digit = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit() || *next == '-');
        if c.is_whitespace() || closes.contains(&c) || c == ',' && !(query && digit) {
            return at;
        }
    }
    rest.len()
}

pub(super) fn url(rest: &str) -> Option<(Kind, usize)> {
    let letters = run(rest, |c| c.is_ascii_alphabetic());
    let behind = rest[letters..].strip_prefix("://").or_else(|| rest[letters..].strip_prefix(":/"))?;
    let skipped = rest.len() - behind.len();
    let length = in_path(behind, &['"', '“', '”', '`', ')', '<', ';', '…']);
    let end = trimmed(rest, skipped + length);
    let Some(scheme) = scheme(&rest[..letters]) else { return Some((Kind::Opaque, end)) };
    Some((Kind::Url(format!("{scheme}://{}", rest.get(skipped..end)?)), end))
}

pub(super) fn mail(rest: &str) -> Option<(Kind, usize)> {
    let name = run(rest, |c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'));
    let behind = rest[name..].strip_prefix('@')?;
    let length = run(behind, |c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    Some((Kind::Opaque, trimmed(rest, name + 1 + length)))
}

/// A host without its scheme, such as `127.0.0.1:8080` or `shop.example.com/a`.
pub(super) fn host(rest: &str) -> Option<(Kind, usize)> {
    let name = run(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'));
    let name = trimmed(rest, name);
    let url = bare_host(&rest[..name]).or_else(|| short_host(&rest[..name], &rest[name..]))?;
    let path = if rest[name..].starts_with('/') {
        let length = in_path(&rest[name..], &[';', '"', '`', ')', '…']);
        trimmed(&rest[name..], length)
    } else {
        0
    };
    Some((Kind::Url(format!("{url}{}", &rest[name..name + path])), name + path))
}

/// `raspi:5000/messwerte`: a single word is a host where a port and a path follow.
fn short_host(name: &str, behind: &str) -> Option<String> {
    let (word, port) = name.split_once(':')?;
    let port: u16 = port.parse().ok()?;
    let plain = word.len() > 1 && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let path = behind.strip_prefix('/')?.starts_with(|c: char| c.is_ascii_alphanumeric());
    (plain && path && port > 79 && word.starts_with(|c: char| c.is_ascii_alphabetic()))
        .then(|| format!("http://{name}"))
}
