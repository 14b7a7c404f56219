//! The address that a request comes from, and whether it came by https.
//!
//! Anybody can write `X-Forwarded-For`, so what it says is believed only of a peer that the setting
//! `server.trusted_proxies` names, and only as far as each address in it was written by such a proxy:
//! it is read from the right, and the first address that is no trusted proxy is the client. What
//! stands further left was written by that client. Whatever cannot be read is not guessed at: then it
//! is the peer itself that asks.

mod forwarded;
mod network;

#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr};

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::HeaderMap,
    middleware::Next,
    web,
};

pub use self::network::{NetworkError, TrustedProxies};

/// Where a request comes from; in the extensions of every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress {
    /// Address of the client. One of IPv4 is never written as IPv6.
    pub ip: IpAddr,
    /// Whether the client's own connection is encrypted.
    pub https: bool,
    /// Whether a trusted proxy stands between: a loopback address then is the proxy's word, or the
    /// proxy itself, and no proof that somebody sits at this machine.
    pub proxied: bool,
}

impl ClientAddress {
    /// The address behind the connection of `peer`, which itself is encrypted or not. A peer without
    /// an address is none that could be trusted.
    #[must_use]
    pub fn new(peer: Option<IpAddr>, encrypted: bool, headers: &HeaderMap, proxies: &TrustedProxies) -> Self {
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ip| ip.to_canonical());
        let own = Self { ip: peer, https: encrypted, proxied: false };
        if !proxies.trust(peer) {
            return own;
        }
        let told = forwarded::told(headers, proxies);
        Self { ip: told.ip.unwrap_or(peer), https: told.https.unwrap_or(encrypted), proxied: true }
    }

    /// The address of `request`, by the [`TrustedProxies`] in the data of its application.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        if let Some(noted) = request.extensions().get::<Self>() {
            return *noted;
        }
        let nobody = TrustedProxies::default();
        let proxies = request.app_data::<web::Data<TrustedProxies>>().map_or(&nobody, |data| data.get_ref());
        let peer = request.peer_addr().map(|peer| peer.ip());
        Self::new(peer, request.app_config().secure(), request.headers(), proxies)
    }
}

/// Notes a request's [`ClientAddress`] for whatever lies further in, for
/// `actix_web::middleware::from_fn`.
///
/// # Errors
/// Those of the route.
pub async fn note<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let address = ClientAddress::of(request.request());
    request.extensions_mut().insert(address);
    next.call(request).await
}
