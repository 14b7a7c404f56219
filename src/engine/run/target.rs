//! The document's `target` as the transport takes it.

use std::{path::PathBuf, sync::Arc};

use crate::{
    engine::transport::{HttpSettings, Pem, TlsSettings},
    loadtest::valid::ValidLoadTest,
};

/// Settings of a valid document, whose files have been read already.
pub(in crate::engine) fn settings(test: &ValidLoadTest, debug: bool) -> HttpSettings {
    let (target, files) = (&test.loadtest().target, test.tls_files());
    HttpSettings {
        http_version: target.http_version,
        tls: TlsSettings {
            verify: target.tls.verify,
            ca: pem(target.tls.ca_file.as_ref(), files.ca.as_ref()),
            client_cert: pem(target.tls.client_cert.as_ref(), files.cert.as_ref()),
            client_key: pem(target.tls.client_key.as_ref(), files.key.as_ref()),
        },
        cookies: target.cookies,
        debug,
    }
}

fn pem(path: Option<&PathBuf>, bytes: Option<&Arc<[u8]>>) -> Option<Pem> {
    Some(Pem { path: path?.display().to_string(), bytes: bytes?.to_vec() })
}
