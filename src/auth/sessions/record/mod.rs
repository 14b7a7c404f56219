//! Sessions as they are stored.

use jiff::Timestamp;
use uuid::Uuid;

use crate::auth::Principal;

/// What a session is prolonged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// A cookie that a browser keeps.
    Browser,
    /// Refresh tokens.
    Program,
}

impl SessionKind {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Program => "program",
        }
    }
}

/// A session that goes on, with the user whose it is.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Id.
    pub id: Uuid,
    /// The user.
    pub user_id: Uuid,
    /// Whom the user acts as.
    pub principal: Principal,
    /// Hash of the browser's cookie.
    pub cookie_hash: Option<Vec<u8>>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends unless it is prolonged.
    pub expires_at: Timestamp,
}
