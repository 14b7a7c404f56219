//! The section `auth`: who is let in, and how.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Hidden, oidc::OidcProvider};
use crate::loadtest::span::Span;

/// Who is let in, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Auth {
    /// Whether whoever asks must say who they are. Without it everybody on this machine may do
    /// everything, and MAID listens on loopback alone.
    pub required: bool,
    /// What all keys are derived from, 32 characters or more; empty is the file `secret.key` in
    /// `server.data_dir`, made at the first start. Servers that share a database share it.
    pub secret: Hidden,
    /// Password of the user `admin` that the first start makes; empty generates one and shows it once.
    pub admin_password: Hidden,
    /// Whether people may register by themselves.
    pub registration: Registration,
    /// How long an access token is good for.
    pub access_ttl: Span,
    /// How long a session lasts that is not used; each refresh begins it anew.
    pub session_ttl: Span,
    /// How long a session lasts at most.
    pub session_max: Span,
    /// How long an invitation is good for.
    pub invitation_ttl: Span,
    /// How long a key signs access tokens before the next one takes over.
    pub signing_key_ttl: Span,
    /// What passwords must be, and how they are hashed.
    pub password: Passwords,
    /// Most API keys that a user may have at once.
    #[schemars(range(min = 1, max = 10_000))]
    pub max_keys: u32,
    /// OpenID providers that people sign in with; needs `server.public_url`. Never set over the API, because
    /// they hold secrets.
    #[schemars(length(max = 16))]
    pub oidc: Vec<OidcProvider>,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            required: true,
            secret: Hidden::default(),
            admin_password: Hidden::default(),
            registration: Registration::default(),
            access_ttl: Span::from_secs(15 * 60),
            session_ttl: Span::from_secs(7 * 24 * 3600),
            session_max: Span::from_secs(30 * 24 * 3600),
            invitation_ttl: Span::from_secs(72 * 3600),
            signing_key_ttl: Span::from_secs(30 * 24 * 3600),
            password: Passwords::default(),
            max_keys: 100,
            oidc: Vec::new(),
        }
    }
}

/// Whether people may register by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Nobody may; an admin makes users.
    #[default]
    Closed,
    /// Whoever has an invitation.
    Invitation,
    /// Everybody; an admin lets them in.
    Open,
}

/// What passwords must be, and how they are hashed: Argon2id (RFC 9106).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Passwords {
    /// Fewest characters of a new password.
    #[schemars(range(min = 8, max = 128))]
    pub min_length: u32,
    /// Memory of one hash, in KiB.
    #[schemars(range(min = 19_456, max = 1_048_576))]
    pub memory_kib: u32,
    /// Passes over the memory.
    #[schemars(range(min = 2, max = 100))]
    pub iterations: u32,
    /// Lanes of one hash.
    #[schemars(range(min = 1, max = 64))]
    pub lanes: u32,
    /// Memory of all hashes that are made at once, in KiB; who comes then waits.
    #[schemars(range(min = 19_456, max = 16_777_216))]
    pub total_memory_kib: u32,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { min_length: 12, memory_kib: 19_456, iterations: 2, lanes: 1, total_memory_kib: 65_536 }
    }
}
