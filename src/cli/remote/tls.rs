//! TLS to a server: the authorities of this system, and one that the user names.

use std::{fs, path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};

use super::RemoteError;

/// How servers are known: by the system's authorities and by those in `ca_file`.
pub(super) fn config(ca_file: Option<&Path>) -> Result<ClientConfig, RemoteError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca_file {
        let unusable = |reason: String| RemoteError::CaFile { path: path.to_owned(), reason };
        let bytes = fs::read(path).map_err(|error| unusable(error.to_string()))?;
        let named: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
        let named = named.ok().filter(|named| !named.is_empty());
        for authority in named.ok_or_else(|| unusable("it holds no PEM certificate".to_owned()))? {
            roots.add(authority).map_err(|error| unusable(error.to_string()))?;
        }
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring supports TLS 1.2 and 1.3");
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
