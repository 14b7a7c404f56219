//! Sessions as they are stored.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::Principal;

/// What a session is prolonged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionKind {
    /// A cookie that a browser keeps.
    Browser,
    /// Refresh tokens.
    Program,
}

impl SessionKind {
    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Browser, Self::Program].into_iter().find(|kind| kind.name() == name)
    }

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

/// A session as its user sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLine {
    /// Id.
    pub id: Uuid,
    /// What it is prolonged by.
    pub kind: SessionKind,
    /// Where it was begun, where that is known.
    pub address: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends unless it is prolonged.
    pub expires_at: Timestamp,
}
