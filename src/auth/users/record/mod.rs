//! Users as they are stored.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::{Credential, Principal, PrincipalKind, role::Role};

/// Whether a user may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// Comes in.
    Active,
    /// Has registered, and waits for an admin.
    Pending,
    /// Has an invitation that is not used yet.
    Invited,
    /// Is kept out.
    Disabled,
}

impl UserStatus {
    const ALL: [Self; 4] = [Self::Active, Self::Pending, Self::Invited, Self::Disabled];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Invited => "invited",
            Self::Disabled => "disabled",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// One user.
#[derive(Clone, Debug, PartialEq)]
pub struct UserRow {
    /// Id.
    pub id: Uuid,
    /// The tenant that the user belongs to.
    pub tenant_id: String,
    /// Name to sign in with.
    pub username: String,
    /// Where the user can be reached.
    pub email: Option<String>,
    /// What the user is.
    pub role: Role,
    /// Whether the user may come in.
    pub status: UserStatus,
    /// None where only a provider vouches for the user.
    pub password_hash: Option<String>,
    /// Who vouches for the user, and under which name there.
    pub oidc: Option<(String, String)>,
    /// Hash of the invitation that is not used yet, and when it ends.
    pub invitation: Option<(Vec<u8>, Timestamp)>,
    /// When the user was made.
    pub created_at: Timestamp,
    /// When the user was last changed.
    pub updated_at: Timestamp,
    /// When the user last signed in.
    pub last_login_at: Option<Timestamp>,
}

impl UserRow {
    /// Whom the user acts as in a session.
    #[must_use]
    pub fn principal(&self, session: Uuid) -> Principal {
        Principal {
            id: self.id.to_string(),
            name: self.username.clone(),
            kind: PrincipalKind::User,
            tenant_id: self.tenant_id.clone(),
            scopes: self.role.scopes(),
            credential: Credential::Session(session),
            allowance: std::sync::Arc::default(),
            address: None,
        }
    }
}
