//! Why a certificate and its key cannot be used. Every message names the setting and the file.

use std::{io, path::PathBuf};

/// Why a certificate and its key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{setting}: {} cannot be read: {cause}", .path.display())]
    Unreadable {
        /// The setting that names it.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// Anybody on the machine may read the key.
    #[error("server.tls.key_file: everybody on this machine may read {path}; keep it to yourself: chmod o= {path}", path = .0.display())]
    Exposed(PathBuf),
    /// Not PEM, or without a certificate.
    #[error("server.tls.cert_file: {} holds no PEM certificate (it must have a BEGIN CERTIFICATE block)", .0.display())]
    NoCertificate(PathBuf),
    /// A certificate that is none.
    #[error("server.tls.cert_file: {} holds a certificate that cannot be read: {reason}", .path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Not PEM, or without a key.
    #[error("server.tls.key_file: {} holds no PEM private key (PKCS#8, PKCS#1 or SEC1, unencrypted)", .0.display())]
    NoKey(PathBuf),
    /// A key of a kind that is not known.
    #[error("server.tls.key_file: the key in {} cannot be used: {reason}", .path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The key is another certificate's.
    #[error("server.tls: the key in {} does not belong to the first certificate in {}", .key.display(), .cert.display())]
    Mismatch {
        /// The file with the certificate.
        cert: PathBuf,
        /// The file with the key.
        key: PathBuf,
    },
}
