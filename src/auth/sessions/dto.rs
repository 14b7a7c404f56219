//! Sessions on the wire.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::record::{SessionKind, SessionLine};
use crate::{
    auth::{Principal, PrincipalKind, Scope, allowance::Allowance, role::Role},
    loadtest::secret::Secret,
};

/// Somebody who signs in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Name of the user; in another tenant than `default`, `TENANT/NAME`.
    #[schema(max_length = 200, example = "alice")]
    pub username: String,
    /// Password of the user.
    #[schema(value_type = String, write_only, max_length = 256)]
    pub password: Secret,
    /// Whether the session is kept by a cookie, as a browser wants it, instead of by tokens.
    #[serde(default)]
    pub cookie: bool,
}

/// A session that was begun or prolonged.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoggedIn {
    /// Sent as `Authorization: Bearer`. None for a session that is kept by a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln")]
    pub access_token: Option<String>,
    /// Prolongs the session, once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "maid_refresh_0000000000000000000000_00000000000000000000000000000000000000")]
    pub refresh_token: Option<String>,
    /// How the access token is sent: `Bearer`, or `Cookie`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds for which the access token, or the cookie, is good.
    #[schema(example = 900)]
    pub expires_in: u64,
    /// Sent as `X-CSRF-Token` with whatever changes something, by a session that is kept by a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csrf_token: Option<String>,
}

/// Somebody who prolongs a session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refreshing {
    /// The refresh token.
    #[schema(value_type = String, write_only, max_length = 200)]
    pub refresh_token: Secret,
}

/// A token that somebody asks about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Introspecting {
    /// An access token or an API key.
    #[schema(value_type = String, write_only, max_length = 4096)]
    pub token: Secret,
}

/// What is known of a token (as RFC 7662 has it). Of one that is not good nothing is said.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Introspection {
    /// Whether it is good.
    pub active: bool,
    /// What it may do, with blanks between.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "maid.read maid.write")]
    pub scope: Option<String>,
    /// The user whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// What people call whoever it stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// What kind of principal it stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<PrincipalKind>,
    /// When it ends, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
}

/// A session that goes on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    /// Its id.
    pub id: Uuid,
    /// `browser` where a cookie keeps it, `program` where tokens do.
    pub kind: SessionKind,
    /// Address that it was begun from, where that is known.
    #[schema(example = "203.0.113.7")]
    pub address: Option<String>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ends unless it is used.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

impl SessionView {
    /// What is shown of a session to its user, who asks by the session `current`.
    pub(super) fn new(line: SessionLine, current: Option<Uuid>) -> Self {
        let SessionLine { id, kind, address, created_at, expires_at } = line;
        Self { current: current == Some(id), id, kind, address, created_at, expires_at }
    }
}

/// Whoever asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// Id of the user; of the user whose key it is.
    pub id: String,
    /// What people call it.
    #[schema(example = "alice")]
    pub name: String,
    /// What kind of principal it is.
    pub kind: PrincipalKind,
    /// The tenant that it belongs to.
    #[schema(example = "default")]
    pub tenant_id: String,
    /// The role of a user.
    pub role: Option<Role>,
    /// The provider that a user signs in with; null where MAID keeps their password.
    pub provider: Option<String>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// How much it may ask for.
    pub limits: Allowance,
    /// The API key that it came with.
    pub key_id: Option<Uuid>,
    /// Sent as `X-CSRF-Token` with whatever changes something, by a session that is kept by a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csrf_token: Option<String>,
    /// What time the server says it is.
    #[schema(value_type = String, format = DateTime)]
    pub now: Timestamp,
}

impl Me {
    /// What is said to `principal` of itself, who signs in with `provider` where it does with one.
    pub(super) fn of(
        principal: &Principal,
        provider: Option<String>,
        csrf_token: Option<String>,
        now: Timestamp,
    ) -> Self {
        let role = Role::ALL.into_iter().find(|role| role.scopes() == principal.scopes);
        Self {
            id: principal.id.clone(),
            name: principal.name.clone(),
            kind: principal.kind,
            tenant_id: principal.tenant_id.clone(),
            role: role.filter(|_| principal.kind == PrincipalKind::User),
            provider,
            scopes: principal.scopes.iter().copied().collect(),
            limits: (*principal.allowance).clone(),
            key_id: principal.key_id(),
            csrf_token,
            now,
        }
    }
}
