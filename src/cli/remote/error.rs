//! What can go wrong between this command line and a server.

use std::path::PathBuf;

use reqwest::StatusCode;
use serde::Deserialize;

use crate::cli::exit::Exit;

/// Why a run on a server did not work out.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum RemoteError {
    /// What is in `MAID_API_KEY` cannot be sent.
    #[error("MAID_API_KEY holds something that is no API key")]
    Credential,
    /// The server refused, and says why.
    #[error("the server refuses: {0}")]
    Refused(Refusal),
    /// Something answers that is not MAID.
    #[error("the server answers {0}, and not as MAID does")]
    NotMaid(StatusCode),
    /// No answer.
    #[error("the server does not answer: {}", root(.0))]
    Connection(#[from] reqwest::Error),
    /// The file with an authority cannot be used.
    #[error("--ca-file {}: {reason}", .path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The address cannot be built on.
    #[error("the server's address cannot be used: {0}")]
    Address(String),
}

/// A problem document, as far as a person at a terminal needs it.
#[derive(Debug, Deserialize)]
pub(in crate::cli) struct Refusal {
    code: String,
    title: String,
    detail: String,
    #[serde(default)]
    errors: Vec<Place>,
}

#[derive(Debug, Deserialize)]
struct Place {
    path: String,
    message: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.title, self.detail)?;
        self.errors.iter().try_for_each(|place| write!(f, "\n  {}: {}", place.path, place.message))
    }
}

/// The last cause: the ones before it only say that something failed.
fn root(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

impl RemoteError {
    /// Whether it may be over in a moment: the server restarts, or its database does.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Connection(_) => true,
            Self::Refused(refusal) => refusal.code == "storage_unavailable",
            Self::NotMaid(status) => status.is_server_error(),
            Self::Address(_) | Self::CaFile { .. } | Self::Credential => false,
        }
    }

    /// The exit code that says the same as for a run without a server.
    pub(in crate::cli) fn exit(&self) -> Exit {
        match self {
            Self::Refused(refusal) => match refusal.code.as_str() {
                "target_refused" => Exit::TargetRefused,
                "invalid_loadtest" | "invalid_recipe" | "invalid_body" | "beyond_limits" | "too_large"
                | "bad_deeplink" | "deeplink_over" | "bad_query" => Exit::BadInput,
                _ => Exit::Other,
            },
            Self::Address(_) | Self::CaFile { .. } | Self::Credential => Exit::BadInput,
            Self::NotMaid(_) | Self::Connection(_) => Exit::Other,
        }
    }

    /// What to do about it.
    pub(in crate::cli) fn way_out(&self) -> Option<&'static str> {
        match self {
            Self::Refused(refusal) => match refusal.code.as_str() {
                "unauthenticated" => Some("give an API key in MAID_API_KEY; `maid key create` makes one"),
                "run_active" => Some("add --queue to wait for its turn"),
                "target_refused" => {
                    Some("the server's own load.targets.allow decides; --allow-target counts for runs here")
                }
                _ => None,
            },
            Self::NotMaid(_) => {
                Some("give the address that `maid serve` prints, such as http://127.0.0.1:43121")
            }
            Self::Connection(error) if root(error).contains("certificate") => {
                Some("name the authority that the server's certificate is from with --ca-file")
            }
            Self::Connection(_) => Some("is it running? start one with `maid serve`"),
            Self::CaFile { .. } => Some("give a PEM file with the certificate of an authority"),
            Self::Address(_) | Self::Credential => None,
        }
    }
}
