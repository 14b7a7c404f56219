//! TLS settings of a run, worked out once before the first packet.

use std::{fmt, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use super::tls_unverified::Unverified;
use crate::loadtest::types::HttpVersion;

/// A PEM file that has been read.
#[derive(Clone, PartialEq, Eq)]
pub struct Pem {
    /// Path as the user wrote it, for messages.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Pem {
    /// Leaves the content out: it may be a private key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pem").field("path", &self.path).finish_non_exhaustive()
    }
}

/// `target.tls` with its files read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsSettings {
    /// Whether the server's certificate and name are checked.
    pub verify: bool,
    /// Authorities to trust besides the system's.
    pub ca: Option<Pem>,
    /// Client certificate chain.
    pub client_cert: Option<Pem>,
    /// Private key of the client certificate.
    pub client_key: Option<Pem>,
}

impl Default for TlsSettings {
    fn default() -> Self {
        Self { verify: true, ca: None, client_cert: None, client_key: None }
    }
}

/// Why the TLS settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// Not PEM, or without a certificate.
    #[error("{setting}: {path} holds no PEM certificate (it must have a BEGIN CERTIFICATE block)")]
    NoCertificate {
        /// The setting that names the file.
        setting: &'static str,
        /// The file.
        path: String,
    },
    /// Not PEM, or without a key.
    #[error("target.tls.client_key: {path} holds no PEM private key (PKCS#8, PKCS#1 or SEC1, unencrypted)")]
    NoKey {
        /// The file.
        path: String,
    },
    /// Only one of certificate and key.
    #[error("target.tls: client_cert and client_key need each other; give both or neither")]
    HalfClient,
    /// The authority cannot be used.
    #[error("target.tls.ca_file: {path} holds a certificate that is not an authority's: {reason}")]
    Authority {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Certificate and key do not fit.
    #[error("target.tls.client_cert {path} cannot be used with its key: {reason}")]
    Client {
        /// The certificate's file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Builds what every connection of the run shares, session tickets included.
pub(super) fn config(settings: &TlsSettings, version: HttpVersion) -> Result<ClientConfig, TlsError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("ring supports TLS 1.2 and 1.3");
    let builder = if settings.verify {
        builder.with_root_certificates(roots(settings.ca.as_ref())?)
    } else {
        builder.dangerous().with_custom_certificate_verifier(unverified(&provider))
    };
    let mut config = match (&settings.client_cert, &settings.client_key) {
        (None, None) => builder.with_no_client_auth(),
        (Some(cert), Some(key)) => {
            let chain = certificates("target.tls.client_cert", cert)?;
            let key = PrivateKeyDer::from_pem_slice(&key.bytes)
                .map_err(|_| TlsError::NoKey { path: key.path.clone() })?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| TlsError::Client { path: cert.path.clone(), reason: error.to_string() })?
        }
        _ => return Err(TlsError::HalfClient),
    };
    config.alpn_protocols = match version {
        HttpVersion::Auto => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        HttpVersion::Http1 => vec![b"http/1.1".to_vec()],
        HttpVersion::Http2 => vec![b"h2".to_vec()],
    };
    Ok(config)
}

fn unverified(provider: &Arc<CryptoProvider>) -> Arc<Unverified> {
    Arc::new(Unverified(Arc::clone(provider)))
}

/// The system's authorities and the user's. A system without any is no error here: the run may not
/// need them, and a handshake that does says so.
fn roots(ca: Option<&Pem>) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(ca) = ca {
        for certificate in certificates("target.tls.ca_file", ca)? {
            roots
                .add(certificate)
                .map_err(|error| TlsError::Authority { path: ca.path.clone(), reason: error.to_string() })?;
        }
    }
    Ok(roots)
}

fn certificates(setting: &'static str, pem: &Pem) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let none = || TlsError::NoCertificate { setting, path: pem.path.clone() };
    let found: Vec<_> =
        CertificateDer::pem_slice_iter(&pem.bytes).collect::<Result<_, _>>().map_err(|_| none())?;
    if found.is_empty() { Err(none()) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pem(bytes: &[u8]) -> Option<Pem> {
        Some(Pem { path: "some.pem".to_owned(), bytes: bytes.to_vec() })
    }

    fn error(settings: &TlsSettings) -> String {
        config(settings, HttpVersion::Auto).expect_err("unusable").to_string()
    }

    #[test]
    fn unusable_files_are_named_with_their_setting() {
        let garbage = TlsSettings { ca: pem(b"garbage"), ..TlsSettings::default() };
        assert!(error(&garbage).starts_with("target.tls.ca_file: some.pem holds no PEM certificate"));
        let half = TlsSettings { client_cert: pem(b""), ..TlsSettings::default() };
        assert!(error(&half).contains("client_cert and client_key need each other"));
        let signed = rcgen::generate_simple_self_signed(["a.test".to_owned()]).expect("a certificate");
        let cert = pem(signed.cert.pem().as_bytes());
        let no_key =
            TlsSettings { client_cert: cert.clone(), client_key: cert.clone(), ..TlsSettings::default() };
        assert!(error(&no_key).starts_with("target.tls.client_key: some.pem holds no PEM private key"));
        let key = pem(signed.signing_key.serialize_pem().as_bytes());
        let whole = TlsSettings { client_cert: cert, client_key: key, ..TlsSettings::default() };
        assert!(config(&whole, HttpVersion::Auto).is_ok());
        assert!(!format!("{whole:?}").contains("PRIVATE"));
    }
}
