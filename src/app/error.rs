//! Why a server does not start. Every message says what to do about it.

use std::{io, net::SocketAddr, path::PathBuf};

use super::tls::TlsError;
use crate::{
    auth::{AuthError, oidc::SetupError, secret::SecretError},
    config::Origin,
    db::{DbError, LockError, StoreError},
    http::address::NetworkError,
    loadtest::problem::Problems,
};

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {addr}: {cause}; {}", way_out(.cause))]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// What the operating system said.
        cause: io::Error,
    },
    /// A folder cannot be made.
    #[error("the folder {} cannot be used: {cause}; make it writable, or change {key}{}", .path.display(), told(.origin))]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The setting that names it.
        key: &'static str,
        /// Where the setting comes from.
        origin: Origin,
        /// What the operating system said.
        cause: io::Error,
    },
    /// The certificate cannot be used.
    #[error("{0}")]
    Tls(#[from] TlsError),
    /// Another server has the data folder.
    #[error("{0}")]
    Lock(#[from] LockError),
    /// The database cannot be used.
    #[error("{0}")]
    Database(#[from] DbError),
    /// The secret that all keys are derived from.
    #[error("{0}")]
    Secret(#[from] SecretError),
    /// Identities cannot be opened.
    #[error("nobody can be let in: {0}")]
    Auth(#[from] AuthError),
    /// A provider's certificates cannot be used.
    #[error("{0}")]
    Oidc(#[from] SetupError),
    /// The AI policy is wrong.
    #[error("{0}\n`ai.policy_file` names this file; `maid schema ai-policy` describes what it holds")]
    AiPolicy(#[from] Problems),
    /// What was left by the server before cannot be put in order.
    #[error("the history cannot be put in order: {0}")]
    Store(#[from] StoreError),
    /// What became of requests that a server before was working on cannot be found out.
    #[error("requests of the server before cannot be settled: {0}")]
    Settle(String),
    /// A proxy that is to be trusted is none.
    #[error("server.trusted_proxies: {0}")]
    Proxies(#[from] NetworkError),
    /// Threads cannot be started.
    #[error("the server's threads cannot be started: {0}")]
    System(io::Error),
}

fn told(origin: &Origin) -> String {
    match origin {
        Origin::Default => String::new(),
        Origin::Runtime(path) => {
            let path = path.display();
            format!(" in {path}; `mv {path} {path}.broken` starts without that file")
        }
        origin => format!(", which comes from {origin}"),
    }
}

fn way_out(cause: &io::Error) -> &'static str {
    match cause.kind() {
        io::ErrorKind::AddrInUse => {
            "another program listens there, perhaps another MAID: stop it, or choose another port with --port \
             or server.port"
        }
        io::ErrorKind::PermissionDenied => "ports below 1024 need rights: choose another with --port",
        io::ErrorKind::AddrNotAvailable => "this machine has no such address: see --host and server.host",
        _ => "choose another address with --host and --port",
    }
}
