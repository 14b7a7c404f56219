//! Where requests go: scheme, host and port.

use std::net::IpAddr;

use url::Url;

/// Scheme, host and port of a target, with what is worked out once for all users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Whether it speaks TLS.
    pub tls: bool,
    /// Host as in the URL, brackets and all.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Value of the Host header.
    pub authority: String,
}

/// Why a URL is no origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Another scheme.
    #[error("the scheme is not http or https")]
    Scheme,
    /// No host, or port 0.
    #[error("there is no host and port to connect to")]
    Host,
}

impl Origin {
    /// The origin of a URL. Credentials, path, query and fragment are left out.
    ///
    /// # Errors
    /// When the scheme is not http or https, or there is nothing to connect to.
    pub fn from_url(url: &Url) -> Result<Self, OriginError> {
        let tls = match url.scheme() {
            "http" => false,
            "https" => true,
            _ => return Err(OriginError::Scheme),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(OriginError::Host)?;
        let port = url.port_or_known_default().filter(|port| *port != 0).ok_or(OriginError::Host)?;
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        Ok(Self { tls, host: host.to_owned(), port, authority })
    }

    /// `http` or `https`.
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        if self.tls { "https" } else { "http" }
    }

    /// Whether it names this machine by its loopback.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let address = self.bare_host().parse::<IpAddr>();
        address.map_or_else(|_| self.host == "localhost", |address| address.is_loopback())
    }

    /// Host without the brackets of an IPv6 address.
    #[must_use]
    pub fn bare_host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", self.scheme(), self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Result<Origin, OriginError> {
        Origin::from_url(&Url::parse(text).expect("a URL"))
    }

    #[test]
    fn the_authority_leaves_out_the_usual_port_and_credentials() {
        let shop = origin("https://me:secret@Shop.test:443/a?b#c").expect("an origin");
        assert_eq!((shop.authority.as_str(), shop.port, shop.tls), ("shop.test", 443, true));
        assert_eq!(origin("http://[::1]:8080").expect("an origin").authority, "[::1]:8080");
    }

    #[test]
    fn loopback_is_known_by_its_names() {
        for (url, is) in [("http://localhost", true), ("http://[::1]:1", true), ("http://10.0.0.1", false)] {
            assert_eq!(origin(url).expect("an origin").is_loopback(), is, "{url}");
        }
    }

    #[test]
    fn other_schemes_and_port_zero_are_refused() {
        assert_eq!(origin("ftp://shop.test"), Err(OriginError::Scheme));
        assert_eq!(origin("http://shop.test:0"), Err(OriginError::Host));
    }
}
