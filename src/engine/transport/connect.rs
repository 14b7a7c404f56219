//! Opens connections: name, policy, TCP, TLS, HTTP version.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Instant,
};

use rustls::pki_types::ServerName;
use tokio::net::TcpStream;

use super::{
    Failure, FailureKind, HttpShared, Origin,
    http2::Http2,
    io::Stream,
    tally::{Tally, add},
    tls_error,
    watch::{Ended, Watch},
};
use crate::{engine::policy::reachable, loadtest::types::HttpVersion};

/// A connection that can carry a request.
#[derive(Debug)]
pub(super) enum Connection {
    /// HTTP/1.1.
    Http1(Stream),
    /// HTTP/2.
    Http2(Http2),
}

/// Opens a connection to `origin`. What it took is added to `tally`, also when it failed.
pub(super) async fn open(
    shared: &HttpShared,
    user: usize,
    origin: &Origin,
    tally: &mut Tally,
    watch: &mut Watch<'_>,
) -> Result<Connection, Failure> {
    let addresses = resolve(shared, user, origin, tally, watch).await?;
    let tcp = connect_any(shared, origin, &addresses, tally, watch).await?;
    if !origin.tls {
        return match shared.http_version {
            HttpVersion::Http2 => Http2::open(Stream::Plain(tcp), watch).await.map(Connection::Http2),
            HttpVersion::Auto | HttpVersion::Http1 => Ok(Connection::Http1(Stream::Plain(tcp))),
        };
    }
    let started = Instant::now();
    let secured = secure(shared, origin, tcp, tally.bytes_out > 0, watch).await;
    add(&mut tally.timings.tls, started.elapsed());
    let (stream, is_http2) = secured?;
    if is_http2 {
        return Http2::open(stream, watch).await.map(Connection::Http2);
    }
    if shared.http_version == HttpVersion::Http2 {
        let message = format!("{} does not offer HTTP/2; see target.http_version", origin.authority);
        return Err(Failure::new(FailureKind::Tls, message));
    }
    Ok(Connection::Http1(stream))
}

async fn resolve(
    shared: &HttpShared,
    user: usize,
    origin: &Origin,
    tally: &mut Tally,
    watch: &mut Watch<'_>,
) -> Result<Vec<SocketAddr>, Failure> {
    let started = Instant::now();
    let found = watch.race(shared.resolver.addresses(&origin.host)).await;
    add(&mut tally.timings.dns, started.elapsed());
    let found = found
        .map_err(|ended| watch.failure(ended, "looking the name up", tally.bytes_out > 0))?
        .map_err(|reason| {
            Failure::new(FailureKind::Dns, format!("the name {} does not resolve: {reason}", origin.host))
        })?;
    Ok(spread(&found, user).map(|ip| SocketAddr::new(reachable(ip), origin.port)).collect())
}

/// Users begin at different addresses of the family that the system prefers; the others come after,
/// so that a family that does not work costs nobody a timeout.
fn spread(found: &[IpAddr], user: usize) -> impl Iterator<Item = IpAddr> {
    let preferred = found.first().is_some_and(IpAddr::is_ipv4);
    let (mut order, rest): (Vec<IpAddr>, Vec<IpAddr>) =
        found.iter().partition(|ip| ip.is_ipv4() == preferred);
    if !order.is_empty() {
        let at = user % order.len();
        order.rotate_left(at);
    }
    order.into_iter().chain(rest)
}

/// Tries the addresses in turn; each gets its share of the time that is left.
async fn connect_any(
    shared: &HttpShared,
    origin: &Origin,
    addresses: &[SocketAddr],
    tally: &mut Tally,
    watch: &mut Watch<'_>,
) -> Result<TcpStream, Failure> {
    let started = Instant::now();
    let mut last = Err(Failure::new(FailureKind::Dns, format!("{} has no address", origin.host)));
    for (tried, address) in addresses.iter().enumerate() {
        if let Err(refusal) = shared.policy.check_address(&origin.host, *address) {
            last = Err(Failure::new(FailureKind::Policy, refusal.to_string()));
            continue;
        }
        let left = u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
        let now = Instant::now();
        let deadline = now + watch.deadline().saturating_duration_since(now) / left;
        let sent = tally.bytes_out > 0;
        last = match watch.race_by(deadline, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) => Err(refused(origin, &error)),
            // A target that swallows packets is as unreachable as one that refuses them.
            Err(Ended::Late) => Err(watch.late(FailureKind::Connect, "while connecting")),
            Err(Ended::Cut) => {
                last = Err(Failure::Interrupted { sent });
                break;
            }
        };
        if last.is_ok() {
            break;
        }
    }
    add(&mut tally.timings.connect, started.elapsed());
    match &last {
        // Without it a small request may wait for the acknowledgement of the one before.
        Ok(stream) => stream.set_nodelay(true).map_err(|error| refused(origin, &error))?,
        Err(_) => shared.resolver.doubt(&origin.host).await,
    }
    last
}

/// Why a connection could not be made, in words that are the same for every user.
fn refused(origin: &Origin, error: &io::Error) -> Failure {
    let target = &origin.authority;
    let mut kind = FailureKind::Connect;
    let message = match error.raw_os_error() {
        Some(libc::EMFILE | libc::ENFILE) => {
            kind = FailureKind::Exhausted;
            "too many open files for another connection: raise the limit with `ulimit -n`, or use fewer users"
                .to_owned()
        }
        Some(libc::EADDRNOTAVAIL) => {
            kind = FailureKind::Exhausted;
            format!(
                "no free local port for another connection to {target}: too many were opened in a short time \
                 (net.ipv4.ip_local_port_range, net.ipv4.tcp_tw_reuse)"
            )
        }
        Some(libc::ECONNREFUSED) => format!("{target} refused the connection: nothing listens there"),
        Some(libc::ECONNRESET) => format!("{target} reset the connection while it was being made"),
        Some(libc::EHOSTUNREACH | libc::ENETUNREACH) => {
            format!("{target} is unreachable: there is no network route to it")
        }
        Some(libc::ETIMEDOUT) => format!("{target} did not answer the connection attempt"),
        _ => format!("no connection to {target}: {error}"),
    };
    Failure::new(kind, message)
}

/// Makes the TLS handshake; says whether HTTP/2 was agreed on.
async fn secure(
    shared: &HttpShared,
    origin: &Origin,
    tcp: TcpStream,
    sent: bool,
    watch: &mut Watch<'_>,
) -> Result<(Stream, bool), Failure> {
    let name = ServerName::try_from(origin.bare_host().to_owned()).map_err(|_| {
        Failure::new(FailureKind::Tls, format!("{} cannot be a name in a certificate", origin.host))
    })?;
    match watch.race(shared.tls.0.connect(name, tcp)).await {
        Ok(Ok(stream)) => {
            let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
            Ok((Stream::Tls(Box::new(stream)), is_http2))
        }
        Ok(Err(error)) => Err(tls_error::during_handshake(&origin.host, &error)),
        Err(ended) => Err(watch.failure(ended, "in the TLS handshake", sent)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_spread_over_the_preferred_family_first() {
        let ips: Vec<IpAddr> = ["::1", "::2", "10.0.0.1"].map(|ip| ip.parse().expect("an address")).into();
        let order = |user| spread(&ips, user).map(|ip| ip.to_string()).collect::<Vec<_>>();
        assert_eq!(order(0), ["::1", "::2", "10.0.0.1"]);
        assert_eq!(order(3), ["::2", "::1", "10.0.0.1"]);
    }

    #[test]
    fn exhaustion_of_the_generator_is_named() {
        let origin = Origin { tls: false, host: "a".into(), port: 80, authority: "a".into() };
        let message = |code| refused(&origin, &io::Error::from_raw_os_error(code)).to_string();
        assert!(message(libc::EMFILE).contains("ulimit -n"));
        assert!(message(libc::EADDRNOTAVAIL).contains("no free local port"));
        assert!(message(libc::ENETUNREACH).contains("unreachable"));
    }
}
