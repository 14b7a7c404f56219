//! What can go wrong with identities.

use std::time::Duration;

use crate::{
    audit::AuditError,
    db::StoreError,
    http::{Code, FieldError, Problem},
};

use super::{
    password::{HashError, Refused},
    secret::SecretError,
    signing::SigningError,
    users::NoName,
};

/// What can go wrong with identities.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// Name or password is wrong, or the user may not come in: which of them is nobody's business.
    #[error("the username or the password is wrong, or the user may not sign in")]
    WrongCredentials,
    /// What was shown is not good, or no longer.
    #[error("{0}")]
    Refused(&'static str),
    /// Too many wrong passwords were tried.
    #[error("too many wrong passwords were tried; wait {} s", .0.as_secs_f64().ceil())]
    Wait(Duration),
    /// Registration is not open.
    #[error("{0}")]
    Closed(&'static str),
    /// A name is none.
    #[error("{0}")]
    Name(#[from] NoName),
    /// A password will not do.
    #[error("the password {0}")]
    Password(#[from] Refused),
    /// A field of the request is wrong.
    #[error("{path}: {message}")]
    Field {
        /// Which one.
        path: &'static str,
        /// What is wrong and what to do about it.
        message: String,
    },
    /// Somebody else has the name.
    #[error("the name is taken; choose another")]
    Taken,
    /// Nobody would be left who may administer.
    #[error("the last admin stays one: make another user admin first")]
    LastAdmin,
    /// There is no such user or key.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// It was changed meanwhile.
    #[error("it was changed meanwhile; look again")]
    Changed,
    /// More may not be given out than one has.
    #[error("you cannot give what you do not have: {0}")]
    Beyond(String),
    /// A bound is reached.
    #[error("{0}")]
    Full(String),
    /// It cannot be written down, so it is not done.
    #[error("{0}")]
    Audit(#[from] AuditError),
    /// There is no secret.
    #[error("{0}")]
    Secret(#[from] SecretError),
    /// Hashing.
    #[error("{0}")]
    Hash(#[from] HashError),
    /// Signing.
    #[error("{0}")]
    Signing(#[from] SigningError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Seconds after which it is worth trying again to be hashed.
const HASH_AGAIN_S: u32 = 2;

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        let detail = error.to_string();
        let field = |path: &str, message: String| {
            Self::new(Code::InvalidBody, detail.clone())
                .with_errors([FieldError { path: path.to_owned(), message }])
        };
        match error {
            AuthError::WrongCredentials | AuthError::Refused(_) => Self::new(Code::Unauthenticated, detail),
            AuthError::Closed(_) | AuthError::Beyond(_) => Self::new(Code::Forbidden, detail),
            AuthError::Name(name) => field("username", name.to_string()),
            AuthError::Password(refused) => field("password", refused.to_string()),
            AuthError::Field { path, message } => field(path, message),
            AuthError::Taken => Self::new(Code::NameTaken, detail),
            AuthError::LastAdmin => Self::new(Code::LastAdmin, detail),
            AuthError::NotFound(_) => Self::new(Code::NotFound, detail),
            AuthError::Changed => Self::new(Code::Changed, detail),
            AuthError::Wait(wait) => Self {
                retry_after_s: Some(u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX)),
                ..Self::new(Code::RateLimited, detail)
            },
            AuthError::Full(_) => Self::new(Code::Full, detail),
            AuthError::Audit(error) => error.into(),
            AuthError::Hash(HashError::Busy) => {
                Self { retry_after_s: Some(HASH_AGAIN_S), ..Self::new(Code::Full, detail) }
            }
            AuthError::Signing(SigningError::Store(error)) | AuthError::Store(error) => error.into(),
            AuthError::Secret(_) | AuthError::Hash(HashError::Defect(_)) | AuthError::Signing(_) => {
                Self::internal(&error)
            }
        }
    }
}
