//! The certificate that the server shows, from files that are read again when they change.
//!
//! Connections that are open stay as they are; new ones get what was read last. What cannot be used
//! does not take the place of what can.

mod error;
mod files;
mod follow;
mod validity;

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use rustls::{
    ServerConfig,
    crypto::ring,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
    version::{TLS12, TLS13},
};

pub use self::error::TlsError;
use self::{
    files::{Files, Stamp},
    validity::Validity,
};
use crate::config;

/// TLS of a server.
#[derive(Debug)]
pub struct Tls {
    files: Files,
    /// What the files looked like just before they were read.
    read: Stamp,
    /// When the certificate that was read last holds.
    validity: Option<Validity>,
    served: Arc<Served>,
}

/// The pair that new connections get.
struct Served(RwLock<Arc<CertifiedKey>>);

impl Served {
    fn replace(&self, pair: Arc<CertifiedKey>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = pair;
    }
}

impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Served").finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Served {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Tls {
    /// Reads the files that the configuration names; none where it names none.
    ///
    /// # Errors
    /// A file cannot be read, or the two do not make a pair.
    pub fn open(config: &config::Tls) -> Result<Option<Self>, TlsError> {
        let (Some(cert), Some(key)) = (&config.cert_file, &config.key_file) else { return Ok(None) };
        let files = Files { cert: cert.clone(), key: key.clone() };
        let read = files.stamp();
        let pair = files.read()?;
        pair.warn(&files.cert);
        Ok(Some(Self {
            files,
            read,
            validity: pair.validity,
            served: Arc::new(Served(RwLock::new(pair.key))),
        }))
    }

    /// What the listener needs: TLS 1.2 and 1.3. The web framework adds the protocols that it speaks.
    #[must_use]
    pub fn server_config(&self) -> ServerConfig {
        let resolver: Arc<dyn ResolvesServerCert> = Arc::<Served>::clone(&self.served);
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .expect("ring supports TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_cert_resolver(resolver)
    }
}
