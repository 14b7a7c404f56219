//! Why somebody could not be signed in.

use std::{io, path::PathBuf};

use crate::http::{Code, FieldError, Problem};

/// Why somebody could not be signed in. What a provider said goes to the log, never to the browser.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// No provider has this id.
    #[error("there is no provider of this id")]
    UnknownProvider,
    /// The way back is not a path of this server.
    #[error("the way back is not a path of this server")]
    ForeignReturn,
    /// Nobody has said where people reach MAID.
    #[error("server.public_url is not set")]
    NoPublicUrl,
    /// The callback does not belong to a sign-in that this browser has under way.
    #[error("the callback is refused: {0}")]
    Stray(&'static str),
    /// The provider has refused.
    #[error("provider {provider} has refused: {cause}")]
    Denied {
        /// Its id.
        provider: String,
        /// What it said, cut and escaped.
        cause: String,
    },
    /// The provider does not answer, or not as a provider does.
    #[error("provider {provider} cannot be used: {cause}")]
    Unavailable {
        /// Its id.
        provider: String,
        /// What is wrong.
        cause: String,
    },
    /// What the provider says about the person cannot be trusted.
    #[error("the token of provider {provider} is refused: {cause}")]
    BadToken {
        /// Its id.
        provider: String,
        /// What is wrong with it.
        cause: String,
    },
    /// The person is known, and may not come in.
    #[error("{subject} of provider {provider} may not come in: {why}")]
    NotAllowed {
        /// The provider's id.
        provider: String,
        /// Who it is, as the provider counts.
        subject: String,
        /// Why not.
        why: Barred,
    },
}

/// Why a person who is known may not come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Barred {
    /// No claim gives a role, and there is none for everybody.
    #[error("no role")]
    Role,
    /// The address is not verified, or of another domain.
    #[error("no verified address of an allowed domain")]
    Domain,
}

/// Why providers cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A file with certificates cannot be used.
    #[error("auth.oidc: ca_file {} of `{provider}` cannot be used: {cause}; write a PEM file with certificates", .path.display())]
    CaFile {
        /// The provider's id.
        provider: String,
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: io::Error,
    },
    /// The client for a provider cannot be made.
    #[error("auth.oidc: provider `{provider}` cannot be set up: {cause}")]
    Client {
        /// The provider's id.
        provider: String,
        /// What is wrong.
        cause: String,
    },
}

impl From<OidcError> for Problem {
    fn from(error: OidcError) -> Self {
        match &error {
            // Anybody can cause these as often as they like.
            OidcError::UnknownProvider | OidcError::ForeignReturn | OidcError::Stray(_) => {
                tracing::info!("sign-in: {error}");
            }
            _ => tracing::warn!("sign-in: {error}"),
        }
        match error {
            OidcError::UnknownProvider => Self::new(
                Code::NotFound,
                "there is no such sign-in provider; GET /api/maid/auth/oidc lists those that there are",
            ),
            OidcError::ForeignReturn => {
                let message = "must be a path of this server that begins with one `/`";
                Self::new(Code::BadQuery, format!("return_to: {message}"))
                    .with_errors([FieldError { path: "return_to".to_owned(), message: message.to_owned() }])
            }
            OidcError::NoPublicUrl => Self::new(
                Code::ProviderUnavailable,
                "MAID does not know the URL under which people reach it; whoever runs it sets server.public_url",
            ),
            OidcError::Stray(_) => Self::new(
                Code::SignInFailed,
                "this sign-in is over, took longer than ten minutes, or was begun in another browser or window; \
                 sign in again from the start",
            ),
            OidcError::Denied { .. } => Self::new(
                Code::SignInFailed,
                "the provider has not let you in; sign in again, or with another account",
            ),
            OidcError::Unavailable { .. } => Self::new(
                Code::ProviderUnavailable,
                "the sign-in provider does not answer as it should; try again in a moment, or sign in another \
                 way; the server's log has the cause",
            ),
            OidcError::BadToken { .. } => Self::new(
                Code::SignInFailed,
                "what the provider says about you cannot be trusted; sign in again; if it stays, the server's \
                 log has the cause",
            ),
            OidcError::NotAllowed { why: Barred::Role, .. } => Self::new(
                Code::Forbidden,
                "your account has no role in MAID; ask whoever runs it for one, then sign in again",
            ),
            OidcError::NotAllowed { why: Barred::Domain, .. } => Self::new(
                Code::Forbidden,
                "only verified addresses of certain domains are let in; sign in with another account",
            ),
        }
    }
}
